// Checks that a binding gives a plan what it needs.
import { QuesnayError } from '../../schema/errors.ts'
import type { LaneRange } from '../../schema/jobs.ts'
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

/** A column of so many rows. BAD_INPUT where it is missing or has not one value per row. */
export function columnValues<Column extends { readonly length: number }>(
  name: string,
  rows: number,
  given: Readonly<Record<string, Column>>,
  what = 'lanes',
): Column {
  const values = Object.hasOwn(given, name) ? given[name] : undefined
  if (!values) throw missing('column', name)
  if (values.length !== rows) throw bad('column', name, `has ${values.length} values for ${rows} ${what}`)
  return values
}

/** The columns of a plan, by the rows of each level. BAD_INPUT: see columnValues. */
export function planColumns<Column extends { readonly length: number }>(
  plan: Plan,
  rows: readonly number[],
  given: Readonly<Record<string, Column>>,
): Column[] {
  return plan.columns.map(({ name, level }) =>
    columnValues(name, rows[level]!, given, level === 0 ? 'lanes' : `rows of ${plan.levels[level]!.name}`),
  )
}

/** The trajectories of a plan, given among the columns: [lane][step], a value per lane and step. BAD_INPUT: see columnValues. */
export function planTrajectories(
  plan: Plan,
  lanes: number,
  given: Readonly<Record<string, Float64Array>>,
): Float64Array[] {
  const steps = (plan.time?.steps ?? 0) + 1
  return plan.trajectories.map(({ name }) => columnValues(name, lanes * steps, given, 'lanes at all steps'))
}

/**
 * The absolute number of each level's first row in a range of lanes: what their random numbers are counted by.
 * BAD_INPUT where it is not given and matters: random members of lanes that are not the first.
 */
export function firstRowsOf(plan: Plan, range: LaneRange, given: readonly number[] | undefined): readonly number[] {
  if (given) return [range.from, ...given.slice(1)]
  if (range.from > 0 && plan.uniforms.some(({ level }) => level > 0)) {
    throw new QuesnayError('BAD_INPUT', 'the first rows of the members are not given', { path: 'firstRows' })
  }
  return plan.levels.map((_, level) => (level === 0 ? range.from : 0))
}

function missing(kind: string, name: string): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the ${kind} ${name} is not given and has no default`, { path: name })
}

function bad(kind: string, name: string, what: string): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the ${kind} ${name} ${what}`, { path: name })
}
