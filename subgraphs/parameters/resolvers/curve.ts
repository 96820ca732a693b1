// Curves of a household over an income, and the cliffs on them.
import { Arg, FieldResolver, Float, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { axisGrid } from '../rules/household/axis.ts'
import { findCliffs } from '../rules/household/cliffs.ts'
import { LawSide } from '../rules/household/compile.ts'
import type { Lane } from '../rules/household/lanes.ts'
import { axisOf, CompensationBasis, stepOf } from '../rules/household/rates.ts'
import type { RuleColumn } from '../rules/rule-set/rule-set.ts'
import { ResultColumn } from '../types/calculation.ts'
import { Cliff, Cliffs, Curve, Household, ProgrammeChange, RateCurve } from '../types/household.ts'
import { described, variablesNamed } from './calculation.ts'
import { LAW, OF, OVER, PER, STEP } from './household.ts'
import { effectiveRates, marginalRates, sideNames } from './household-rates.ts'

const lanesAt = ({ name }: RuleColumn, values: readonly number[]): Lane[] => values.map((value) => ({ [name]: value }))

/** Cents of money; whole numbers of what is counted. */
const partsOf = ({ integer }: RuleColumn) => (integer ? 1 : 100)

@Resolver(() => Curve)
export class CurveResolver {
  @FieldResolver(() => [ResultColumn], { description: 'Variables at each point, under one law.' })
  async variables(
    @Root() { asked, column, x }: Curve,
    @Arg('names', () => [String], { description: 'Columns and rules; an array stands for its elements.' })
    names: string[],
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<ResultColumn[]> {
    const found = variablesNamed(asked.laws.ruleSet, names)
    const { side, core } = sideNames(asked, law)
    const outputs = found.map(({ name }) => core(name))
    const computed = await asked.ask.load({ lanes: lanesAt(column, x), outputs })
    return found.map((one) => ({ ...described(one), law: side, values: computed.of(core(one.name)) }))
  }

  @FieldResolver(() => RateCurve, { nullable: true, description: 'What a step more changes, at each point.' })
  async marginalRates(
    @Root() { asked, column, x }: Curve,
    @Arg('of', () => String, { nullable: true, description: OF }) of: string | undefined,
    @Arg('over', () => String, {
      nullable: true,
      description: 'Column that is raised, of an array one element; by default the axis.',
    })
    over: string | undefined,
    @Arg('step', () => Float, { defaultValue: 1, description: STEP }) step: number,
    @Arg('per', () => CompensationBasis, { defaultValue: CompensationBasis.WAGES, description: PER })
    per: CompensationBasis,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<RateCurve> {
    const by = stepOf(asked.laws.ruleSet, over ?? column.name, step)
    const rates = await marginalRates(asked, lanesAt(column, x), by, { of, per, law })
    const [{ of: subject, law: side }] = rates as [(typeof rates)[number]]
    return { rates: rates.map(({ rate }) => rate), of: subject, step, per, law: side }
  }

  @FieldResolver(() => RateCurve, {
    nullable: true,
    description: 'What of all income does not reach the unit, at each point.',
  })
  async effectiveRates(
    @Root() { asked, column, x }: Curve,
    @Arg('per', () => CompensationBasis, { defaultValue: CompensationBasis.WAGES, description: PER })
    per: CompensationBasis,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<RateCurve> {
    const rates = await effectiveRates(asked, lanesAt(column, x), { per, law })
    const [{ law: side }] = rates as [(typeof rates)[number]]
    const { netIncome } = asked.laws.ruleSet.population
    return { rates: rates.map(({ rate }) => rate), of: netIncome, step: null, per, law: side }
  }
}

@Resolver(() => Household)
export class HouseholdCliffsResolver {
  @FieldResolver(() => Cliffs, {
    nullable: true,
    description: 'Where earning more leaves the unit with less: jumps, found to the cent, and slides.',
  })
  async cliffs(
    @Root() { asked }: Household,
    @Arg('over', () => String, { nullable: true, description: OVER }) over: string | undefined,
    @Arg('from', () => Float, { defaultValue: 0, description: 'Where to begin.' }) from: number,
    @Arg('to', () => Float, { description: 'Where to end.' }) to: number,
    @Arg('resolution', () => Float, {
      defaultValue: 100,
      description:
        'Distance of the points looked at first, of which there are at most 20,001; two jumps closer than it may be missed.',
    })
    resolution: number,
    @Arg('threshold', () => Float, { defaultValue: 1, description: 'Smaller falls are none; above 0.' })
    threshold: number,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<Cliffs> {
    const { ruleSet } = asked.laws
    const column = axisOf(ruleSet, over)
    const { side, core } = sideNames(asked, law)
    const netIncome = core(ruleSet.population.netIncome)
    const cliffs = await findCliffs({
      grid: axisGrid(column, from, to, resolution),
      threshold: assertThreshold(threshold),
      partsOfUnit: partsOf(column),
      netIncome: async (values) =>
        (await asked.ask.load({ lanes: lanesAt(column, values), outputs: [netIncome] })).of(netIncome),
    })
    const told = cliffs.map((cliff): Cliff => ({ ...cliff, asked, column, law: side }))
    return { over: column.name, from, to, resolution, threshold, law: side, cliffs: told }
  }
}

@Resolver(() => Cliff)
export class CliffResolver {
  @FieldResolver(() => [ProgrammeChange], { description: 'The programmes that change, by more than half a cent.' })
  async programmes(@Root() { asked, column, law, at, until }: Cliff): Promise<ProgrammeChange[]> {
    const { core } = sideNames(asked, law)
    const { programmes } = asked.laws.ruleSet.population
    const outputs = programmes.map(({ variable }) => core(variable))
    const computed = await asked.ask.load({ lanes: lanesAt(column, [at, until]), outputs })
    return programmes
      .map(({ name, kind, variable }) => {
        const [before, after] = computed.of(core(variable)) as unknown as [number, number]
        return { programme: name, kind, change: after - before }
      })
      .filter(({ change }) => Math.abs(change) > HALF_A_CENT)
  }
}

const HALF_A_CENT = 0.005

function assertThreshold(threshold: number): number {
  if (Number.isFinite(threshold) && threshold > 0) return threshold
  throw new QuesnayError('BAD_INPUT', `a fall of ${threshold} is none`, {
    path: 'threshold',
    suggestion: 'give a number above 0',
  })
}
