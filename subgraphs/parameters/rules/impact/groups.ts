// A reform by groups of units, such as states: budget, mean change, winners and losers of each.

import type { ProgrammeKind } from '../../../../schema/terms/population.ts'
import type { RuleSet } from '../rule-set/rule-set.ts'
import { type Answers, type Figures, figure, over } from './figures.ts'
import type { ImpactNames, ReformNames } from './impact-model.ts'

/** Parallel lists over the codes that units have, rising. Money a year. */
export interface GroupImpact {
  readonly by: string
  readonly code: Figures
  readonly units: Figures
  readonly weight: Figures
  readonly netTaxBaseline: Figures
  readonly netTaxChange: Figures
  readonly byProgramme: readonly GroupProgramme[]
  readonly meanNetIncomeBaseline: Figures
  readonly meanNetIncomeChange: Figures
  readonly winnersShare: Figures
  readonly losersShare: Figures
}

export interface GroupProgramme {
  readonly name: string
  readonly kind: ProgrammeKind
  readonly baseline: Figures
  readonly change: Figures
}

/** @param by name of a way of grouping that the question asked for */
export function groupsOf(
  { population }: RuleSet,
  answers: Answers,
  names: ImpactNames,
  reform: ReformNames,
  by: string,
): GroupImpact {
  const { column } = population.groups.find(({ name }) => name === by)!
  const group = answers.result.groups.find(({ name }) => name === column)!
  const list = (read: () => ArrayLike<number>) =>
    figure(() => {
      answers.assert(column)
      return Array.from(read())
    })
  const sum = (output: string | undefined) => figure(() => answers.grouped(column, output))
  const mean = (output: string | undefined, needs?: string) =>
    figure(() => {
      answers.assert(needs)
      return over(answers.grouped(column, output), group.weight)
    })
  return {
    by,
    code: list(() => group.codes),
    units: list(() => group.lanes),
    weight: list(() => group.weight),
    netTaxBaseline: sum(names.netTax),
    netTaxChange: sum(reform.netTax),
    byProgramme: population.programmes.map(({ name, kind }, i) => ({
      name,
      kind,
      baseline: sum(names.programmes[i]),
      change: sum(reform.programmes[i]),
    })),
    meanNetIncomeBaseline: mean(names.netIncome),
    meanNetIncomeChange: mean(reform.netIncome),
    winnersShare: mean(reform.winner, reform.netIncome),
    losersShare: mean(reform.loser, reform.netIncome),
  }
}
