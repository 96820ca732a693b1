// What reforms do to a population, from the merged sums of a run.
import type { PopulationResult } from '../../../../compute/dispatch/port.ts'
import type { QuesnayError } from '../../../../schema/errors.ts'
import { type Affected, losersOf, winnersOf } from './affected.ts'
import { type Behaviour, behaviourOf } from './behaviour.ts'
import { type Budget, budgetOf, netTaxChangeFraction } from './budget.ts'
import { type Deciles, decilesOf } from './deciles.ts'
import { Answers, type Figure, figure } from './figures.ts'
import { type GroupImpact, groupsOf } from './groups.ts'
import type { ImpactNames, ReformNames } from './impact-model.ts'
import type { ImpactReading } from './impact-plan.ts'
import { type Inequality, inequalityOf } from './inequality.ts'
import { type MeanRates, meanRatesOf } from './mean-rates.ts'
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
  readonly netTaxChangeFraction: number | QuesnayError
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
export function deriveImpact(reading: ImpactReading, result: PopulationResult): Impact {
  const { names, programmes, options } = reading
  const answers = new Answers(result, names.weight)
  const of = (reform: ReformNames, law: ReformNames | undefined): ReformImpact => ({
    budget: budgetOf(programmes, answers, names, reform),
    deciles: decilesOf(answers, names, reform),
    winners: winnersOf(answers, reform),
    losers: losersOf(answers, reform),
    poverty: povertyOf(answers, reading, law),
    inequality: { baseline: inequalityOf(answers, names.income), reform: inequalityOf(answers, reform.income) },
    marginalRates: meanRatesOf(answers, names, reform),
    behaviour: options.elasticity === null ? null : behaviourOf(answers, reform),
    groups: (by) => groupsOf(reading, answers, reform, by),
  })
  return {
    units: result.lanes,
    households: figure(() => {
      answers.assert(reading.link)
      return result.households
    }),
    weight: figure(() => {
      answers.assert()
      return result.weight
    }),
    persons: figure(() => answers.sum(names.persons)),
    unchanged: of(unchangedNames(names), undefined),
    reforms: names.reforms.map((reform) => of(reform, reform)),
    netTaxChangeFraction: figure(() => netTaxChangeFraction(programmes, answers, names)),
  }
}

/** A reform that changes nothing. */
function unchangedNames({ income, marginal, programmes }: ImpactNames): ReformNames {
  return {
    programmes: programmes.map(() => null),
    netTax: null,
    marketIncome: null,
    netIncome: null,
    staticNetTax: null,
    earnings: null,
    winner: null,
    gain: null,
    loser: null,
    loss: null,
    income,
    marginal: marginal?.baseline ?? null,
  }
}
