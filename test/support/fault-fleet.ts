// A fleet of real processes to break: a PostgreSQL, a nats-server and workers of its own, questions, and what must hold after a fault.
import { expect } from 'vitest'
import { type DispatchOptions, type OpenDispatch, openDispatch } from '../../compute/dispatch/dispatch.ts'
import type { RunRecord, Submission } from '../../compute/dispatch/port.ts'
import type { WorkerSettings } from '../../compute/worker/context.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { freshDatabase } from './database.ts'
import { ensemble, toiling } from './fleet.ts'
import { startTestNatsServer, type TestNatsServer } from './nats-server.ts'
import { startBundledServer, type TestServer } from './postgres.ts'
import { RunEvents, statesOf } from './run-events.ts'
import { startWorkerProcess, type WorkerProcess, type WorkerProcessOptions } from './worker-process.ts'

export const SHARDS = 24
const STEPS = 1500
/** Timers shortened, so that what waits for one does not wait long. */
export const QUICK = {
  ackWaitMs: 2000,
  heartbeatMs: 500,
  watchMs: 100,
  retryMs: 200,
  leaseMs: 3000,
  kernelPatienceMs: 2000,
}
const SWEEPS = { sweepIntervalMs: 500, lostAfterMs: 4000, publishGraceMs: 500 }
/** A run that met a fault ends within this time, with those timers. */
const END_MS = 45_000

/** About a second of work for one worker, in pieces of some 50 ms; of the same bits for every tenant. */
export const longQuestion = (tenant: string): Submission =>
  ensemble({ tenant, plan: toiling(STEPS), lanes: 64 * SHARDS, shards: SHARDS })

/** Hash of the long question's result. test/fault/question.test.ts holds it to the interpreter and to an undisturbed run. */
export const LONG_QUESTION_HASH = 'dca91ff524f2667c4d765f43caac8ddf2e1fad98909f1a6756ce5892d0ee74aa'

/** A run that is listened to. */
export interface Asked {
  readonly run: RunRecord
  readonly events: RunEvents
}

export interface Undisturbed {
  readonly shards: number
  readonly resultHash: string
  /** Rows of the time series: outputs times saved times. */
  readonly series: number
}

const LONG: Undisturbed = { shards: SHARDS, resultHash: LONG_QUESTION_HASH, series: 2 }

export class FaultFleet {
  readonly postgres: TestServer
  readonly nats: TestNatsServer
  readonly databaseUrl: string
  readonly store: Store
  readonly bus: Bus
  readonly dispatch: OpenDispatch
  readonly #workers = new Set<WorkerProcess>()
  readonly #events: RunEvents[] = []

  private constructor(servers: {
    postgres: TestServer
    nats: TestNatsServer
    databaseUrl: string
    store: Store
    bus: Bus
    dispatch: OpenDispatch
  }) {
    this.postgres = servers.postgres
    this.nats = servers.nats
    this.databaseUrl = servers.databaseUrl
    this.store = servers.store
    this.bus = servers.bus
    this.dispatch = servers.dispatch
  }

  static async open(options: Partial<DispatchOptions> = {}): Promise<FaultFleet> {
    const [postgres, nats] = await Promise.all([startBundledServer(), startTestNatsServer()])
    const databaseUrl = (await freshDatabase(postgres.url)).url
    const store = await openStore(databaseUrl, { log: silentLog })
    await migrate(store)
    const limits = { ackWaitMs: QUICK.ackWaitMs }
    const bus = await openNatsBus({ url: nats.url, clock, log: silentLog, limits })
    const metrics = createMetrics('test')
    const dispatch = openDispatch({ store, bus, clock, log: silentLog, metrics, ...SWEEPS, ...options })
    return new FaultFleet({ postgres, nats, databaseUrl, store, bus, dispatch })
  }

  async startWorkers(
    count: number,
    options: WorkerProcessOptions = {},
    settings: Partial<WorkerSettings> = {},
  ): Promise<WorkerProcess[]> {
    const start = () => startWorkerProcess(this.databaseUrl, this.nats.url, { ...QUICK, ...settings }, options)
    const started = await Promise.all(Array.from({ length: count }, start))
    for (const worker of started) this.#workers.add(worker)
    return started
  }

  /** Submits a question, by another dispatcher where one is given, and listens from before its first event. */
  async ask(question: Submission, dispatch: Pick<OpenDispatch, 'submit'> = this.dispatch): Promise<Asked> {
    const events = await RunEvents.open(this.bus, question.tenant)
    this.#events.push(events)
    return { run: await dispatch.submit(question), events }
  }

  /** Resolves when some shards are stored and others are still to come. */
  async inTheMiddle({ run }: Asked): Promise<void> {
    const counts = async () => (await this.dispatch.load(run.tenant, [run.id]))[0]?.shardsDone ?? 0
    await expect.poll(counts, { interval: 10, timeout: 30_000 }).toBeGreaterThan(2)
    expect(await counts()).toBeLessThan(SHARDS)
  }

  /** The run ends as if nothing had happened: its bits, its rows, its events, and nothing left behind. */
  async expectUndisturbed({ run, events }: Asked, wanted: Undisturbed = LONG): Promise<void> {
    await this.dispatch.settled(run.tenant, run.id, END_MS)
    const [ended] = await this.dispatch.load(run.tenant, [run.id])
    const { shards, resultHash } = wanted
    expect(ended).toMatchObject({ status: 'SUCCEEDED', resultHash, shardsDone: shards, shardsTotal: shards })
    await this.expectNothingLeft(run.tenant)
    expect(await this.count('shard_result', run.tenant)).toBe(shards)
    expect(await this.count('result', run.tenant)).toBe(1)
    expect(await this.count('result_series', run.tenant)).toBe(wanted.series)
    await this.expectStates({ run, events }, ['RUNNING', 'MERGING', 'SUCCEEDED'])
    const done = (await events.of(run.id)).filter(({ kind }) => kind === 'progress').map(({ shardsDone }) => shardsDone)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(done.at(-1)).toBe(shards)
  }

  /** The run's subscribers have heard these states, in this order, and no end but the last. */
  async expectStates({ run, events }: Asked, states: readonly string[]): Promise<void> {
    await expect.poll(async () => statesOf(await events.of(run.id)), { timeout: 20_000 }).toEqual(states)
  }

  /** No shard of the tenant runs or waits, nothing is to be published, the queue is empty, and no two results differed. */
  async expectNothingLeft(tenant: string): Promise<void> {
    const unfinished = () => this.count('shard', tenant, `and status in ('QUEUED', 'RUNNING')`)
    await expect.poll(unfinished, { timeout: 10_000 }).toBe(0)
    await expect.poll(() => this.count('outbox', tenant), { timeout: 10_000 }).toBe(0)
    await expect.poll(() => this.bus.backlog(), { timeout: 20_000 }).toBe(0)
    expect(await this.count('shard_conflict', tenant)).toBe(0)
  }

  async count(table: string, tenant: string, and = ''): Promise<number> {
    const [row] = await this.store.query<{ n: number }>(
      `select count(*)::int as n from fleet.${table} where tenant = $1 ${and}`,
      [tenant],
    )
    return row?.n ?? 0
  }

  /** Ids of the workers that stored the tenant's shards. */
  async storedBy(tenant: string): Promise<string[]> {
    const rows = await this.store.query<{ worker_id: string }>(
      'select distinct worker_id from fleet.shard_result where tenant = $1 order by worker_id',
      [tenant],
    )
    return rows.map((row) => row.worker_id)
  }

  async endWorkers(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.kill('SIGKILL')))
    this.#workers.clear()
  }

  async close(): Promise<void> {
    await this.endWorkers()
    for (const events of this.#events) await events.close()
    await this.dispatch.close()
    await this.bus.close()
    await this.store.close()
    await this.nats.stop()
    await this.postgres.remove()
  }
}
