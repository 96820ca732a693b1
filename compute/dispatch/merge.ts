// The merge of a job's shards: who may do it, what it reads, and how its result is stored. The computing is the worker's.

import { type Bytes, PREPARED, type Sql } from '../../infra/store/port.ts'
import { QuesnayError, type WireError } from '../../schema/errors.ts'
import type { KernelRef, ResultSpec } from '../../schema/jobs.ts'
import { announce, tellEnded } from './announce.ts'
import { asBuffer, asFloats } from './blobs.ts'
import { type Fleet, type JobKey, seconds } from './context.ts'
import { LIFE_SECONDS, tellAll } from './endings.ts'
import type { EnsembleResult } from './port.ts'
import { fewRows, NO_SERIES, type SeriesColumns, storeSeries } from './result-series.ts'

export interface MergeJob extends JobKey {
  readonly kind: string
  /** Computes a question again, to compare. */
  readonly verifies: boolean
  readonly spec: ResultSpec
  readonly lanes: number
  readonly paramsSha256: string
  readonly seed: string
  readonly shards: number
  /** The plan machine that the shards ran on, and the statistics that merge an ensemble; null where the job has none. */
  readonly kernels: { readonly machine: KernelRef; readonly stats: KernelRef | null }
}

export interface MergeRow {
  readonly kind: string
  readonly salt: string
  readonly result_spec: ResultSpec
  readonly lanes: number
  readonly params_sha256: string
  readonly seed: string
  readonly shards_total: number
  readonly kernel_name: string
  readonly kernel_sha256: string
  readonly abi: number
  readonly used: readonly string[]
}

/** What a merge needs to know of its job: columns of fleet.job. */
export const MERGE_ROW = `kind, salt, result_spec, lanes, params_sha256, seed, shards_total, kernel_name, kernel_sha256, abi, provenance->'kernels' as used`

/**
 * Takes the lease of a job that waits for its merge; undefined where it does not, or where somebody else holds the lease.
 * A lease that ran out is anybody's.
 */
export async function claimMerge(
  sql: Sql,
  { tenant, jobId }: JobKey,
  workerId: string,
  leaseMs: number,
): Promise<MergeJob | undefined> {
  const [row] = await sql.query<MergeRow>(
    `update fleet.job set merge_owner = $3, merge_lease_until = clock_timestamp() + make_interval(secs => $4)
     where tenant = $1 and job_id = $2 and status = 'MERGING'
       and (merge_owner = $3 or merge_lease_until is null or merge_lease_until < clock_timestamp())
     returning ${MERGE_ROW}`,
    [tenant, jobId, workerId, seconds(leaseMs)],
  )
  return row && mergeJobOf({ tenant, jobId }, row)
}

export function mergeJobOf(key: JobKey, row: MergeRow): MergeJob {
  const { kind, salt, result_spec: spec, lanes, params_sha256: paramsSha256, seed, shards_total: shards } = row
  const { kernel_name: name, kernel_sha256: sha256, abi } = row
  // Listed as name@sha256, the plan machine first.
  const [, stats] = row.used.map((one) => one.split('@'))
  const kernels = {
    machine: { name, sha256, abi },
    stats: stats ? { name: stats[0]!, sha256: stats[1]!, abi } : null,
  }
  return { ...key, kind, verifies: salt !== '', spec, lanes, paramsSha256, seed, shards, kernels }
}

/** Lets the lease run out at once, for another worker to take. */
export async function releaseMerge(sql: Sql, { tenant, jobId }: JobKey, workerId: string): Promise<void> {
  await sql.query(
    `update fleet.job set merge_owner = null, merge_lease_until = null
     where tenant = $1 and job_id = $2 and status = 'MERGING' and merge_owner = $3`,
    [tenant, jobId, workerId],
  )
}

/** Values of one shard for some rows: values[row * lanes + lane]. */
export interface Part {
  readonly values: Float64Array<ArrayBuffer>
  readonly lanes: number
}

/** A stored shard: its number, its lanes and the hash of its values. */
export interface StoredShard {
  readonly shard: number
  readonly lanes: number
  readonly sha256: string
}

/** The shards of a job in the order of their lanes. */
export async function loadShards(sql: Sql, { tenant, jobId }: JobKey): Promise<StoredShard[]> {
  return await sql.query<StoredShard>(
    `select s.shard, s.lane_to - s.lane_from as lanes, r.sha256
     from fleet.shard s join fleet.shard_result r using (tenant, job_id, shard)
     where s.tenant = $1 and s.job_id = $2 order by s.shard`,
    [tenant, jobId],
    PREPARED,
  )
}

/** What is stored of a shard. */
export async function loadShardBytes(store: Bytes, { tenant, jobId }: JobKey, shard: number): Promise<Uint8Array> {
  const [bytes] = await store.bytes(
    'select bytes from fleet.shard_result where tenant = $1 and job_id = $2 and shard = $3',
    [tenant, jobId, shard],
  )
  if (bytes) return bytes
  throw new QuesnayError('INTERNAL', `the shard ${shard} of job ${jobId} is not stored`, { jobId })
}

/**
 * Rows rowFrom..rowTo-1 (output * times + time) of all shards, in their order. @param known the values of a shard that need not
 * be read, where there are such.
 */
export async function loadParts(
  store: Bytes,
  { tenant, jobId }: JobKey,
  shards: readonly StoredShard[],
  [rowFrom, rowTo]: readonly [number, number],
  known: (shard: StoredShard) => Float64Array | undefined,
): Promise<Part[]> {
  const rows = rowTo - rowFrom
  const missing = shards.filter((shard) => !known(shard))
  const read =
    missing.length === 0
      ? []
      : await store.bytes(
          `select substring(r.bytes from $3 * (s.lane_to - s.lane_from) * 8 + 1 for $4 * (s.lane_to - s.lane_from) * 8)
           from fleet.shard s join fleet.shard_result r using (tenant, job_id, shard)
           where s.tenant = $1 and s.job_id = $2 and s.shard = any($5::int[]) order by s.shard`,
          [tenant, jobId, rowFrom, rows, missing.map(({ shard }) => shard)],
        )
  const bytesOf = new Map(missing.map((shard, i) => [shard, read[i]]))
  return shards.map((shard) => {
    const { lanes } = shard
    const bytes = bytesOf.get(shard)
    const values = bytes ? asFloats(bytes) : known(shard)?.slice(rowFrom * lanes, rowTo * lanes)
    if (values?.length === lanes * rows) return { values: values as Float64Array<ArrayBuffer>, lanes }
    throw new QuesnayError('INTERNAL', `a stored shard of job ${jobId} is too short`, { jobId })
  })
}

export interface Merged {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly computeSeconds: number
  /** For the time series: absent for LANES. */
  readonly ensemble: EnsembleResult | undefined
}

/**
 * Stores a merged result and ends its job, all or nothing; false where this worker no longer holds the lease.
 * A verification whose bits differ from the verified run's fails with DETERMINISM_ALARM; both results are kept.
 */
export async function finishMerge(fleet: Fleet, job: MergeJob, workerId: string, merged: Merged): Promise<boolean> {
  const { store } = fleet
  const alarm = job.verifies ? await compareWithVerified(store, job, merged.sha256) : null
  const { ensemble } = merged
  const few = ensemble && fewRows(ensemble)
  const ended =
    ensemble && !few
      ? await store.transaction(async (sql) => {
          const row = await endMerge(sql, job, workerId, merged, alarm)
          if (row !== undefined) await storeSeries(sql, job, ensemble)
          return row
        })
      : await endMerge(store, job, workerId, merged, alarm, few)
  if (ended === undefined) return false
  const { seconds, runs } = ended
  if (alarm) {
    fleet.log.error({ alarm: alarm.detail }, 'a verification gave other bits')
    await tellAll(fleet, job, { kind: job.kind, seconds }, 'FAILED')
    return true
  }
  fleet.metrics.jobs.inc({ kind: job.kind, status: 'SUCCEEDED' })
  fleet.metrics.runSeconds.observe({ kind: job.kind, status: 'SUCCEEDED' }, seconds)
  fleet.log.info({ kind: job.kind, seconds }, 'a job has its result')
  // Who waits for the result need not wait until the states before it have been said.
  await tellEnded(fleet, job.tenant, runs)
  await announce(fleet, job, true).catch((err) => fleet.log.warn({ err }, 'a result is announced later'))
  return true
}

interface EndedMerge {
  /** Since the job's submission. */
  readonly seconds: number
  /** The job's runs that had not been cancelled. */
  readonly runs: readonly string[]
}

/**
 * One statement; undefined where the lease is another's. Of the draws, which are many times the result, the hashes alone stay.
 * @param series rows of the time series, where they are few.
 */
async function endMerge(
  sql: Sql,
  { tenant, jobId, spec }: MergeJob,
  workerId: string,
  { bytes, sha256, computeSeconds }: Merged,
  alarm: WireError | null,
  series?: SeriesColumns,
): Promise<EndedMerge | undefined> {
  const [ended] = await sql.query<EndedMerge>(
    `with ended as (
       update fleet.job set status = $3, error = $4, result_hash = $5, compute_seconds = compute_seconds + $6,
         merge_owner = null, merge_lease_until = null, finished_at = clock_timestamp()
       where tenant = $1 and job_id = $2 and status = 'MERGING' and merge_owner = $7
       returning job_id, ${LIFE_SECONDS}),
     stored as (
       insert into fleet.result (tenant, job_id, result_hash, spec, bytes)
       select $1, $2, $5, $8, $9 where exists (select from ended)),
     published as (
       delete from fleet.outbox where tenant = $1 and job_id = $2 and exists (select from ended)),
     emptied as (
       update fleet.shard_result set bytes = '' where tenant = $1 and job_id = $2 and exists (select from ended)),
     series as (
       insert into fleet.result_series (tenant, job_id, variable, model_time, mean, sd, p025, p05, p25, p50, p75, p95, p975)
       select $1, $2, v.* from unnest($10::text[], $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[],
         $16::float8[], $17::float8[], $18::float8[], $19::float8[], $20::float8[]) v where exists (select from ended)),
     marked as (select fleet.mark_series('result', $1, now()) from ended where $10::text[] is not null)
     select seconds, array(select run_id from fleet.run where tenant = $1 and job_id = $2 and cancelled_at is null) as runs,
       (select count(*) from marked) as marks
     from ended`,
    [
      ...[tenant, jobId, alarm ? 'FAILED' : 'SUCCEEDED', alarm && JSON.stringify(alarm), sha256, computeSeconds],
      ...[workerId, JSON.stringify(spec), asBuffer(bytes)],
      ...(series ?? NO_SERIES),
    ],
    PREPARED,
  )
  return ended
}

async function compareWithVerified(sql: Sql, { tenant, jobId }: JobKey, got: string): Promise<WireError | null> {
  const [verified] = await sql.query<{ run_id: string; result_hash: string }>(
    `select o.run_id, oj.result_hash from fleet.run v
       join fleet.run o on o.tenant = v.tenant and o.run_id = v.verifies
       join fleet.job oj on oj.tenant = o.tenant and oj.job_id = o.job_id
     where v.tenant = $1 and v.job_id = $2 and oj.result_hash is not null and oj.result_hash <> $3 limit 1`,
    [tenant, jobId, got],
  )
  if (!verified) return null
  const message = `the run ${verified.run_id} was computed again and gave other bits`
  return {
    code: 'DETERMINISM_ALARM',
    message,
    detail: { runId: verified.run_id, expected: verified.result_hash, got },
  }
}
