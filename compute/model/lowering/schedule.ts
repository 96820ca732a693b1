// Puts operations in order: which phase each belongs to, each behind its operands, shared ones at their first use.
import { PHASES, type Phase } from '../plan.ts'
import type { Instruction } from './fuse.ts'
import { BINDING, type Graph } from './graph.ts'

/** Node ids of the operations of each phase, in order. */
export type Schedule = Readonly<Record<Phase, readonly number[]>>

export interface Roots {
  /** Needed at each step: flows, what is remembered, identities, solves. */
  readonly always: readonly number[]
  /** Needed where a step is saved. */
  readonly saved: readonly number[]
  /** Needed before the first step. */
  readonly initials: readonly number[]
}

/** Depth first from the roots in their order. */
export function schedule(
  graph: Graph,
  instructions: ReadonlyMap<number, Instruction>,
  { always, saved, initials }: Roots,
): Schedule {
  const phases = Object.fromEntries(PHASES.map((phase) => [phase, []])) as unknown as Record<Phase, number[]>
  const seen = new Uint8Array(graph.nodes.length)
  // An unknown is no operation, but stands behind the solve that gives it.
  const operandsOf = (id: number) => instructions.get(id)?.args ?? graph.nodes[id]!.args

  function emitFrom(root: number, onlySaved: boolean): void {
    const stack: { id: number; next: number }[] = []
    const enter = (id: number) => {
      if (seen[id] || (!instructions.has(id) && graph.nodes[id]!.leaf !== 'unknown')) return
      seen[id] = 1
      stack.push({ id, next: 0 })
    }
    enter(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const operand = operandsOf(top.id)[top.next]
      top.next += 1
      if (operand !== undefined) {
        enter(operand)
        continue
      }
      stack.pop()
      if (instructions.has(top.id)) phases[phaseOf(graph.nodes[top.id]!.binding, onlySaved)].push(top.id)
    }
  }

  for (const id of always) emitFrom(id, false)
  for (const id of saved) emitFrom(id, true)
  for (const id of initials) emitFrom(id, false)
  return phases
}

function phaseOf(binding: number, onlySaved: boolean): Phase {
  if (binding === BINDING.run) return 'run'
  if (binding === BINDING.draw) return 'draw'
  if (onlySaved) return 'save'
  return binding === BINDING.step ? 'step' : 'stage'
}
