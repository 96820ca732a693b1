// A reform by groups of units, such as states: budget, mean change, winners and losers of each.

import { QuesnayError } from '../../../../schema/errors.ts'
import type { ProgrammeKind } from '../../../../schema/terms/population.ts'
import { type Answers, type Figures, figure, over } from './figures.ts'
import type { ReformNames } from './impact-model.ts'
import type { ImpactReading } from './impact-plan.ts'

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

/** BAD_INPUT where the question did not ask for groups by this name. */
export function groupsOf(
  { groups, names, programmes }: ImpactReading,
  answers: Answers,
  reform: ReformNames,
  by: string,
): GroupImpact {
  const asked = groups.find(({ name }) => name === by)
  if (!asked)
    throw new QuesnayError('BAD_INPUT', `the run was not asked for groups by "${by.slice(0, 80)}"`, {
      path: 'by',
      suggestion:
        groups.length === 0
          ? 'run it with options { groups: [...] }'
          : `it has ${groups.map(({ name }) => name).join(', ')}`,
    })
  const { column } = asked
  const group = answers.result.groups.find(({ name }) => name === column)!
  const list = (read: () => ArrayLike<number>) =>
    figure(() => {
      answers.assert(column)
      return Array.from(read())
    })
  const sum = (output: string | null) => figure(() => answers.grouped(column, output))
  const mean = (output: string | null, needs: string | null = null) =>
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
    byProgramme: programmes.map(({ name, kind }, i) => ({
      name,
      kind,
      baseline: sum(names.programmes[i]!),
      change: sum(reform.programmes[i]!),
    })),
    meanNetIncomeBaseline: mean(names.netIncome),
    meanNetIncomeChange: mean(reform.netIncome),
    winnersShare: mean(reform.winner, reform.netIncome),
    losersShare: mean(reform.loser, reform.netIncome),
  }
}
