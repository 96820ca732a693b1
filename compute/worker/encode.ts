// Writes a program into the machine's memory: records and fields as compute/layout/memory.ts describes them.
import {
  aligned,
  FIELD,
  HEADER,
  OPERATION_BYTES,
  POINTER_BYTES,
  REGISTER_BYTES,
  RELATION_BYTES,
  RING_BYTES,
  type Section,
  SLOT_BYTES,
  SOLVE_BYTES,
  SPLAT_BYTES,
  STAGE_BYTES,
  STOCK_BYTES,
  tableBytes,
  UNIFORM_BYTES,
  UNKNOWN_BYTES,
} from '../layout/memory.ts'
import { CODE } from '../layout/operations.ts'
import { kindOf } from '../model/levels.ts'
import { type Operation, PHASES, type Plan } from '../model/plan.ts'
import type { Span } from '../model/snapshot.ts'
import { type PreparedTable, prepareBracket, prepareLookup } from '../model/tables.ts'
import type { Placement } from './placement.ts'

export interface ProgramValues {
  readonly inputs: readonly number[]
  readonly series: readonly (readonly number[])[]
  readonly seed: readonly [low: number, high: number]
  readonly span: Span
  /** Whether the state of the first step is given. */
  readonly continues: boolean
}

/** A step that never comes. */
const NEVER = 2 ** 32 - 1
const METHODS = { newton: 0, gaussSeidel: 1 } as const

/** Little-endian words and reals of the memory, one after the other. */
class Pen {
  readonly #view: DataView
  at: number

  constructor(view: DataView, at: number) {
    this.#view = view
    this.at = at
  }

  words(...values: readonly number[]): void {
    for (const value of values) {
      this.#view.setUint32(this.at, value, true)
      this.at += 4
    }
  }

  reals(values: Iterable<number>): void {
    for (const value of values) {
      this.#view.setFloat64(this.at, value, true)
      this.at += 8
    }
  }
}

/** Writes everything that does not change from batch to batch. */
export function writeProgram(buffer: ArrayBuffer, plan: Plan, place: Placement, values: ProgramValues): void {
  writePlan(buffer, plan, place, values.span)
  writeValues(buffer, plan, place, values)
}

/** Writes what a run is given beside its plan: inputs, series, seed and state; the plan is there and stays. */
export function writeValues(buffer: ArrayBuffer, plan: Plan, place: Placement, values: ProgramValues): void {
  const view = new DataView(buffer)
  const field = (name: keyof typeof FIELD, value: number) => view.setUint32(HEADER + FIELD[name], value, true)
  field('seedLow', values.seed[0])
  field('seedHigh', values.seed[1])
  field('continues', values.continues ? 1 : 0)
  const inputsAt = place.constantsAt + plan.constants.length * SPLAT_BYTES
  for (const [i, { slot }] of plan.inputs.entries()) {
    const pen = new Pen(view, inputsAt + i * SPLAT_BYTES)
    pen.words(place.slots[slot]!, 0)
    pen.reals([values.inputs[i]!])
  }
  for (const [i, reals] of values.series.entries()) new Pen(view, place.seriesDataAt[i]!).reals(reals)
}

function writePlan(buffer: ArrayBuffer, plan: Plan, place: Placement, span: Span): void {
  const view = new DataView(buffer)
  const { slots } = place
  const word = (slot: number) => slots[slot]!
  const field = (name: keyof typeof FIELD, value: number) => view.setUint32(HEADER + FIELD[name], value, true)
  /** Writes records from an address on, and the fields that say where they begin and end. */
  const records = <T>(
    name: Section,
    at: number,
    bytes: number,
    items: readonly T[],
    write: (pen: Pen, item: T, index: number) => void,
  ): number => {
    for (const [i, item] of items.entries()) write(new Pen(view, at + i * bytes), item, i)
    const end = at + items.length * bytes
    field(`${name}At`, at)
    field(`${name}End`, end)
    return end
  }

  const steps = plan.time?.steps ?? 0
  field('stride', place.stride)
  field('levels', plan.levels.length)
  field('steps', steps)
  field('firstStep', span.first)
  field('untilStep', span.until ?? NEVER)
  view.setFloat64(HEADER + FIELD.start, plan.time?.start ?? 0, true)
  view.setFloat64(HEADER + FIELD.dt, plan.time?.dt ?? 0, true)
  field('timeSlot', plan.timeSlot === null ? 0 : word(plan.timeSlot))
  field('stepTimeSlot', plan.stepTimeSlot === null ? 0 : word(plan.stepTimeSlot))
  field('levelsAt', place.levelsAt)
  field('savedAt', place.savedAt)
  new Pen(view, place.savedAt).words(...span.saved, NEVER)
  field('savedTimes', span.saved.length)
  field('resultsAt', place.resultsAt)
  field('solveWorkAt', place.solveWorkAt)

  const inputs = plan.inputs.map(({ slot }) => ({ slot, value: 0 }))
  records('constants', place.constantsAt, SPLAT_BYTES, [...plan.constants, ...inputs], (pen, { slot, value }) => {
    pen.words(word(slot), 0)
    pen.reals([value])
  })
  records('series', place.seriesAt, POINTER_BYTES, plan.series, (pen, { slot }, i) => {
    pen.words(word(slot), place.seriesDataAt[i]!)
  })
  records('columns', place.columnsAt, POINTER_BYTES, plan.columns, (pen, { slot }, i) => {
    pen.words(word(slot), place.columnDataAt[i]!)
  })
  records('trajectories', place.trajectoriesAt, POINTER_BYTES, plan.trajectories, (pen, { slot }, i) => {
    pen.words(word(slot), place.trajectoryDataAt[i]!)
  })
  records('uniforms', place.uniformsAt, UNIFORM_BYTES, plan.uniforms, (pen, { slot, stream, everyStep }) => {
    pen.words(word(slot), stream, everyStep ? 1 : 0, 0)
  })
  for (const [i, { member, group }] of plan.relations.entries()) {
    new Pen(view, place.relationsAt + i * RELATION_BYTES).words(place.offsetsAt[i]!, member, group, 0)
  }
  const solveAt = (index: number) => place.solvesAt + index * SOLVE_BYTES
  const indices: IndexAddresses = {
    table: writeTables(view, plan, place.tablesAt),
    relation: (_, index) => place.relationsAt + index * RELATION_BYTES,
    solve: (_, index) => solveAt(index),
  }
  let next = place.operationsAt
  let choices = place.choicesAt
  /** Writes a list of slots, and says where it begins. */
  const listOf = (operands: readonly number[]): number => {
    const at = choices
    new Pen(view, at).words(...operands.map(word))
    choices += 4 * operands.length
    return at
  }
  /** Writes operations, and says where they begin and end. */
  const block = (operations: readonly Operation[]): [at: number, end: number] => {
    const at = next
    for (const operation of operations) {
      new Pen(view, next).words(...operationWords(operation, slots, indices, listOf))
      next += OPERATION_BYTES
    }
    return [at, next]
  }
  for (const phase of PHASES) {
    const [at, end] = block(plan.operations[phase])
    field(`${phase}At`, at)
    field(`${phase}End`, end)
  }
  records('solves', place.solvesAt, SOLVE_BYTES, plan.solves, (pen, solve, i) => {
    const body = block(solve.body)
    for (const [j, part] of solve.parts.entries()) {
      new Pen(view, place.partsAt[i]! + j * POINTER_BYTES).words(...block(part))
    }
    for (const [j, { slot, next: f, guess }] of solve.unknowns.entries()) {
      new Pen(view, place.unknownsAt[i]! + j * UNKNOWN_BYTES).words(word(slot), word(f), word(guess), 0)
    }
    pen.words(i, METHODS[solve.method], solve.unknowns.length, solve.maxIterations)
    pen.reals([solve.tolerance, solve.damping])
    pen.words(place.unknownsAt[i]!, ...body, place.partsAt[i]!, 0, 0, 0, 0)
  })
  field('operationsEnd', next)
  records('stocks', place.stocksAt, STOCK_BYTES, plan.stocks, (pen, { slot, initial, flow, min, max }, i) => {
    pen.words(word(slot), word(initial), word(flow), place.basesAt[i]!)
    pen.reals([min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY])
  })
  records('registers', place.registersAt, REGISTER_BYTES, plan.registers, (pen, register, i) => {
    pen.words(word(register.slot), word(register.initial), word(register.next), place.shadowsAt[i]!)
  })
  records('rings', place.ringsAt, RING_BYTES, plan.rings, (pen, { slot, initial, input, delay, length }, i) => {
    pen.words(word(slot), word(initial), word(input), word(delay), length, place.buffersAt[i]!, 0, 0)
  })
  records('identities', place.identitiesAt, POINTER_BYTES, plan.identities, (pen, { holds, difference }) => {
    pen.words(word(holds), word(difference))
  })
  records('outputs', place.outputsAt, POINTER_BYTES, plan.outputs, (pen, { slot }) => pen.words(word(slot), 0))
  records('stages', place.stagesAt, STAGE_BYTES, plan.time?.stages ?? [], (pen, { c, a, b }) => pen.reals([c, a, b]))
  const state = place.stateDataAt.length === 0 ? [] : stateWords(plan, place)
  records('state', place.stateAt, POINTER_BYTES, state, (pen, slot, i) => pen.words(slot, place.stateDataAt[i]!))
}

/** Words of what a state is made of, in the order of a snapshot. */
function stateWords(plan: Plan, { slots, buffersAt }: Placement): number[] {
  return [
    ...[...plan.stocks, ...plan.registers].map(({ slot }) => slots[slot]!),
    ...plan.rings.flatMap(({ length }, i) =>
      Array.from({ length }, (_, place) => buffersAt[i]! + place * SLOT_BYTES + 1),
    ),
    ...plan.solves.flatMap(({ unknowns }) => unknowns.map(({ slot }) => slots[slot]!)),
  ]
}

/** Address of a table, relation or solve block for an operation. */
type IndexAddresses = Record<'table' | 'relation' | 'solve', (code: number, index: number) => number>

function writeTables(view: DataView, plan: Plan, tablesAt: number): IndexAddresses['table'] {
  let next = tablesAt
  const write = ({ xs, ys, thirds }: PreparedTable) => {
    const pen = new Pen(view, next)
    pen.words(xs.length, 0, 0, 0)
    pen.reals([...xs, ...ys, ...thirds])
    const at = next
    next += aligned(tableBytes(xs.length))
    return at
  }
  const lookups = plan.tables.map((table) => write(prepareLookup(table)))
  const brackets = plan.tables.map((table) => write(prepareBracket(table)))
  return (code, index) => (code === CODE.bracket ? brackets : lookups)[index]!
}

/** The words of a record; those that it has no use for are 0, as the machine takes them for slots without a level. */
function operationWords(
  [code, out, ...operands]: Operation,
  slots: readonly number[],
  indices: IndexAddresses,
  listOf: (operands: readonly number[]) => number,
): number[] {
  const { arity, index, variadic } = kindOf(code, operands.length)
  if (variadic) {
    const [place, ...list] = operands
    return [code, slots[out]!, slots[place!]!, listOf(list), list.length - 1, 0, 0, 0]
  }
  const words = [code, ...[out, ...operands.slice(0, arity)].map((slot) => slots[slot]!)]
  if (index) words.push(indices[index](code, operands[arity]!))
  while (words.length < OPERATION_BYTES / 4) words.push(0)
  return words
}
