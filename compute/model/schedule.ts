// Puts operations in order: which phase each belongs to, each behind its operands, shared ones at their first use.

import type { Instruction } from './fuse.ts'
import { BINDING, type Graph } from './graph.ts'

export type Phase = 'run' | 'draw' | 'step' | 'save'

/** Node ids of the operations of each phase, in order. */
export type Schedule = Readonly<Record<Phase, readonly number[]>>

/**
 * Depth first from the roots in their order. `flows` are needed at each step, `saved` only where the step is saved,
 * `initials` before the first step.
 */
export function schedule(
  graph: Graph,
  instructions: ReadonlyMap<number, Instruction>,
  roots: { readonly initials: readonly number[]; readonly flows: readonly number[]; readonly saved: readonly number[] },
): Schedule {
  const phases: Record<Phase, number[]> = { run: [], draw: [], step: [], save: [] }
  const seen = new Set<number>()

  function emitFrom(root: number, late: Phase): void {
    const stack: { id: number; next: number }[] = []
    const enter = (id: number) => {
      if (seen.has(id) || !instructions.has(id)) return
      seen.add(id)
      stack.push({ id, next: 0 })
    }
    enter(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const operand = instructions.get(top.id)!.args[top.next]
      top.next += 1
      if (operand !== undefined) {
        enter(operand)
        continue
      }
      stack.pop()
      const { binding } = graph.nodes[top.id]!
      phases[binding === BINDING.run ? 'run' : binding === BINDING.draw ? 'draw' : late].push(top.id)
    }
  }

  for (const id of roots.flows) emitFrom(id, 'step')
  for (const id of roots.saved) emitFrom(id, 'save')
  for (const id of roots.initials) emitFrom(id, 'draw')
  return phases
}
