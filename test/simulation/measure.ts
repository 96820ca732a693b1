// Measures what the simulation's stations need per piece of work, by small loops over the product's own statements and messages.
import { connect } from '@nats-io/transport-node'
import { admitWaiting } from '../../compute/dispatch/admission/admit.ts'
import { announce } from '../../compute/dispatch/announce.ts'
import { openDispatch } from '../../compute/dispatch/dispatch.ts'
import { loadShards } from '../../compute/dispatch/merge.ts'
import { sweep } from '../../compute/dispatch/sweeper.ts'
import { claimWaiting } from '../../compute/worker/claim.ts'
import type { WorkerContext } from '../../compute/worker/context.ts'
import { WORKER_SETTINGS } from '../../compute/worker/context.ts'
import { storeShards } from '../../compute/worker/store-shard.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus, Delivery } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { sha256 } from '../../schema/hash.ts'
import { parseEnvelope, type ShardEnvelope } from '../../schema/jobs.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { ensemble } from '../support/fleet.ts'
import { startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { startBundledServer, type TestServer } from '../support/postgres.ts'
import { processorSeconds } from './processor-time.ts'

export interface Measured {
  readonly name: string
  /** Milliseconds of the server's processor for one. */
  readonly processorMs: number
  /** Milliseconds from asking to answer at the concurrency named, divided by it: what one takes of the wall clock. */
  readonly wallMs: number
}

const WRITERS = 8
const SHARDS = 2000
/** Enough for hundredths of a second of processor time to count. */
const REPEATS = 4000

interface House {
  readonly postgres: TestServer
  readonly nats: TestNatsServer
  readonly database: TestStore
  readonly bus: Bus
  readonly worker: WorkerContext
}

/** Runs every loop; takes about a minute. */
export async function measure(): Promise<readonly Measured[]> {
  const [postgres, nats] = await Promise.all([startBundledServer(), startTestNatsServer()])
  const database = await freshStore({ adminUrl: postgres.url, poolSize: WRITERS + 4 })
  const bus = await openNatsBus({ url: nats.url, clock, log: silentLog })
  const fleet = { store: database.store, bus, clock, log: silentLog, metrics: createMetrics('measure') }
  const worker = { ...fleet, id: 'w-measure', settings: WORKER_SETTINGS } as unknown as WorkerContext
  const house = { postgres, nats, database, bus, worker }
  try {
    return [...(await measureBus(house)), ...(await measureShards(house)), ...(await measureSweeps(house))]
  } finally {
    await bus.close()
    await database.drop()
    await nats.stop()
    await postgres.remove()
  }
}

/** Does `count` pieces of work, `lanes` at a time, and says what one needed of a server. */
async function cost(
  name: string,
  pid: number,
  count: number,
  work: (i: number) => Promise<unknown>,
  lanes = WRITERS,
): Promise<Measured> {
  const before = processorSeconds(pid)
  const start = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) await work(next++)
    }),
  )
  const wallMs = (performance.now() - start) / count
  // A backend's time is booked when it is next scheduled.
  await clock.sleep(50)
  return { name, processorMs: (1000 * (processorSeconds(pid) - before)) / count, wallMs }
}

const body = new TextEncoder().encode('x'.repeat(900))

async function measureBus({ nats, bus }: House): Promise<Measured[]> {
  const taken: Delivery[] = []
  const subject = (i: number) => `qz.job.p0.${i % 16}.t.job.${i}`
  const found = [
    await cost('bus.publish', nats.pid, REPEATS, (i) => bus.enqueue(subject(i), body, `m${i}`), 64),
    await cost('bus.next', nats.pid, REPEATS, async () => {
      taken.push(...(await bus.pull({ classes: ['p0'], max: 1, expiresMs: 1000 })))
    }),
    await cost('bus.ack', nats.pid, REPEATS, async (i) => taken[i]?.ack()),
  ]
  const bucket = await bus.bucket('qz_workers')
  found.push(await cost('bus.heartbeat', nats.pid, REPEATS, (i) => bucket.put(`w${i % 1000}`, body.subarray(0, 300))))
  found.push(await cost('bus.look', nats.pid, REPEATS, () => bus.backlog()))
  const raw = await connect({ servers: nats.url.replace('nats://', '') })
  const ask = () =>
    raw.request('$JS.API.CONSUMER.MSG.NEXT.JOBS.p2_3', '{"batch":1,"no_wait":true}', { noMux: true, timeout: 5000 })
  found.push(await cost('bus.empty', nats.pid, REPEATS, ask))
  await raw.close()
  const listeners = await Promise.all(Array.from({ length: 20 }, () => connect({ servers: nats.url.slice(7) })))
  let heard = 0
  for (const one of listeners)
    one.subscribe('qz.measure.*', {
      callback: () => {
        heard++
      },
    })
  await Promise.all(listeners.map((one) => one.flush()))
  const rings = 10_000
  const bell = await cost('bus.bell', nats.pid, rings, async () => listeners[0]!.publish('qz.measure.p0_1'), 1)
  while (heard < rings * listeners.length) await clock.sleep(20)
  await Promise.all(listeners.map((one) => one.close()))
  found.push({ ...bell, processorMs: bell.processorMs / listeners.length, wallMs: bell.wallMs / listeners.length })
  return found
}

async function measureShards({ postgres, database, bus, worker }: House): Promise<Measured[]> {
  const { store } = database
  // Nothing is published: what is measured is the store.
  const silentBus: Bus = { ...bus, enqueue: async () => ({ duplicate: false }) }
  const { clock, log, metrics } = worker
  const fleet = { store, clock, log, metrics }
  const dispatch = openDispatch({ ...fleet, bus: silentBus, sweeps: false, limits: { shardsWaiting: 1e9 } })
  let asked = 0
  const submit = (shards: number, tenant = 'one') =>
    dispatch.submit(ensemble({ tenant, seed: String(asked++), lanes: 64 * shards, shards }))
  const envelopesOf = async (tenant: string): Promise<ShardEnvelope[]> =>
    (
      await store.query<{ body: Buffer }>('select body from fleet.outbox where tenant = $1 order by shard, job_id', [
        tenant,
      ])
    ).map(({ body }) => parseEnvelope(body))

  await submit(1)
  const found = [await cost('store.submit.job', postgres.pid, 200, () => submit(1), 4)]
  const large = await cost('store.submit.shards', postgres.pid, 8, () => submit(SHARDS), 1)
  const base = found[0]!
  const perShard = (key: 'processorMs' | 'wallMs') => Math.max(0, large[key] - base[key]) / SHARDS
  found.push({ name: 'store.submit.shard', processorMs: perShard('processorMs'), wallMs: perShard('wallMs') })

  found.push(...(await measureAdmission(postgres, { ...worker, bus: silentBus }, submit)))
  await submit(SHARDS, 'huge')
  for (let i = 0; i < WRITERS; i++) await submit(SHARDS / WRITERS, 'many')
  // As autovacuum does within a minute: without it the planner knows nothing of new tables.
  await store.query('analyze fleet.job, fleet.shard, fleet.outbox')
  const values = new Float64Array(2 * 11 * 64)
  const hash = sha256(new Uint8Array(values.buffer))
  const result = { content: values, sha256: hash, seconds: 0.15 }
  for (const tenant of ['huge', 'many']) {
    const envelopes = await envelopesOf(tenant)
    const jobs = tenant === 'huge' ? 'one-job' : `${WRITERS}-jobs`
    const each = (work: (envelope: ShardEnvelope) => Promise<unknown>) => (i: number) => work(envelopes[i]!)
    const count = envelopes.length
    const stored = count - WRITERS
    found.push(
      await cost(
        `store.claim.${jobs}`,
        postgres.pid,
        count,
        each((e) => claimWaiting(worker, [e])),
      ),
    )
    found.push(
      await cost(
        `store.store.${jobs}`,
        postgres.pid,
        stored,
        each((envelope) => storeShards(worker, [{ envelope, result, bytes: Buffer.from(values.buffer) }])),
      ),
    )
    const { jobId } = envelopes[0]!
    const says = () => announce({ ...worker, bus: silentBus }, { tenant, jobId })
    found.push(await cost(`store.announce.${jobs}`, postgres.pid, 1000, says, tenant === 'huge' ? WRITERS : 1))
    if (tenant !== 'huge') continue
    await store.query('analyze fleet.shard_result')
    const merge = await cost('store.merge', postgres.pid, 20, () => loadShards(store, { tenant, jobId }), 1)
    found.push({
      ...merge,
      name: 'store.merge.shard',
      processorMs: merge.processorMs / stored,
      wallMs: merge.wallMs / stored,
    })
  }
  await dispatch.close()
  return found
}

/** A round of admission that lets nothing in though twenty tenants wait, and one that lets in all they have. */
async function measureAdmission(
  postgres: TestServer,
  fleet: WorkerContext,
  submit: (shards: number, tenant: string) => Promise<unknown>,
): Promise<Measured[]> {
  const tenants = 20
  for (let i = 0; i < tenants; i++) await submit(SHARDS / tenants, `waits-${i}`)
  const [none, all] = [
    { slots: 0, nsPerOperation: 1 },
    { slots: SHARDS, nsPerOperation: 1 },
  ]
  await admitWaiting(fleet, none)
  const round = await cost('store.admit.round', postgres.pid, 100, () => admitWaiting(fleet, none), 1)
  let admitted = 0
  const dealt = await cost('store.admit.shards', postgres.pid, 1, async () => {
    admitted = await admitWaiting(fleet, all)
  })
  const each = (key: 'processorMs' | 'wallMs') => Math.max(0, dealt[key] - round[key]) / Math.max(1, admitted)
  return [round, { name: 'store.admit.shard', processorMs: each('processorMs'), wallMs: each('wallMs') }]
}

/** What one sweep costs for each shard that waits, none of which is lost; beside those stands a million rows' worth of nothing. */
async function measureSweeps({ postgres, database, bus, worker }: House): Promise<Measured[]> {
  const options = { sweepIntervalMs: 5000, lostAfterMs: 3_600_000, publishGraceMs: 3_600_000 }
  const waiting = 100_000
  const { store } = database
  await store.query(
    `insert into fleet.job (tenant, job_id, parent_key, kind, kernel_name, kernel_sha256, abi, params_sha256, seed, lanes,
       result_spec, shards_total, input_hash)
     select 'wait', 'j' || j, 'k' || j, 'SIMULATION', 'machine', 'h', 1, 'p', '0', 64, '{}', 1000, 'i' from generate_series(1, 100) j`,
  )
  await store.query(
    `insert into fleet.shard (tenant, job_id, shard, lane_from, lane_to, shard_key)
     select 'wait', 'j' || j, s, 64 * s, 64 * s + 64, 'k' from generate_series(1, 100) j, generate_series(0, 999) s`,
  )
  await store.query('analyze fleet.shard')
  const quiet = { ...worker, bus: { ...bus, backlog: async () => 0 } }
  await sweep(quiet, options)
  const once = await cost('store.sweep', postgres.pid, 5, () => sweep(quiet, options), 1)
  return [
    { name: 'store.sweep.shard', processorMs: once.processorMs / waiting, wallMs: once.wallMs / waiting },
    await cost('store.beat', postgres.pid, 1000, (i) =>
      store.query(
        `update fleet.shard set heartbeat_at = clock_timestamp() where (tenant, job_id, shard) in (
             select s.tenant, s.job_id, s.shard from fleet.shard s
               join unnest($1::text[], $2::text[], $3::int[]) as mine (tenant, job_id, shard) using (tenant, job_id, shard)
             where s.status = 'QUEUED' for update of s skip locked)`,
        [['wait'], [`j${1 + (i % 100)}`], [i]],
      ),
    ),
  ]
}
