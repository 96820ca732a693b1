// Calculations: the rules over units of the caller.
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { compile, LawSide, REFORM } from '../rules/household/compile.ts'
import { type Units, unitsOfColumns, unitsOfRows } from '../rules/household/units.ts'
import { type FoundVariable, findVariables } from '../rules/rule-set/find-variables.ts'
import type { RuleSet as Rules } from '../rules/rule-set/rule-set.ts'
import { CalculateInput, Calculation, ResultColumn } from '../types/calculation.ts'
import { Run } from '../types/population.ts'
import { Reform } from '../types/reform.ts'
import { RuleSet } from '../types/rule-set.ts'
import { constantsOf, unitsLoader } from './compute-units.ts'
import { type Context, requireReform, viewReform } from './context.ts'
import { type LoadedLaws, loadLaws, sideOf } from './laws.ts'
import { viewRuleSet } from './rule-set.ts'

@Resolver(() => Calculation)
export class CalculationResolver {
  @Query(() => Calculation, {
    description: 'Applies rules to units that the question brings; only what is selected is computed.',
  })
  async calculate(
    @Arg('input', () => CalculateInput, { description: 'Units and law.' }) input: CalculateInput,
    @Ctx() context: Context,
  ): Promise<Calculation> {
    const laws = await loadLaws(context, input)
    const units = unitsOf(laws.ruleSet, input)
    const { year, day: lawOf, knownAt = null } = laws
    return { year, lawOf, knownAt, units: units.count, laws, ask: unitsLoader(context, laws, units), given: units }
  }

  @FieldResolver(() => RuleSet, { description: 'The rules.' })
  ruleSet(@Root() { laws }: Calculation): RuleSet {
    return viewRuleSet(laws.ruleSet)
  }

  @FieldResolver(() => Reform, { nullable: true, description: 'The reform, if one is asked about.' })
  reform(@Root() { laws }: Calculation, @Ctx() context: Context): Promise<Reform> | null {
    return reformOf(laws, context)
  }

  @FieldResolver(() => [ResultColumn], { description: 'Variables of all units under one law.' })
  async variables(
    @Root() { laws, ask, given }: Calculation,
    @Arg('names', () => [String], {
      nullable: true,
      description: 'Columns and rules; an array stands for its elements. All rules where absent.',
    })
    names: string[] | undefined,
    @Arg('law', () => LawSide, { nullable: true, description: 'By default that of the reform where there is one.' })
    law: LawSide | undefined,
  ): Promise<ResultColumn[]> {
    const side = sideOf(laws, law)
    const found = variablesNamed(laws.ruleSet, names)
    const core = coreNames(laws, given, side)
    const computed = await ask.load(found.map(({ name }) => core(name)))
    return found.map((variable) => ({ ...described(variable), law: side, values: computed.of(core(variable.name)) }))
  }

  @FieldResolver(() => [ResultColumn], {
    description: 'What the reform changes of variables: its value less that under the law as it is.',
  })
  async change(
    @Root() { laws, ask, given }: Calculation,
    @Arg('names', () => [String], { description: 'Rules; an array stands for its elements.' }) names: string[],
  ): Promise<ResultColumn[]> {
    sideOf(laws, LawSide.REFORM)
    const found = variablesNamed(laws.ruleSet, names)
    const [before, after] = [coreNames(laws, given, LawSide.BASELINE), coreNames(laws, given, LawSide.REFORM)]
    const computed = await ask.load(found.flatMap(({ name }) => [before(name), after(name)]))
    return found.map((variable) => ({
      ...described(variable),
      law: null,
      values: difference(computed.of(after(variable.name)), computed.of(before(variable.name))),
    }))
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description: 'The run that computed what is selected beside it; null where nothing is.',
  })
  async run(@Root() { ask }: Calculation): Promise<Run | null> {
    const { run } = await ask.load([])
    return run && { id: run.id }
  }
}

/** Errors: BAD_INPUT where both forms or neither are given, and those of the rules. */
function unitsOf(ruleSet: Rules, { units, columns }: CalculateInput): Units {
  if (units && !columns)
    return unitsOfRows(
      ruleSet,
      units.map(({ values }) => values),
      'input.units',
      (unit) => `input.units.${unit}.values`,
    )
  if (columns && !units) return unitsOfColumns(ruleSet, columns, 'input.columns')
  throw new QuesnayError('BAD_INPUT', units ? 'units are given twice' : 'no units are given', {
    path: 'input',
    suggestion: 'give units or columns, one of the two',
  })
}

export const variablesNamed = (ruleSet: Rules, names: readonly string[] | null | undefined): FoundVariable[] =>
  findVariables(ruleSet, names ?? ruleSet.rules.map(({ name }) => name), 'names')

export const described = ({ name, unit, label, reference }: FoundVariable) => ({ name, unit, label, reference })

/** Names in the compiled model of variables on one side. */
function coreNames(laws: LoadedLaws, units: Units, side: LawSide): (name: string) => string {
  const { resultOf } = compile(laws, constantsOf(laws, units))
  return (name) => resultOf(name, side === LawSide.REFORM ? REFORM : undefined)
}

export function reformOf(laws: LoadedLaws, context: Context): Promise<Reform> | null {
  if (!laws.reform) return null
  return requireReform(context, laws.reform.id, 'reform').then(viewReform)
}

const difference = (after: Float64Array, before: Float64Array) => after.map((value, unit) => value - before[unit]!)

@Resolver(() => ResultColumn)
export class ResultColumnResolver {
  @FieldResolver(() => String, { description: 'The values as bytes: 64-bit floats, little-endian, in base64.' })
  base64(@Root() { values }: ResultColumn): string {
    return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')
  }
}
