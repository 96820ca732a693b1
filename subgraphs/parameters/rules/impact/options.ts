// The conventions of a question about a population: what they are, what they are by default, what they may be.
import { QuesnayError } from '../../../../schema/errors.ts'
import {
  Counted,
  DecileIncome,
  EquivalenceScale,
  IncomeLevel,
  MarginalEarner,
  MarginalWeight,
  NegativeIncomes,
  PopulationYear,
} from '../../../../schema/terms/population.ts'

export interface ImpactOptions {
  /** Of a population whose figures are of another year than the law. */
  readonly populationYear: PopulationYear
  readonly level: IncomeLevel
  readonly decileIncome: DecileIncome
  /** What each decile has a tenth of. */
  readonly decilesOf: Counted
  readonly negativeIncomes: NegativeIncomes
  /** Of incomes that poverty and inequality compare; those of deciles say it themselves. */
  readonly equivalence: EquivalenceScale
  /** A relative line of poverty, as a share of the median. */
  readonly povertyShare: number
  /** A line of poverty in money a year, of income by the equivalence scale; null: none. */
  readonly povertyLine: number | null
  /** By how much earnings rise to measure marginal rates, in money a year; null: none are measured. */
  readonly step: number | null
  readonly earner: MarginalEarner
  readonly marginalWeight: MarginalWeight
  /** Elasticity of earnings to the net-of-tax rate; null: nobody behaves differently. */
  readonly elasticity: number | null
  /** Names of the rule set's ways of grouping. */
  readonly groups: readonly string[]
}

/** The step of marginal rates where behaviour asks for them and none is given: of rates that are reported, not of statutes. */
export const USUAL_STEP = 1000

export const DEFAULT_OPTIONS: Omit<ImpactOptions, 'groups'> = {
  populationYear: PopulationYear.AS_IT_IS,
  level: IncomeLevel.UNIT,
  decileIncome: DecileIncome.NET_INCOME,
  decilesOf: Counted.UNITS,
  negativeIncomes: NegativeIncomes.KEPT,
  equivalence: EquivalenceScale.SQUARE_ROOT,
  povertyShare: 0.6,
  povertyLine: null,
  step: null,
  earner: MarginalEarner.HIGHEST,
  marginalWeight: MarginalWeight.EARNINGS,
  elasticity: null,
}

const MAX_ELASTICITY = 2

/** Options as a person gives them. */
export type GivenOptions = { readonly [K in keyof ImpactOptions]?: ImpactOptions[K] | null | undefined }

/** Options with the defaults in the place of what is not given; groups and the step that behaviour needs depend on more. */
export type OptionsWithDefaults = Omit<ImpactOptions, 'groups'> & Pick<GivenOptions, 'groups'>

export function withDefaults(given: GivenOptions): OptionsWithDefaults {
  const none = (key: string, value: unknown) => value == null || (key === 'elasticity' && value === 0)
  const told = Object.fromEntries(Object.entries(given).filter(([key, value]) => !none(key, value)))
  return { ...DEFAULT_OPTIONS, ...told }
}

/**
 * The options of a question. `groups`: those that there are.
 * BAD_INPUT, with a path below `path`, for a number out of its range and for groups that there are not.
 */
export function readOptions(given: GivenOptions, groups: readonly string[], path: string): ImpactOptions {
  const told = withDefaults(given)
  const options: ImpactOptions = { ...told, groups: told.groups ?? groups }
  const within = (key: 'povertyShare' | 'povertyLine' | 'step' | 'elasticity', least: number, most: number) => {
    const value = options[key]
    if (value === null || (value > least && value <= most)) return
    throw new QuesnayError('BAD_INPUT', `${key} is ${value}, and must be above ${least} and at most ${most}`, {
      path: `${path}.${key}`,
      suggestion: `give a number up to ${most}`,
    })
  }
  within('povertyShare', 0, 1)
  within('povertyLine', 0, 1e9)
  within('step', 0, 1e6)
  // Saez, Slemrod and Giertz (2012), JEL 50(1), find 0.12 to 0.40; what is beyond 2 is a slip.
  within('elasticity', 0, MAX_ELASTICITY)
  const unknown = options.groups.find((name) => !groups.includes(name))
  if (unknown !== undefined)
    throw new QuesnayError('BAD_INPUT', `the rules and the population have no groups by "${unknown.slice(0, 80)}"`, {
      path: `${path}.groups`,
      suggestion: groups.length === 0 ? 'leave groups out' : `there is ${groups.join(', ')}`,
    })
  return { ...options, step: options.step ?? (options.elasticity === null ? null : USUAL_STEP) }
}
