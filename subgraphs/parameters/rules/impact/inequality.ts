// Inequality before and after a reform: Gini, shares of the top, quantiles, over persons.

import type { PopulationDistribution } from '../../../../compute/dispatch/port.ts'
import type { QuesnayError } from '../../../../schema/errors.ts'
import { POPULATION_QUANTILES, TOP_SHARES } from '../../../../schema/jobs.ts'
import { type Answers, type Figure, figure, known } from './figures.ts'

/** null where it has no meaning, such as a share of an income that is not positive. */
export interface Inequality {
  readonly mean: Figure
  readonly gini: Figure
  readonly giniNormalised: Figure
  /** At TOP_SHARES. */
  readonly topShares: readonly (number | null)[] | QuesnayError
  /** At POPULATION_QUANTILES. */
  readonly quantiles: readonly (number | null)[] | QuesnayError
}

export const TOPS = TOP_SHARES
export const PROBABILITIES = POPULATION_QUANTILES

export function inequalityOf(answers: Answers, income: string): Inequality {
  const one = (read: (of: PopulationDistribution) => number) => figure(() => known(read(answers.distribution(income))))
  const list = (read: (of: PopulationDistribution) => Float64Array) =>
    figure(() => Array.from(read(answers.distribution(income)), known))
  return {
    mean: one(({ mean }) => mean),
    gini: one(({ gini }) => gini),
    giniNormalised: one(({ giniNormalized }) => giniNormalized),
    topShares: list(({ topShares }) => topShares),
    quantiles: list(({ quantiles }) => quantiles),
  }
}
