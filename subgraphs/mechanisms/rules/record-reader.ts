// Takes values out of a file of unknown quality; what does not fit becomes a finding with its place and its fix.
import { nearest } from '../../../schema/nearest.ts'
import type { Finding, Severity } from '../../shared/types.ts'
import type { Keys, YamlSource } from './yaml-source.ts'

export class RecordReader {
  readonly #source: YamlSource
  readonly #base: Keys
  readonly findings: Finding[]

  /** `base`: where in the file the record stands; keys given later are below it. */
  constructor(source: YamlSource, findings: Finding[], base: Keys = []) {
    this.#source = source
    this.#base = base
    this.findings = findings
  }

  get path(): string {
    return this.#source.path
  }

  below(...keys: Keys): RecordReader {
    return new RecordReader(this.#source, this.findings, [...this.#base, ...keys])
  }

  note(severity: Severity, code: string, keys: Keys, message: string, suggestion: string): void {
    const path = this.#source.place([...this.#base, ...keys])
    this.findings.push({ severity, code, path, message, suggestion })
  }

  /** undefined where the path ends early. */
  value(...keys: Keys): unknown {
    return [...this.#base, ...keys].reduce<unknown>(
      (part, key) =>
        typeof part === 'object' && part !== null ? (part as Record<string | number, unknown>)[key] : undefined,
      this.#source.value,
    )
  }

  /** Trimmed text; null where absent or empty. */
  text(...keys: Keys): string | null {
    const value = this.value(...keys)
    if (value === undefined || value === null) return null
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    if (typeof value === 'string') return value.trim() || null
    this.note('WARNING', 'TEXT_EXPECTED', keys, `${keys.join('.')} is not a text and is left out`, 'give a text')
    return null
  }

  required(...keys: Keys): string | null {
    const text = this.text(...keys)
    if (text === null)
      this.note('ERROR', 'FIELD_MISSING', keys, `${keys.join('.')} is missing`, `add ${keys.join('.')}`)
    return text
  }

  /** A finite number; a text that holds one is taken, with a finding. */
  number(...keys: Keys): number | null {
    const value = this.value(...keys)
    if (value === undefined || value === null) return null
    const name = keys.join('.')
    if (typeof value === 'number') {
      if (Number.isFinite(value)) return value
      this.note('ERROR', 'NUMBER_NOT_FINITE', keys, `${name} is ${value}`, 'give a finite number, or leave it out')
      return null
    }
    const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    if (Number.isFinite(read)) {
      this.note('INFO', 'NUMBER_AS_TEXT', keys, `${name} is a number in quotes`, 'take the quotes away')
      return read
    }
    const shown = typeof value === 'string' ? `"${value.slice(0, 40)}"` : 'not a number'
    this.note(
      'WARNING',
      'NUMBER_UNREADABLE',
      keys,
      `${name} is ${shown} and is left out`,
      'give a number with a decimal point',
    )
    return null
  }

  /** A whole number of at least 0. */
  count(...keys: Keys): number | null {
    const value = this.number(...keys)
    if (value === null || (Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return value
    this.note(
      'WARNING',
      'COUNT_EXPECTED',
      keys,
      `${keys.join('.')} is ${value} and is left out`,
      'give a whole number of at least 0',
    )
    return null
  }

  flag(...keys: Keys): boolean | null {
    const value = this.value(...keys)
    return typeof value === 'boolean' ? value : null
  }

  /** Texts of a list; a lone text counts as a list of one. */
  texts(...keys: Keys): string[] {
    const value = this.value(...keys)
    if (typeof value === 'string') return value.trim() ? [value.trim()] : []
    if (!Array.isArray(value)) return []
    return value.flatMap((_, index) => this.text(...keys, index) ?? [])
  }

  length(...keys: Keys): number {
    const value = this.value(...keys)
    return Array.isArray(value) ? value.length : 0
  }

  /** One of the terms, in any case; ERROR and null for another word, null where absent. */
  term<T extends string>(terms: Readonly<Record<T, T>>, ...keys: Keys): T | null {
    const text = this.text(...keys)
    if (text === null) return null
    const name = text.toUpperCase()
    if (Object.hasOwn(terms, name)) return name as T
    const names = Object.keys(terms)
    const near = nearest(name, names)
    const suggestion = near ? `did you mean ${near}?` : `give one of ${names.join(', ')}`
    this.note('ERROR', 'TERM_UNKNOWN', keys, `${keys.join('.')} is "${text.slice(0, 40)}"`, suggestion)
    return null
  }
}
