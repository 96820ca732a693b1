// Gives each value its slot: temporaries of a phase share slots as soon as they are free, so that the working set stays small.
import { PHASES } from '../plan.ts'
import type { Instructions } from './fuse.ts'
import type { Schedule } from './schedule.ts'

export interface Values {
  readonly instructions: Instructions
  /** -1, 0, 1..: values of different levels share no slot, because they are kept in different numbers. */
  readonly levelOf: (id: number) => number
  /** Nodes of one key share one slot that lives on (a series and its value at the start). */
  readonly keyOf: (id: number) => number
  /** Nodes whose value must outlive their phase whoever reads it. */
  readonly pinned: readonly number[]
  /** Operations inside of solve blocks: each has a slot of its own. */
  readonly bodies: readonly (readonly number[])[]
}

/** Slot of every value: temporaries first, from 0, then those that live on, in order of first use. */
export function assignSlots(schedule: Schedule, values: Values): { slotOf: (id: number) => number; count: number } {
  const { instructions, levelOf, keyOf, pinned, bodies } = values
  const lives = livesOn(schedule, values)
  const temporary = new Int32Array(instructions.length).fill(NONE)
  const lastUse = new Int32Array(instructions.length)
  // Slots of temporaries by level.
  const pools: number[][] = []
  const poolOf = (all: number[][], id: number) => (all[levelOf(id) + 1] ??= [])
  let temporaries = 0
  for (const phase of PHASES) {
    const free = pools.map((slots) => slots.toReversed())
    const ids = schedule[phase]
    for (const [position, id] of ids.entries())
      for (const operand of instructions[id]!.args) lastUse[operand] = position
    for (const [position, id] of ids.entries()) {
      for (const operand of instructions[id]!.args) {
        const slot = temporary[operand]!
        if (slot === NONE || lastUse[operand] !== position) continue
        poolOf(free, operand).push(slot)
        // Freed once, though it may be several of the operands.
        lastUse[operand] = NONE
      }
      if (lives[id]) continue
      // The last one freed is the likeliest to be in the cache; it may be one of the operands.
      let slot = poolOf(free, id).pop()
      if (slot === undefined) {
        slot = temporaries++
        poolOf(pools, id).push(slot)
      }
      temporary[id] = slot
    }
  }
  const keys = new Int32Array(instructions.length)
  let most = 0
  for (let id = 0; id < keys.length; id++) {
    keys[id] = keyOf(id)
    most = Math.max(most, keys[id]!)
  }
  // A key may be that of a node behind all of them.
  const lasting = new Int32Array(most + 1).fill(NONE)
  let count = temporaries
  const touch = (id: number) => {
    if (temporary[id] !== NONE) return
    const key = keys[id]!
    if (lasting[key] === NONE) lasting[key] = count++
  }
  for (const ids of [...bodies, ...PHASES.toReversed().map((phase) => schedule[phase])]) {
    for (const id of ids) {
      for (const operand of instructions[id]!.args) touch(operand)
      touch(id)
    }
  }
  for (const id of pinned.toSorted((a, b) => a - b)) touch(id)
  return { slotOf: (id) => (temporary[id] !== NONE ? temporary[id]! : lasting[keys[id]!]!), count }
}

const NONE = -1

/** Leaves, pinned values, and values that another phase reads. */
function livesOn(schedule: Schedule, { instructions, pinned }: Values): Uint8Array {
  const lives = new Uint8Array(instructions.length)
  const phaseOf = new Uint8Array(instructions.length)
  for (const id of pinned) lives[id] = 1
  for (const [i, phase] of PHASES.entries()) {
    for (const id of schedule[phase]) phaseOf[id] = i + 1
    for (const id of schedule[phase]) {
      for (const operand of instructions[id]!.args) if (phaseOf[operand] !== i + 1) lives[operand] = 1
    }
  }
  return lives
}
