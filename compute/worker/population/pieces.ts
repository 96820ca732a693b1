// Pieces of a shard: what is summed and ranked at a time, small enough to stay in the cache.
import { addedUp, householdsOf } from '../../statistics/households.ts'
import { risingOrder } from '../../statistics/rising-order.ts'

/** How the lanes of shards are cut; the same for every shard of a question. */
export interface PieceShape {
  /** Lanes of a piece: a multiple of 64; the last one of a shard may have fewer. */
  readonly lanes: number
  /** Households of a run, for which ranked outputs are summed; the last one of a piece may have fewer. */
  readonly run: number
}

/** The results of a piece are to stay in the second-level cache, and the sums of all its runs to be no more than some 30 values a lane. */
export function pieceShape(outputs: number, ranked: number): PieceShape {
  const lanes = outputs <= 12 ? 4096 : outputs <= 24 ? 2048 : 1024
  const runs = ranked <= 64 ? 64 : ranked <= 128 ? 32 : 16
  return { lanes, run: lanes / runs }
}

/** Runs that so many lanes of a shard make at most: each lane a household. */
export function mostRuns(lanes: number, { lanes: piece, run }: PieceShape): number {
  return Math.floor(lanes / piece) * Math.ceil(piece / run) + Math.ceil((lanes % piece) / run)
}

/** Where the pieces of shards begin, and behind the last where it ends. `shards`: lanes of each, in their order. */
export function piecesOf(shards: readonly number[], shape: PieceShape): number[] {
  const begins: number[] = []
  let from = 0
  for (const lanes of shards) {
    for (let piece = 0; piece < lanes; piece += shape.lanes) begins.push(from + piece)
    from += lanes
  }
  return [...begins, from]
}

/** Lanes by rising `by` of their households, and where runs of these begin; behind the last run where it ends. */
export interface Runs {
  readonly lanes: Uint32Array
  readonly begins: Uint32Array
  /** The households themselves, counted from the first that is in a run. */
  readonly households: Uint32Array
}

/** The runs of a piece whose lanes are linked: without the first and the last household, which may go on in the pieces beside. */
export function rankedHouseholds(by: Float64Array, link: Float64Array, run: number): Runs {
  const inner = innerHouseholds(householdsOf(link))
  const households = risingOrder(addedUp(by, inner))
  const lanes = new Uint32Array(inner.at(-1)! - inner[0]!)
  const begins: number[] = []
  let count = 0
  for (let i = 0; i < households.length; i++) {
    if (i % run === 0) begins.push(count)
    const household = households[i]!
    for (let lane = inner[household]!; lane < inner[household + 1]!; lane++) lanes[count++] = lane
  }
  return { lanes, begins: Uint32Array.from([...begins, count]), households }
}

/** The households without the first and the last; of one or two none are left. */
export function innerHouseholds(begins: Uint32Array): Uint32Array {
  return begins.length > 3 ? begins.subarray(1, begins.length - 1) : begins.subarray(0, 1)
}
