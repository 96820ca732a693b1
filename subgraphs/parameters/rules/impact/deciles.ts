// Deciles: tenths of the population by an income of the baseline, and what a reform does to each.
import { type Answers, type Figures, figure, over } from './figures.ts'
import type { ImpactNames, ReformNames } from './impact-model.ts'

/** Parallel lists over deciles 1 to 10. Means are per unit, in money a year; 0 where a decile is empty. */
export interface Deciles {
  readonly decile: readonly number[]
  /** Number of units that the decile stands for, and of persons in them. */
  readonly weight: Figures
  readonly persons: Figures
  /** The least income of the decile; that of the one before where it is empty. */
  readonly least: Figures
  readonly meanEarnings: Figures
  readonly meanMarketIncome: Figures
  readonly meanNetIncomeBaseline: Figures
  readonly meanNetTaxBaseline: Figures
  readonly meanNetTaxChange: Figures
  readonly meanNetIncomeChange: Figures
  readonly winnersShare: Figures
  readonly losersShare: Figures
}

export function decilesOf(answers: Answers, names: ImpactNames, reform: ReformNames): Deciles {
  const ranks = () => {
    answers.assert(names.rankBy, names.rankWeight)
    return answers.result.ranks!
  }
  const mean = (output: string | null, ...needs: (string | null)[]) =>
    figure(() => {
      answers.assert(...needs)
      return over(answers.ranked(output), ranks().weight)
    })
  return {
    decile: Array.from(answers.result.ranks!.lanes, (_, i) => i + 1),
    weight: figure(() => [...ranks().weight]),
    persons: figure(() => {
      ranks()
      return answers.ranked(names.persons)
    }),
    least: figure(() => withoutGaps([...ranks().least])),
    meanEarnings: mean(names.earnings),
    meanMarketIncome: mean(names.marketIncome),
    meanNetIncomeBaseline: mean(names.netIncome),
    meanNetTaxBaseline: mean(names.netTax),
    meanNetTaxChange: mean(reform.netTax),
    meanNetIncomeChange: mean(reform.netIncome),
    // A flag of a change that is not a number is 0.
    winnersShare: mean(reform.winner, reform.netIncome),
    losersShare: mean(reform.loser, reform.netIncome),
  }
}

function withoutGaps(least: readonly number[]): number[] {
  let before = least.find((value) => !Number.isNaN(value)) ?? 0
  return least.map((value) => {
    if (!Number.isNaN(value)) before = value
    return before
  })
}
