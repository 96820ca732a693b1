// What an import of prices must hold to: new instruments and dated prices, every fault by its place.
import { nearest } from '../../../schema/nearest.ts'
import { isIsoDate } from '../../../schema/terms/date.ts'
import { type AssetClass, FactorTarget } from '../../../schema/terms/portfolio.ts'
import { MacroVariable } from '../../../schema/terms/scenario.ts'
import { type CsvRow, csvFault, listed, readCsv, readNumber } from '../../shared/csv.ts'
import type { Finding } from '../../shared/types.ts'
import type { MacroFactor } from './factor-stress.ts'

export interface InstrumentSpec {
  readonly id: string
  readonly name: string
  readonly assetClass: AssetClass
  readonly currency: string
  /** Of class CURRENCY alone: what the price is of one unit of. */
  readonly baseCurrency: string | null
  readonly economyId: string | null
  readonly duration: number | null
  readonly convexity: number | null
  readonly factors: readonly MacroFactor[]
}

/** Prices by instrument, dates rising. */
export interface PriceColumn {
  readonly instrumentId: string
  readonly dates: readonly string[]
  readonly prices: readonly number[]
}

export interface CheckedPrices {
  readonly columns: readonly PriceColumn[]
  readonly findings: Finding[]
}

/** Bounds of a price and of an instrument's numbers: no money is beyond them, and no product of them overflows. */
const LEAST_PRICE = 1e-12
const MOST_PRICE = 1e12
const MOST_NUMBER = 1e9
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/
const CODE = /^[A-Z]{3}$/

const error = (code: string, path: string, message: string, suggestion: string): Finding => ({
  severity: 'ERROR',
  code,
  path,
  message,
  suggestion,
})

/** Faults of instruments to be made. @param standing ids that are taken */
export function checkInstruments(instruments: readonly InstrumentSpec[], standing: ReadonlySet<string>): Finding[] {
  return instruments.flatMap((instrument, i) => {
    const path = `instruments.${i}`
    const findings = checkInstrument(instrument, path)
    if (standing.has(instrument.id))
      findings.push(
        error(
          'INSTRUMENT_EXISTS',
          `${path}.id`,
          `"${instrument.id}" stands already`,
          'leave it out: its prices can be imported as it stands',
        ),
      )
    else if (instruments.findIndex(({ id }) => id === instrument.id) < i)
      findings.push(
        error('INSTRUMENT_TWICE', `${path}.id`, `"${instrument.id}" is described twice`, 'keep one of them'),
      )
    return findings
  })
}

function checkInstrument(instrument: InstrumentSpec, path: string): Finding[] {
  const findings: Finding[] = []
  const fault = (code: string, member: string, message: string, suggestion: string) =>
    findings.push(error(code, `${path}.${member}`, message, suggestion))
  const { id, name, assetClass, currency, baseCurrency, economyId, duration, convexity, factors } = instrument
  if (!ID.test(id)) fault('ID_INVALID', 'id', `"${id}" cannot be an id`, 'use lower-case letters, digits and hyphens')
  if (name.trim() === '') fault('NAME_MISSING', 'name', 'the instrument has no name', 'give one')
  if (!CODE.test(currency))
    fault('CURRENCY_INVALID', 'currency', `"${currency}" is no currency code`, 'give an ISO 4217 code such as "USD"')
  if (assetClass === 'CURRENCY' && !CODE.test(baseCurrency ?? ''))
    fault(
      'BASE_CURRENCY_MISSING',
      'baseCurrency',
      'an exchange rate needs the currency it prices one unit of',
      'give an ISO 4217 code such as "AUD"',
    )
  if (assetClass === 'CURRENCY' && baseCurrency === currency)
    fault(
      'BASE_CURRENCY_INVALID',
      'baseCurrency',
      'an exchange rate joins two currencies',
      'give another than the one it is priced in',
    )
  if (assetClass !== 'CURRENCY' && baseCurrency !== null)
    fault(
      'BASE_CURRENCY_UNEXPECTED',
      'baseCurrency',
      'only an exchange rate has a base currency',
      'leave it out, or say assetClass CURRENCY',
    )
  if (economyId !== null && !CODE.test(economyId))
    fault(
      'ECONOMY_INVALID',
      'economyId',
      `"${economyId}" is not three capital letters`,
      'give an ISO 3166 alpha-3 code such as "USA"',
    )
  if (duration !== null && !(duration >= 0))
    fault('DURATION_INVALID', 'duration', 'a duration is at least 0 years', 'give years')
  if (convexity !== null && !Number.isFinite(convexity))
    fault('CONVEXITY_INVALID', 'convexity', 'a convexity is a finite number', 'give years squared')
  for (const [member, value] of numbersOf(instrument))
    if (!(Math.abs(value) <= MOST_NUMBER))
      fault(
        'NUMBER_OUT_OF_RANGE',
        member,
        `${value} is beyond ${MOST_NUMBER}`,
        'see that its unit is the one described',
      )
  const variables: readonly string[] = Object.values(MacroVariable)
  for (const [i, { variable }] of factors.entries())
    if (!variables.includes(variable))
      fault(
        'VARIABLE_UNKNOWN',
        `factors.${i}.variable`,
        `"${variable}" is no macro variable`,
        `did you mean "${nearest(variable, variables) ?? variables[0]}"? They are: ${variables.join(', ')}`,
      )
  for (const [i, factor] of factors.entries())
    if (factor.target === FactorTarget.YIELD && duration === null)
      fault(
        'DURATION_MISSING',
        `factors.${i}.target`,
        'a factor on the yield needs a duration',
        'give the duration, or a factor on PRICE',
      )
  for (const [i, { standardError }] of factors.entries())
    if (!(standardError >= 0))
      fault(
        'STANDARD_ERROR_INVALID',
        `factors.${i}.standardError`,
        'a standard error is at least 0',
        'give 0 where it is not known',
      )
  return findings
}

function numbersOf({ duration, convexity, factors }: InstrumentSpec): [string, number][] {
  const ofFactors = factors.flatMap(({ beta, gamma, standardError }, i) =>
    Object.entries({ beta, gamma, standardError }).map(([name, value]): [string, number] => [
      `factors.${i}.${name}`,
      value,
    ]),
  )
  return [['duration', duration ?? 0], ['convexity', convexity ?? 0], ...ofFactors]
}

/**
 * Reads prices from CSV text with the columns instrument, date, price, in any order of rows.
 * @param known ids that prices may be of
 */
export function checkPrices(csv: string, known: ReadonlySet<string>): CheckedPrices {
  const table = readCsv(csv, { required: ['instrument', 'date', 'price'] })
  const findings = [...table.findings]
  if (table.rows.length === 0 && findings.length === 0)
    findings.push(error('NO_ROWS', 'csv', 'the text has no rows', 'give one row a price'))
  const columns = new Map<string, Map<string, { price: number; line: number }>>()
  for (const row of table.rows) readRow(row, known, columns, findings)
  return {
    columns: [...columns].map(([instrumentId, prices]) => columnOf(instrumentId, prices)),
    findings: listed(findings),
  }
}

function readRow(
  { line, fields }: CsvRow,
  known: ReadonlySet<string>,
  columns: Map<string, Map<string, { price: number; line: number }>>,
  findings: Finding[],
): void {
  const { instrument = '', date = '', price: text = '' } = fields
  const price = readNumber(text)
  const before = columns.get(instrument)?.get(date)
  const faults: Finding[] = []
  if (!known.has(instrument))
    faults.push(
      csvFault(
        'INSTRUMENT_UNKNOWN',
        line,
        `there is no instrument "${instrument}"`,
        'describe it in instruments, or mend its id',
        'instrument',
      ),
    )
  if (!isIsoDate(date))
    faults.push(csvFault('DATE_INVALID', line, `"${date}" is not a date`, 'write it as 2024-12-31', 'date'))
  else if (before)
    faults.push(
      csvFault(
        'DATE_TWICE',
        line,
        `${instrument} has a price of ${date} on line ${before.line} already`,
        'keep one of them',
        'date',
      ),
    )
  if (price === undefined)
    faults.push(csvFault('PRICE_INVALID', line, `"${text}" is not a number`, 'write it as 1234.5', 'price'))
  else if (price <= 0)
    faults.push(
      csvFault(
        'PRICE_NOT_POSITIVE',
        line,
        `a price is above 0, not ${text}`,
        'leave the row out where there is no price',
        'price',
      ),
    )
  else if (!(price >= LEAST_PRICE && price <= MOST_PRICE))
    faults.push(
      csvFault(
        'PRICE_OUT_OF_RANGE',
        line,
        `a price lies between ${LEAST_PRICE} and ${MOST_PRICE}, not at ${text}`,
        'price a smaller or a larger unit of it',
        'price',
      ),
    )
  findings.push(...faults)
  if (faults.length > 0) return
  if (!columns.has(instrument)) columns.set(instrument, new Map())
  columns.get(instrument)!.set(date, { price: price!, line })
}

function columnOf(instrumentId: string, prices: ReadonlyMap<string, { price: number }>): PriceColumn {
  const rows = [...prices].sort(([a], [b]) => (a < b ? -1 : 1))
  return { instrumentId, dates: rows.map(([date]) => date), prices: rows.map(([, { price }]) => price) }
}
