// Cuts a question's lanes into shards of 50 to 500 ms of work.
import { LANE_ALIGNMENT, type LaneRange } from '../../schema/jobs.ts'
import { totalCost } from '../model/cost.ts'
import { type Plan, savedSteps } from '../model/plan.ts'

/**
 * Nanoseconds of one operation on one lane. Measured: 0.24 for an addition or multiplication, 2.4 for a mechanism with
 * an exponential; plans mix them.
 */
export const NS_PER_OPERATION = 1
/** In the middle of 50 to 500 ms, so that a plan some three times cheaper or dearer than reckoned is still within. */
const TARGET_MS = 150
/** A question of a second is answered sooner by shards of the least size that pays: so many at most. */
const SMALL_MS = 60
const SMALL_SHARDS = 8
/** Of a population a shard stores little, and the figures come when the last is through: short shards leave no thread behind. */
const POPULATION_MS = 20
const POPULATION_LANES = 2 ** 14
/** Values of one shard: 32 MiB, so that a row of the database and a message between threads stay small. */
export const MAX_SHARD_CELLS = 2 ** 22
/** More shards than this cost the store more than they spare the fleet. */
export const MAX_SHARDS = 4096

/** Values a lane leaves behind: outputs times saved times. */
export function cellsPerLane(plan: Plan): number {
  return plan.outputs.length * savedSteps(plan).length
}

/** Estimated milliseconds of one core for all lanes. `rows`: of each level, where it has members. */
export function costMs(plan: Plan, lanes: number, rows: readonly number[] = []): number {
  const rowsPerLane = rows.map((count) => count / lanes)
  return (lanes * totalCost(plan, rowsPerLane) * NS_PER_OPERATION) / 1e6
}

/** How many shards of a population: by cost, none of fewer lanes than pay; two threads at least where it takes longer than to share it. */
export function populationShards(plan: Plan, lanes: number, asked?: number): number {
  const cost = costMs(plan, lanes)
  const byCost = Math.max(cost > POPULATION_MS / 2 ? 2 : 1, Math.round(cost / POPULATION_MS))
  return Math.min(MAX_SHARDS, asked ?? Math.min(byCost, Math.ceil(lanes / POPULATION_LANES)))
}

/** How many shards: what was asked for, or by cost; raised where a shard's values would be too many, never above MAX_SHARDS. */
export function shardCount(plan: Plan, lanes: number, asked?: number, rows?: readonly number[]): number {
  const cost = costMs(plan, lanes, rows)
  const byCost = Math.max(Math.round(cost / TARGET_MS), Math.min(SMALL_SHARDS, Math.round(cost / SMALL_MS)))
  const bySize = Math.ceil((lanes * cellsPerLane(plan)) / MAX_SHARD_CELLS)
  return Math.min(MAX_SHARDS, Math.max(1, bySize, asked ?? byCost))
}

/**
 * Cuts lanes 0..lanes-1 into contiguous ranges that begin at multiples of 64, as even as such blocks allow.
 * More shards than blocks collapse to one shard per block; no lanes give no shards.
 */
export function cutLanes(lanes: number, count: number): LaneRange[] {
  const blocks = Math.ceil(lanes / LANE_ALIGNMENT)
  const shards = Math.min(Math.max(1, count), blocks)
  const edge = (shard: number) => Math.min(lanes, Math.floor((shard * blocks) / shards) * LANE_ALIGNMENT)
  return Array.from({ length: shards }, (_, shard) => ({ from: edge(shard), to: edge(shard + 1) }))
}
