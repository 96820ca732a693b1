// Solve blocks as nodes: what belongs to a block, what it reads from outside, and in which order its parts are run.
import { QuesnayError } from '../../../schema/errors.ts'
import type { SolveBlock } from '../model.ts'
import type { Instructions } from './fuse.ts'
import { BINDING, type Graph } from './graph.ts'

/** A solve block at a step, or at the start: its unknowns as its own equations see them, those equations, and the guesses. */
export interface SolveNodes {
  readonly name: string
  readonly solve: SolveBlock
  readonly unknowns: readonly { readonly inner: number; readonly next: number; readonly guess: number }[]
}

/** What depends on an unknown is bound within its block. */
export const isInside = (graph: Graph, id: number) => graph.nodes[id]!.binding === BINDING.solve

/**
 * What the equations of a block read from outside of it, and its guesses: rising, each once.
 * @param argsInside operands of what is inside; false for what is outside
 */
export function outsideOf(
  unknowns: SolveNodes['unknowns'],
  argsInside: (id: number) => readonly number[] | false,
): number[] {
  const outside = new Set<number>()
  const seen = new Set<number>()
  const open = unknowns.flatMap((u) => [u.next, u.guess])
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const args = argsInside(id)
    if (args) open.push(...args)
    else outside.add(id)
  }
  return [...outside].sort((a, b) => a - b)
}

/** Throws CONSTRUCT_UNSUPPORTED where a value of a member entity, made since the node `first`, depends on an unknown. */
export function refuseMembers(graph: Graph, solve: SolveBlock, first: number): void {
  const { names } = graph.levels
  for (let id = first; id < graph.nodes.length; id++) {
    const { level } = graph.nodes[id]!
    if (level <= 0 || !isInside(graph, id)) continue
    const message = `the circle goes through ${names[level]}; only values of ${names[0]} can be solved for`
    const path = `solves.${solve.name}`
    throw new QuesnayError('CONSTRUCT_UNSUPPORTED', `${path}: ${message}`, { path, message })
  }
}

/** The instructions of a block's equations, operands first: all of them, and for Gauss-Seidel what each unknown needs anew. */
export interface SolveOrder {
  readonly body: readonly number[]
  readonly parts: readonly (readonly number[])[]
}

export function orderOf(graph: Graph, { solve, unknowns }: SolveNodes, instructions: Instructions): SolveOrder {
  const bodyOf = (roots: readonly number[]) => insideOf(graph, roots, instructions)
  const body = bodyOf(unknowns.map((u) => u.next))
  if (solve.method === 'newton') return { body, parts: [] }
  const placeOf = new Map(unknowns.map((u, place) => [u.inner, place]))
  // Unknowns that a value depends on, by their places.
  const dependsOn = new Map<number, ReadonlySet<number>>()
  for (const id of body) {
    const places = new Set<number>()
    for (const operand of instructions[id]!.args) {
      const place = placeOf.get(operand)
      if (place !== undefined) places.add(place)
      for (const p of dependsOn.get(operand) ?? []) places.add(p)
    }
    dependsOn.set(id, places)
  }
  const computedIn = new Map<number, number>()
  const parts = unknowns.map(({ next }, part) => {
    // A value holds on within a sweep until an unknown it depends on is set.
    const stale = (id: number) => {
      const since = computedIn.get(id)
      return since === undefined || [...dependsOn.get(id)!].some((place) => place >= since && place < part)
    }
    const own = bodyOf([next]).filter(stale)
    for (const id of own) computedIn.set(id, part)
    return own
  })
  return { body, parts }
}

function insideOf(graph: Graph, roots: readonly number[], instructions: Instructions): number[] {
  const order: number[] = []
  const seen = new Set<number>()
  const stack: { id: number; next: number }[] = []
  const enter = (id: number) => {
    if (seen.has(id) || !isInside(graph, id) || !instructions[id]) return
    seen.add(id)
    stack.push({ id, next: 0 })
  }
  for (const root of roots) {
    enter(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const operand = instructions[top.id]!.args[top.next]
      top.next += 1
      if (operand === undefined) {
        order.push(top.id)
        stack.pop()
      } else enter(operand)
    }
  }
  return order
}
