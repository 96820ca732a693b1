// Cancels one run; the job goes with it where no other run waits for it.

import { announce } from './announce.ts'
import { type Fleet, withIds } from './context.ts'
import { endJob, tellAll } from './endings.ts'
import { loadRun } from './runs.ts'

/** Cancels a run of the tenant; one that has ended stays as it is. NOT_FOUND. */
export async function cancelRun(fleet: Fleet, tenant: string, runId: string): Promise<void> {
  const calledAt = fleet.clock.now()
  const { jobId } = await loadRun(fleet.store, tenant, runId)
  const job = { tenant, jobId }
  const outcome = await fleet.store.transaction(async (sql) => {
    const live = await sql.query(
      `select from fleet.job where tenant = $1 and job_id = $2 and status in ('QUEUED', 'RUNNING', 'MERGING') for no key update`,
      [tenant, jobId],
    )
    if (live.length === 0) return undefined
    const cancelled = await sql.query(
      `update fleet.run set cancelled_at = clock_timestamp()
       where tenant = $1 and run_id = $2 and cancelled_at is null returning run_id`,
      [tenant, runId],
    )
    if (cancelled.length === 0) return undefined
    const others = await sql.query(
      'select from fleet.run where tenant = $1 and job_id = $2 and cancelled_at is null limit 1',
      [tenant, jobId],
    )
    return { ended: others.length > 0 ? undefined : await endJob(sql, job, 'CANCELLED', null) }
  })
  if (!outcome) return
  const { ended } = outcome
  const own = withIds(fleet, { ...job, runId })
  own.log.info({ shared: !ended }, 'a run was cancelled')
  if (ended) return tellAll(own, job, ended, 'CANCELLED', calledAt)
  await announce(own, job).catch((err) => own.log.warn({ err }, 'a cancelled run is announced later'))
}
