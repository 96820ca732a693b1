// Gives each value its slot: temporaries of a phase share slots as soon as they are free, so that the working set stays small.
import type { Instruction } from './fuse.ts'
import type { Phase, Schedule } from './schedule.ts'

const PHASES: readonly Phase[] = ['run', 'draw', 'step', 'save']

export interface Values {
  /** The instruction of a node; undefined for a leaf. */
  readonly instructionOf: (id: number) => Instruction | undefined
  /** Whether a value can differ from lane to lane: such ones share no slot with others, which are kept once per block. */
  readonly isPerLane: (id: number) => boolean
  /** Nodes of one key share one slot (a series and its value at the start). */
  readonly keyOf: (id: number) => number
  /** Nodes whose value must outlive their phase whoever reads it. */
  readonly pinned: ReadonlySet<number>
}

/** Slot of every value: temporaries first, from 0, then those that live on, in order of first use. */
export function assignSlots(schedule: Schedule, values: Values): { slotOf: (id: number) => number; count: number } {
  const { instructionOf, isPerLane, keyOf, pinned } = values
  const lives = livesOn(schedule, values)
  const temporary = new Map<number, number>()
  const pools = { perLane: [] as number[], uniform: [] as number[] }
  for (const phase of PHASES) {
    const free = { perLane: pools.perLane.toReversed(), uniform: pools.uniform.toReversed() }
    const poolOf = (id: number) => (isPerLane(id) ? 'perLane' : 'uniform')
    const lastUse = lastUses(schedule[phase], instructionOf)
    for (const [position, id] of schedule[phase].entries()) {
      for (const operand of new Set(instructionOf(id)!.args)) {
        const slot = temporary.get(operand)
        if (slot !== undefined && lastUse.get(operand) === position) free[poolOf(operand)].push(slot)
      }
      if (lives.has(id)) continue
      // The last one freed is the likeliest to be in the cache; it may be one of the operands.
      const pool = poolOf(id)
      const recycled = free[pool].pop()
      const slot = recycled ?? pools.perLane.length + pools.uniform.length
      if (recycled === undefined) pools[pool].push(slot)
      temporary.set(id, slot)
    }
  }
  const temporaries = pools.perLane.length + pools.uniform.length
  const lasting = new Map<number, number>()
  const touch = (id: number) => {
    const key = keyOf(id)
    if (!temporary.has(id) && !lasting.has(key)) lasting.set(key, temporaries + lasting.size)
  }
  for (const phase of PHASES.toReversed()) {
    for (const id of schedule[phase]) {
      for (const operand of instructionOf(id)!.args) touch(operand)
      touch(id)
    }
  }
  for (const id of [...pinned].sort((a, b) => a - b)) touch(id)
  return { slotOf: (id) => temporary.get(id) ?? lasting.get(keyOf(id))!, count: temporaries + lasting.size }
}

/** Leaves, pinned values, and values that another phase reads. */
function livesOn(schedule: Schedule, { instructionOf, pinned }: Values): Set<number> {
  const lives = new Set(pinned)
  for (const phase of PHASES) {
    const own = new Set(schedule[phase])
    for (const id of schedule[phase]) {
      for (const operand of instructionOf(id)!.args) if (!own.has(operand)) lives.add(operand)
    }
  }
  return lives
}

function lastUses(ids: readonly number[], instructionOf: (id: number) => Instruction | undefined): Map<number, number> {
  const last = new Map<number, number>()
  ids.forEach((id, position) => {
    for (const operand of instructionOf(id)!.args) last.set(operand, position)
  })
  return last
}
