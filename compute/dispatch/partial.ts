// Partial results: the statistics over the lanes whose shards are stored, while a run goes on or after it failed.
import type { Clock } from '../../infra/clock.ts'
import type { Bytes, Sql } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { KernelRef, LaneRange, ResultSpec } from '../../schema/jobs.ts'
import { WORKER_SETTINGS } from '../worker/context.ts'
import type { Kernel } from '../worker/kernel/shelf.ts'
import { ThreadPool } from '../worker/thread-pool.ts'
import type { JobKey } from './context.ts'
import { loadParts, type StoredShard } from './merge.ts'
import { loadBinding } from './params.ts'
import type { EnsembleResult, LanesResult } from './port.ts'
import { arrayLengths, decodeResult, headerOf, type ResultHeader, type RowSpec } from './result-bytes.ts'
import { loadResultBytes } from './results.ts'
import { loadRun } from './runs.ts'

export interface PartialResult {
  /** Over the lanes counted alone; of LANES the values of these, in their order. */
  readonly result: EnsembleResult | LanesResult
  /** Lanes counted. */
  readonly lanes: number
  /** Numbers of their shards, rising. */
  readonly shards: readonly number[]
  /** Their lanes, rising; as many as shards. */
  readonly ranges: readonly LaneRange[]
  /** True where all lanes are counted. */
  readonly complete: boolean
}

/** Values that one round holds in memory. */
const ROUND_CELLS = 2 ** 20
const GRACE_MS = 500

/** Merges what is stored of a run on a thread of its own, which starts with the first that is asked for. */
export class PartialResults {
  readonly #store: Sql & Bytes
  readonly #clock: Clock
  readonly #closing = new AbortController()
  #pool: ThreadPool | undefined

  readonly #stats: () => Kernel

  /** @param stats the kernel of statistics, read when the first merge is asked for. */
  constructor(store: Sql & Bytes, clock: Clock, stats: () => Kernel) {
    this.#store = store
    this.#clock = clock
    this.#stats = stats
  }

  /**
   * Exact over the lanes stored, in ascending order of their shards: the same shards give the same bits. undefined where none is stored: before the
   * first, and once what an ended run has left was thrown away. Of a run that succeeded the whole result.
   * Errors: NOT_FOUND; CONSTRUCT_UNSUPPORTED for a population, whose ranks and households are over all its lanes.
   */
  async load(tenant: string, runId: string): Promise<PartialResult | undefined> {
    const { run, jobId } = await loadRun(this.#store, tenant, runId)
    const job = { tenant, jobId }
    const { spec, params } = await loadQuestion(this.#store, job)
    if (spec.kind === 'POPULATION') {
      throw new QuesnayError('CONSTRUCT_UNSUPPORTED', 'the figures of a population are over all its lanes', {
        path: 'runId',
        suggestion: 'wait for the run to end',
      })
    }
    const stored = await loadStored(this.#store, job)
    const whole = await loadResultBytes(this.#store, job)
    if (whole) return complete(decodeResult(whole) as EnsembleResult | LanesResult, run.lanes, stored)
    if (stored.length === 0) return undefined
    const { plan } = await loadBinding(this.#store, tenant, params)
    const lanes = stored.reduce((sum, one) => sum + one.lanes, 0)
    try {
      const arrays = await this.#merge(job, headerOf(plan, lanes, spec), spec, stored)
      return {
        ...described(stored),
        result: resultOf(headerOf(plan, lanes, spec), arrays),
        complete: lanes === run.lanes,
      }
    } catch (error) {
      // The run may have succeeded meanwhile, which throws its shards away.
      const merged = await loadResultBytes(this.#store, job)
      if (!merged) throw error
      return complete(decodeResult(merged) as EnsembleResult | LanesResult, run.lanes, stored)
    }
  }

  async #merge(
    job: JobKey,
    header: ResultHeader,
    spec: RowSpec,
    stored: readonly StoredShard[],
  ): Promise<Float64Array<ArrayBuffer>[]> {
    const kernel = this.#stats()
    this.#pool ??= new ThreadPool({
      size: 1,
      clock: this.#clock,
      kernels: { find: () => kernel },
      graceMs: GRACE_MS,
      threadHeapMb: WORKER_SETTINGS.threadHeapMb,
    })
    const slot = await this.#pool.acquire(this.#closing.signal)
    if (!slot) throw new QuesnayError('STORE_UNAVAILABLE', 'the fleet is being left')
    try {
      const arrays = arrayLengths(header).map((length) => new Float64Array(length))
      const rows = header.outputs.length * header.times.length
      const step = Math.max(1, Math.floor(ROUND_CELLS / header.lanes))
      for (let from = 0; from < rows; from += step) {
        const to = Math.min(rows, from + step)
        const parts = await loadParts(this.#store, job, stored, [from, to], () => undefined)
        const task = { kind: 'MERGE', kernel: referenceTo(kernel), spec, rows: to - from, parts } as const
        const buffers = parts.map(({ values }) => values.buffer)
        const merged = await slot.run(task, buffers, this.#closing.signal)
        const stride = arrays[0]!.length / rows
        for (const [i, values] of merged.arrays.entries()) arrays[i]!.set(values, from * stride)
      }
      return arrays
    } finally {
      slot.release()
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#pool?.close()
  }
}

/** The reference alone, without the bytes. */
const referenceTo = ({ name, sha256, abi }: KernelRef): KernelRef => ({ name, sha256, abi })

type Stored = StoredShard & LaneRange

async function loadQuestion(sql: Sql, { tenant, jobId }: JobKey): Promise<{ spec: ResultSpec; params: string }> {
  const [row] = await sql.query<{ spec: ResultSpec; params: string }>(
    'select result_spec as spec, params_sha256 as params from fleet.job where tenant = $1 and job_id = $2',
    [tenant, jobId],
  )
  return row!
}

async function loadStored(sql: Sql, { tenant, jobId }: JobKey): Promise<Stored[]> {
  return sql.query<Stored>(
    `select s.shard, s.lane_from as from, s.lane_to as to, s.lane_to - s.lane_from as lanes, r.sha256
     from fleet.shard s join fleet.shard_result r using (tenant, job_id, shard)
     where s.tenant = $1 and s.job_id = $2 order by s.shard`,
    [tenant, jobId],
  )
}

function described(stored: readonly Stored[]): Pick<PartialResult, 'lanes' | 'shards' | 'ranges'> {
  return {
    lanes: stored.reduce((sum, { lanes }) => sum + lanes, 0),
    shards: stored.map(({ shard }) => shard),
    ranges: stored.map(({ from, to }) => ({ from, to })),
  }
}

function complete(result: EnsembleResult | LanesResult, lanes: number, stored: readonly Stored[]): PartialResult {
  return { ...described(stored), lanes, result, complete: true }
}

function resultOf(header: ResultHeader, arrays: Float64Array<ArrayBuffer>[]): EnsembleResult | LanesResult {
  const { kind, outputs, times, lanes, probabilities } = header
  const [first, sd, ...quantiles] = arrays
  if (kind === 'LANES') return { kind, outputs, times, lanes, values: first! }
  return { kind, outputs, times, probabilities, mean: first!, sd: sd!, quantiles }
}
