// What differs between two laws: on a day of each, or span by span over all days.
import { dayBefore } from '../dates.ts'
import { breaksOf, holdsOn, overlaid, type ReformChange } from '../overlay.ts'
import type { Content, Parameter } from '../tree.ts'
import { valueAt } from '../value-at.ts'
import { timelineOf } from './timeline.ts'

/** A law that can be compared: parameters as known on a day, with changes laid over them. */
export interface LawView {
  readonly parameters: readonly Parameter[]
  /** Absent: all that is known now. */
  readonly knownAt?: string
  readonly changes: readonly ReformChange[]
}

/** What a parameter is on a day. */
export interface State {
  readonly values: readonly number[]
  readonly content?: Content
}

export interface Difference {
  readonly id: string
  readonly kind: 'ADDED' | 'REMOVED' | 'CHANGED'
  /** Positions of the cells that differ; all that there are where a side is missing or has other cells. */
  readonly cells: readonly number[]
  /** null where the parameter does not exist. */
  readonly before: State | null
  readonly after: State | null
  /** The days on which it differs so; null without end. Both null where a day of each law was compared. */
  readonly from: string | null
  readonly to: string | null
}

type Sides = readonly [base: Side | undefined, changed: Side | undefined]

interface Side {
  readonly parameter: Parameter
  readonly knownAt: string | undefined
  readonly changes: readonly ReformChange[]
}

/** By id: what the base is on one day against what the changed law is on another. */
export function differencesOn(base: LawView, changed: LawView, baseDate: string, changedDate: string): Difference[] {
  return pairsOf(base, changed).flatMap(([id, [one, other]]) =>
    differenceOf(id, stateOn(one, baseDate), stateOn(other, changedDate), null, null),
  )
}

/** By id, then by from: every span of days on which the two laws differ in the same way. */
export function differencesOver(base: LawView, changed: LawView): Difference[] {
  return pairsOf(base, changed).flatMap(([id, sides]) => spansOf(id, sides))
}

function spansOf(id: string, [one, other]: Sides): Difference[] {
  const days = [...new Set([...turnsOf(one), ...turnsOf(other)])].sort()
  const spans: { from: string; before: State | undefined; after: State | undefined }[] = []
  for (const from of days) {
    const [before, after] = [stateOn(one, from), stateOn(other, from)]
    const last = spans.at(-1)
    if (!last || !equalStates(last.before, before) || !equalStates(last.after, after))
      spans.push({ from, before, after })
  }
  return spans.flatMap(({ from, before, after }, i) => {
    const next = spans[i + 1]?.from
    return differenceOf(id, before, after, from, next === undefined ? null : dayBefore(next))
  })
}

function pairsOf(base: LawView, changed: LawView): (readonly [id: string, Sides])[] {
  const [one, other] = [sidesOf(base), sidesOf(changed)]
  const ids = [...new Set([...one.keys(), ...other.keys()])].sort()
  return ids.map((id) => [id, [one.get(id), other.get(id)]] as const)
}

function sidesOf({ parameters, knownAt, changes }: LawView): Map<string, Side> {
  const byId = new Map<string, ReformChange[]>()
  for (const change of changes) byId.set(change.parameter, [...(byId.get(change.parameter) ?? []), change])
  return new Map(
    parameters.map((parameter) => [parameter.id, { parameter, knownAt, changes: byId.get(parameter.id) ?? [] }]),
  )
}

/** The days on which a side may begin to be another. */
function turnsOf(side: Side | undefined): string[] {
  if (!side) return []
  const law = timelineOf(side.parameter.values, side.knownAt).map((value) => value.from)
  return [...law, ...side.changes.flatMap(breaksOf)]
}

function stateOn(side: Side | undefined, date: string): State | undefined {
  const found = side && valueAt(side.parameter.values, date, side.knownAt)
  if (!found || found.ceased) return undefined
  const holding = side.changes.filter((change) => holdsOn(change, date))
  const values = holding.reduce<readonly number[]>(overlaid, found.values)
  return found.content === undefined ? { values } : { values, content: found.content }
}

function differenceOf(
  id: string,
  before: State | undefined,
  after: State | undefined,
  from: string | null,
  to: string | null,
): Difference[] {
  if (equalStates(before, after)) return []
  const kind = !before ? 'ADDED' : !after ? 'REMOVED' : 'CHANGED'
  const longer = (before?.values.length ?? 0) > (after?.values.length ?? 0) ? before! : after!
  const all = longer.values.map((_, i) => i)
  const alike = before && after && before.values.length === after.values.length
  const cells = alike ? all.filter((i) => before.values[i] !== after.values[i]) : all
  return [{ id, kind, cells, before: before ?? null, after: after ?? null, from, to }]
}

function equalStates(a: State | undefined, b: State | undefined): boolean {
  if (!a || !b) return a === b
  if (a.values.length !== b.values.length || a.values.some((value, i) => value !== b.values[i])) return false
  return JSON.stringify(a.content) === JSON.stringify(b.content)
}
