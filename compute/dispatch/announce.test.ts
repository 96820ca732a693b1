// An announcement takes the job's row lock only where it has something to say.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ensemble, openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { announce } from './announce.ts'
import type { JobKey } from './context.ts'

describe('an announcement', () => {
  let fleet: TestFleet
  let job: JobKey
  beforeAll(async () => {
    fleet = await openFleet({ workers: 0, dispatch: { sweeps: false } })
    const run = await fleet.dispatch.submit(ensemble({ shards: 4 }))
    const [row] = await fleet.store.query<{ job_id: string }>('select job_id from fleet.run where run_id = $1', [
      run.id,
    ])
    job = { tenant: 'local', jobId: row!.job_id }
  })
  afterAll(() => fleet?.close())

  const set = (to: string) =>
    fleet.store.query(`update fleet.job set ${to} where tenant = $1 and job_id = $2`, [job.tenant, job.jobId])
  const speak = (of = job) => announce({ ...fleet, clock, log: silentLog }, of)
  /** Whether it is through while somebody else holds the row. */
  const throughUnderLock = async () => {
    let through = false
    let speaking: Promise<boolean> | undefined
    await fleet.store.transaction(async (sql) => {
      await sql.query('select from fleet.job where tenant = $1 and job_id = $2 for no key update', [
        job.tenant,
        job.jobId,
      ])
      speaking = speak().then((later) => {
        through = true
        return later
      })
      // Long enough for a statement that waits for nothing.
      await Promise.race([speaking, sql.query('select pg_sleep(0.3)')])
    })
    return { through, later: await speaking }
  }

  it('waits for nobody where there is nothing to say', async () => {
    expect(await throughUnderLock()).toEqual({ through: true, later: false })
  })

  it('waits for the row where there is a state to say, and then says it', async () => {
    await set(`status = 'RUNNING', started_at = now()`)
    expect((await throughUnderLock()).through).toBe(false)
    expect(await fleet.store.query('select announced from fleet.run')).toEqual([{ announced: 'RUNNING' }])
  })

  it('leaves progress that is not due for later without waiting, and says it when it is', async () => {
    await set('shards_done = 1, progress_at = now()')
    expect(await throughUnderLock()).toEqual({ through: true, later: true })
    await set(`progress_at = now() - interval '1 second'`)
    expect(await speak()).toBe(false)
    expect(await fleet.store.query('select announced_done from fleet.job')).toEqual([{ announced_done: 1 }])
  })

  it('says nothing of a job that is not there', async () => {
    expect(await speak({ ...job, jobId: 'none' })).toBe(false)
  })
})
