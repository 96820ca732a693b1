// Options that take more than a word: var=value, lists of names, numbers written as a fraction.
import { InvalidArgumentError } from 'commander'

/** A finite number, also as a fraction such as 1/32. */
export function decimal(text: string): number {
  const [numerator = '', denominator = '1', ...more] = text.split('/').map((part) => part.trim())
  const value = numerator === '' || denominator === '' ? Number.NaN : Number(numerator) / Number(denominator)
  if (more.length === 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It takes a number, or a fraction such as 1/32.')
}

export interface Setting {
  readonly variable: string
  readonly value: number
}

export interface Variation {
  readonly variable: string
  readonly distribution: string
}

/** var=number, added to those given before. */
export function readSetting(text: string, before: readonly Setting[] = []): Setting[] {
  const [variable, value] = readPair(text)
  return [...before, { variable, value: decimal(value) }]
}

/** var=distribution, added to those given before. */
export function readVariation(text: string, before: readonly Variation[] = []): Variation[] {
  const [variable, distribution] = readPair(text)
  return [...before, { variable, distribution }]
}

/** The name before the first `=`, and what is behind it. */
function readPair(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(0, at)).trim()
  const value = text.slice(at + 1).trim()
  if (name === '' || value === '') throw new InvalidArgumentError('It takes NAME=VALUE.')
  return [name, value]
}

/** Names with commas between; a comma within brackets or quotes parts nothing. */
export function readNames(text: string): string[] {
  const names = text.match(/(?:"[^"]*"|\[[^\]]*\]|[^,"[])+|"[^"]*/g) ?? []
  return names.map((name) => name.trim()).filter((name) => name !== '')
}
