// From a merged ensemble to the columns a client asked for.
import type { EnsembleResult } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { nearest } from '../../../schema/nearest.ts'
import type { EnsembleColumn, RunResults } from '../types/run.ts'
import { nameKey } from './name-key.ts'

/** Probabilities that the draws of a simulation are merged with. */
export const PROBABILITIES = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975] as const

/** Those of so many draws: every quantile of one draw is its value, which the mean is already. */
export const probabilitiesOf = (draws: number): readonly number[] => (draws === 1 ? [] : PROBABILITIES)

export interface ResultSelection {
  readonly variables?: readonly string[] | null | undefined
  /** First and last time, inclusive. */
  readonly from?: number | null | undefined
  readonly to?: number | null | undefined
  /** Keeps every n-th of the saved times in the range. */
  readonly every?: number | null | undefined
}

/**
 * Columns of the variables asked for (all where none are named), at the times asked for. The name of an array stands for its elements.
 * @throws BAD_INPUT for an unknown variable, an `every` below 1, or a range that holds no saved time
 */
export function selectResults(
  result: EnsembleResult,
  selection: ResultSelection,
  { draws, timeUnit }: Pick<RunResults, 'draws' | 'timeUnit'>,
): RunResults {
  const picked = timesOf(result.times, selection)
  const columns = outputsOf(result, selection).map((output): EnsembleColumn => {
    const base = output * result.times.length
    const take = (values: Float64Array) => picked.map((time) => values[base + time]!)
    const quantile = (p: number) => take(result.quantiles[result.probabilities.indexOf(p)] ?? result.mean)
    const { name, unit } = result.outputs[output]!
    return {
      variable: name,
      unit,
      mean: take(result.mean),
      sd: take(result.sd),
      p025: quantile(0.025),
      p05: quantile(0.05),
      p25: quantile(0.25),
      p50: quantile(0.5),
      p75: quantile(0.75),
      p95: quantile(0.95),
      p975: quantile(0.975),
    }
  })
  return { times: picked.map((time) => result.times[time]!), timeUnit, draws, columns }
}

function outputsOf(result: EnsembleResult, { variables }: ResultSelection): number[] {
  const names = result.outputs.map(({ name }) => name)
  if (!variables) return [...names.keys()]
  const keys = names.map(nameKey)
  const arrays = names.map((name) => nameKey(name.replace(/\[[^[]*\]$/, '')))
  const indices = (among: readonly string[], wanted: string) => among.flatMap((name, i) => (name === wanted ? [i] : []))
  return variables.flatMap((name) => {
    const exact = names.indexOf(name)
    if (exact >= 0) return [exact]
    const alike = indices(keys, nameKey(name))
    const found = alike.length > 0 ? alike : indices(arrays, nameKey(name))
    if (found.length > 0) return found
    const near = nearest(name, names)
    throw new QuesnayError('BAD_INPUT', `the run has no variable "${name}"`, {
      path: 'variables',
      suggestion: near ? `did you mean "${near}"?` : 'leave variables out to see all',
    })
  })
}

function timesOf(times: readonly number[], { from, to, every }: ResultSelection): number[] {
  const step = every ?? 1
  if (!Number.isInteger(step) || step < 1)
    throw new QuesnayError('BAD_INPUT', 'every must be a whole number of at least 1', { path: 'every' })
  const inRange = times.flatMap((time, index) =>
    time >= (from ?? Number.NEGATIVE_INFINITY) && time <= (to ?? Number.POSITIVE_INFINITY) ? [index] : [],
  )
  if (inRange.length === 0)
    throw new QuesnayError('BAD_INPUT', 'no saved time lies between from and to', {
      path: 'from',
      suggestion: `the run is saved from ${times[0]} to ${times.at(-1)}`,
    })
  return inRange.filter((_, position) => position % step === 0)
}
