// Gives each value its slot: temporaries of a phase share slots as soon as they are free, so that the working set stays small.
import type { Instruction } from './fuse.ts'
import type { Phase, Schedule } from './schedule.ts'

const PHASES: readonly Phase[] = ['run', 'draw', 'step', 'save']

/**
 * Slot of every value: temporaries first, from 0, then those that live on, in order of first use.
 * @param instructionOf the instruction of a node; undefined for a leaf
 * @param pinned nodes whose value must outlive their phase whoever reads it
 * @param keyOf nodes of one key share one slot (a series and its value at the start)
 */
export function assignSlots(
  schedule: Schedule,
  instructionOf: (id: number) => Instruction | undefined,
  pinned: ReadonlySet<number>,
  keyOf: (id: number) => number,
): { slotOf: (id: number) => number; count: number } {
  const lives = livesOn(schedule, instructionOf, pinned)
  const temporary = new Map<number, number>()
  let temporaries = 0
  for (const phase of PHASES) {
    const free: number[] = []
    let used = 0
    const lastUse = lastUses(schedule[phase], instructionOf)
    schedule[phase].forEach((id, position) => {
      const operands = new Set(instructionOf(id)!.args)
      for (const operand of operands) {
        const slot = temporary.get(operand)
        if (slot !== undefined && lastUse.get(operand) === position) free.push(slot)
      }
      if (lives.has(id)) return
      // The last one freed is the likeliest to be in the cache; it may be one of the operands.
      const slot = free.pop() ?? used++
      temporary.set(id, slot)
    })
    temporaries = Math.max(temporaries, used)
  }
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
function livesOn(
  schedule: Schedule,
  instructionOf: (id: number) => Instruction | undefined,
  pinned: ReadonlySet<number>,
): Set<number> {
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
