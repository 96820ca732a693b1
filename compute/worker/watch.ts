// Watches the shards in hand: heartbeats for those that move, an end for those that hang, are late or were cancelled.
import { endSaidAt } from '../dispatch/end-notice.ts'
import type { ActiveShard } from './active.ts'
import type { WorkerContext } from './context.ts'

/** One look at every shard in hand. Never rejects: a store or bus that is away is for the shards themselves to meet. */
export async function watchOnce(worker: WorkerContext): Promise<void> {
  const now = worker.clock.now()
  const { ackWaitMs, hangMs } = worker.settings
  const beating: ActiveShard[] = []
  for (const active of worker.active) {
    if (active.progress !== active.seen) {
      active.seen = active.progress
      active.movedAt = now
    }
    if (now > active.envelope.deadlineAt) active.giveUp('DEADLINE')
    else if (now - active.movedAt > hangMs) active.giveUp('HUNG')
    // Only what has moved since the last beat is kept alive.
    if (now - active.beatAt < ackWaitMs / 3 || active.movedAt <= active.beatAt) continue
    active.beatAt = now
    beating.push(active)
  }
  worker.metrics.slotsBusy.set(worker.pool.busy)
  const told = await Promise.allSettled([
    lookForCancelled(worker),
    beat(worker, beating),
    ...beating.map((active) => active.delivery.working()),
  ])
  for (const one of told)
    if (one.status === 'rejected') worker.log.debug({ err: one.reason }, 'a heartbeat was not heard')
}

/** Flags of jobs whose broadcast this worker missed. */
async function lookForCancelled(worker: WorkerContext): Promise<void> {
  const jobs = new Set([...worker.active].map(({ envelope }) => envelope.jobId))
  if (jobs.size === 0) return
  const flags = await worker.bus.bucket('qz_jobs')
  for (const jobId of jobs) {
    const flag = await flags.get(jobId)
    if (flag) worker.active.giveUpJob(jobId, 'CANCELLED', endSaidAt(flag, worker.clock.now()))
  }
}

async function beat(worker: WorkerContext, beating: readonly ActiveShard[]): Promise<void> {
  if (beating.length === 0) return
  const envelopes = beating.map(({ envelope }) => envelope)
  // Rows that are being ended or stored are passed over.
  await worker.store.query(
    `update fleet.shard set heartbeat_at = clock_timestamp() where (tenant, job_id, shard) in (
       select s.tenant, s.job_id, s.shard from fleet.shard s
         join unnest($1::text[], $2::text[], $3::int[]) as mine (tenant, job_id, shard) using (tenant, job_id, shard)
       where s.worker_id = $4 and s.status = 'RUNNING' for update of s skip locked)`,
    [envelopes.map((e) => e.tenant), envelopes.map((e) => e.jobId), envelopes.map((e) => e.shard), worker.id],
  )
}
