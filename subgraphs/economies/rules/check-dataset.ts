// What a dataset must hold to before anything of it is stored: its description and its CSV text, every fault by its place.
import { isIsoDate } from '../../../schema/terms/date.ts'
import {
  type DiscrepancyRule,
  type Frequency,
  frequencyOf,
  type GovernmentScope,
  type IncomeMeasure,
  PERIODS_PER_YEAR,
  type PriceBasis,
  type SeriesKind,
  type SeriesRole,
} from '../../../schema/terms/economy.ts'
import { type CsvRow, csvFault, listed, readCsv, readNumber } from '../../shared/csv.ts'
import type { Finding } from '../../shared/types.ts'

export interface SeriesSpec {
  /** Column of the CSV text. */
  readonly name: string
  /** null: not part of the circular flow. */
  readonly role: SeriesRole | null
  readonly label: string
  readonly unit: string
  readonly kind: SeriesKind
  readonly priceBasis: PriceBasis
  /** One unit of the last digit given; null: not known, so rounding explains nothing. */
  readonly precision: number | null
  readonly origin: string
  readonly licence: string
  /** ISO date. */
  readonly retrieved: string
}

export interface DatasetSpec {
  /** name@version */
  readonly id: string
  readonly title: string
  readonly frequency: Frequency
  readonly incomeMeasure: IncomeMeasure
  readonly governmentScope: GovernmentScope
  readonly discrepancy: DiscrepancyRule | null
  readonly series: readonly SeriesSpec[]
}

export interface SeriesColumn {
  readonly name: string
  readonly periods: readonly string[]
  readonly values: readonly number[]
}

export interface CheckedDataset {
  /** In the order of the spec, periods rising, missing cells left out. */
  readonly columns: readonly SeriesColumn[]
  readonly findings: Finding[]
}

const MAX_CELLS = 1_000_000
const DATASET_ID = /^[a-z0-9][a-z0-9-]{0,62}@[a-z0-9][a-z0-9.-]{0,31}$/
const SERIES_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/

/** True where nothing is wrong enough to keep the data out. */
export const isAcceptable = (findings: readonly Finding[]) => findings.every(({ severity }) => severity !== 'ERROR')

/** Reads and checks a dataset; the columns are only fit for use where `isAcceptable(findings)`. */
export function checkDataset(spec: DatasetSpec, csv: string): CheckedDataset {
  const findings = checkSpec(spec)
  const names = spec.series.map(({ name }) => name)
  const table = readCsv(csv, { required: ['period', ...names] })
  findings.push(...table.findings)
  if (table.rows.length * names.length > MAX_CELLS) {
    findings.push(error('TOO_LARGE', 'csv', `the text has more than ${MAX_CELLS} values`, 'import it in parts'))
    return { columns: [], findings }
  }
  const rows = datedRows(table.rows, spec.frequency, findings)
  if (table.rows.length === 0) findings.push(error('NO_ROWS', 'csv', 'the text has no rows', 'give one row a period'))
  const columns = names.map((name) => columnOf(name, rows, findings))
  findings.push(...gapsIn([...rows.keys()], spec.frequency))
  return { columns, findings: listed(findings) }
}

const error = (code: string, path: string, message: string, suggestion: string): Finding => ({
  severity: 'ERROR',
  code,
  path,
  message,
  suggestion,
})

function checkSpec(spec: DatasetSpec): Finding[] {
  const findings: Finding[] = []
  if (!DATASET_ID.test(spec.id))
    findings.push(
      error('ID_INVALID', 'datasetId', `"${spec.id}" is not name@version`, 'write it as my-figures@2024-q4'),
    )
  if (spec.series.length === 0)
    findings.push(error('NO_SERIES', 'series', 'no series is described', 'describe each column'))
  for (const [i, series] of spec.series.entries()) findings.push(...checkSeries(series, `series.${i}`))
  findings.push(
    ...doubled(
      spec.series.map((s) => s.name),
      'name',
      'give each series its own name',
    ),
  )
  findings.push(
    ...doubled(
      spec.series.map((s) => s.role),
      'role',
      'one series a role: parts and totals do not add',
    ),
  )
  findings.push(...mixed(spec.series))
  return findings
}

function checkSeries(series: SeriesSpec, path: string): Finding[] {
  const findings: Finding[] = []
  const fault = (code: string, member: string, message: string, suggestion: string) =>
    findings.push(error(code, `${path}.${member}`, message, suggestion))
  if (!SERIES_NAME.test(series.name) || series.name === 'period')
    fault(
      'NAME_INVALID',
      'name',
      `"${series.name}" cannot name a series`,
      'use letters, digits and _, such as "exports"',
    )
  if (series.unit.trim() === '') fault('UNIT_MISSING', 'unit', 'the series has no unit', 'give one, such as "USD bn"')
  if (!isIsoDate(series.retrieved))
    fault('DATE_INVALID', 'retrieved', `"${series.retrieved}" is not a date`, 'write it as 2024-12-31')
  if (series.precision !== null && !(series.precision > 0 && Number.isFinite(series.precision)))
    fault(
      'PRECISION_INVALID',
      'precision',
      'the precision must be above 0',
      'give the size of the last digit, such as 0.001',
    )
  if (series.role === null) return findings
  if (series.priceBasis !== 'CURRENT')
    fault(
      'CHAIN_VOLUMES_DO_NOT_ADD',
      'priceBasis',
      'chain volumes cannot enter an identity',
      'give the series in current prices',
    )
  if (series.kind !== 'FLOW' && series.kind !== 'FLOW_AT_ANNUAL_RATE')
    fault('NOT_A_FLOW', 'kind', `a ${series.kind.toLowerCase()} cannot enter the circular flow`, 'leave out its role')
  return findings
}

function doubled(values: readonly (string | null)[], member: string, suggestion: string): Finding[] {
  return values.flatMap((value, i) =>
    value !== null && values.indexOf(value) < i
      ? [
          error(
            `${member.toUpperCase()}_TWICE`,
            `series.${i}.${member}`,
            `the ${member} "${value}" is taken`,
            suggestion,
          ),
        ]
      : [],
  )
}

/** Series of the circular flow must be in one unit and of one kind, or their sum means nothing. */
function mixed(series: readonly SeriesSpec[]): Finding[] {
  const first = series.find(({ role }) => role !== null)
  return series.flatMap((s, i) => {
    if (!first || s.role === null) return []
    const findings: Finding[] = []
    if (s.unit !== first.unit)
      findings.push(
        error(
          'UNIT_MISMATCH',
          `series.${i}.unit`,
          `"${s.unit}" does not add to "${first.unit}"`,
          `give it in ${first.unit}`,
        ),
      )
    if (s.kind !== first.kind)
      findings.push(
        error(
          'KIND_MISMATCH',
          `series.${i}.kind`,
          `${s.kind} does not add to ${first.kind}`,
          `give it as ${first.kind}`,
        ),
      )
    return findings
  })
}

function datedRows(rows: readonly CsvRow[], frequency: Frequency, findings: Finding[]): Map<string, CsvRow> {
  const byPeriod = new Map<string, CsvRow>()
  for (const row of rows) {
    const period = row.fields['period'] ?? ''
    const before = byPeriod.get(period)
    if (frequencyOf(period) !== frequency)
      findings.push(
        csvFault('PERIOD_INVALID', row.line, `"${period}" is not a ${frequency} period`, EXAMPLES[frequency], 'period'),
      )
    else if (before)
      findings.push(
        csvFault(
          'PERIOD_TWICE',
          row.line,
          `${period} stands on line ${before.line} already`,
          'keep one of them',
          'period',
        ),
      )
    else byPeriod.set(period, row)
  }
  return new Map([...byPeriod].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const EXAMPLES: Readonly<Record<Frequency, string>> = {
  ANNUAL: 'write it as 2024',
  QUARTERLY: 'write it as 2024-Q3',
  MONTHLY: 'write it as 2024-07',
}

function columnOf(name: string, rows: ReadonlyMap<string, CsvRow>, findings: Finding[]): SeriesColumn {
  const periods: string[] = []
  const values: number[] = []
  for (const [period, { line, fields }] of rows) {
    const text = fields[name]
    if (text === undefined || text === '') continue
    const value = readNumber(text)
    if (value === undefined) {
      findings.push(
        csvFault(
          'VALUE_INVALID',
          line,
          `"${text}" is not a number`,
          'write 1234.5, or leave the cell empty where it is missing',
          name,
        ),
      )
      continue
    }
    periods.push(period)
    values.push(value)
  }
  return { name, periods, values }
}

/** A warning for each stretch of periods that the rows pass over. */
function gapsIn(periods: readonly string[], frequency: Frequency): Finding[] {
  return periods.slice(1).flatMap((period, i) => {
    const absent = ordinal(period, frequency) - ordinal(periods[i]!, frequency) - 1
    if (absent === 0) return []
    const message = `${absent} period${absent > 1 ? 's are' : ' is'} missing between ${periods[i]} and ${period}`
    return [
      {
        severity: 'WARNING',
        code: 'PERIODS_MISSING',
        path: 'csv',
        message,
        suggestion: 'add the rows where the figures exist',
      },
    ]
  })
}

function ordinal(period: string, frequency: Frequency): number {
  const part = frequency === 'ANNUAL' ? 1 : Number(period.slice(5).replace('Q', ''))
  return Number(period.slice(0, 4)) * PERIODS_PER_YEAR[frequency] + part - 1
}
