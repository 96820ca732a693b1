// Conveyors: what enters leaves after the transit time, less what leaks on the way; in closed form, without a stock for each slat.
import { call, expression, sum } from '../build.ts'
import type { Formula } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import type { SourceConveyor } from '../source/source.ts'
import { type Context, demandSteady, hide, stepOf, type Translate } from './context.ts'
import { addLeak, decayedSlats, leakedSlats, leakZones, roundHalfUp } from './leaks.ts'
import { flowsOf, needsEuler, netFlow, type SourceStock, type StockBody } from './stocks.ts'
import type { Declared } from './symbols.ts'

/** The hidden variables that the flows of a conveyor read, from the name of its core variable. */
export const outflowName = (conveyor: string): string => `${conveyor}.outflow`
export const roomName = (conveyor: string): string => `${conveyor}.room`
/**
 * A conveyor of d = transit time / dt steps, rounded, at least one. What enters in step n stands on it for the d steps that follow
 * and leaves in the last of them, n + d. A linear leak takes share / m of what entered in each of the m steps of its zone; an
 * exponential one the share, per unit of time, of what is still there. Content is initial + sum of dt (in - out - leaks): nothing is
 * lost. Each zone has one stock, of what entered and stands in it.
 *
 * The initial content is spread as by a steady inflow: evenly where nothing leaks. With linear leaks the inflow that gives content C
 * is C / (dt (d - sum of share ((m - 1) / 2 + d - to))), which for a leak all along is
 * C = T in - (d - 1) in share dt / 2 (isee systems, Steady-State Initialization of Conveyors). Room for inflows: the inflow limit,
 * and (capacity - content) / dt + out + leaks.
 *
 * CONSTRUCT_UNSUPPORTED: another method than Euler's; a transit time or a leak that changes over time; linear beside exponential
 * leaks, or exponential ones with different zones. (XMILE 1.0, 3.7.2)
 */
export function conveyorStock(
  symbol: Declared,
  source: SourceStock,
  initial: Expression,
  context: Context,
  translate: Translate,
): StockBody {
  needsEuler('conveyor', symbol, context)
  const conveyor = source.conveyor!
  const dt = stepOf(context, undefined, 'a conveyor')
  const name = context.owner
  const hidden = (part: string, equation: Expression) =>
    hide(context, `${name}.${part}`, { kind: 'auxiliary', equation })

  const length = translate(conveyor.length, context)
  demandSteady(context, context.path, 'the transit time', length)
  const steps = hidden('steps', call('max', 1, roundHalfUp(call('div', length, dt))))
  const entering = hidden('entering', sum(flowsOf(symbol.inflows, context, translate)))
  const zones = leakZones(symbol, steps, name, context, translate)
  const exponential = zones.some((zone) => zone.exponential)
  const shares = sum(zones.map((z) => z.share))
  // Of exponential leaks: the part that is left after a step in the zone, which is the same for all.
  const kept = exponential ? hidden('kept', call('sub', 1, call('mul', dt, shares))) : expression(1)
  const survivors = exponential ? call('pow', kept, zones[0]!.width) : call('sub', 1, shares)

  const slats = exponential ? decayedSlats(zones[0]!, steps, kept) : leakedSlats(zones, steps)
  const begin = hidden('begin', { op: 'initial', x: call('div', initial, call('mul', dt, slats)) })
  const delayed = (part: string, by: Expression) =>
    hide(context, `${name}.${part}`, { kind: 'delay', input: entering, steps: by, initial: begin })
  const leaving = delayed('leaving', steps)
  hidden('outflow', zones.length > 0 ? call('mul', leaving, survivors) : leaving)
  for (const z of zones) addLeak(z, { context, entering, begin, kept, dt, delayed, name })
  addRoom(symbol, source.conveyor!, context, translate, dt)
  return { kind: 'stock', initial, flow: netFlow(symbol, context, translate) }
}

/** False for `inf`, the default of XMILE, which bounds nothing. */
export const isBound = (formula: Formula | undefined): formula is Formula =>
  formula !== undefined && !(formula.kind === 'name' && formula.name === 'inf')

/** What may enter in a unit of time, where that is limited. */
function addRoom(
  { outflows }: Declared,
  { capacity, inflowLimit }: SourceConveyor,
  context: Context,
  translate: Translate,
  dt: number,
): void {
  const bounds: Expression[] = []
  if (isBound(inflowLimit)) bounds.push(translate(inflowLimit, context))
  if (isBound(capacity)) {
    const most = translate(capacity, context)
    const free = call('div', call('sub', most, context.owner), dt)
    bounds.push(sum([free, ...flowsOf(outflows, context, translate)]))
  }
  const [first, second] = bounds
  if (!first) return
  hide(context, roomName(context.owner), { kind: 'auxiliary', equation: second ? call('min', first, second) : first })
}
