// The units of a question: rows or columns of data, checked against the columns of a rule set.
import { QuesnayError } from '../../../../schema/errors.ts'
import { findColumn } from '../rule-set/find-variables.ts'
import type { RuleColumn, RuleSet } from '../rule-set/rule-set.ts'

/** Data of units by the name of the column; columns that are not given have their defaults in all units. */
export interface Units {
  readonly count: number
  readonly columns: Readonly<Record<string, Float64Array>>
}

/** A column as numbers, or as the base64 of 64-bit floats, little-endian: one of the two. */
export interface NamedColumn {
  readonly name: string
  readonly values?: readonly number[] | null
  readonly base64?: string | null
}

export interface NamedValue {
  readonly name: string
  readonly value: number
}

/** More are asked in several questions: a request is held in memory as a whole. */
export const MAX_UNITS = 50_000

/**
 * Units whose columns are parallel lists. Errors, with the place below `path`: NOT_FOUND (a column that there is not), BAD_INPUT (a column
 * twice, lists of unlike length, a value out of the column's range, a required column that is missing), LIMIT_EXCEEDED.
 */
export function unitsOfColumns(ruleSet: RuleSet, given: readonly NamedColumn[], path: string): Units {
  const read = given.map((column, i) => ({ name: column.name, ...numbersOf(column, `${path}.${i}`) }))
  const count = read[0]?.numbers.length ?? 0
  assertCount(count, path)
  const columns: Record<string, Float64Array> = {}
  for (const [i, { name, numbers, key }] of read.entries()) {
    const column = findColumn(ruleSet, name, `${path}.${i}.name`)
    if (columns[column.name]) throw twice(column, `${path}.${i}.name`)
    if (numbers.length !== count)
      throw new QuesnayError('BAD_INPUT', `${column.name} has ${numbers.length} values, ${given[0]!.name} ${count}`, {
        path: `${path}.${i}.${key}`,
        suggestion: 'give every column a value for each unit',
      })
    columns[column.name] = checkedColumn(column, numbers, `${path}.${i}.${key}`)
  }
  assertRequired(ruleSet, (name) => columns[name] !== undefined, path)
  return { count, columns }
}

function numbersOf({ values, base64 }: NamedColumn, path: string): { numbers: ArrayLike<number>; key: string } {
  if (values && base64 == null) return { numbers: values, key: 'values' }
  const bytes = base64 == null ? undefined : Buffer.from(base64, 'base64')
  if (bytes && !values && bytes.length % 8 === 0) {
    const numbers = new Float64Array(bytes.length / 8)
    new Uint8Array(numbers.buffer).set(bytes)
    return { numbers, key: 'base64' }
  }
  const what = values
    ? 'values are given twice'
    : bytes
      ? `${bytes.length} bytes are no 64-bit floats`
      : 'no values are given'
  throw new QuesnayError('BAD_INPUT', what, { path, suggestion: 'give values or base64, one of the two' })
}

function checkedColumn(column: RuleColumn, numbers: ArrayLike<number>, path: string): Float64Array {
  const checked = new Float64Array(numbers.length)
  for (let unit = 0; unit < numbers.length; unit++) {
    const value = numbers[unit]!
    checked[unit] = isTaken(column, value) ? value : checkedValue(column, value, `${path}.${unit}`)
  }
  return checked
}

/** Whether the column takes the value. */
const isTaken = ({ min, max, integer }: RuleColumn, value: number): boolean =>
  Number.isFinite(value) &&
  (min === null || value >= min) &&
  (max === null || value <= max) &&
  (!integer || Number.isInteger(value))

/** Units one by one; what a unit does not name has its default. `pathOf`: where its values stand. Errors: as unitsOfColumns. */
export function unitsOfRows(
  ruleSet: RuleSet,
  rows: readonly (readonly NamedValue[])[],
  path: string,
  pathOf: (unit: number) => string,
): Units {
  assertCount(rows.length, path)
  const columns: Record<string, Float64Array> = {}
  for (const [unit, row] of rows.entries()) {
    const named = new Set<string>()
    for (const [i, { name, value }] of row.entries()) {
      const column = findColumn(ruleSet, name, `${pathOf(unit)}.${i}.name`)
      if (named.has(column.name)) throw twice(column, `${pathOf(unit)}.${i}.name`)
      named.add(column.name)
      columns[column.name] ??= new Float64Array(rows.length).fill(column.default ?? 0)
      columns[column.name]![unit] = checkedValue(column, value, `${pathOf(unit)}.${i}.value`)
    }
    assertRequired(ruleSet, (name) => named.has(name), pathOf(unit))
  }
  return { count: rows.length, columns }
}

/** The value; BAD_INPUT at `path` where the column does not take it. */
export function checkedValue(column: RuleColumn, value: number, path: string): number {
  const { name, min, max, integer } = column
  const fault = !Number.isFinite(value)
    ? 'is no finite number'
    : min !== null && value < min
      ? `is below ${min}`
      : max !== null && value > max
        ? `is above ${max}`
        : integer && !Number.isInteger(value)
          ? 'is no whole number'
          : undefined
  if (fault === undefined) return value
  throw new QuesnayError('BAD_INPUT', `${name} is ${value}, which ${fault}`, { path, suggestion: wanted(column) })
}

function wanted({ min, max, integer, unit }: RuleColumn): string {
  const what = integer ? 'a whole number' : 'a number'
  const from = min === null ? '' : max === null ? ` from ${min}` : ` from ${min} to ${max}`
  return `give ${what}${from}${min === null && max !== null ? ` up to ${max}` : ''}, in ${unit}`
}

function assertCount(count: number, path: string): void {
  if (count === 0)
    throw new QuesnayError('BAD_INPUT', 'there is no unit', { path, suggestion: 'give one unit or more' })
  if (count > MAX_UNITS)
    throw new QuesnayError('LIMIT_EXCEEDED', `${count} units are more than one question takes`, {
      path,
      limit: MAX_UNITS,
      suggestion: `ask for ${MAX_UNITS} at a time`,
    })
}

/** A column without a default must be given: no datum is guessed. */
function assertRequired({ columns, unit }: RuleSet, isGiven: (name: string) => boolean, path: string): void {
  const missing = columns.filter((column) => column.default === null && !isGiven(column.name)).map(({ name }) => name)
  if (missing.length === 0) return
  throw new QuesnayError('BAD_INPUT', `the ${unit} has no ${missing.join(', no ')}`, {
    path,
    suggestion: `give ${missing.join(' and ')}: there is no default`,
  })
}

const twice = ({ name }: RuleColumn, path: string) =>
  new QuesnayError('BAD_INPUT', `${name} is given twice`, { path, suggestion: 'keep one of the two' })
