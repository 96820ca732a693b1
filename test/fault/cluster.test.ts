// A fleet over a NATS cluster of three nodes, each stream on all of them: nodes are killed in the middle of a run.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type OpenDispatch, openDispatch } from '../../compute/dispatch/dispatch.ts'
import type { RunRecord } from '../../compute/dispatch/port.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { pattern } from '../contract/bus/objects.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { collectUntilEnd, ensemble, toiling } from '../support/fleet.ts'
import { type ClusterNode, startTestCluster, type TestCluster } from '../support/nats-cluster.ts'
import { lacksNatsServer } from '../support/nats-server.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'

const SHARDS = 24
const QUICK = { ackWaitMs: 2000, heartbeatMs: 500, watchMs: 100, retryMs: 200, leaseMs: 3000 }
const SWEEPS = { sweepIntervalMs: 500, lostAfterMs: 4000, publishGraceMs: 500 }
/** About 4 s of work for two workers. */
const question = (tenant: string) => ensemble({ tenant, plan: toiling(9000), lanes: 64 * SHARDS, shards: SHARDS })

describe.skipIf(lacksNatsServer())('a fleet over a cluster of three nodes', () => {
  let database: TestStore
  let cluster: TestCluster
  let bus: Bus
  let dispatch: OpenDispatch
  let undisturbed: string
  let down: ClusterNode[] = []
  const workers: WorkerProcess[] = []

  beforeAll(async () => {
    ;[database, cluster] = await Promise.all([freshStore(), startTestCluster()])
    const limits = { ackWaitMs: QUICK.ackWaitMs }
    bus = await openNatsBus({ url: cluster.url, clock, log: silentLog, limits, connectWithinMs: 40_000 })
    dispatch = openDispatch({
      ...{ store: database.store, bus, clock, log: silentLog, metrics: createMetrics('test') },
      ...SWEEPS,
    })
    for (let i = 0; i < 2; i++) workers.push(await startWorkerProcess(database.url, cluster.url, QUICK))
    const run = await dispatch.submit(question('calm'))
    await dispatch.settled('calm', run.id, 60_000)
    undisturbed = (await dispatch.load('calm', [run.id]))[0]!.resultHash!
  }, 120_000)
  afterEach(async () => {
    for (const node of down) await node.start()
    down = []
    await expect.poll(() => bus.ready(), { timeout: 30_000 }).toBe(true)
  }, 60_000)
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.kill('SIGKILL')))
    await dispatch?.close()
    await bus?.close()
    await cluster?.stop()
    await database?.drop()
  }, 60_000)

  const kill = async (node: ClusterNode) => {
    down.push(node)
    await node.end('SIGKILL')
  }
  /** All that happens to the tenant's runs. A node that was started again may not serve its streams yet. */
  const listenTo = (tenant: string) => vi.waitFor(() => bus.listen(`qz.ev.${tenant}.run.>`), { timeout: 30_000 })
  const inTheMiddle = async (run: RunRecord) => {
    const done = async () => (await dispatch.load(run.tenant, [run.id]))[0]?.shardsDone ?? 0
    await expect.poll(done, { interval: 20, timeout: 30_000 }).toBeGreaterThan(2)
    expect(await done()).toBeLessThan(SHARDS - 3)
  }
  const count = async (table: string, tenant: string) => {
    const text = `select count(*)::int as n from fleet.${table} where tenant = $1`
    return (await database.store.query<{ n: number }>(text, [tenant]))[0]?.n
  }
  const expectUndisturbed = async (run: RunRecord) => {
    await dispatch.settled(run.tenant, run.id, 80_000)
    const [ended] = await dispatch.load(run.tenant, [run.id])
    expect(ended).toMatchObject({ status: 'SUCCEEDED', resultHash: undisturbed, shardsDone: SHARDS })
    expect(await count('shard_result', run.tenant)).toBe(SHARDS)
    expect(await count('result', run.tenant)).toBe(1)
    expect(await count('shard_conflict', run.tenant)).toBe(0)
    expect(await count('dead_letter', run.tenant)).toBe(0)
  }

  it('keeps each stream and bucket on three nodes, without being told', async () => {
    for (const stream of ['JOBS', 'EVENTS', 'ADVISORY', 'DLQ', 'KV_qz_jobs', 'OBJ_qz_blobs'])
      expect((await cluster.info(stream)).config.num_replicas, stream).toBe(3)
  })

  it('ends a run to the same bits when the leader of JOBS is killed in the middle of it, and tells of its end', async () => {
    const events = await listenTo('leader')
    const run = await dispatch.submit(question('leader'))
    await inTheMiddle(run)
    await kill(await cluster.leaderOf('JOBS'))
    await expectUndisturbed(run)
    const told = await collectUntilEnd(events)
    expect(told.at(-1)).toMatchObject({ kind: 'state', status: 'SUCCEEDED', shardsDone: SHARDS })
    const states = told.filter(({ kind }) => kind === 'state').map(({ status }) => status)
    expect(states.slice(states.indexOf('RUNNING'))).toEqual(['RUNNING', 'MERGING', 'SUCCEEDED'])
    const done = told.map(({ shardsDone }) => shardsDone)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect((await cluster.info('JOBS')).config.num_replicas).toBe(3)
  }, 120_000)

  it('ends a run to the same bits when the leader of EVENTS is killed in the middle of it', async () => {
    const events = await listenTo('events')
    const run = await dispatch.submit(question('events'))
    await inTheMiddle(run)
    await kill(await cluster.leaderOf('EVENTS'))
    await expectUndisturbed(run)
    expect((await collectUntilEnd(events)).at(-1)).toMatchObject({ kind: 'state', status: 'SUCCEEDED' })
  }, 120_000)

  it('reads and writes an object to its end when the leader of its bucket is killed', async () => {
    const store = await bus.objects('qz_blobs')
    const data = pattern(40 * 128 * 1024)
    await store.put('held', [data])
    const parts: Uint8Array[] = []
    for await (const chunk of (await store.get('held'))!.chunks)
      if (parts.push(chunk) === 10) await kill(await cluster.leaderOf('OBJ_qz_blobs'))
    expect(Buffer.compare(Buffer.concat(parts), data)).toBe(0)
    const written = () => store.put('held', [data]).catch(() => undefined)
    await expect.poll(written, { timeout: 30_000 }).toMatchObject({ bytes: data.length })
    await store.delete('held')
  }, 150_000)

  it('takes questions while two nodes of three are down, and answers them when one is back', async () => {
    const before = await dispatch.submit(question('half'))
    await inTheMiddle(before)
    const leader = await cluster.leaderOf('JOBS')
    await kill(leader)
    await kill(cluster.nodes.find((node) => node !== leader)!)
    const meanwhile = await dispatch.submit(question('alone'))
    expect(meanwhile.status).toBe('QUEUED')
    expect(await count('shard', 'alone')).toBe(SHARDS)
    await down.shift()!.start()
    await expectUndisturbed(before)
    await expectUndisturbed(meanwhile)
  }, 180_000)
})
