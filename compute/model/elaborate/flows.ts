// Flows that stocks have a say in: those of conveyors and queues, and those held to what a stock has.
import { call } from '../build.ts'
import type { Expression } from '../model.ts'
import type { SourceVariable } from '../source/source.ts'
import { type Context, fault, stepOf, type Translate, unsupported } from './context.ts'
import { isBound, outflowName, roomName } from './conveyors.ts'
import { leakName } from './leaks.ts'
import type { SourceStock } from './stocks.ts'
import { type Declared, type FlowEnds, findSymbol } from './symbols.ts'

type SourceFlow = Extract<SourceVariable, { kind: 'auxiliary' | 'flow' }>

const NO_ENDS: FlowEnds = { into: [], outOf: [] }

const endsOf = (symbol: Declared): FlowEnds => symbol.scope.ends.get(symbol.name) ?? NO_ENDS

const sourceOf = (stock: Declared): SourceStock => stock.source as SourceStock

/** True where a stock has a say in the value of a flow. */
export function isDriven(symbol: Declared): boolean {
  const { into, outOf } = endsOf(symbol)
  return (
    into.some((stock) => sourceOf(stock).conveyor) ||
    outOf.some((stock) => sourceOf(stock).conveyor || sourceOf(stock).queue || sourceOf(stock).nonNegative)
  )
}

const hasRoom = ({ conveyor }: SourceStock): boolean =>
  !!conveyor && (isBound(conveyor.capacity) || isBound(conveyor.inflowLimit))

/**
 * The equation of a flow at the element that the context stands at; `own` is the author's.
 * Out of a conveyor: what leaves it at its end, or leaks. Out of a queue: all that it has, less the outflows before; both whatever the
 * author's equation says. Into a conveyor: at most its room. Out of a stock that is not negative: at most what it has. A flow that
 * drains several stocks is held by none of them: they are held at 0 themselves.
 */
export function flowEquation(
  symbol: Declared,
  source: SourceFlow,
  own: () => Expression,
  context: Context,
  translate: Translate,
): Expression {
  const { into, outOf } = endsOf(symbol)
  const refer = (stock: Declared) => translate({ kind: 'name', name: stock.name }, context)
  const [upstream] = outOf
  const driver = outOf.find((stock) => sourceOf(stock).conveyor || sourceOf(stock).queue)
  if (driver && outOf.length > 1)
    return fault(
      context,
      undefined,
      `${symbol.shown} flows out of ${outOf.map((s) => s.shown).join(' and ')}; a conveyor or a queue has outflows of its own`,
    )
  let value: Expression
  if (driver && sourceOf(driver).conveyor) value = outOfConveyor(symbol, driver, refer(driver), context)
  else if (driver) value = outOfQueue(symbol, driver, refer(driver), context, translate)
  else value = source.nonNegative || into.some((s) => sourceOf(s).conveyor) ? call('max', 0, own()) : own()
  for (const stock of into.filter((stock) => hasRoom(sourceOf(stock)))) {
    if (driver && sourceOf(driver).conveyor)
      return unsupported(
        context,
        undefined,
        `${symbol.shown} flows from the conveyor ${driver.shown} into ${stock.shown}, whose room is limited; a conveyor that is held up is not known`,
      )
    value = call('min', value, roomFor(symbol, stock, refer(stock), context, translate))
  }
  if (upstream && outOf.length === 1 && !driver && sourceOf(upstream).nonNegative)
    limit(symbol, upstream, refer(upstream), context, translate)
  return value
}

/** Names of the flows of a stock that stand before this one. */
function before(symbol: Declared, flows: readonly string[]): readonly string[] {
  return flows.slice(0, flows.indexOf(symbol.name))
}

const nameOf = (e: Expression): string => (e.op === 'ref' ? e.name : '')

function outOfConveyor(symbol: Declared, conveyor: Declared, stock: Expression, context: Context): Expression {
  const { outflows, scope } = conveyor
  if ((symbol.source as SourceFlow).leak)
    return { op: 'ref', name: leakName(nameOf(stock), outflows.indexOf(symbol.name)) }
  const others = before(symbol, outflows).map((flow) => findSymbol(scope, flow))
  if (others.some((other) => other && !(other.source as SourceFlow).leak))
    return fault(
      context,
      undefined,
      `${conveyor.shown} has two outflows at its end; mark ${symbol.shown} as a leak or leave it out`,
    )
  return { op: 'ref', name: outflowName(nameOf(stock)) }
}

function outOfQueue(
  symbol: Declared,
  queue: Declared,
  stock: Expression,
  context: Context,
  translate: Translate,
): Expression {
  const all = call('div', stock, stepOf(context, undefined, 'a queue'))
  const taken = before(symbol, queue.outflows)
  if (taken.length === 0) return call('max', 0, all)
  return call('max', 0, subtract(all, taken, context, translate))
}

const subtract = (from: Expression, flows: readonly string[], context: Context, translate: Translate): Expression =>
  flows.reduce((rest, flow) => call('sub', rest, translate({ kind: 'name', name: flow }, context)), from)

function roomFor(
  symbol: Declared,
  conveyor: Declared,
  stock: Expression,
  context: Context,
  translate: Translate,
): Expression {
  const room: Expression = { op: 'ref', name: roomName(nameOf(stock)) }
  return call('max', 0, subtract(room, before(symbol, conveyor.inflows), context, translate))
}

function limit(symbol: Declared, stock: Declared, reference: Expression, context: Context, translate: Translate): void {
  const refer = (flow: string) => nameOf(translate({ kind: 'name', name: flow }, context))
  const { inflows, outflows } = stock
  context.all.limits.push({
    flow: context.owner,
    stock: nameOf(reference),
    inflows: inflows.map(refer),
    before: before(symbol, outflows).map(refer),
  })
}
