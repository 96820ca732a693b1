// Pieces of a shard: what is summed and ranked at a time, small enough to stay in the cache.
import { addedUp, householdsOf } from '../../statistics/households.ts'
import { risingOrder } from '../../statistics/rising-order.ts'

/** Lanes of a piece; the last one of a shard may have fewer. */
export const PIECE_LANES = 4096
/** Households of a run, for which ranked outputs are summed; the last one of a piece may have fewer. */
export const RUN_HOUSEHOLDS = 64

/** Where the pieces of shards begin, and behind the last where it ends. `shards`: lanes of each, in their order. */
export function piecesOf(shards: readonly number[]): number[] {
  const begins: number[] = []
  let from = 0
  for (const lanes of shards) {
    for (let piece = 0; piece < lanes; piece += PIECE_LANES) begins.push(from + piece)
    from += lanes
  }
  return [...begins, from]
}

/** Lanes in some order, and where runs of them begin; behind the last run where it ends. */
export interface Runs {
  readonly lanes: Uint32Array
  readonly begins: Uint32Array
}

/**
 * Lanes of a piece by rising `by` of their households, in runs. Where lanes are linked, the first and the last household are left out:
 * they may go on in the pieces beside.
 */
export function rankRuns(by: Float64Array, link: Float64Array | undefined): Runs {
  if (!link) {
    const lanes = risingOrder(by)
    return { lanes, begins: everySo(lanes.length, RUN_HOUSEHOLDS) }
  }
  const inner = innerHouseholds(householdsOf(link))
  const order = risingOrder(addedUp(by, inner))
  const lanes = new Uint32Array(inner.at(-1)! - inner[0]!)
  const begins: number[] = []
  let count = 0
  for (let i = 0; i < order.length; i++) {
    if (i % RUN_HOUSEHOLDS === 0) begins.push(count)
    const household = order[i]!
    for (let lane = inner[household]!; lane < inner[household + 1]!; lane++) lanes[count++] = lane
  }
  return { lanes, begins: Uint32Array.from([...begins, count]) }
}

/** The households without the first and the last; of one or two none are left. */
export function innerHouseholds(begins: Uint32Array): Uint32Array {
  return begins.length > 3 ? begins.subarray(1, begins.length - 1) : begins.subarray(0, 1)
}

function everySo(count: number, length: number): Uint32Array {
  const runs = Math.ceil(count / length)
  return Uint32Array.from({ length: runs + 1 }, (_, i) => Math.min(count, i * length))
}
