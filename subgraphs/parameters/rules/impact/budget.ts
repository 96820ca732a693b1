// The budget of a reform: what each programme takes in or pays out, before and after.
import { ProgrammeKind } from '../../../../schema/terms/population.ts'
import { type Answers, type Figure, figure } from './figures.ts'
import type { ImpactNames, ReformNames } from './impact-model.ts'
import type { ReadProgramme } from './impact-plan.ts'

/** Money a year, over all units with their weights. */
export interface BudgetLine {
  /** null: all programmes together, revenue less outlays. */
  readonly name: string | null
  readonly kind: ProgrammeKind | null
  readonly baseline: Figure
  readonly reform: Figure
  readonly change: Figure
}

export interface Budget {
  readonly all: BudgetLine
  readonly byProgramme: readonly BudgetLine[]
}

export function budgetOf(
  programmes: readonly ReadProgramme[],
  answers: Answers,
  names: ImpactNames,
  reform: ReformNames,
): Budget {
  const line = (name: string | null, kind: ProgrammeKind | null, baseline: string, change: string | null) => ({
    name,
    kind,
    baseline: figure(() => answers.sum(baseline)),
    reform: figure(() => answers.sum(baseline) + answers.sum(change)),
    change: figure(() => answers.sum(change)),
  })
  return {
    all: line(null, null, names.netTax, reform.netTax),
    byProgramme: programmes.map(({ name, kind }, i) => line(name, kind, names.programmes[i]!, reform.programmes[i]!)),
  }
}

/**
 * Change of taxes less benefits as a fraction of these, of the programmes that rules compute: what is a column of the data is given,
 * and no law changes it. 0 where the population pays none on balance. Throws where one of the sums has failed.
 */
export function netTaxChangeFraction(
  programmes: readonly ReadProgramme[],
  answers: Answers,
  names: ImpactNames,
): number {
  let baseline = 0
  let change = 0
  for (const [i, { given, kind }] of programmes.entries()) {
    const sign = kind === ProgrammeKind.TAX ? 1 : -1
    if (!given) baseline += sign * answers.sum(names.programmes[i]!)
    change += sign * answers.sum(names.reforms[0]?.programmes[i] ?? null)
  }
  return baseline === 0 ? 0 : change / baseline
}
