// From the fleet's record of a run to the graph's.
import type { RunRecord } from '../../../compute/dispatch/port.ts'
import type { Run, RunProgress } from '../types/run.ts'
import { viewFault } from './view-fault.ts'

export function viewRun(record: RunRecord, nowMs: number): Run {
  const { tenant: _tenant, shardsDone: _done, shardsTotal: _total, verifies, ...rest } = record
  return { ...rest, progress: progressOf(record, nowMs), error: viewFault(record), verifiesId: verifies }
}

/** Seconds left by the pace so far; null before the first shard is done and once the run has ended. */
function progressOf({ status, shardsDone, shardsTotal, startedAt }: RunRecord, nowMs: number): RunProgress {
  const fraction = status === 'SUCCEEDED' ? 1 : shardsTotal === 0 ? 0 : shardsDone / shardsTotal
  const runs = status === 'RUNNING' || status === 'MERGING'
  const elapsed = startedAt ? (nowMs - startedAt.getTime()) / 1000 : 0
  const etaSeconds = runs && startedAt && fraction > 0 ? Math.max(0, (elapsed * (1 - fraction)) / fraction) : null
  return { shardsDone, shardsTotal, fraction, etaSeconds }
}
