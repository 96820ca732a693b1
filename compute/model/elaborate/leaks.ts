// What leaks from a conveyor on the way: zones, the rate of each, and what they leave on the belt.
import { call, expression, sum } from '../build.ts'
import type { Expression } from '../model.ts'
import type { SourceVariable } from '../source/source.ts'
import { type Context, demandSteady, fault, hide, type Translate, unsupported } from './context.ts'
import { type Declared, findSymbol } from './symbols.ts'

type Leak = NonNullable<Extract<SourceVariable, { kind: 'flow' | 'auxiliary' }>['leak']>

/** The hidden variable that a leak flow reads, by the place of the flow among the outflows. */
export const leakName = (conveyor: string, i: number): string => `${conveyor}.leak${i}`

/** The nearest whole number, the greater of two. */
export const roundHalfUp = (x: Expression): Expression => call('floor', call('add', x, 0.5))

interface LeakZone {
  readonly name: string
  readonly share: Expression
  /** In steps from the inflow: what entered j steps ago leaks where from < j <= to. */
  readonly from: Expression | null
  readonly to: Expression
  /** How many steps it is long: at least one. */
  readonly width: Expression
  readonly exponential: boolean
}

/** sum over the slats of what is left there of 1: d - sum of share ((m - 1) / 2 + d - to). */
export function leakedSlats(zones: readonly LeakZone[], steps: Expression): Expression {
  return zones.reduce<Expression>((slats, { share, width, to }) => {
    const lost = call('add', call('div', call('sub', width, 1), 2), call('sub', steps, to))
    return call('sub', slats, call('mul', share, lost))
  }, steps)
}

/** from + (1 - q^m) / (1 - q) + (d - to) q^m, q what is kept in a step; d where nothing leaks. */
export function decayedSlats({ from, to, width }: LeakZone, steps: Expression, kept: Expression): Expression {
  const left = call('pow', kept, width)
  const inside = call('div', call('sub', 1, left), call('sub', 1, kept))
  const slats = sum([from ?? 0, inside, call('mul', call('sub', steps, to), left)])
  return call('select', call('eq', kept, 1), steps, slats)
}

/** The zones of the leaks of a conveyor of so many steps. Faults: zones that are none; what conveyorStock does not take. */
export function leakZones(
  conveyor: Declared,
  steps: Expression,
  name: string,
  context: Context,
  translate: Translate,
): LeakZone[] {
  const zones: { zone: LeakZone; leak: Leak }[] = []
  for (const [i, flow] of conveyor.outflows.entries()) {
    const declared = findSymbol(conveyor.scope, flow)
    if (!declared?.source || !('leak' in declared.source) || !declared.source.leak) continue
    const { leak } = declared.source
    const own: Context = { ...context, path: declared.path, owner: leakName(name, i) }
    const share = translate(leak.share, own)
    demandSteady(context, own.path, 'the share that leaks', share)
    const { from = 0, to = 1 } = leak
    if (!(from >= 0 && from < to && to <= 1))
      fault(own, leak.share, `the leak goes from ${from} to ${to} of the transit; these rise within 0 and 1`)
    const at = (part: number) => roundHalfUp(call('mul', steps, part))
    const first = from === 0 ? null : call('min', at(from), call('sub', steps, 1))
    const last = to === 1 ? steps : call('max', at(to), call('add', first ?? 0, 1))
    const width = first ? call('sub', last, first) : last
    zones.push({
      leak,
      zone: { name: own.owner, share, from: first, to: last, width, exponential: !!leak.exponential },
    })
  }
  const [first] = zones
  const mixed = zones.some(({ leak }) => !!leak.exponential !== !!first!.leak.exponential)
  const apart =
    first?.leak.exponential && zones.some(({ leak }) => leak.from !== first.leak.from || leak.to !== first.leak.to)
  if (mixed || apart) {
    const why = mixed ? 'linear and exponential leaks' : 'exponential leaks of different zones'
    unsupported(
      context,
      undefined,
      `${name} has ${why}; it may have leaks of one kind, and one zone for exponential ones`,
    )
  }
  return zones.map(({ zone }) => zone)
}

/** What all leaks of a conveyor share. */
interface Belt {
  readonly context: Context
  readonly entering: Expression
  readonly begin: Expression
  readonly kept: Expression
  readonly dt: number
  readonly delayed: (part: string, by: Expression) => Expression
  readonly name: string
}

/** The leak as a rate, and the stock of what stands in its zone. */
export function addLeak(zone: LeakZone, { context, entering, begin, kept, dt, delayed, name }: Belt): void {
  const { share, width, exponential } = zone
  const part = zone.name.slice(name.length + 1)
  const early = zone.from && delayed(`${part}.before`, zone.from)
  // A zone that begins less than half a step from the start begins at it.
  const comes = early ? call('select', call('le', zone.from!, 0), entering, early) : entering
  const goes = delayed(`${part}.behind`, zone.to)
  const contentName = `${zone.name}.content`
  const content = expression(contentName)
  if (exponential) {
    const all = call('pow', kept, width)
    const shrinks = call('mul', content, call('div', call('sub', 1, kept), dt))
    const slats = call('select', call('eq', kept, 1), width, call('div', call('sub', 1, all), call('sub', 1, kept)))
    hide(context, contentName, {
      kind: 'stock',
      initial: call('mul', begin, call('mul', dt, slats)),
      flow: call('sub', call('sub', comes, call('mul', goes, all)), shrinks),
    })
    hide(context, zone.name, { kind: 'auxiliary', equation: call('mul', share, content) })
    return
  }
  hide(context, contentName, {
    kind: 'stock',
    initial: call('mul', begin, call('mul', dt, width)),
    flow: call('sub', comes, goes),
  })
  const rate = call('div', call('mul', share, content), call('mul', width, dt))
  hide(context, zone.name, { kind: 'auxiliary', equation: rate })
}
