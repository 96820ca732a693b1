// Traces: how a number of a household came about.
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { QuesnayError } from '../../../schema/errors.ts'
import { compile, LawSide } from '../rules/household/compile.ts'
import { lawView } from '../rules/household/trace/law-view.ts'
import { traceOf, variablesOfTrace } from '../rules/household/trace/trace.ts'
import type { TraceNode as Traced, TracedParameter } from '../rules/household/trace/traced.ts'
import { findVariable } from '../rules/rule-set/find-variables.ts'
import type { StoredParameter } from '../store.ts'
import { Household } from '../types/household.ts'
import { Parameter } from '../types/parameter.ts'
import { TraceNode, TraceParameter } from '../types/trace.ts'
import { type Context, requireParameter } from './context.ts'
import { LAW } from './household.ts'
import { HERE } from './household-rates.ts'
import { sideOf } from './laws.ts'

@Resolver(() => Household)
export class HouseholdTraceResolver {
  @FieldResolver(() => [TraceNode], {
    description:
      'How a variable came about: its rule, what that read, the rules of these, and so on, each with its value. The variable itself first.',
  })
  async trace(
    @Root() { asked }: Household,
    @Arg('variable', () => String, { description: 'Column or rule, of an array one element.' }) variable: string,
    @Arg('depth', () => Int, {
      nullable: true,
      description: 'How many rules to go back; 0 for its own alone; to the data where absent.',
    })
    depth: number | undefined,
    @Arg('law', () => LawSide, { nullable: true, description: LAW }) law: LawSide | undefined,
  ): Promise<TraceNode[]> {
    const { laws, ask } = asked
    const { name } = findVariable(laws.ruleSet, variable, 'variable')
    const view = lawView(laws, compile(laws), sideOf(laws, law))
    const steps = checkedDepth(depth)
    const core = (one: string) => view.variableOf(one)!.name
    const computed = await ask.load({ lanes: HERE, outputs: variablesOfTrace(view, name, steps).map(core) })
    return traceOf(view, name, (one) => computed.of(core(one))[0]!, steps).map(viewNode)
  }
}

@Resolver(() => TraceParameter)
export class TraceParameterResolver {
  @FieldResolver(() => Parameter, { description: 'The parameter: its label, its references, its history.' })
  parameter(@Root() { parameterId }: TraceParameter, @Ctx() context: Context): Promise<StoredParameter> {
    return requireParameter(context, parameterId, 'parameter')
  }
}

function viewNode({ operands, schedules, ...node }: Traced): TraceNode {
  return {
    ...node,
    operands: operands.map(({ parameter, ...rest }) => ({ ...rest, parameter: parameter && viewParameter(parameter) })),
    schedules: schedules.map(({ parameters, ...rest }) => ({ ...rest, parameters: parameters.map(viewParameter) })),
  }
}

const viewParameter = ({ id, from, ...rest }: TracedParameter): TraceParameter => ({
  ...rest,
  valueFrom: from,
  parameterId: id,
})

function checkedDepth(depth: number | null | undefined): number | undefined {
  if (depth == null) return undefined
  if (depth >= 0) return depth
  throw new QuesnayError('BAD_INPUT', `a trace goes back ${depth} rules`, {
    path: 'depth',
    suggestion: 'give 0 or more',
  })
}
