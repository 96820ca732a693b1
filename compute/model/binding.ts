// Checks that a binding gives a plan what it needs.
import { QuesnayError } from '../../schema/errors.ts'
import type { Plan } from './plan.ts'

/** Value of an input, by what is given or else its default. BAD_INPUT where it is missing or not finite. */
export function inputValue(input: Plan['inputs'][number], given: Readonly<Record<string, number>>): number {
  const value = Object.hasOwn(given, input.name) ? given[input.name]! : input.default
  if (value === null) throw missing('input', input.name)
  if (!Number.isFinite(value)) throw bad('input', input.name, `is ${value}, not a finite number`)
  return value + 0
}

/** Values of a series at steps 0..steps. BAD_INPUT where it is missing, of another length, or not finite. */
export function seriesValues(
  series: Plan['series'][number],
  steps: number,
  given: Readonly<Record<string, readonly number[]>>,
): readonly number[] {
  if (!Object.hasOwn(given, series.name)) {
    if (series.default === null) throw missing('series', series.name)
    return Array.from({ length: steps + 1 }, () => series.default! + 0)
  }
  const values = given[series.name]!
  if (values.length !== steps + 1) {
    throw bad('series', series.name, `has ${values.length} values; the horizon needs ${steps + 1}`)
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) throw bad('series', series.name, `is ${values[wrong]} at step ${wrong}, not a finite number`)
  return values.map((value) => value + 0)
}

/** The column of a shard. BAD_INPUT where it is missing or has not one value per lane. */
export function columnValues(
  column: Plan['columns'][number],
  lanes: number,
  given: Readonly<Record<string, Float64Array>>,
): Float64Array {
  const values = Object.hasOwn(given, column.name) ? given[column.name] : undefined
  if (!values) throw missing('column', column.name)
  if (values.length !== lanes) throw bad('column', column.name, `has ${values.length} values for ${lanes} lanes`)
  return values
}

function missing(kind: string, name: string): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the ${kind} ${name} is not given and has no default`, { path: name })
}

function bad(kind: string, name: string, what: string): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the ${kind} ${name} ${what}`, { path: name })
}
