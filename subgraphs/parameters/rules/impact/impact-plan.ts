// From a question about a population to the plan that the fleet runs and what is to be summed of it.

import { lower } from '../../../../compute/model/lowering/lower.ts'
import { type Plan, planHash } from '../../../../compute/model/plan.ts'
import { canonicalJson } from '../../../../schema/hash.ts'
import type { PopulationIncome, PopulationSpec, PovertySpec } from '../../../../schema/jobs.ts'
import {
  IncomeLevel,
  NegativeIncomes,
  PovertyMeasure,
  type ProgrammeKind,
} from '../../../../schema/terms/population.ts'
import { withOutputs } from '../rule-set/rule-model.ts'
import type { RuleSet } from '../rule-set/rule-set.ts'
import { type ImpactNames, impactModel, type PopulationShape, type ReformNames } from './impact-model.ts'
import type { ImpactOptions } from './options.ts'
import type { ReformShape } from './sides.ts'

export interface ImpactPlan {
  readonly plan: Plan
  readonly planHash: string
  readonly spec: PopulationSpec
  readonly reading: ImpactReading
}

/** All that is needed to read the answer from the result, also when the rules are others by then: kept with the run. */
export interface ImpactReading {
  readonly currency: string
  readonly programmes: readonly ReadProgramme[]
  /** Those that were asked for; `column`: the output with the codes. */
  readonly groups: readonly { readonly name: string; readonly column: string }[]
  readonly names: ImpactNames
  readonly poverty: readonly PovertySpec[]
  readonly link: string | null
  readonly options: ImpactOptions
}

export interface ReadProgramme {
  readonly name: string
  readonly kind: ProgrammeKind
  /** Given with the data, not computed by the rules. */
  readonly given: boolean
}

export const DECILES = 10

/**
 * The plan depends on which parameters and formulas reforms touch, on the options and on the columns that are constant, and on no
 * parameter's value: those are inputs. Errors: those of ruleModel; NOT_FOUND for a name of the rule set's `population` that is none.
 */
export function impactPlan(
  ruleSet: RuleSet,
  reforms: readonly ReformShape[],
  options: ImpactOptions,
  shape: PopulationShape,
): ImpactPlan {
  const household = options.level === IncomeLevel.HOUSEHOLD ? shape.household : null
  const { model, names } = impactModel(ruleSet, reforms, options, { ...shape, household })
  const spec = specOf(ruleSet, names, options, household?.link ?? null)
  const plan = lower(withOutputs(model, outputsOf(spec), 'population'))
  return { plan, planHash: planHash(plan), spec, reading: readingOf(ruleSet, names, options, spec) }
}

function readingOf(
  { population, columns, currency }: RuleSet,
  names: ImpactNames,
  options: ImpactOptions,
  { poverty, link }: PopulationSpec,
): ImpactReading {
  const given = new Set(columns.map(({ name }) => name))
  return {
    currency,
    programmes: population.programmes.map(({ name, kind, variable }) => ({ name, kind, given: given.has(variable) })),
    groups: population.groups.filter(({ name }) => options.groups.includes(name)),
    names,
    poverty,
    link,
    options,
  }
}

function specOf(ruleSet: RuleSet, names: ImpactNames, options: ImpactOptions, link: string | null): PopulationSpec {
  const { groups } = ruleSet.population
  const { marginal, reforms } = names
  const incomes = distinct([names.income, ...reforms.map(({ income }) => income)])
  return {
    kind: 'POPULATION',
    weight: names.weight,
    sums: distinct([
      ...[names.persons, names.earnings, names.marketIncome, names.netIncome, names.netTax, ...names.programmes],
      ...(marginal ? [marginal.weight, marginal.baseline] : []),
      ...reforms.flatMap((reform) => [
        ...reform.programmes,
        ...[reform.netTax, reform.marketIncome, reform.netIncome, reform.staticNetTax, reform.earnings],
        ...[reform.winner, reform.gain, reform.loser, reform.loss, reform.marginal],
      ]),
    ]),
    groups: groups.filter(({ name }) => options.groups.includes(name)).map(({ column }) => column),
    ranks: {
      by: names.rankBy,
      weight: names.rankWeight,
      count: DECILES,
      dropNegative: options.negativeIncomes === NegativeIncomes.LEFT_OUT,
    },
    ranked: distinct([
      ...[names.persons, names.earnings, names.marketIncome, names.netIncome, names.netTax],
      ...(marginal ? [marginal.weight, marginal.baseline] : []),
      ...reforms.flatMap(({ netTax, netIncome, winner, loser, marginal }) => [
        netTax,
        netIncome,
        winner,
        loser,
        marginal,
      ]),
    ]),
    distributions: incomes.map((income): PopulationIncome => ({ income, weight: names.personWeight })),
    poverty: povertyOf(names, options),
    link,
  }
}

/** The poor of every law by every line; those of two laws that do not differ once. */
function povertyOf(names: ImpactNames, options: ImpactOptions): PovertySpec[] {
  const all = (Object.values(PovertyMeasure) as PovertyMeasure[]).flatMap((measure) =>
    [undefined, ...names.reforms].flatMap((reform) => povertySpec(names, options, measure, reform) ?? []),
  )
  return [...new Map(all.map((spec) => [canonicalJson(spec), spec])).values()]
}

/** The poor under a law (undefined: as it stands) by a line; undefined where no such line is asked for. */
export function povertySpec(
  names: ImpactNames,
  { povertyShare }: ImpactOptions,
  measure: PovertyMeasure,
  reform: ReformNames | undefined,
): PovertySpec | undefined {
  const income = (reform ?? names).income
  const weight = names.personWeight
  const line = (of: string, share: number) => ({ income, weight, line: { share, of, weight } })
  if (measure === PovertyMeasure.RELATIVE) return line(income, povertyShare)
  if (measure === PovertyMeasure.ANCHORED) return line(names.income, povertyShare)
  // The median of what is the same for all.
  return names.line === null ? undefined : line(names.line, 1)
}

function outputsOf({ weight, sums, groups, ranks, ranked, distributions, poverty, link }: PopulationSpec): string[] {
  return distinct([
    ...[weight, ...sums, ...groups, ranks?.by, ranks?.weight, ...ranked],
    ...distributions.flatMap((one) => [one.income, one.weight]),
    ...poverty.flatMap((one) => [one.income, one.weight, one.line.of, one.line.weight]),
    link,
  ])
}

const distinct = (names: readonly (string | null | undefined)[]): string[] => [
  ...new Set(names.filter((name) => name != null)),
]
