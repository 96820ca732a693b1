// Runs as the graph sees them: one row of a run and of the job it shares, loaded by id or listed newest first.

import { PREPARED, type Sql } from '../../infra/store/port.ts'
import { QuesnayError, type WireError } from '../../schema/errors.ts'
import type { RunKind, RunStatus } from '../../schema/terms/run.ts'
import type { Provenance, RunFilter, RunPage, RunRecord } from './port.ts'

/** Runs of one page at most. */
export const MAX_PAGE = 1000

/** A run that was cancelled is so, whatever becomes of a job that others share. */
const STATUS = `case when r.cancelled_at is not null then 'CANCELLED' else j.status end`
const COLUMNS = `r.run_id, r.tenant, r.job_id, r.kind, r.subject_type, r.subject_id, ${STATUS} as status, r.cached, r.verifies,
  j.shards_done, j.shards_failed, j.shards_total, j.estimated_seconds, j.lanes, j.input_hash, j.result_hash, j.compute_seconds, j.error,
  r.provenance || jsonb_build_object('engineVersion', j.provenance -> 'engineVersion') as provenance, r.created_at,
  case when j.started_at is not null then greatest(j.started_at, r.created_at) end as started_at,
  case when r.cancelled_at is not null then r.cancelled_at
       when j.finished_at is not null then greatest(j.finished_at, r.created_at) end as finished_at`
const SOURCE = 'fleet.run r join fleet.job j on j.tenant = r.tenant and j.job_id = r.job_id'

interface RunRow {
  readonly run_id: string
  readonly tenant: string
  readonly job_id: string
  readonly kind: RunKind
  readonly subject_type: string
  readonly subject_id: string
  readonly status: RunStatus
  readonly cached: boolean
  readonly verifies: string | null
  readonly shards_done: number
  readonly shards_failed: number
  readonly shards_total: number
  readonly estimated_seconds: number
  readonly lanes: number
  readonly input_hash: string
  readonly result_hash: string | null
  readonly compute_seconds: number
  readonly error: WireError | null
  readonly provenance: Provenance
  readonly created_at: Date
  readonly started_at: Date | null
  readonly finished_at: Date | null
}

/** What is stored of a run. */
export type StoredRun = Omit<RunRecord, 'slots'>

/** A run and the job that computes it. */
export interface LoadedRun {
  readonly run: StoredRun
  readonly jobId: string
}

function recordOf(row: RunRow): StoredRun {
  const succeeded = row.status === 'SUCCEEDED'
  return {
    id: row.run_id,
    tenant: row.tenant,
    kind: row.kind,
    subject: { type: row.subject_type, id: row.subject_id },
    status: row.status,
    shardsDone: row.shards_done,
    shardsFailed: row.shards_failed,
    shardsTotal: row.shards_total,
    lanes: row.lanes,
    inputHash: row.input_hash,
    resultHash: succeeded ? row.result_hash : null,
    cached: row.cached,
    computeSeconds: row.compute_seconds,
    estimatedComputeSeconds: row.estimated_seconds,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    provenance: row.provenance,
    error: row.status === 'FAILED' ? row.error : null,
    verifies: row.verifies,
  }
}

/** Runs of the tenant in the order of the ids; undefined for those it does not have. */
export async function loadRuns(sql: Sql, tenant: string, ids: readonly string[]): Promise<(LoadedRun | undefined)[]> {
  const asked = [...new Set(ids)]
  // For one id by equality: an array is taken for ten ids, for which a table without statistics is read along the tenant's other index.
  const [is, given] = asked.length === 1 ? ['= $2', asked[0]] : ['= any($2::text[])', asked]
  const rows = await sql.query<RunRow>(
    `select ${COLUMNS} from ${SOURCE} where r.tenant = $1 and r.run_id ${is}`,
    [tenant, given],
    PREPARED,
  )
  const byId = new Map(rows.map((row) => [row.run_id, { run: recordOf(row), jobId: row.job_id }]))
  return ids.map((id) => byId.get(id))
}

/** One run of the tenant. NOT_FOUND. */
export async function loadRun(sql: Sql, tenant: string, id: string): Promise<LoadedRun> {
  const [found] = await loadRuns(sql, tenant, [id])
  if (found) return found
  throw new QuesnayError('NOT_FOUND', `no run ${id}`, { path: 'runId' })
}

/**
 * A page of the tenant's runs, newest first, from behind the run `after`.
 * BAD_INPUT: `first` is no whole number from 0 to 1000, or `after` no run of the tenant.
 */
export async function listRuns(
  sql: Sql,
  tenant: string,
  filter: RunFilter,
  first: number,
  after?: string,
): Promise<Omit<RunPage, 'runs'> & { readonly runs: readonly StoredRun[] }> {
  if (!Number.isSafeInteger(first) || first < 0 || first > MAX_PAGE) {
    const message = `first must be a whole number from 0 to ${MAX_PAGE}, and is ${first}`
    throw new QuesnayError('BAD_INPUT', message, { path: 'first', limit: MAX_PAGE })
  }
  const values: unknown[] = [tenant]
  const wheres = ['r.tenant = $1']
  const where = (text: string, value: unknown) => wheres.push(text.replace('?', `$${values.push(value)}`))
  if (filter.kind) where('r.kind = ?', filter.kind)
  if (filter.subject) {
    where('r.subject_type = ?', filter.subject.type)
    where('r.subject_id = ?', filter.subject.id)
  }
  if (filter.status) where(`(${STATUS}) = ?`, filter.status)
  const counted = await sql.query<{ n: number }>(
    `select count(*)::int as n from ${SOURCE} where ${wheres.join(' and ')}`,
    values,
  )
  if (after !== undefined) {
    const there = await sql.query('select from fleet.run where tenant = $1 and run_id = $2', [tenant, after])
    if (there.length === 0) throw new QuesnayError('BAD_INPUT', `no run ${after} to go on from`, { path: 'after' })
    const key = '(select c.created_at, c.run_id from fleet.run c where c.tenant = $1 and c.run_id = ?)'
    where(`(r.created_at, r.run_id) < ${key}`, after)
  }
  const rows = await sql.query<RunRow>(
    `select ${COLUMNS} from ${SOURCE} where ${wheres.join(' and ')}
     order by r.created_at desc, r.run_id desc limit $${values.push(first + 1)}`,
    values,
  )
  return {
    runs: rows.slice(0, first).map(recordOf),
    hasNextPage: rows.length > first,
    totalCount: counted[0]?.n ?? 0,
  }
}
