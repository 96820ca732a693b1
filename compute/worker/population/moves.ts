// Lanes whose rank group is not that which their run gave them: computed once more, added to the one and taken from the other.
import { addSums, LIMBS } from '../../statistics/exact-sum.ts'
import type { Batch } from '../machine.ts'
import { type LaneSource, NOT_ASKED, runLanes } from './lanes.ts'
import type { Roles } from './roles.ts'
import { RunSums } from './run-sums.ts'
import { rowsOf } from './shard-numbers.ts'

/** Groups from and to; -1 is none. */
export class Moves {
  readonly lanes: number[] = []
  readonly from: number[] = []
  readonly to: number[] = []

  add(lane: number, from: number, to: number): void {
    this.lanes.push(lane)
    this.from.push(from)
    this.to.push(to)
  }
}

/** Adds the terms of lanes to the groups they are in, and takes them from those they were counted in: exact[group][row][limb]. */
export async function addMoves(roles: Roles, moves: Moves, exact: Float64Array, source: LaneSource): Promise<void> {
  const rows = rowsOf(roles.ranked)
  const groups = exact.length / rows / LIMBS
  const runSums = new RunSums(Math.max(roles.sums.length, roles.ranked.length), roles.shape)
  const add = (batch: Batch, asked: Uint32Array, groupOf: readonly number[], sign: 1 | -1) => {
    runSums.orderAs(batch, byGroup(asked, groupOf, groups))
    runSums.sum(batch, roles.weight, roles.ranked, groups, (part, first, count) => {
      for (let group = 0; group < groups; group++) {
        for (let row = 0; row < count; row++) {
          addSums(exact, (group * rows + first + row) * LIMBS, part, (row * groups + group) * LIMBS, 1, sign)
        }
      }
    })
  }
  let begun = false
  await runLanes(source, Uint32Array.from(moves.lanes), (batch, asked) => {
    if (!begun) runSums.begin(batch)
    begun = true
    add(batch, asked, moves.to, 1)
    add(batch, asked, moves.from, -1)
  })
}

/** The lanes of a batch by their groups, a run for each; those of none are left out. */
function byGroup(asked: Uint32Array, groupOf: readonly number[], groups: number) {
  const begins = new Uint32Array(groups + 1)
  const group = (i: number) => (asked[i] === NOT_ASKED ? -1 : groupOf[asked[i]!]!)
  for (let i = 0; i < asked.length; i++) if (group(i) >= 0) begins[group(i) + 1]! += 1
  for (let i = 0; i < groups; i++) begins[i + 1]! += begins[i]!
  const places = begins.slice()
  const lanes = new Uint32Array(begins[groups]!)
  for (let i = 0; i < asked.length; i++) if (group(i) >= 0) lanes[places[group(i)]!++] = i
  return { lanes, begins }
}
