// Sums by rank group, from the runs of the shards and the lanes that the cuts fall on.
import { LIMBS, sumAt, sumUp } from '../../statistics/exact-sum.ts'
import { rankGroups } from '../../statistics/rank-groups.ts'
import { sumOf } from '../../statistics/sum-of.ts'
import type { Ranked } from './income-table.ts'
import type { LaneSource } from './lanes.ts'
import { addMoves, Moves } from './moves.ts'
import { piecesOf } from './pieces.ts'
import { assignRuns, type Cut, isBefore, type MoveHousehold } from './rank-pieces.ts'
import type { Roles } from './roles.ts'
import { rowsOf, type ShardNumbers } from './shard-numbers.ts'

export interface RankSums {
  readonly lanes: Float64Array
  readonly rankWeight: Float64Array
  readonly least: Float64Array
  /** sums[row][group]: the weight alone, then the ranked outputs. */
  readonly sums: Float64Array
}

export interface RankQuestion {
  readonly roles: Roles
  readonly count: number
  readonly dropNegative: boolean
  /** Households by rising `by`, with their rank weights. */
  readonly ranking: Ranked
  /** Where the lanes of each household begin; undefined where each lane is one. */
  readonly households: Uint32Array | undefined
  /** In the order of the lanes. */
  readonly shards: readonly (Pick<ShardNumbers, 'runs' | 'order'> & { readonly lanes: number })[]
}

export async function rankSums(question: RankQuestion, source: LaneSource): Promise<RankSums> {
  const { roles, count, ranking, households } = question
  const begins = groupsOf(question)
  const rows = rowsOf(roles.ranked)
  /** [group][row][limb] */
  const exact = new Float64Array(count * rows * LIMBS)
  const moves = addRuns(question, begins, exact)
  const counts = countsOf(ranking, begins, households)
  await addMoves(roles, moves, exact, source)
  const sums = new Float64Array(rows * count)
  for (let row = 0; row < rows; row++) {
    for (let group = 0; group < count; group++) sums[row * count + group] = sumAt(exact, (group * rows + row) * LIMBS)
  }
  return { ...counts, sums }
}

/** Where each group begins in the rising order; those that are left out stand before the first. */
function groupsOf({ ranking, count, dropNegative }: RankQuestion): Uint32Array {
  const begins = rankGroups(ranking, count)
  if (!dropNegative) return begins
  let negative = 0
  while (negative < ranking.values.length && ranking.values[negative]! < 0) negative++
  return begins.map((begin) => Math.max(begin, negative))
}

/** Adds whole runs to their groups; returns the lanes that are still to be moved. */
function addRuns(question: RankQuestion, begins: Uint32Array, exact: Float64Array): Moves {
  const { roles, households, ranking } = question
  const rows = rowsOf(roles.ranked)
  const moves = new Moves()
  const move = (household: number, from: number, to: number) => {
    const last = households ? households[household + 1]! : household + 1
    for (let lane = households ? households[household]! : household; lane < last; lane++) moves.add(lane, from, to)
  }
  const cuts = cutsOf(ranking, begins)
  for (const { order, first, runs, at } of piecesIn(question)) {
    const { run } = roles.shape
    const count = Math.ceil(order.length / run)
    const takeRuns = (from: number, to: number, group: number) => {
      for (let row = 0; row < rows; row++) {
        sumUp(exact, (group * rows + row) * LIMBS, runs, at + (row * count + from) * LIMBS, to - from)
      }
    }
    assignRuns({ first, order, run }, cuts, ranking.incomes, takeRuns, move)
  }
  if (households) moveEdges(question, cuts, move)
  return moves
}

/** The first of each group; undefined of one that begins at the end. */
function cutsOf({ order, values }: Ranked, begins: Uint32Array): (Cut | undefined)[] {
  return Array.from(begins.subarray(0, -1), (begin) =>
    begin < order.length ? { value: values[begin]!, household: order[begin]! >>> 3 } : undefined,
  )
}

/** Households that are in no run, because they touch an end of a piece. */
function moveEdges(
  { roles, shards, households, ranking }: RankQuestion,
  cuts: readonly (Cut | undefined)[],
  move: MoveHousehold,
) {
  const begins = households!
  const pieces = piecesOf(
    shards.map(({ lanes }) => lanes),
    roles.shape,
  )
  let piece = 0
  for (let household = 0; household < begins.length - 1; household++) {
    const from = begins[household]!
    while (from >= pieces[piece + 1]!) piece++
    if (from > pieces[piece]! && begins[household + 1]! < pieces[piece + 1]!) continue
    const value = ranking.incomes[household]!
    let group = -1
    for (let cut = cuts[0]; cut && !isBefore(value, household, cut); cut = cuts[group + 1]) group++
    move(household, -1, group)
  }
}

/** Of each group: how many lanes, the sum of the households' rank weights, the least value. */
function countsOf(ranking: Ranked, begins: Uint32Array, households: Uint32Array | undefined) {
  const groups = Array.from({ length: begins.length - 1 }, (_, group) => [begins[group]!, begins[group + 1]!] as const)
  return {
    lanes: Float64Array.from(groups, ([from, to]) => {
      if (!households) return to - from
      let lanes = 0
      for (let i = from; i < to; i++) {
        const household = ranking.order[i]! >>> 3
        lanes += households[household + 1]! - households[household]!
      }
      return lanes
    }),
    rankWeight: Float64Array.from(groups, ([from, to]) => sumOf(ranking.weights.subarray(from, to))),
    least: Float64Array.from(groups, ([from, to]) => (from < to ? ranking.values[from]! : Number.NaN)),
  }
}

/** The pieces of all shards: their orders, from which household on these count, and where their runs lie. */
function piecesIn({ roles, shards, households }: RankQuestion) {
  const rows = rowsOf(roles.ranked)
  const countOf = householdCounter(households)
  let lane = 0
  return shards.flatMap(({ lanes, runs, order }) => {
    const end = lane + lanes
    let at = 0
    let place = 0
    const pieces = []
    for (; lane < end; lane += roles.shape.lanes) {
      const { first, count } = countOf(lane, Math.min(end, lane + roles.shape.lanes))
      pieces.push({ order: order.subarray(place, place + count), first, runs, at })
      at += rows * Math.ceil(count / roles.shape.run) * LIMBS
      place += count
    }
    lane = end
    return pieces
  })
}

/** Finds, for one piece after the other, the households that lie inside and touch neither end; unlinked all lanes. */
function householdCounter(begins: Uint32Array | undefined) {
  if (!begins) return (from: number, to: number) => ({ first: from, count: to - from })
  const households = begins.length - 1
  let household = 0
  return (from: number, to: number) => {
    while (household < households && begins[household]! <= from) household++
    const first = household
    while (household < households && begins[household + 1]! < to) household++
    return { first, count: household - first }
  }
}
