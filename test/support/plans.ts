// Plans written by hand, for tests of the machine: what a test leaves out is not there.
import { KERNEL_ABI } from '../../compute/layout/memory.ts'
import { CODE, type OperationName } from '../../compute/layout/operations.ts'
import type { Operation, Plan, PlanTime } from '../../compute/model/plan.ts'

/** Of lanes alone; everything else empty. */
const EMPTY: Plan = {
  abi: KERNEL_ABI,
  slots: 64,
  constants: [],
  inputs: [],
  series: [],
  columns: [],
  trajectories: [],
  uniforms: [],
  tables: [],
  levels: [{ name: 'lane', of: null, count: null }],
  relations: [],
  operations: { run: [], draw: [], step: [], stage: [], save: [] },
  stocks: [],
  registers: [],
  rings: [],
  solves: [],
  identities: [],
  time: null,
  timeSlot: null,
  stepTimeSlot: null,
  outputs: [],
  unchecked: [],
}

export type PlanParts = Partial<Omit<Plan, 'operations' | 'outputs' | 'time'>> & {
  readonly operations?: Partial<Plan['operations']>
  /** Slots. */
  readonly outputs?: readonly number[]
  readonly time?: Partial<PlanTime>
}

export const STAGES = {
  euler: [{ c: 0, a: 0, b: 1 }],
  rk2: [
    { c: 0, a: 0, b: 0.5 },
    { c: 1, a: 1, b: 0.5 },
  ],
  rk4: [
    { c: 0, a: 0, b: 1 / 6 },
    { c: 0.5, a: 0.5, b: 1 / 3 },
    { c: 0.5, a: 0.5, b: 1 / 3 },
    { c: 1, a: 1, b: 1 / 6 },
  ],
} as const

/** A plan of these parts, by default of 64 slots; outputs are named out0, out1, ... */
export function planOf(parts: PlanParts): Plan {
  const { operations, outputs = [], time, ...rest } = parts
  const euler = { start: 0, dt: 1, steps: 4, stages: STAGES.euler, saveEvery: 1, saveAt: null, unit: 'year' }
  return {
    ...EMPTY,
    ...rest,
    operations: { ...EMPTY.operations, ...operations },
    outputs: outputs.map((slot, i) => ({ name: `out${i}`, unit: '1', slot })),
    time: time ? { ...euler, ...time } : null,
  }
}

/** An operation by its name. */
export const op = (name: OperationName, out: number, ...operands: number[]): Operation => [CODE[name], out, ...operands]

export const constant = (slot: number, value: number) => ({ slot, value })
export const column = (name: string, slot: number, level = 0) => ({ name, slot, level })
export const stock = (slot: number, initial: number, flow: number) => ({ slot, initial, flow, min: null, max: null })
