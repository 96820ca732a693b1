// Households: one unit seen closely.
import { Arg, Ctx, FieldResolver, Float, Int, Query, Resolver, Root } from 'type-graphql'
import { axisPoints } from '../rules/household/axis.ts'
import { LawSide } from '../rules/household/compile.ts'
import { axisOf, CompensationBasis, stepOf } from '../rules/household/rates.ts'
import { unitsOfRows } from '../rules/household/units.ts'
import { findVariable } from '../rules/rule-set/find-variables.ts'
import {
  Curve,
  EffectiveRate,
  Household,
  HouseholdInput,
  HouseholdValue,
  MarginalRate,
  ProgrammeRate,
} from '../types/household.ts'
import { Run } from '../types/population.ts'
import { Reform } from '../types/reform.ts'
import { RuleSet } from '../types/rule-set.ts'
import { described, reformOf, variablesNamed } from './calculation.ts'
import { lanesLoader } from './compute-lanes.ts'
import type { Context } from './context.ts'
import { effectiveRates, HERE, marginalRates, programmeRates, sideNames } from './household-rates.ts'
import { loadLaws, sideOf } from './laws.ts'
import { viewRuleSet } from './rule-set.ts'

export const LAW = 'By default that of the reform where there is one.'
export const OVER = 'Column that is raised, of an array one element; by default the earnings of the first person.'
export const OF = 'Variable that the rate is of; by default net income.'
export const STEP =
  'By how much, in the unit of the column: 1 is the next unit of money by statute; 1000 evens out stairs; 0.01 is the slope at the point.'
export const PER =
  'What it is a share of; by default earnings as the data have them, without what employers pay beside.'

@Resolver(() => Household)
export class HouseholdResolver {
  @Query(() => Household, { description: 'One unit under the rules; only what is selected is computed.' })
  async household(
    @Arg('input', () => HouseholdInput, { description: 'The unit and the law.' }) input: HouseholdInput,
    @Ctx() context: Context,
  ): Promise<Household> {
    const laws = await loadLaws(context, input)
    const unit = unitsOfRows(laws.ruleSet, [input.values], 'input.values', () => 'input.values')
    const { year, day: lawOf, knownAt = null } = laws
    return { year, lawOf, knownAt, asked: { laws, unit, ask: lanesLoader(context, laws, unit) } }
  }

  @FieldResolver(() => RuleSet, { description: 'The rules.' })
  ruleSet(@Root() { asked }: Household): RuleSet {
    return viewRuleSet(asked.laws.ruleSet)
  }

  @FieldResolver(() => Reform, { nullable: true, description: 'The reform, if one is asked about.' })
  reform(@Root() { asked }: Household, @Ctx() context: Context): Promise<Reform> | null {
    return reformOf(asked.laws, context)
  }

  @FieldResolver(() => HouseholdValue, { nullable: true, description: 'One variable under one law.' })
  async variable(
    @Root() household: Household,
    @Arg('name', () => String, { description: 'Column or rule, of an array one element.' }) name: string,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<HouseholdValue> {
    const { name: element } = findVariable(household.asked.laws.ruleSet, name, 'name')
    const [value] = await this.variables(household, [element], law)
    return value!
  }

  @FieldResolver(() => [HouseholdValue], { description: 'Variables under one law.' })
  async variables(
    @Root() { asked }: Household,
    @Arg('names', () => [String], {
      nullable: true,
      description: 'Columns and rules; an array stands for its elements. All rules where absent.',
    })
    names: string[] | undefined,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<HouseholdValue[]> {
    const found = variablesNamed(asked.laws.ruleSet, names)
    const { side, core } = sideNames(asked, law)
    const computed = await asked.ask.load({ lanes: HERE, outputs: found.map(({ name }) => core(name)) })
    return found.map((one) => ({ ...described(one), law: side, value: computed.of(core(one.name))[0]! }))
  }

  @FieldResolver(() => [HouseholdValue], {
    description: 'What the reform changes of variables: its value less that under the law as it is.',
  })
  async change(
    @Root() household: Household,
    @Arg('names', () => [String], { description: 'Rules; an array stands for its elements.' }) names: string[],
  ): Promise<HouseholdValue[]> {
    sideOf(household.asked.laws, LawSide.REFORM)
    const [before, after] = await Promise.all([
      this.variables(household, names, LawSide.BASELINE),
      this.variables(household, names, LawSide.REFORM),
    ])
    return after.map((one, i) => ({ ...one, law: null, value: one.value - before[i]!.value }))
  }

  @FieldResolver(() => MarginalRate, { nullable: true, description: 'What a step more of income changes.' })
  async marginalRate(
    @Root() { asked }: Household,
    @Arg('of', () => String, { nullable: true, description: OF }) of: string | undefined,
    @Arg('over', () => String, { nullable: true, description: OVER }) over: string | undefined,
    @Arg('step', () => Float, { defaultValue: 1, description: STEP }) step: number,
    @Arg('per', () => CompensationBasis, { defaultValue: CompensationBasis.WAGES, description: PER })
    per: CompensationBasis,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<MarginalRate> {
    const [rate] = await marginalRates(asked, HERE, stepOf(asked.laws.ruleSet, over, step), { of, per, law })
    return rate!
  }

  @FieldResolver(() => [ProgrammeRate], { description: 'What each programme takes of a step more of income.' })
  programmeRates(
    @Root() { asked }: Household,
    @Arg('over', () => String, { nullable: true, description: OVER }) over: string | undefined,
    @Arg('step', () => Float, { defaultValue: 1, description: STEP }) step: number,
    @Arg('per', () => CompensationBasis, { defaultValue: CompensationBasis.WAGES, description: PER })
    per: CompensationBasis,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<ProgrammeRate[]> {
    return programmeRates(asked, stepOf(asked.laws.ruleSet, over, step), { per, law })
  }

  @FieldResolver(() => EffectiveRate, { nullable: true, description: 'What of all income does not reach the unit.' })
  async effectiveRate(
    @Root() { asked }: Household,
    @Arg('per', () => CompensationBasis, { defaultValue: CompensationBasis.WAGES, description: PER })
    per: CompensationBasis,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<EffectiveRate> {
    const [rate] = await effectiveRates(asked, HERE, { per, law })
    return rate!
  }

  @FieldResolver(() => Curve, { nullable: true, description: 'The unit along an axis of income.' })
  curve(
    @Root() { asked }: Household,
    @Arg('over', () => String, { nullable: true, description: OVER }) over: string | undefined,
    @Arg('from', () => Float, { defaultValue: 0, description: 'First value of the column.' }) from: number,
    @Arg('to', () => Float, { description: 'Last value of the column.' }) to: number,
    @Arg('points', () => Int, {
      defaultValue: 101,
      description: 'How many points, evenly apart, both ends included; 2 to 20,001.',
    })
    points: number,
  ): Curve {
    const column = axisOf(asked.laws.ruleSet, over)
    return { over: column.name, unit: column.unit, x: axisPoints(column, from, to, points), asked, column }
  }

  @FieldResolver(() => [Run], {
    description: 'The runs that computed what is selected beside it, but for refinements of cliffs.',
  })
  async runs(@Root() { asked }: Household): Promise<Run[]> {
    const { runs } = await asked.ask.load({ lanes: [], outputs: [] })
    return runs.map(({ id }) => ({ id }))
  }
}
