// Sums by rank group, from the runs of the shards and the lanes that the cuts fall on.
import { addSums, addTerm, LIMBS, sumAt } from '../../statistics/exact-sum.ts'
import { rankGroups } from '../../statistics/rank-groups.ts'
import { sumOf } from '../../statistics/sum-of.ts'
import type { Ranked } from './income-table.ts'
import { type LaneSource, valuesOfLanes } from './lanes.ts'
import { piecesOf } from './pieces.ts'
import { assignRuns } from './rank-pieces.ts'
import type { Roles } from './roles.ts'
import { rowsOf } from './shard-numbers.ts'

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
  readonly shards: readonly { readonly lanes: number; readonly runs: Float64Array }[]
  /** Room for as many numbers as there are households. */
  readonly local: Uint32Array
}

/** A lane whose group is not that which the runs gave it; -1 is none. */
interface Move {
  readonly lane: number
  readonly from: number
  readonly to: number
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
function addRuns(question: RankQuestion, begins: Uint32Array, exact: Float64Array): Move[] {
  const { roles, households, shards, ranking, local } = question
  const rows = rowsOf(roles.ranked)
  const pieces = piecesOf(
    shards.map(({ lanes }) => lanes),
    roles.shape,
  )
  const blocks = blocksOf(question, pieces)
  const moves: Move[] = []
  const takeRun = (piece: number, run: number, group: number) => {
    const { runs, at, count } = blocks[piece]!
    for (let row = 0; row < rows; row++) {
      addSums(exact, (group * rows + row) * LIMBS, runs, at + (row * count + run) * LIMBS)
    }
  }
  const move = (household: number, from: number, to: number) => {
    const last = households ? households[household + 1]! : household + 1
    for (let lane = households ? households[household]! : household; lane < last; lane++) moves.push({ lane, from, to })
  }
  const ordered = { order: ranking.order, begins }
  assignRuns(ordered, { begins: pieces, run: roles.shape.run }, households, local, takeRun, move)
  return moves
}

/** Adds the terms of lanes to the groups they are in, and takes them from those they were counted in. */
async function addMoves(roles: Roles, moves: readonly Move[], exact: Float64Array, source: LaneSource): Promise<void> {
  const rows = rowsOf(roles.ranked)
  const lanes = Uint32Array.from(moves, ({ lane }) => lane)
  const values = await valuesOfLanes(source, lanes, [roles.weight, ...roles.ranked])
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < lanes.length; i++) {
      const { from, to } = moves[i]!
      const weight = values[i]!
      const term = row === 0 ? weight : weight * values[row * lanes.length + i]!
      if (to >= 0) addTerm(exact, (to * rows + row) * LIMBS, term)
      if (from >= 0) addTerm(exact, (from * rows + row) * LIMBS, term, -1)
    }
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

/** The runs of each piece: the numbers that they stand in, from where on, and how many they are. */
function blocksOf({ roles, shards, households }: RankQuestion, pieces: readonly number[]) {
  const rows = rowsOf(roles.ranked)
  const countOf = householdCounter(households)
  let piece = 0
  return shards.flatMap(({ lanes, runs }) => {
    let at = 0
    return Array.from({ length: Math.ceil(lanes / roles.shape.lanes) }, () => {
      const count = Math.ceil(countOf(pieces[piece]!, pieces[++piece]!) / roles.shape.run)
      const block = { runs, at, count }
      at += rows * count * LIMBS
      return block
    })
  })
}

/** Counts, for one piece after the other, the households that lie inside and touch neither end; unlinked all lanes. */
function householdCounter(begins: Uint32Array | undefined): (from: number, to: number) => number {
  if (!begins) return (from, to) => to - from
  const households = begins.length - 1
  let household = 0
  return (from, to) => {
    while (household < households && begins[household]! <= from) household++
    const first = household
    while (household < households && begins[household + 1]! < to) household++
    return household - first
  }
}
