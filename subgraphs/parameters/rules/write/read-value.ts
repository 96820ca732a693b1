// A dated value as it is given, read for its parameter; every fault is thrown with the path of its field.
import { QuesnayError } from '../../../../schema/errors.ts'
import { convert } from '../../../../schema/units.ts'
import { firstDay } from '../dates.ts'
import type { Content, DatedValue, Parameter } from '../tree.ts'
import { cellsOf } from '../vector.ts'
import type { ValueInput } from './inputs.ts'

/** What the values of a parameter mean. */
export type Shape = Pick<Parameter, 'id' | 'kind' | 'unit' | 'by' | 'vector'>

/** In GraphQL there is no infinity: the greatest number of a Float stands for it, in both directions. */
const INFINITE = Number.MAX_VALUE

/**
 * The value; without `known` it is known from the day it holds, and at the latest from `today`.
 * Errors, with the path of the field: BAD_INPUT (dates, what is given, cells, numbers), UNIT_MISMATCH.
 */
export function readValue(parameter: Shape, input: ValueInput, path: string, today: string): DatedValue {
  const from = firstDay(input.from, `${path}.from`)
  const known = input.known == null ? [from, today].sort()[0]! : firstDay(input.known, `${path}.known`)
  return { from, known, ...heldBy(parameter, input, path), ...(input.source == null ? {} : { source: input.source }) }
}

type Held = Pick<DatedValue, 'values' | 'content' | 'ceased'>

function heldBy(parameter: Shape, input: ValueInput, path: string): Held {
  const { value, values, text, list, flag, ceased } = input
  const given = Object.entries({ value, values, text, list, flag, ceased: ceased || null }).filter(([, v]) => v != null)
  const [name] = given[0] ?? []
  const wanted = ceased ? ['ceased'] : FIELDS[parameter.kind]
  if (given.length !== 1 || !wanted.includes(name!))
    throw wrong(
      path,
      `${parameter.id} takes ${wanted.join(' or ')}, ${given.length === 0 ? 'nothing is' : `${given.map(([n]) => n).join(' and ')} is`} given`,
      `give one of ${FIELDS[parameter.kind].join(', ')}, or ceased: true`,
    )
  if (ceased) return { values: [], ceased: true }
  if (text != null || list != null) return { values: [], content: (text ?? list) as Content }
  if (flag != null) return { values: cellsOf(parameter).map(() => (flag ? 1 : 0)) }
  return { values: numbersOf(parameter, input, path) }
}

const FIELDS = {
  NUMBER: ['value', 'values'],
  BOOLEAN: ['flag', 'value', 'values'],
  TEXT: ['text'],
  LIST: ['list'],
} as const satisfies Record<Parameter['kind'], readonly string[]> as Record<Parameter['kind'], readonly string[]>

function numbersOf(parameter: Shape, input: ValueInput, path: string): number[] {
  const cells = cellsOf(parameter)
  const given = input.values ?? cells.map(() => input.value!)
  if (input.values == null && cells.length > 1)
    throw wrong(`${path}.value`, `${parameter.id} has ${cells.length} cells`, `give values for ${cells.join(', ')}`)
  if (given.length !== cells.length)
    throw wrong(
      `${path}.values`,
      `${given.length} values where ${cells.length} are wanted`,
      `give values for ${cells.join(', ')}`,
    )
  return given.map((number, i) => {
    const field = `${path}.${input.values == null ? 'value' : `values.${i}`}`
    if (Number.isNaN(number)) throw wrong(field, 'the value is not a number', 'give a number')
    if (parameter.kind === 'BOOLEAN' && number !== 0 && number !== 1)
      throw wrong(field, `${parameter.id} is yes or no`, 'give 1 for yes or 0 for no')
    if (Math.abs(number) >= INFINITE) return number < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    return convert(number, input.unit ?? parameter.unit, parameter.unit, `${path}.unit`)
  })
}

const wrong = (path: string, message: string, suggestion: string) =>
  new QuesnayError('BAD_INPUT', message, { path, suggestion })
