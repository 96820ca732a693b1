// What became of every run, read from the database when all is quiet again.
import { isTerminal } from '../../schema/terms/run.ts'
import type { House } from './house.ts'
import type { OpenRun } from './load.ts'

export interface Verdict {
  readonly submitted: number
  readonly finished: number
  readonly cancelled: number
  /** Two workers were killed under one shard of it, which the protocol takes for the shard's fault. */
  readonly poisoned: number
  /** Not ended, ended without a result, failed, or with shards, messages or outbox rows left behind. */
  readonly lost: number
  /** Runs whose shards, results or rows of the time series are there more than once, or counted more than once. */
  readonly doubled: number
  /** Another result than the undisturbed one, or a shard with two results. */
  readonly mismatched: number
  /** One line for each of those. */
  readonly complaints: readonly string[]
}

interface JobRow {
  readonly run_id: string
  readonly status: string
  readonly error: unknown
  readonly shards_total: number
  readonly shards_done: number
  readonly stored: number
  readonly unfinished: number
  readonly results: number
  readonly series: number
  readonly conflicts: number
  readonly outbox: number
}

/** Ensembles have so many rows of the time series for each output and saved time: one. */
const SERIES_TWICE = `(select count(*)::int from (
  select 1 from fleet.result_series x where x.tenant = j.tenant and x.job_id = j.job_id
  group by variable, model_time having count(*) > 1) twice)`

export async function judge({ store, dispatch, bus }: House, runs: readonly OpenRun[]): Promise<Verdict> {
  const complaints: string[] = []
  const counted = { finished: 0, cancelled: 0, poisoned: 0, lost: 0, doubled: 0, mismatched: 0 }
  const complain = (kind: 'lost' | 'doubled' | 'mismatched', run: OpenRun, what: string) => {
    counted[kind]++
    complaints.push(`${kind}: run ${run.id} of ${run.tenant}: ${what}`)
  }
  for (const run of runs) {
    const [record] = await dispatch.load(run.tenant, [run.id])
    const [job] = await store.query<JobRow>(
      `select r.run_id, j.status, j.error, j.shards_total, j.shards_done, count(distinct x.shard)::int as stored,
         (select count(*)::int from fleet.shard s where s.tenant = j.tenant and s.job_id = j.job_id
            and s.status in ('QUEUED', 'RUNNING')) as unfinished,
         (select count(*)::int from fleet.result x where x.tenant = j.tenant and x.job_id = j.job_id) as results,
         ${SERIES_TWICE} as series,
         (select count(*)::int from fleet.shard_conflict x where x.tenant = j.tenant and x.job_id = j.job_id) as conflicts,
         (select count(*)::int from fleet.outbox x where x.tenant = j.tenant and x.job_id = j.job_id) as outbox
       from fleet.run r join fleet.job j using (tenant, job_id) left join fleet.shard_result x using (tenant, job_id)
       where r.tenant = $1 and r.run_id = $2 group by r.run_id, j.tenant, j.job_id`,
      [run.tenant, run.id],
    )
    if (!record || !job) {
      complain('lost', run, 'the database knows nothing of it')
      continue
    }
    if (!isTerminal(record.status))
      complain('lost', run, `it is ${record.status}, ${job.shards_done}/${job.shards_total}`)
    else if (record.status === 'FAILED' && record.error?.detail?.['reason'] === 'poison') counted.poisoned++
    else if (record.status === 'FAILED') complain('lost', run, `it failed: ${JSON.stringify(record.error)}`)
    else if (record.status === 'CANCELLED') {
      counted.cancelled++
      if (!run.cancelled) complain('lost', run, 'nobody cancelled it')
    } else {
      counted.finished++
      if (job.stored !== job.shards_total || job.results !== 1)
        complain('lost', run, `${job.stored} of ${job.shards_total} shards and ${job.results} results are there`)
      if (run.resultHash !== null && record.resultHash !== run.resultHash)
        complain('mismatched', run, `its result is ${record.resultHash}, undisturbed ${run.resultHash}`)
    }
    const over = isTerminal(job.status as typeof record.status)
    if (over && (job.unfinished > 0 || job.outbox > 0))
      complain('lost', run, `${job.unfinished} shards and ${job.outbox} rows of the outbox are left behind`)
    if (job.shards_done > job.shards_total || job.results > 1 || job.series > 0)
      complain('doubled', run, `${job.shards_done}/${job.shards_total} shards, ${job.series} rows of the series twice`)
    if (job.conflicts > 0) complain('mismatched', run, `${job.conflicts} shards have two results`)
  }
  const queued = await bus.backlog()
  if (queued > 0) {
    counted.lost++
    complaints.push(`lost: ${queued} messages are left in the queue`)
  }
  return { submitted: runs.length, ...counted, complaints }
}
