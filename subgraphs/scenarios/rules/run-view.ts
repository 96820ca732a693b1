// From the fleet's record of a run to the graph's.
import type { RunRecord } from '../../../compute/dispatch/port.ts'
import { isTerminal } from '../../../schema/terms/run.ts'
import type { Run, RunProgress } from '../types/run.ts'
import { viewFault } from './view-fault.ts'

export function viewRun(record: RunRecord, nowMs: number): Run {
  const {
    tenant: _tenant,
    shardsDone: _done,
    shardsTotal: _total,
    shardsFailed: _failed,
    slots: _slots,
    ...shown
  } = record
  const { verifies, ...rest } = shown
  return { ...rest, progress: progressOf(record, nowMs), error: viewFault(record), verifiesId: verifies }
}

/**
 * Seconds left: by the pace so far, before the first shard is done by the estimate over the threads that can share it. Null once the run has ended,
 * and before the first shard where no worker is there or the estimate is used up: then nothing is known.
 */
function progressOf(record: RunRecord, nowMs: number): RunProgress {
  const { status, shardsDone, shardsFailed, shardsTotal, startedAt, estimatedComputeSeconds, slots } = record
  const fraction = status === 'SUCCEEDED' ? 1 : shardsTotal === 0 ? 0 : shardsDone / shardsTotal
  const elapsed = startedAt ? (nowMs - startedAt.getTime()) / 1000 : 0
  const byPace = fraction > 0 && startedAt ? (elapsed * (1 - fraction)) / fraction : null
  const byEstimate = slots > 0 ? estimatedComputeSeconds / Math.max(1, Math.min(slots, shardsTotal)) - elapsed : null
  const left = byPace ?? (byEstimate !== null && byEstimate > 0 ? byEstimate : null)
  return { shardsDone, shardsFailed, shardsTotal, fraction, etaSeconds: isTerminal(status) ? null : left }
}
