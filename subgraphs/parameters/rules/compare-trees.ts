// Compares two trees, such as one law from two sources: span by span of days, with ids mapped and numbers within a tolerance.
import { QuesnayError } from '../../../schema/errors.ts'
import { conversion, isCompatible, parseUnit } from '../../../schema/units.ts'
import { dayBefore } from './dates.ts'
import { flattenTree } from './export/flatten-tree.ts'
import { timelineOf } from './history/timeline.ts'
import type { Content, DatedValue, Parameter, Tree } from './tree.ts'
import { valueAt } from './value-at.ts'

export const SpanKind = {
  EQUAL: 'EQUAL',
  DIFFERS: 'DIFFERS',
  ONLY_HERE: 'ONLY_HERE',
  ONLY_THERE: 'ONLY_THERE',
} as const
export type SpanKind = (typeof SpanKind)[keyof typeof SpanKind]

export interface TreeSide {
  readonly tree: Tree
  /** As known on this day; absent: as known now. */
  readonly knownAt?: string | undefined
}

/** An id of the one tree and what it is called in the other: a parameter, or a node with all that is below it. */
export interface IdPair {
  readonly here: string
  readonly there: string
}

export interface CompareOptions {
  readonly mapping: readonly IdPair[]
  /** First and last day compared. */
  readonly from: string
  readonly to: string
  /** Numbers are equal that lie no further apart than this, in the unit of the first tree. */
  readonly tolerance: number
}

export interface SpanState {
  readonly values: readonly number[]
  readonly content?: Content
}

/** A parameter over days on which nothing changes in either tree. */
export interface ComparedSpan {
  /** Ids in the first and in the second tree; null where one has no such parameter. */
  readonly here: string | null
  readonly there: string | null
  readonly kind: SpanKind
  readonly from: string
  readonly to: string
  readonly unit: string
  /** null where it does not exist on those days; the second in the unit of the first where it fits. */
  readonly hereState: SpanState | null
  readonly thereState: SpanState | null
}

/**
 * Spans by id, then by day. Cells of vectors and brackets of scales are compared one by one, however a tree writes them.
 * Errors: BAD_INPUT where a mapping names an id twice.
 */
export function compareTrees(here: TreeSide, there: TreeSide, options: CompareOptions): ComparedSpan[] {
  const nameThere = mapped(options.mapping)
  const others = new Map(flattenTree(there.tree).parameters.map((parameter) => [parameter.id, parameter]))
  const spans: ComparedSpan[] = []
  for (const parameter of flattenTree(here.tree).parameters) {
    const other = others.get(nameThere(parameter.id))
    if (other) others.delete(other.id)
    spans.push(...spansOf({ parameter, knownAt: here.knownAt }, { parameter: other, knownAt: there.knownAt }, options))
  }
  const rest = [...others.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const parameter of rest)
    spans.push(...spansOf({ parameter: undefined, knownAt: undefined }, { parameter, knownAt: there.knownAt }, options))
  return spans
}

/** How many spans there are of each kind. */
export function countSpans(spans: readonly ComparedSpan[]): Record<SpanKind, number> {
  const counts = { EQUAL: 0, DIFFERS: 0, ONLY_HERE: 0, ONLY_THERE: 0 }
  for (const { kind } of spans) counts[kind]++
  return counts
}

/** By the longest pair that an id is at or below; ids without one keep their name. */
function mapped(pairs: readonly IdPair[]): (id: string) => string {
  const byHere = new Map<string, string>()
  for (const [i, { here, there }] of pairs.entries()) {
    if (byHere.has(here))
      throw new QuesnayError('BAD_INPUT', `the mapping names "${here.slice(0, 120)}" twice`, {
        path: `mapping.${i}.here`,
        suggestion: 'name each id once',
      })
    byHere.set(here, there)
  }
  return (id) => {
    for (let end = id.length; end > 0; end = id.lastIndexOf('.', end - 1)) {
      const there = byHere.get(id.slice(0, end))
      if (there !== undefined) return there + id.slice(end)
    }
    const all = byHere.get('')
    return all === undefined ? id : `${all}.${id}`
  }
}

interface Side {
  readonly parameter: Parameter | undefined
  readonly knownAt: string | undefined
}

function spansOf(here: Side, there: Side, { from, to, tolerance }: CompareOptions): ComparedSpan[] {
  const [mine, other] = [linesOf(here), linesOf(there)]
  const inside = [...mine, ...other].map((value) => value.from).filter((day) => day > from && day <= to)
  const days = [from, ...new Set(inside)].sort().filter((day, i, all) => day !== all[i - 1])
  const unit = (here.parameter ?? there.parameter)!.unit
  const convert = here.parameter && there.parameter ? converter(there.parameter.unit, unit) : same
  const spans: ComparedSpan[] = []
  for (const [i, day] of days.entries()) {
    const hereState = stateOn(mine, day, same)
    const thereState = stateOn(other, day, convert)
    if (!hereState && !thereState) continue
    const next = days[i + 1]
    spans.push({
      here: here.parameter?.id ?? null,
      there: there.parameter?.id ?? null,
      kind: kindOf(hereState, thereState, tolerance),
      from: day,
      to: next === undefined ? to : dayBefore(next),
      unit,
      hereState,
      thereState,
    })
  }
  return spans
}

const linesOf = ({ parameter, knownAt }: Side) => (parameter ? timelineOf(parameter.values, knownAt) : [])
const same = (value: number) => value

/** Percent and fraction are compared as what they are; units that do not fit as the numbers that stand there. */
function converter(given: string, wanted: string): (value: number) => number {
  if (given === wanted) return same
  try {
    if (!isCompatible(parseUnit(given), parseUnit(wanted))) return same
  } catch {
    return same
  }
  const { multiply, divide } = conversion(given, wanted)
  return (value) => (value * multiply) / divide
}

function stateOn(lines: readonly DatedValue[], day: string, convert: (value: number) => number): SpanState | null {
  const found = valueAt(lines, day)
  if (!found || found.ceased) return null
  const values = found.values.map(convert)
  return found.content === undefined ? { values } : { values, content: found.content }
}

function kindOf(here: SpanState | null, there: SpanState | null, tolerance: number): SpanKind {
  if (!here) return 'ONLY_THERE'
  if (!there) return 'ONLY_HERE'
  const alike =
    here.values.length === there.values.length &&
    here.values.every((value, i) => value === there.values[i] || Math.abs(value - there.values[i]!) <= tolerance) &&
    JSON.stringify(here.content) === JSON.stringify(there.content)
  return alike ? 'EQUAL' : 'DIFFERS'
}
