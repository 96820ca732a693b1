// Carries a data set to another year: columns times factors, given as factors, as growth a year, or by an index of the law.
import { parse } from 'yaml'
import { pow } from '../../../../compute/model/math/pow.ts'
import { QuesnayError } from '../../../../schema/errors.ts'
import { hashOf } from '../../../../schema/hash.ts'
import { nearest } from '../../../../schema/nearest.ts'
import { columnKey, type DataColumn, type DataShape } from './data-shape.ts'

/** How some columns change between two years: columns by name (`wages` stands for its elements) or by unit. */
export interface UpratingText {
  readonly columns?: readonly string[] | null | undefined
  /** All columns of the unit that are not whole numbers by nature. */
  readonly unit?: string | null | undefined
  /** One of the three: what values are multiplied by; growth a year as a fraction; a parameter whose values are an index. */
  readonly factor?: number | null | undefined
  readonly growth?: number | null | undefined
  readonly parameter?: string | null | undefined
  /** Year that growth and index count from; the year of the data where absent. */
  readonly fromYear?: number | null | undefined
}

export interface ColumnFactor {
  readonly column: string
  readonly factor: number
}

/** Value of a parameter in a year. */
export type IndexAt = (parameter: string, year: number) => number

/** No economy grows or shrinks by more in the years that anyone asks about. */
const MOST_FACTOR = 1e6
export const YEARS = { first: 1900, last: 2200 }

/** The list in a file data/uprating/<rule set>.yaml. */
export const readUprating = (text: string): UpratingText[] => (parse(text) as { uprating: UpratingText[] }).uprating

/**
 * The factor of each column that changes, in the order of names; where two entries name a column, the later counts.
 * @param names columns that the data set has
 * @throws BAD_INPUT with the path of what is wrong
 */
export function resolveUprating(
  shape: DataShape,
  names: ReadonlySet<string>,
  years: { readonly from: number; readonly to: number },
  texts: readonly UpratingText[],
  indexAt: IndexAt,
): ColumnFactor[] {
  assertYear(years.to, 'year')
  const factors = new Map<string, number>()
  for (const [i, text] of texts.entries()) {
    const path = `by.${i}`
    const factor = factorOf(text, path, years, indexAt)
    for (const { name } of columnsOf(text, path, shape)) if (names.has(name)) factors.set(name, factor)
  }
  return [...factors]
    .filter(([, factor]) => factor !== 1)
    .map(([column, factor]) => ({ column, factor }))
    .sort((a, b) => (a.column < b.column ? -1 : 1))
}

/** Identity of data that are carried from others: the version of those, and the factors. */
export const upratedVersion = (version: string, year: number, factors: readonly ColumnFactor[]): string =>
  hashOf({ uprated: version, year, factors: factors.map(({ column, factor }) => [column, factor]) })

/** A column times its factor. */
export function uprateColumn(values: Float64Array, factor: number): Float64Array<ArrayBuffer> {
  // A negative zero is a zero, as everywhere in data.
  return Float64Array.from(values, (value) => value * factor + 0)
}

function factorOf(
  { factor, growth, parameter, fromYear }: UpratingText,
  path: string,
  years: { readonly from: number; readonly to: number },
  indexAt: IndexAt,
): number {
  if ([factor, growth, parameter].filter((given) => given != null).length !== 1)
    throw bad(path, 'an entry has one of factor, growth and parameter', 'give one of the three')
  const from = assertYear(fromYear ?? years.from, `${path}.fromYear`)
  if (factor != null) return assertFactor(factor, `${path}.factor`)
  if (growth != null) {
    if (!(growth > -1 && growth <= 10))
      throw bad(`${path}.growth`, `${growth} is no growth a year`, 'give a fraction: 0.03 for 3 %')
    return assertFactor(pow(1 + growth, years.to - from), `${path}.growth`)
  }
  const base = indexAt(parameter!, from)
  if (!(base > 0)) throw bad(`${path}.parameter`, `${parameter} is ${base} in ${from}`, 'an index is above 0')
  return assertFactor(indexAt(parameter!, years.to) / base, `${path}.parameter`)
}

function columnsOf({ columns, unit }: UpratingText, path: string, shape: DataShape): DataColumn[] {
  if ((columns == null) === (unit == null)) throw bad(path, 'an entry names columns or a unit', 'give one of the two')
  if (unit != null) {
    const found = shape.columns.filter((column) => column.unit === unit && !column.integer)
    if (found.length > 0) return found
    const units = [...new Set(shape.columns.map((column) => column.unit))]
    throw bad(`${path}.unit`, `no column is in "${unit.slice(0, 40)}"`, `the units are: ${units.join(', ')}`)
  }
  return columns!.flatMap((name, i) => {
    const at = `${path}.columns.${i}`
    const key = columnKey(name)
    const found = shape.columns.filter((column) => columnKey(column.name) === key || column.name.startsWith(`${name}[`))
    if (found.length === 0) throw unknownColumn(name, at, shape)
    const whole = found.find(({ integer }) => integer)
    if (whole) throw bad(at, `"${whole.name}" holds whole numbers`, 'leave it out')
    return found
  })
}

function unknownColumn(name: string, path: string, { columns, ruleSetId }: DataShape): QuesnayError {
  const like = nearest(
    name,
    columns.map((column) => column.name),
  )
  const message = `the rule set ${ruleSetId} has no column "${name.slice(0, 80)}"`
  return bad(path, message, like ? `did you mean "${like}"?` : 'see RuleSet.data for the names')
}

function assertYear(year: number, path: string): number {
  if (Number.isInteger(year) && year >= YEARS.first && year <= YEARS.last) return year
  throw bad(path, `${year} is no year`, `give a year from ${YEARS.first} to ${YEARS.last}`)
}

function assertFactor(factor: number, path: string): number {
  if (factor > 0 && factor <= MOST_FACTOR) return factor
  throw bad(path, `the factor would be ${factor}`, `a factor is above 0 and at most ${MOST_FACTOR}`)
}

const bad = (path: string, message: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion })
