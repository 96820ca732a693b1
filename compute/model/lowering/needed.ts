// Which stocks, registers, rings and solve blocks the outputs and identities depend on, once constants are folded.
import type { SolveNodes } from './solve-nodes.ts'
import type { StateNodes, Translation } from './translate.ts'

export interface Needed {
  /** By name. */
  readonly states: readonly StateNodes[]
  /** By name, each with its node. */
  readonly solves: readonly (SolveNodes & { readonly id: number })[]
}

/** @param roots nodes that are needed themselves */
export function neededBy({ graph, states, solves }: Translation, roots: readonly number[]): Needed {
  const seen = new Uint8Array(graph.nodes.length)
  const neededStates: StateNodes[] = []
  const neededSolves: (SolveNodes & { id: number })[] = []
  const open = [...roots]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen[id]) continue
    seen[id] = 1
    const node = graph.nodes[id]!
    for (const operand of node.args) open.push(operand)
    const state = node.leaf === undefined ? undefined : states.get(id)
    if (state) {
      neededStates.push(state)
      open.push(state.initial, state.next, ...(state.delay === undefined ? [] : [state.delay]))
    }
    if (node.op !== 'solve') continue
    const solve = solves.get(node.index!)!
    neededSolves.push({ ...solve, id })
    for (const { inner, next, guess } of solve.unknowns) open.push(inner, next, guess)
  }
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  return { states: neededStates.sort(byName), solves: neededSolves.sort(byName) }
}
