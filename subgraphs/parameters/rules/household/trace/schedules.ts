// The schedules that an equation reads: which brackets, at which value, and in which of them that lies.
import { argumentsOf } from '../../../../../compute/model/expressions.ts'
import { canonicalName, displayName, type Formula } from '../../../../../compute/model/formula/ast.ts'
import type { Expression } from '../../../../../compute/model/model.ts'
import type { SourceVariable } from '../../../../../compute/model/source/source.ts'
import { bareName } from '../../rule-set/find-variables.ts'
import type { LawView } from './law-view.ts'
import type { NamedParameter } from './parameters.ts'
import { takenOf } from './taken.ts'
import type { TracedParameter, TracedSchedule } from './traced.ts'

type Schedule = Extract<SourceVariable, { kind: 'schedule' }>

export interface ScheduleReading {
  readonly schedule: Schedule
  /** The variable or number that it is read at. */
  readonly at: Expression
  /** `[joint]` where the schedule is an array; else ''. */
  readonly element: string
}

/** Canonical names of the variables that a schedule is made of. */
const partsOf = ({ thresholds, values }: Schedule): ReadonlySet<string> =>
  new Set([...thresholds, ...values].flatMap((part) => (part.kind === 'name' ? [part.name] : [])))

/** What the parts of an equation that count read of schedules, each once. `isTrue`: whether a condition holds. */
export function readingsOf(
  parts: readonly Expression[],
  view: LawView,
  isTrue: (condition: Expression) => boolean,
): ScheduleReading[] {
  const schedules = view.source.variables.filter((one): one is Schedule => one.kind === 'schedule')
  const owner = new Map(
    schedules.flatMap((schedule) => [...partsOf(schedule)].map((part) => [part, schedule] as const)),
  )
  const readings = new Map<string, ScheduleReading>()
  for (const part of parts) {
    const place = placeOf(part)
    if (!place) continue
    const names = place.within
      .flatMap((one) => takenOf(one, isTrue).parts)
      .flatMap((e) => (e.op === 'ref' && owner.has(canonicalName(bareName(e.name))) ? [e.name] : []))
    const [first] = names
    if (first === undefined) continue
    const schedule = owner.get(canonicalName(bareName(first)))!
    const element = names.map((name) => /\[.*\]$/.exec(name)?.[0]).find((one) => one !== undefined) ?? ''
    readings.set(JSON.stringify([schedule.name, element, place.at]), { schedule, at: place.at, element })
  }
  return [...readings.values()]
}

/** Marginal rates are thresholds, all other schedules choices by thresholds: see compute/model/elaborate/schedules.ts. */
function placeOf(part: Expression): { at: Expression; within: readonly Expression[] } | undefined {
  const args = argumentsOf(part)
  if (part.op === 'threshold') return { at: args[1]!, within: [args[0]!, args[2]!] }
  const [condition, value] = args
  if (part.op !== 'select' || condition?.op !== 'le') return undefined
  const [threshold, at] = argumentsOf(condition)
  return { at: at!, within: [threshold!, value!] }
}

/** Names that a reading stands for, and that are not shown one by one. */
export function isPartOf({ schedule }: ScheduleReading, name: string): boolean {
  return partsOf(schedule).has(canonicalName(bareName(name)))
}

/**
 * A reading with its figures. `known`: values of variables; `parameterOf`: by the name of the input.
 * null where a threshold or a value is more than a number or a parameter.
 */
export function tracedSchedule(
  { schedule, at, element }: ScheduleReading,
  known: (name: string) => number,
  parameterOf: (input: string) => NamedParameter | undefined,
  inputs: ReadonlyMap<string, string>,
): TracedSchedule | null {
  const x = at.op === 'number' ? at.value : at.op === 'ref' ? known(at.name) : undefined
  const read = (part: Formula): Figure | undefined => {
    if (part.kind === 'number') return { value: part.value }
    if (part.kind !== 'name') return undefined
    const input = inputs.get(part.name + elementKey(element)) ?? inputs.get(part.name)
    const parameter = input === undefined ? undefined : parameterOf(input)?.traced
    return parameter && { value: parameter.value, parameter }
  }
  const thresholds: readonly (Figure | undefined)[] = schedule.thresholds.map(read)
  const values: readonly (Figure | undefined)[] = schedule.values.map(read)
  if (x === undefined || !areFigures(thresholds) || !areFigures(values)) return null
  return {
    name: displayName(schedule.name) + element,
    readAt: at.op === 'ref' ? at.name : String(x),
    at: x,
    bracket: thresholds.filter(({ value }) => value !== null && value <= x).length,
    thresholds: thresholds.map(({ value }) => value),
    values: values.map(({ value }) => value),
    unit: schedule.unit ?? null,
    parameters: [...thresholds, ...values].flatMap(({ parameter }) => (parameter ? [parameter] : [])),
  }
}

interface Figure {
  readonly value: number | null
  readonly parameter?: TracedParameter
}

const areFigures = (figures: readonly (Figure | undefined)[]): figures is readonly Figure[] =>
  figures.every((figure) => figure !== undefined)

/** Inputs of parameters by canonical name, elements in canonical spelling. */
export const inputsByKey = (inputs: Iterable<string>): ReadonlyMap<string, string> =>
  new Map(
    [...inputs].map((input) => [canonicalName(bareName(input)) + elementKey(/\[.*\]$/.exec(input)?.[0] ?? ''), input]),
  )

const elementKey = (element: string) => element.toLowerCase().replaceAll(/[\s_]+/g, '_')
