// Solve blocks among the equations: what each takes in, what it waits for, and the order of everything with blocks as one.
import type { SolveBlock } from '../model.ts'
import { type Ordering, topologicalOrder } from './order.ts'

/** A solve block as it is at a step, or at the start. */
export interface Block {
  readonly solve: SolveBlock
  /** Variables between the unknowns: they depend on one and one depends on them. */
  readonly inner: ReadonlySet<string>
  /** What the equations of the unknowns and of the inner variables read beside, and at the start the guesses. */
  readonly reads: readonly string[]
}

/** Prefix of a block's node among the names of an ordering; no name begins with it. */
const BLOCK = '\u0000'

/**
 * The blocks of a model by unknown.
 * @param readsOf what a variable is computed from, here: at a step or at the start
 * @param guessReads what the guess of an unknown reads, where that counts
 */
export function blocksOf(
  solves: readonly SolveBlock[],
  readsOf: (name: string) => readonly string[],
  guessReads: (solve: SolveBlock) => readonly string[] = () => [],
): ReadonlyMap<string, Block> {
  const unknowns = new Map(solves.flatMap((solve) => solve.unknowns.map((name) => [name, solve] as const)))
  const blocks = new Map<string, Block>()
  for (const solve of solves) {
    const { inner, reads } = condense(solve, unknowns, readsOf)
    const block = { solve, inner, reads: [...new Set([...reads, ...guessReads(solve)])] }
    for (const name of solve.unknowns) blocks.set(name, block)
  }
  return blocks
}

function condense(
  solve: SolveBlock,
  unknowns: ReadonlyMap<string, SolveBlock>,
  readsOf: (name: string) => readonly string[],
): { inner: Set<string>; reads: Set<string> } {
  const readers = new Map<string, string[]>()
  const open = [...solve.unknowns]
  const seen = new Set(open)
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const read of readsOf(name)) {
      const already = readers.get(read)
      if (already) already.push(name)
      else readers.set(read, [name])
      if (seen.has(read)) continue
      seen.add(read)
      if (!unknowns.has(read)) open.push(read)
    }
  }
  const inner = new Set<string>()
  const upwards = [...solve.unknowns]
  for (let name = upwards.pop(); name !== undefined; name = upwards.pop()) {
    for (const reader of readers.get(name) ?? []) {
      if (inner.has(reader) || solve.unknowns.includes(reader)) continue
      inner.add(reader)
      upwards.push(reader)
    }
  }
  const reads = new Set<string>()
  for (const name of [...solve.unknowns, ...inner]) {
    for (const read of readsOf(name)) if (!inner.has(read) && unknowns.get(read) !== solve) reads.add(read)
  }
  return { inner, reads }
}

/** Names so that each stands behind what it reads, where an unknown reads what its block reads; else the first circle. */
export function orderWithBlocks(
  names: readonly string[],
  readsOf: (name: string) => readonly string[],
  blocks: ReadonlyMap<string, Block>,
): Ordering {
  if (blocks.size === 0) return topologicalOrder(names, readsOf)
  const byNode = new Map<string, Block>()
  for (const block of blocks.values()) byNode.set(BLOCK + block.solve.name, block)
  const ordering = topologicalOrder([...byNode.keys(), ...names], (name) => {
    const own = byNode.get(name)
    if (own) return own.reads
    const block = blocks.get(name)
    return block ? [BLOCK + block.solve.name] : readsOf(name)
  })
  const named = (list: readonly string[]) => list.filter((name) => !name.startsWith(BLOCK))
  if ('order' in ordering) return { order: named(ordering.order) }
  const circle = named(ordering.cycle)
  return { cycle: circle[0] === circle.at(-1) && circle.length > 1 ? circle : [...circle, circle[0]!] }
}
