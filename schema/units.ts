// Units of the whole graph: read from text, compared by dimension, converted exactly where the factor is a ratio of whole numbers.
import { QuesnayError } from './errors.ts'

/** factor = numerator / denominator to the base units; exponents by base unit, none of them 0. */
export interface Unit {
  readonly text: string
  readonly numerator: number
  readonly denominator: number
  readonly dimensions: ReadonlyMap<string, number>
}

/** A word as a multiple of its base unit; of a number, such as percent, the base is null. */
export type Known = readonly [numerator: number, denominator: number, base: string | null]

// A day is 1/365.25 of a year (the Julian year of astronomy), a month a twelfth.
const YEAR: Known = [1, 1, 'year']
const QUARTER: Known = [1, 4, 'year']
const MONTH: Known = [1, 12, 'year']
const DAY: Known = [4, 1461, 'year']
const WEEK: Known = [28, 1461, 'year']
const HOUR: Known = [1, 8_766, 'year']
const MINUTE: Known = [1, 525_960, 'year']
const SECOND: Known = [1, 31_557_600, 'year']
const ONE: Known = [1, 1, null]
const PERSON: Known = [1, 1, 'person']
const PERCENT: Known = [1, 100, null]

/** Words with a meaning. Any other word is a base unit of its own, so that it fits only itself. */
const WORDS = new Map<string, Known>([
  ['fraction', ONE],
  ['dimensionless', ONE],
  ['unitless', ONE],
  ['dmnl', ONE],
  ['percent', PERCENT],
  ['pp', PERCENT],
  ['bp', [1, 10_000, null]],
  ['thousand', [1_000, 1, null]],
  ['mn', [1_000_000, 1, null]],
  ['bn', [1_000_000_000, 1, null]],
  ['tn', [1_000_000_000_000, 1, null]],
  ['year', YEAR],
  ['years', YEAR],
  ['quarter', QUARTER],
  ['quarters', QUARTER],
  ['month', MONTH],
  ['months', MONTH],
  ['week', WEEK],
  ['weeks', WEEK],
  ['day', DAY],
  ['days', DAY],
  ['hour', HOUR],
  ['hours', HOUR],
  ['minute', MINUTE],
  ['minutes', MINUTE],
  ['second', SECOND],
  ['seconds', SECOND],
  ['person', PERSON],
  ['persons', PERSON],
  ['people', PERSON],
])

/** What a word stands for; undefined where it is a base unit of its own. */
export function knownUnit(word: string): Known | undefined {
  return WORDS.get(word)
}

// A number, a word (with an exponent), `/`, `*`, or the word-like percent sign.
const TOKEN = /\s*(?:(\d+)|([\p{L}_][\p{L}\p{N}_]*)(?:\^(-?\d+))?|(%)|([/*·])|(\S))/guy

const MAX_TEXT = 120

/**
 * Reads a unit: factors joined by a space, `*` or `/` (or the word per), read from the left: "USD", "USD bn", "1/year", "USD/year/person", "deaths per 100000 person".
 * BAD_INPUT with the place where the text is not a unit.
 */
export function parseUnit(text: string, path = 'unit'): Unit {
  const wrong = (why: string) =>
    new QuesnayError('BAD_INPUT', `"${text.slice(0, MAX_TEXT)}" is not a unit: ${why}`, {
      path,
      suggestion: 'write a unit such as "USD", "USD bn", "USD/year", "fraction", "percent" or "1/year"',
    })
  if (text.length > MAX_TEXT) throw wrong(`longer than ${MAX_TEXT} characters`)
  let numerator = 1
  let denominator = 1
  const dimensions = new Map<string, number>()
  let below = false
  let wantsFactor = true

  const take = ([up, down, base]: Known, exponent: number) => {
    const power = below ? -exponent : exponent
    for (let i = 0; i < Math.abs(power); i++) {
      numerator *= power > 0 ? up : down
      denominator *= power > 0 ? down : up
    }
    if (base !== null) dimensions.set(base, (dimensions.get(base) ?? 0) + power)
    below = false
    wantsFactor = false
  }

  for (const [, number, word, exponent, percent, operator, other] of text.trim().matchAll(TOKEN)) {
    if (other !== undefined) throw wrong(`"${other}" has no place in it`)
    if (operator !== undefined || word === 'per') {
      if (wantsFactor) throw wrong('a factor is missing')
      below = operator === '/' || word === 'per'
      wantsFactor = true
    } else if (number !== undefined) {
      if (Number(number) === 0 || Number(number) > 1e12) throw wrong(`the factor ${number} is out of range`)
      take([Number(number), 1, null], 1)
    } else if (percent !== undefined) take(PERCENT, 1)
    else if (word !== undefined) {
      if (Math.abs(Number(exponent ?? 1)) > 9) throw wrong(`the exponent ${exponent} is out of range`)
      take(WORDS.get(word) ?? [1, 1, word], Number(exponent ?? 1))
    }
  }
  if (wantsFactor) throw wrong('a factor is missing')
  for (const [base, power] of dimensions) if (power === 0) dimensions.delete(base)
  const common = gcd(numerator, denominator)
  return { text: text.trim(), numerator: numerator / common, denominator: denominator / common, dimensions }
}

/** True where one can be converted into the other: the same base units with the same exponents. */
export function isCompatible(a: Unit, b: Unit): boolean {
  if (a.dimensions.size !== b.dimensions.size) return false
  return [...a.dimensions].every(([base, power]) => b.dimensions.get(base) === power)
}

/**
 * The factor from one unit to another as a ratio of whole numbers: value * multiply / divide, of which one is 1 for percent, bn and mn.
 * Errors: BAD_INPUT where a text is not a unit; UNIT_MISMATCH with `given` and `wanted` where they do not fit.
 */
export function conversion(given: string, wanted: string, path = 'unit'): { multiply: number; divide: number } {
  const from = parseUnit(given, path)
  const to = parseUnit(wanted, path)
  if (!isCompatible(from, to))
    throw new QuesnayError('UNIT_MISMATCH', `${path} is in ${from.text}; ${to.text} is wanted`, {
      path,
      given: from.text,
      wanted: to.text,
      suggestion: `give the value in ${to.text}`,
    })
  const multiply = from.numerator * to.denominator
  const divide = from.denominator * to.numerator
  const common = gcd(multiply, divide)
  return { multiply: multiply / common, divide: divide / common }
}

/** The value in the wanted unit; errors as `conversion`. */
export function convert(value: number, given: string, wanted: string, path = 'unit'): number {
  const { multiply, divide } = conversion(given, wanted, path)
  return (value * multiply) / divide
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
