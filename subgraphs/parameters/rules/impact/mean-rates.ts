// Mean marginal rates before and after a reform, of all and by decile.
import { type Answers, type Figure, type Figures, figure, over, share } from './figures.ts'
import type { ImpactNames, ReformNames } from './impact-model.ts'

export interface MeanRates {
  /** 0 where nobody has earnings. */
  readonly baseline: Figure
  readonly reform: Figure
  /** By decile. */
  readonly decilesBaseline: Figures
  readonly decilesReform: Figures
}

/** null where the question asked for none. */
export function meanRatesOf(answers: Answers, names: ImpactNames, reform: ReformNames): MeanRates | null {
  const { marginal } = names
  if (!marginal) return null
  const mean = (output: string | null) => figure(() => share(answers.sum(output), answers.sum(marginal.weight)))
  const byDecile = (output: string | null) =>
    figure(() => {
      answers.assert(names.rankBy, names.rankWeight)
      return over(answers.ranked(output), answers.ranked(marginal.weight))
    })
  return {
    baseline: mean(marginal.baseline),
    reform: mean(reform.marginal),
    decilesBaseline: byDecile(marginal.baseline),
    decilesReform: byDecile(reform.marginal),
  }
}
