// Carries the parameters of an imported tree on by their indices: those of the tree, those given beside it, and their own growth.
import { isQuesnayError } from '../../../../schema/errors.ts'
import { yearsAfter } from '../dates.ts'
import { byDays } from '../history/timeline.ts'
import { indexationOrder, indexParameter } from '../indexation/index-tree.ts'
import type { DatedValue, Indexation, Parameter } from '../tree.ts'
import { cadenceValues, readCadence } from './cadence.ts'
import type { FindingList } from './finding-list.ts'
import { readUprating } from './uprating.ts'

/** Of its own growth a parameter is carried on so many years, its last own value counted (unless its uprating says). */
const OWN_YEARS = 10

/** A parameter and how it goes on; `cadence` is the raw text of an interval, which an Indexation cannot hold. */
interface Indexed {
  readonly id: string
  readonly parameter: Parameter
  readonly indexation?: Indexation
  readonly cadence?: unknown
  readonly years: number
}

/** What could not be carried on, by its reason and index: one finding for all that one index leaves behind. */
type Left = Map<string, { code: string; index: string; ids: string[] }>

/** @param placeOf file and line of an indexed parameter */
export function deriveValues(
  parameters: readonly Parameter[],
  placeOf: (id: string) => string,
  findings: FindingList,
): Parameter[] {
  const done = new Map(parameters.map((parameter) => [parameter.id, parameter]))
  let order: Indexed[]
  try {
    order = indexationOrder(parameters.map(indexedOf))
  } catch (error) {
    if (!isQuesnayError(error) || error.code !== 'INDEXATION_CYCLE') throw error
    const [first] = error.detail['circle'] as string[]
    findings.error('INDEX_CYCLE', placeOf(first!), error.message, 'let one of them have its own values')
    return [...parameters]
  }
  const left: Left = new Map()
  for (const indexed of order) {
    const carried = carryOn(indexed, done, left)
    if (carried !== indexed.parameter) done.set(indexed.id, carried)
  }
  report(left, placeOf, findings)
  return parameters.map(({ id }) => done.get(id)!)
}

function indexedOf(parameter: Parameter): Indexed {
  const { id, indexation, metadata } = parameter
  const raw = metadata?.['uprating'] as Record<string, unknown> | undefined
  const read = raw === undefined ? undefined : readUprating(raw, (index) => index)
  const number = typeof raw?.['number'] === 'number' ? raw['number'] : OWN_YEARS
  if (indexation) return { id, parameter, indexation, years: number - 1 }
  if (typeof read !== 'object') return { id, parameter, years: 0 }
  return { id, parameter, indexation: read.indexation, cadence: raw?.['at_defined_interval'], years: 0 }
}

function carryOn(
  { parameter, indexation, cadence, years }: Indexed,
  done: ReadonlyMap<string, Parameter>,
  left: Left,
): Parameter {
  const last = parameter.values.at(-1)
  // What is nothing stays so, whatever the index; of texts and of what has ceased there is nothing to carry on.
  if (!indexation || parameter.kind !== 'NUMBER' || !last || last.ceased || last.values.every((value) => value === 0))
    return parameter
  const { index } = indexation
  const series = done.get(index)?.values
  if (index !== 'self' && !series) return leave(left, 'INDEX_MISSING', index, parameter)
  if (series && (series.at(-1)?.from ?? '') <= last.from && series.length < 2)
    return leave(left, 'INDEX_SHORT', index, parameter)
  const byIndex = () =>
    indexParameter(parameter, done, { through: index === 'self' ? yearsAfter(last.from, years) : '9999-12-31' })
  try {
    const carried = cadence === undefined ? byIndex() : byCadence(parameter, series, cadence, indexation)
    return carried && isBounded(carried) ? carried : leave(left, 'INDEX_UNDEFINED', index, parameter)
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    return leave(left, 'INDEX_UNDEFINED', index, parameter)
  }
}

function byCadence(
  parameter: Parameter,
  series: readonly DatedValue[] | undefined,
  raw: unknown,
  { rounding }: Indexation,
): Parameter | undefined {
  const cadence = readCadence(raw)
  if (typeof cadence === 'string' || !series) return undefined
  const derived = cadenceValues(parameter.values, series, cadence, rounding)
  return derived && { ...parameter, values: [...parameter.values, ...derived].sort(byDays) }
}

/** An unlimited amount stays so, but no growth makes one, nor what is no number. */
function isBounded({ values }: Parameter): boolean {
  const last = values.filter(({ derived }) => !derived).at(-1)!
  return values.every(
    ({ derived, values: cells }) =>
      !derived || cells.every((cell, i) => Number.isFinite(cell) || cell === last.values[i]),
  )
}

function leave(left: Left, code: string, index: string, parameter: Parameter): Parameter {
  const key = `${code} ${index}`
  const there = left.get(key) ?? { code, index, ids: [] }
  left.set(key, there)
  there.ids.push(parameter.id)
  return parameter
}

const WHY: Readonly<Record<string, (index: string) => string>> = {
  INDEX_MISSING: (index) => `${index}, which is not in the tree`,
  INDEX_SHORT: (index) => `${index}, which has no value after theirs`,
  INDEX_UNDEFINED: (index) => `${index}, which gives no growth from the day from which they would be carried on`,
}

function report(left: Left, placeOf: (id: string) => string, findings: FindingList): void {
  for (const { code, index, ids } of left.values()) {
    const [first] = ids
    const who = ids.length === 1 ? `${first} is` : `${ids.length} parameters, such as ${first}, are`
    const message = `${who} indexed by ${WHY[code]!(index)}; they stay as they are`
    findings.warn(code, placeOf(first!), message, `give the series of ${index} with the import (indexSeries)`)
  }
}
