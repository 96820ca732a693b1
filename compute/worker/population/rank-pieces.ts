// Which runs of which pieces make up each rank group, and which lanes a cut falls between a run's ends so that they must be looked at singly.
/** Households in rising order, each times 8, and where groups of them begin: behind the last its end; before the first those in none. */
export interface Ranking {
  readonly order: Uint32Array
  readonly begins: ArrayLike<number>
}

/** Pieces: where the lanes of each begin, and behind the last where it ends; `run`: households of a run. */
export interface Pieces {
  readonly begins: readonly number[]
  readonly run: number
}

/** A run of a piece, whole in a group. */
export type TakeRun = (piece: number, run: number, group: number) => void
/** A household that is in group `to`, but was counted in group `from`; -1 is none. */
export type MoveHousehold = (household: number, from: number, to: number) => void

/**
 * Goes through the groups piece by piece. Runs are given to the group that a cut's nearest run border gives them to; households between
 * that border and the cut, and those that no run has, are moved.
 * @param households where each household's lanes begin, and behind the last where they end; undefined where each lane is one
 * @param local room for as many numbers as there are households
 */
export function assignRuns(
  { order, begins }: Ranking,
  pieces: Pieces,
  households: Uint32Array | undefined,
  local: Uint32Array,
  takeRun: TakeRun,
  move: MoveHousehold,
): void {
  const groups = begins.length - 1
  const bases = basesOf(pieces.begins, households)
  const pieceOf = pieceFinder(pieces.begins, households)
  const places = bases.slice(0, -1)
  /** [cut][piece]: how many of the piece's households stand before the cut. */
  const cuts: number[][] = []
  for (let i = 0; i <= order.length; i++) {
    while (cuts.length <= groups && begins[cuts.length]! <= i) cuts.push(places.map((place, p) => place - bases[p]!))
    if (i === order.length) break
    const household = order[i]! >>> 3
    const piece = pieceOf(household)
    if (piece >= 0) {
      const place = places[piece]!
      places[piece] = place + 1
      local[place] = household
    } else move(household, -1, cuts.length - 1)
  }
  for (let piece = 0; piece < pieces.begins.length - 1; piece++) {
    const base = bases[piece]!
    const count = bases[piece + 1]! - base
    const own = cuts.map((cut) => cut[piece]!)
    const borders = own.map((cut) => nearestBorder(cut, count, pieces.run))
    for (let group = 0; group < groups; group++) {
      const from = Math.ceil(borders[group]! / pieces.run)
      const to = Math.ceil(borders[group + 1]! / pieces.run)
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
function nearestBorder(place: number, count: number, run: number): number {
  const below = Math.floor(place / run) * run
  const above = Math.min(count, below + run)
  return place - below < above - place ? below : above
}

/** The last group that begins at or before a place; -1 before the first. Places beyond the last end are not asked for. */
function groupAt(begins: readonly number[], place: number): number {
  let group = -1
  while (group + 1 < begins.length - 1 && begins[group + 1]! <= place) group++
  return group
}

/** Pieces begin at multiples of so many lanes. */
const BLOCK = 64

/** The piece in whose runs a household is; -1 where it is a piece's first or last, and may be in two. */
function pieceFinder(begins: readonly number[], households: Uint32Array | undefined): (household: number) => number {
  const ofBlock = new Int32Array(Math.ceil(begins.at(-1)! / BLOCK))
  for (let piece = 0; piece < begins.length - 1; piece++) {
    ofBlock.fill(piece, begins[piece]! / BLOCK, Math.ceil(begins[piece + 1]! / BLOCK))
  }
  if (!households) return (lane) => ofBlock[lane >>> 6]!
  return (household) => {
    const from = households[household]!
    const piece = ofBlock[from >>> 6]!
    return from > begins[piece]! && households[household + 1]! < begins[piece + 1]! ? piece : -1
  }
}

/** Where the households in the runs of each piece begin, counted over all pieces, and behind the last where they end. */
function basesOf(begins: readonly number[], households: Uint32Array | undefined): number[] {
  if (!households) return [...begins]
  const pieceOf = pieceFinder(begins, households)
  const counts = new Array<number>(begins.length).fill(0)
  for (let household = 0; household < households.length - 1; household++) {
    const piece = pieceOf(household)
    if (piece >= 0) counts[piece + 1]! += 1
  }
  for (let piece = 0; piece < begins.length - 1; piece++) counts[piece + 1]! += counts[piece]!
  return counts
}
