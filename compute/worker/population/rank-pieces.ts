// Which runs of which pieces make up each rank group, and which lanes a cut falls between a run's ends so that they must be looked at singly.
import { RUN_HOUSEHOLDS } from './pieces.ts'

/** Households in rising order, and where groups of them begin: behind the last its end; before the first those in none. */
export interface Ranking {
  readonly order: Uint32Array
  readonly begins: ArrayLike<number>
}

/** A run of a piece, whole in a group. */
export type TakeRun = (piece: number, run: number, group: number) => void
/** A household that is in group `to`, but was counted in group `from`; -1 is none. */
export type MoveHousehold = (household: number, from: number, to: number) => void

/**
 * Goes through the groups piece by piece. Runs are given to the group that a cut's nearest run border gives them to; households between
 * that border and the cut, and those that no run has, are moved.
 * @param pieces where each piece's lanes begin, and behind the last where it ends
 * @param households where each household's lanes begin, likewise; undefined where each lane is one
 */
export function assignRuns(
  { order, begins }: Ranking,
  pieces: readonly number[],
  households: Uint32Array | undefined,
  takeRun: TakeRun,
  move: MoveHousehold,
): void {
  const groups = begins.length - 1
  const pieceOf = piecesOfHouseholds(order.length, pieces, households)
  const bases = basesOf(pieceOf, pieces.length - 1)
  const places = bases.slice(0, -1)
  const local = new Uint32Array(bases.at(-1)!)
  /** [cut][piece]: how many of the piece's households stand before the cut. */
  const cuts: number[][] = []
  for (let i = 0; i <= order.length; i++) {
    while (cuts.length <= groups && begins[cuts.length]! <= i) cuts.push(places.map((place, p) => place - bases[p]!))
    if (i === order.length) break
    const household = order[i]!
    const piece = pieceOf[household]!
    if (piece >= 0) local[places[piece]!++] = household
    else move(household, -1, Math.min(cuts.length - 1, groups - 1))
  }
  for (let piece = 0; piece < pieces.length - 1; piece++) {
    const base = bases[piece]!
    const count = bases[piece + 1]! - base
    const own = cuts.map((cut) => cut[piece]!)
    const borders = own.map((cut) => nearestBorder(cut, count))
    for (let group = 0; group < groups; group++) {
      const from = Math.ceil(borders[group]! / RUN_HOUSEHOLDS)
      const to = Math.ceil(borders[group + 1]! / RUN_HOUSEHOLDS)
      for (let run = from; run < to; run++) takeRun(piece, run, group)
    }
    let done = 0
    for (const [i, cut] of own.entries()) {
      const border = borders[i]!
      for (let place = Math.max(done, Math.min(cut, border)); place < Math.max(cut, border); place++) {
        done = place + 1
        move(local[base + place]!, groupAt(borders, place), groupAt(own, place))
      }
    }
  }
}

/** The end of a run that is nearest to a place; the last run may end earlier than others. */
function nearestBorder(place: number, count: number): number {
  const below = Math.floor(place / RUN_HOUSEHOLDS) * RUN_HOUSEHOLDS
  const above = Math.min(count, below + RUN_HOUSEHOLDS)
  return place - below < above - place ? below : above
}

/** The last group that begins at or before a place; -1 before the first. Places beyond the last end are not asked for. */
function groupAt(begins: readonly number[], place: number): number {
  let group = -1
  while (group + 1 < begins.length - 1 && begins[group + 1]! <= place) group++
  return group
}

/** The piece in whose runs a household is: -1 where it is a piece's first or last, and may be in two. */
function piecesOfHouseholds(count: number, pieces: readonly number[], households: Uint32Array | undefined): Int32Array {
  const pieceOf = new Int32Array(count)
  let piece = 0
  for (let household = 0; household < count; household++) {
    const from = households ? households[household]! : household
    while (from >= pieces[piece + 1]!) piece++
    const to = households ? households[household + 1]! : 0
    pieceOf[household] = !households || (from > pieces[piece]! && to < pieces[piece + 1]!) ? piece : -1
  }
  return pieceOf
}

/** Where the households of each piece begin, counted over all pieces, and behind the last where they end. */
function basesOf(pieceOf: Int32Array, pieces: number): number[] {
  const counts = new Array<number>(pieces + 1).fill(0)
  for (const piece of pieceOf) if (piece >= 0) counts[piece + 1]! += 1
  for (let piece = 0; piece < pieces; piece++) counts[piece + 1]! += counts[piece]!
  return counts
}
