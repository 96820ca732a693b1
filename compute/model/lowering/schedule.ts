// Puts operations in order: which phase each belongs to, each behind its operands, shared ones at their first use.
import { PHASES, type Phase } from '../plan.ts'
import type { Instructions } from './fuse.ts'
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
export function schedule(graph: Graph, instructions: Instructions, { always, saved, initials }: Roots): Schedule {
  const phases = Object.fromEntries(PHASES.map((phase) => [phase, []])) as unknown as Record<Phase, number[]>
  const seen = new Uint8Array(graph.nodes.length)
  // An unknown is no operation, but stands behind the solve that gives it.
  const operandsOf = (id: number) => instructions[id]?.args ?? graph.nodes[id]!.args

  // Nodes on the way down, and which operand of each comes next.
  const path: number[] = []
  const nexts: number[] = []
  const enter = (id: number) => {
    if (seen[id] || (!instructions[id] && graph.nodes[id]!.leaf !== 'unknown')) return
    seen[id] = 1
    path.push(id)
    nexts.push(0)
  }
  function emitFrom(root: number, onlySaved: boolean): void {
    enter(root)
    while (path.length > 0) {
      const top = path.length - 1
      const id = path[top]!
      const operand = operandsOf(id)[nexts[top]!++]
      if (operand !== undefined) {
        enter(operand)
        continue
      }
      path.pop()
      nexts.pop()
      if (instructions[id]) phases[phaseOf(graph.nodes[id]!.binding, onlySaved)].push(id)
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
