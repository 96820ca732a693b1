// Which runs of a piece make up each rank group, and which households a cut falls between a run's ends so that they must be looked at singly.

/** What separates a group from those before it: the group's first household in the order of values and, of equal ones, of households. */
export interface Cut {
  readonly value: number
  readonly household: number
}

/** Households of a piece that are in its runs, in rising order: `order` counts from `first`. */
export interface PieceOrder {
  readonly first: number
  readonly order: Uint16Array
  /** Households of a run. */
  readonly run: number
}

/** Runs from..to-1, whole in a group. */
export type TakeRuns = (from: number, to: number, group: number) => void
/** A household that is in group `to`, but was counted in group `from`; -1 is none. */
export type MoveHousehold = (household: number, from: number, to: number) => void

/**
 * Gives the runs of a piece to the groups: each to the one that a cut's nearest run border gives it to; households between that border and
 * the cut are moved. @param cuts of each group in turn, undefined where nobody
 * stands behind; before the first are those in none @param values of all households
 */
export function assignRuns(
  { first, order, run }: PieceOrder,
  cuts: readonly (Cut | undefined)[],
  values: Float64Array,
  takeRuns: TakeRuns,
  move: MoveHousehold,
): void {
  const count = order.length
  const own = [...cuts.map((cut) => (cut ? placeOf(cut, first, order, values) : count)), count]
  const borders = own.map((place) => nearestBorder(place, count, run))
  for (let group = 0; group < cuts.length; group++) {
    const from = Math.ceil(borders[group]! / run)
    const to = Math.ceil(borders[group + 1]! / run)
    if (from < to) takeRuns(from, to, group)
  }
  let done = 0
  for (const [i, cut] of own.entries()) {
    const border = borders[i]!
    for (let place = Math.max(done, Math.min(cut, border)); place < Math.max(cut, border); place++) {
      done = place + 1
      move(first + order[place]!, groupAt(borders, place), groupAt(own, place))
    }
  }
}

/** Whether a household with this value stands before a cut. */
export function isBefore(value: number, household: number, cut: Cut): boolean {
  return value < cut.value || (value === cut.value && household < cut.household)
}

/** How many of a piece's households stand before a cut. */
function placeOf(cut: Cut, first: number, order: Uint16Array, values: Float64Array): number {
  let from = 0
  let to = order.length
  while (from < to) {
    const middle = (from + to) >>> 1
    const one = first + order[middle]!
    const x = values[one]!
    if (isBefore(x, one, cut)) from = middle + 1
    else to = middle
  }
  return from
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
