// Stocks: what flows in and out, and what holds them at 0 or above.

import { call, expression, sum } from '../build.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Expression, Variable } from '../model.ts'
import type { SourceVariable } from '../source/source.ts'
import { type Context, fault, type Translate, unsupported } from './context.ts'
import { type Declared, findSymbol } from './symbols.ts'

export type SourceStock = Extract<SourceVariable, { kind: 'stock' }>
export type StockBody = Omit<
  Extract<Variable, { kind: 'stock' }>,
  'name' | 'unit' | 'entity' | 'provenance' | 'unchecked'
>

/** Flows, by canonical name, at the element that the context stands at. Faults: one that is not declared. */
export function flowsOf(names: readonly string[], context: Context, translate: Translate): Expression[] {
  return names.map((name) => {
    if (findSymbol(context.scope, name)) return translate({ kind: 'name', name }, context)
    const flows = [...context.scope.symbols.values()].flatMap((s) => (s.source?.kind === 'flow' ? [s.shown] : []))
    return fault(context, undefined, `the flow ${name} is not declared`, didYouMean(name, flows))
  })
}

/** The sum of the inflows, less each outflow. */
export function netFlow({ inflows, outflows }: Declared, context: Context, translate: Translate): Expression {
  const inflow = sum(flowsOf(inflows, context, translate))
  return flowsOf(outflows, context, translate).reduce((net, outflow) => call('sub', net, outflow), inflow)
}

/**
 * A stock or a queue: its own net flow and that of its flows. One that is not negative, and a queue, is held at 0 or above, which
 * an inflow that is negative may need; outflows are held to what is there (see flows.ts). A queue goes by steps: Euler's method
 * alone, else CONSTRUCT_UNSUPPORTED.
 */
export function stockOf(
  symbol: Declared,
  source: SourceStock,
  initial: Expression,
  own: Expression | undefined,
  context: Context,
  translate: Translate,
): StockBody {
  if (source.queue) needsEuler('queue', symbol, context)
  const flows = symbol.inflows.length + symbol.outflows.length > 0 || !own
  const net = flows ? netFlow(symbol, context, translate) : expression(0)
  const flow = own ? (flows ? call('add', own, net) : own) : net
  const held = source.nonNegative || source.queue
  const min = held ? Math.max(0, source.min ?? 0) : source.min
  return {
    kind: 'stock',
    initial,
    flow,
    ...(min === undefined ? {} : { min }),
    ...(source.max === undefined ? {} : { max: source.max }),
  }
}

/** Tells that a construct that goes by steps stands in a model of another method. */
export function needsEuler(what: string, { shown }: Declared, context: Context): void {
  const method = context.all.time?.method ?? 'euler'
  if (method !== 'euler')
    unsupported(
      context,
      undefined,
      `${shown} is a ${what}, which goes by whole steps; it runs with euler, not ${method}`,
    )
}
