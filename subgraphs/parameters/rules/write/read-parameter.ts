// A parameter as it is given, laid over the one that there is: every fault is a finding with its path.
import { parseUnit } from '../../../../schema/units.ts'
import type { Finding } from '../../../shared/types.ts'
import { byDays } from '../history/timeline.ts'
import { expectedRange } from '../read-tree.ts'
import type { DatedValue, Parameter, Source } from '../tree.ts'
import { type Differing, differingBy, type Vectors, vectorName } from '../vector.ts'
import { Faults } from './faults.ts'
import type { ParameterInput } from './inputs.ts'
import { readIndexation } from './read-indexation.ts'
import { readValue, type Shape } from './read-value.ts'

const ID = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/
const MAX_ID = 240

/** The parameter after the write, and its values that the write brings. */
export interface Written {
  readonly parameter: Parameter
  readonly values: readonly DatedValue[]
  /** Where it is given. */
  readonly path: string
}

export interface WriteContext {
  readonly path: string
  /** Of parameters that are new. */
  readonly source: Source
  /** YYYY-MM-DD. */
  readonly today: string
  readonly currency: string
  /** That the tree names. */
  readonly vectors?: Vectors | undefined
}

/** `written` is undefined where there are findings, all of which are ERRORs. */
export function readParameter(
  current: Parameter | undefined,
  input: ParameterInput,
  { path, source, today, currency, vectors }: WriteContext,
): { written: Written | undefined; findings: readonly Finding[] } {
  const faults = new Faults()
  const shape = shapeOf(current, input, vectors, path, faults)
  const given = (shape ? (input.values ?? []) : []).map((value, i) => {
    const place = `${path}.values.${i}`
    return faults.attempt(place, () => readValue(shape!, value, place, today))
  })
  if (!current && (input.values ?? []).length === 0)
    faults.add(`${path}.values`, 'MISSING', `${input.id} is new and has no value`, 'give a value')
  const values = given.filter((value) => value !== undefined)
  if (values.length === given.length) checkDoubles(current, input, values, path, faults)
  const place = `${path}.indexation`
  const indexation =
    input.indexation == null
      ? current?.indexation
      : faults.attempt(place, () => readIndexation(input.indexation!, place))
  const { expected } = input
  if (expected != null && !(expected.length === 2 && expected[0]! <= expected[1]!))
    faults.add(
      `${path}.expected`,
      'BAD_INPUT',
      'expected is not two numbers in order',
      'give the least and the greatest',
    )
  if (!faults.none || !shape) return { written: undefined, findings: faults.findings }

  const replaced = new Set(values.map(daysOf))
  const kept = (current?.values ?? []).filter((value) => !replaced.has(daysOf(value)))
  const all = [...kept, ...values].sort(byDays)
  const description = input.description ?? current?.description
  const references = input.references?.map(({ title, href }) => ({ title, ...(href == null ? {} : { href }) }))
  const parameter: Parameter = {
    ...shape,
    label: input.label ?? current!.label,
    ...(description === undefined ? {} : { description }),
    period: input.period ?? current?.period ?? null,
    references: references ?? current?.references ?? [],
    source: current?.source ?? source,
    origin: current?.origin ?? null,
    expected: expected ? [expected[0]!, expected[1]!] : (current?.expected ?? expectedRange(shape.unit, all, currency)),
    values: all,
    ...(indexation === undefined ? {} : { indexation }),
    ...(current?.metadata === undefined ? {} : { metadata: current.metadata }),
  }
  return { written: { parameter, values, path }, findings: [] }
}

/** What the values mean: given once and for good. undefined where the unit is none, since no value can be read then. */
function shapeOf(
  current: Parameter | undefined,
  input: ParameterInput,
  vectors: Vectors | undefined,
  path: string,
  faults: Faults,
): Shape | undefined {
  const { id } = input
  if (!ID.test(id) || id.length > MAX_ID)
    faults.add(
      `${path}.id`,
      'BAD_ID',
      `"${id.slice(0, 80)}" is no id`,
      'join words of letters, digits, _ and - by dots',
    )
  const isNumber = input.kind !== 'TEXT' && input.kind !== 'LIST'
  for (const field of isNumber ? (['label', 'unit'] as const) : (['label'] as const))
    if (!current && !input[field]?.trim())
      faults.add(`${path}.${field}`, 'MISSING', `${id} is new and has no ${field}`, `give a ${field}`)
  for (const field of ['unit', 'kind', 'by'] as const)
    if (current && input[field] != null && input[field] !== current[field])
      faults.add(
        `${path}.${field}`,
        'CHANGES_MEANING',
        `the ${field} of ${id} is ${current[field]}, and its values are by it`,
        'leave it out, or make another parameter',
      )
  const unit = current?.unit ?? input.unit ?? 'dimensionless'
  if (!faults.attempt(`${path}.unit`, () => parseUnit(unit, `${path}.unit`))) return undefined
  const kind = current?.kind ?? input.kind ?? (unit === 'boolean' ? 'BOOLEAN' : 'NUMBER')
  return { id, kind, unit, ...differing(current, input, vectors, path, faults) }
}

/** What the values differ by. */
function differing(
  current: Parameter | undefined,
  { id, by, vector }: ParameterInput,
  vectors: Vectors | undefined,
  path: string,
  faults: Faults,
): Differing {
  const name = vector ?? by ?? (current ? vectorName(current) : 'NONE')
  if (current) {
    if (vector != null && vector !== vectorName(current))
      faults.add(
        `${path}.vector`,
        'CHANGES_MEANING',
        `the vector of ${id} is ${vectorName(current)}, and its values are by it`,
        'leave it out, or make another parameter',
      )
    const { by: known, vector: own } = current
    return { by: known, ...(own ? { vector: own } : {}) }
  }
  const found = differingBy(name, vectors)
  if (found && (vector == null || by == null || found.by === by)) return found
  const names = Object.keys(vectors ?? {})
  faults.add(
    `${path}.vector`,
    'BAD_INPUT',
    `the tree has no vector ${name} of its own`,
    names.length > 0
      ? `give one of ${names.join(', ')}`
      : 'leave by and vector out, or give by FILING_STATUS or CHILDREN',
  )
  return { by: 'NONE' }
}

const daysOf = ({ from, known }: DatedValue) => `${from} ${known}`

/** Two values of the same two days are a fault, unless the one given corrects the one that stands. */
function checkDoubles(
  current: Parameter | undefined,
  input: ParameterInput,
  values: readonly DatedValue[],
  path: string,
  faults: Faults,
): void {
  const standing = new Set(current?.values.map(daysOf))
  const seen = new Set<string>()
  for (const [i, value] of values.entries()) {
    const days = daysOf(value)
    if (seen.has(days) || (standing.has(days) && input.values![i]!.replace !== true))
      faults.add(
        `${path}.values.${i}`,
        'DUPLICATE_DATE',
        `${input.id} has a value from ${value.from} as known on ${value.known} already`,
        'give as known the day on which the law changed, or replace: true to correct the value',
      )
    seen.add(days)
  }
}
