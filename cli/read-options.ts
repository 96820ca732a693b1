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

/** The name before the first `=` outside of quotes, and what is behind it. */
function readPair(text: string): [name: string, value: string] {
  const [name = '', value = ''] = (/^((?:"[^"]*"|[^"=])*)=([\s\S]*)$/.exec(text) ?? [])
    .slice(1)
    .map((part) => part.trim())
  if (name === '' || value === '') throw new InvalidArgumentError('It takes NAME=VALUE.')
  return [name, value]
}

/** Names with commas between, added to those given before; a comma within brackets or quotes parts nothing. */
export function readNames(text: string, before: readonly string[] = []): string[] {
  const names = text.match(/(?:"[^"]*"|\[[^\]]*(?:\]|$)|[^,"[])+|"[^"]*/g) ?? []
  const given = [...before, ...names.map((name) => name.trim()).filter((name) => name !== '')]
  if (given.length > 0) return given
  throw new InvalidArgumentError('It takes names with commas between.')
}

const METHODS = ['euler', 'rk2', 'rk4']

/** A method of integration, in capitals or not. */
export function readMethod(text: string): string {
  const method = text.toLowerCase()
  if (METHODS.includes(method)) return method
  throw new InvalidArgumentError(`It takes ${METHODS.join(', ')}.`)
}
