// What reforms do to a population, from the merged sums of a run.
import type { PopulationResult } from '../../../../compute/dispatch/port.ts'
import type { RuleSet } from '../rule-set/rule-set.ts'
import { type Affected, losersOf, winnersOf } from './affected.ts'
import { type Behaviour, behaviourOf } from './behaviour.ts'
import { type Budget, budgetOf, netTaxChangeFraction } from './budget.ts'
import { type Deciles, decilesOf } from './deciles.ts'
import { Answers, type Figure, figure } from './figures.ts'
import { type GroupImpact, groupsOf } from './groups.ts'
import type { ImpactNames, ReformNames } from './impact-model.ts'
import type { ImpactPlan } from './impact-plan.ts'
import { type Inequality, inequalityOf } from './inequality.ts'
import { type MeanRates, meanRatesOf } from './mean-rates.ts'
import type { ImpactOptions } from './options.ts'
import { type PovertyImpact, povertyOf } from './poverty.ts'

export interface Impact {
  readonly units: number
  /** As many as units where these are ranked alone. */
  readonly households: Figure
  readonly weight: Figure
  readonly persons: Figure
  /** The law as it stands beside itself: every change is 0. */
  readonly unchanged: ReformImpact
  /** In the order of the question. */
  readonly reforms: readonly ReformImpact[]
  /** Change of taxes less benefits by the first reform, as a fraction of these. */
  readonly netTaxChangeFraction: Figure
}

export interface ReformImpact {
  readonly budget: Budget
  readonly deciles: Deciles
  readonly winners: Affected
  readonly losers: Affected
  readonly poverty: readonly PovertyImpact[]
  readonly inequality: { readonly baseline: Inequality; readonly reform: Inequality }
  /** null where the question asked for none. */
  readonly marginalRates: MeanRates | null
  readonly behaviour: Behaviour | null
  /** By the name of a way of grouping that the question asked for. */
  readonly groups: (by: string) => GroupImpact
}

/** Derives the impact; a figure whose outputs failed is an error in its own place. BAD_INPUT for the result of another question. */
export function deriveImpact(
  ruleSet: RuleSet,
  { names, spec }: Pick<ImpactPlan, 'names' | 'spec'>,
  options: ImpactOptions,
  result: PopulationResult,
): Impact {
  const answers = new Answers(result, names.weight)
  const of = (reform: ReformNames, law: ReformNames | undefined): ReformImpact => ({
    budget: budgetOf(ruleSet, answers, names, reform),
    deciles: decilesOf(answers, names, reform),
    winners: winnersOf(answers, reform),
    losers: losersOf(answers, reform),
    poverty: povertyOf(answers, names, options, spec.poverty, law),
    inequality: { baseline: inequalityOf(answers, names.income), reform: inequalityOf(answers, reform.income) },
    marginalRates: meanRatesOf(answers, names, reform),
    behaviour: options.elasticity === null ? null : behaviourOf(answers, reform),
    groups: (by) => groupsOf(ruleSet, answers, names, reform, by),
  })
  return {
    units: result.lanes,
    households: figure(() => {
      answers.assert(spec.link ?? undefined)
      return result.households
    }),
    weight: figure(() => {
      answers.assert()
      return result.weight
    }),
    persons: figure(() => answers.sum(names.persons)),
    unchanged: of(unchangedNames(names), undefined),
    reforms: names.reforms.map((reform) => of(reform, reform)),
    netTaxChangeFraction: figure(() => netTaxChangeFraction(ruleSet, answers, names)),
  }
}

/** A reform that changes nothing. */
function unchangedNames({ income, marginal, programmes }: ImpactNames): ReformNames {
  return {
    programmes: programmes.map(() => undefined),
    netTax: undefined,
    marketIncome: undefined,
    netIncome: undefined,
    staticNetTax: undefined,
    earnings: undefined,
    winner: undefined,
    gain: undefined,
    loser: undefined,
    loss: undefined,
    income,
    marginal: marginal?.baseline,
  }
}
