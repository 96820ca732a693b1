// Units and periods as trees of OpenFisca and PolicyEngine write them, and as the graph does.
import { QuesnayError } from '../../../../schema/errors.ts'
import { parseUnit } from '../../../../schema/units.ts'
import type { ParameterKind } from '../tree.ts'

/** What became of a text: its unit, and what is to be said about it. */
export interface ReadUnit {
  readonly unit: string
  /** How it should have been written. */
  readonly misspelt?: string
  /** It has no meaning of ours: kept as it is. */
  readonly kept?: true
}

const CURRENCY = /^currency[-:]([A-Z]{3})((?:[/ ].*)?)$/
const MISSPELT_CURRENCY = /^(?:currency[_ ]?)?([A-Za-z]{3})$/i

/** Units that are ours under another name. */
const NAMES: Readonly<Record<string, string>> = { '/1': 'fraction', ratio: 'fraction', bool: 'boolean' }

/** Units that both write alike; those that schema/units does not know fit only themselves. */
const SAME = new Set(
  'percent year month week day hour minute person child household family dependent list variable date text int float mile gallon'.split(
    ' ',
  ),
)

const PLURALS: Readonly<Record<string, string>> = {
  years: 'year',
  months: 'month',
  weeks: 'week',
  days: 'day',
  hours: 'hour',
  minutes: 'minute',
  persons: 'person',
  people: 'person',
  children: 'child',
  boolean: 'bool',
  fraction: '/1',
  '%': 'percent',
}

/** `currency-USD` is USD, `/1` fraction, `bool` boolean; `currency` alone is the tree's own money. */
export function readUnit(text: string, currency: string): ReadUnit {
  const trimmed = text.trim()
  const money = CURRENCY.exec(trimmed)
  if (money) return checked(`${money[1]}${money[2]}`, trimmed)
  if (trimmed === 'currency') return { unit: currency }
  const known = NAMES[trimmed] ?? (SAME.has(trimmed) ? trimmed : undefined)
  if (known) return { unit: known }
  const singular = PLURALS[trimmed.toLowerCase()]
  if (singular) return { unit: NAMES[singular] ?? singular, misspelt: singular }
  const code = MISSPELT_CURRENCY.exec(trimmed)?.[1]?.toUpperCase()
  if (code && (code === currency || /^currency/i.test(trimmed))) return { unit: code, misspelt: `currency-${code}` }
  return checked(trimmed, trimmed, true)
}

function checked(unit: string, text: string, unknown = false): ReadUnit {
  try {
    parseUnit(unit)
    return unknown ? { unit, kept: true } : { unit }
  } catch (error) {
    if (error instanceof QuesnayError) return { unit: text, kept: true }
    throw error
  }
}

const MONEY = /^([A-Z]{3})((?:[/ ].*)?)$/

/** The unit as both kinds of tree write it; readUnit of it is the unit again. */
export function writeUnit(unit: string): string {
  const money = MONEY.exec(unit)
  if (money) return `currency-${money[1]}${money[2]}`
  return Object.keys(NAMES).find((name) => NAMES[name] === unit) ?? unit
}

/** The unit of values of which none is given. */
export const UNIT_OF_KIND: Readonly<Record<ParameterKind, string>> = {
  NUMBER: 'unknown',
  BOOLEAN: 'boolean',
  TEXT: 'text',
  LIST: 'list',
}

const PERIODS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'eternity']
const PERIOD_NAMES: Readonly<Record<string, string>> = {
  yearly: 'year',
  annual: 'year',
  annually: 'year',
  years: 'year',
  quarterly: 'quarter',
  monthly: 'month',
  months: 'month',
  weekly: 'week',
  weeks: 'week',
  daily: 'day',
  days: 'day',
  hourly: 'hour',
}

/** A period and, where it was written otherwise, how it should have been. */
export function readPeriod(text: string): ReadUnit {
  const period = PERIOD_NAMES[text.toLowerCase()]
  if (period) return { unit: period, misspelt: period }
  return PERIODS.includes(text) ? { unit: text } : { unit: text, kept: true }
}
