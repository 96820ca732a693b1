// Tests of the NATS adapter that look behind the port.
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../../test/support/nats-server.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import type { BusLimits } from './limits.ts'
import { openNatsBus } from './nats.ts'
import type { Bus } from './port.ts'

const JOB = 'qz.job.p1.3.acme.j1.0'
const soon = { classes: ['p1'], max: 1, expiresMs: 10_000 }

describe.skipIf(lacksNatsServer())('the NATS bus behind its port', () => {
  let server: TestNatsServer
  let nc: NatsConnection
  let jsm: JetStreamManager
  const opened: Bus[] = []
  const open = async (limits: Partial<BusLimits> = {}) => {
    const bus = await openNatsBus({ url: server.url, clock: systemClock, log: silentLog, limits })
    opened.push(bus)
    return bus
  }
  beforeAll(async () => {
    server = await startTestNatsServer()
  })
  beforeEach(async () => {
    nc = await connect({ servers: server.url })
    jsm = await jetstreamManager(nc)
  })
  afterEach(async () => {
    for (const bus of opened.splice(0)) await bus.close()
    await nc.close()
  })
  afterAll(() => server.stop())

  /** Calls again while the bus is unavailable. */
  async function atLast<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      const answer = await call().catch(() => undefined)
      if (answer !== undefined) return answer
      await systemClock.sleep(20)
    }
  }

  it('makes its streams and one durable consumer for each class and bucket', async () => {
    await open()
    const streams = (await jsm.streams.list().next()).map((info) => info.config.name)
    expect(streams.sort()).toEqual([
      'ADVISORY',
      'DLQ',
      'EVENTS',
      'JOBS',
      'KV_qz_jobs',
      'KV_qz_keys',
      'KV_qz_workers',
      'OBJ_qz_blobs',
      'OBJ_qz_kernels',
    ])
    const consumers = await jsm.consumers.list('JOBS').next()
    expect(consumers).toHaveLength(48)
    expect(consumers[0]?.config).toMatchObject({ ack_policy: 'explicit', ack_wait: 20e9, max_deliver: 6 })
  })

  it('leaves what is there as it is when a second one opens', async () => {
    await open()
    const created = async () => [
      ...(await jsm.streams.list().next()).map((info) => info.created),
      ...(await jsm.consumers.list('JOBS').next()).map((info) => info.created),
    ]
    const before = await created()
    await open()
    expect(await created()).toEqual(before)
  })

  it('brings streams and consumers into line with changed limits', async () => {
    await open()
    await open({ ackWaitMs: 7000, maxEvents: 77, workersTtlMs: 5000 })
    const [stream, bucket] = [await jsm.streams.info('EVENTS'), await jsm.streams.info('KV_qz_workers')]
    expect([stream.config.max_msgs, bucket.config.max_age]).toEqual([77, 5e9])
    expect((await jsm.consumers.info('JOBS', 'p2_15')).config.ack_wait).toBe(7e9)
  })

  it("shares its objects with the broker's own clients, both ways", async () => {
    const ours = await (await open()).objects('qz_blobs')
    const theirs = await new Objm(nc).open('qz_blobs')
    const data = new Uint8Array(300_000).fill(5)
    await ours.put('from/us', [data])
    expect(await theirs.getBlob('from/us')).toEqual(data)
    await theirs.putBlob({ name: 'from/them' }, data)
    let bytes = 0
    for await (const chunk of (await ours.get('from/them'))?.chunks ?? []) bytes += chunk.length
    expect(bytes).toBe(data.length)
  })

  it('leaves no chunks behind of what was replaced, deleted or given up', async () => {
    const store = await (await open()).objects('qz_kernels')
    const put = (seed: number) => store.put('k', [new Uint8Array(300_000).fill(seed)])
    await Promise.all([put(1), put(2), put(3)])
    await put(4)
    const chunks = async () => {
      const { state } = await jsm.streams.info('OBJ_qz_kernels', { subjects_filter: '$O.qz_kernels.C.>' })
      return Object.values(state.subjects ?? {})
    }
    expect(await chunks()).toEqual([3])
    await store.put('other', [new Uint8Array(300_000)], { sha256: '0' }).catch(() => undefined)
    await store.delete('k')
    expect(await chunks()).toEqual([])
  })

  it('puts its stream back when somebody deletes it', async () => {
    const bus = await open()
    await jsm.streams.delete('JOBS')
    await atLast(() => bus.enqueue(JOB, new Uint8Array(1), 'put-back-stream'))
    const [delivery] = await bus.pull(soon)
    expect(delivery?.subject).toBe(JOB)
    await delivery?.ack()
  })

  it('puts a consumer back when somebody deletes it', async () => {
    const bus = await open()
    await jsm.consumers.delete('JOBS', 'p1_3')
    await bus.enqueue(JOB, new Uint8Array(1), 'put-back-consumer')
    const [delivery] = await atLast(() => bus.pull(soon))
    expect(delivery?.subject).toBe(JOB)
    await delivery?.ack()
  })

  it('buries what was exhausted while none of us listened', async () => {
    const strict = await open({ maxDeliver: 1, ackWaitMs: 500 })
    await strict.enqueue(JOB, new Uint8Array(1), 'exhausted')
    expect(await strict.pull(soon)).toHaveLength(1)
    await strict.close()
    const advisory = nc.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>', { max: 1 })
    // The server looks at its expired messages only while somebody asks for one.
    const asked = nc.subscribe('a.reply')
    nc.publish('$JS.API.CONSUMER.MSG.NEXT.JOBS.p1_3', '{"batch":1,"expires":9000000000}', { reply: asked.getSubject() })
    for await (const _ of advisory) break
    const heir = await open({ maxDeliver: 1, ackWaitMs: 500 })
    while ((await heir.backlog()) > 0) await systemClock.sleep(20)
    const letter = await jsm.streams.getMessage('DLQ', { last_by_subj: 'qz.dlq.j1' })
    expect(letter?.data.byteLength).toBe(1)
  })

  it('delivers again what was in flight when another process came and looked for what a killed broker left', async () => {
    const limits = { ackWaitMs: 4000 }
    const bus = await open(limits)
    await bus.enqueue('qz.job.p2.4.acme.j1.0', new Uint8Array(1), 'older-and-waiting')
    const jobs = [1, 2, 3].map((shard) => `qz.job.p1.3.acme.j1.${shard}`)
    for (const [i, subject] of jobs.entries()) await bus.enqueue(subject, new Uint8Array(1), `in-flight-${i}`)
    const [done] = await bus.pull(soon)
    await done?.ack()
    const [inFlight] = await bus.pull(soon)
    // It looks at once and after two seconds.
    await open(limits)
    await systemClock.sleep(3000)
    const later = [...(await bus.pull(soon)), ...(await bus.pull(soon))]
    expect(later.map(({ subject }) => subject).sort()).toEqual([inFlight?.subject, jobs[2]])
    for (const delivery of later) await delivery.ack()
    expect(await bus.purge('qz.job.*.*.acme.>')).toBe(1)
  })

  it('is empty in the end when the broker is killed again and again while messages are acknowledged', {
    timeout: 120_000,
  }, async () => {
    const bus = await open({ ackWaitMs: 500 })
    const message = (i: number) => `qz.job.p1.${i % 16}.acme.j1.${i}`
    for (let i = 0; i < 2000; i++) await bus.enqueue(message(i), new Uint8Array(1), `killed-${i}`)
    const done = new Set<string>()
    const serve = async () => {
      for (const delivery of await atLast(() => bus.pull({ ...soon, max: 16, expiresMs: 1000 })))
        await delivery.ack().then(
          () => done.add(delivery.subject),
          () => undefined,
        )
    }
    for (const share of [400, 800, 1200, 1600]) {
      while (done.size < share) await serve()
      await server.kill9()
      await server.restart()
    }
    while (done.size < 2000) await serve()
    // Some that were acknowledged come again; none may stay for ever.
    while ((await atLast(() => bus.backlog())) > 0) await serve()
  })
})
