// What a question is estimated to cost before it is dispatched: lanes times steps times operations, at the speed that workers measure.

import type { LaneRange } from '../../schema/jobs.ts'
import type { Capacity } from './admission/capacity.ts'
import { costMs, cutLanes, NS_PER_OPERATION, populationShards, shardCount } from './shards.ts'
import type { Question } from './submission.ts'

/** Seconds of one thread for all lanes. Only this follows what was measured; the cut does not, since shard keys hang on it. */
export function estimatedSeconds({ plan, lanes, rows }: Question, { nsPerOperation }: Capacity): number {
  return (costMs(plan, lanes, rows) * nsPerOperation) / NS_PER_OPERATION / 1000
}

/** The lanes of each shard. */
export function rangesOf({ plan, lanes, rows, spec, shards }: Question): LaneRange[] {
  const population = spec.kind === 'POPULATION'
  return cutLanes(lanes, population ? populationShards(plan, lanes, shards) : shardCount(plan, lanes, shards, rows))
}
