// The contract of the bus: one suite over every adapter, and what only a broker can suffer.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BUS_LIMITS, type BusLimits, MAX_MESSAGE_BYTES } from '../../infra/bus/limits.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus, Delivery, Listener } from '../../infra/bus/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { bucketOf } from '../../schema/jobs.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'

type OpenBus = (limits?: Partial<BusLimits>) => Promise<Bus>

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (message: { data: Uint8Array } | undefined) => message && new TextDecoder().decode(message.data)
const texts = (messages: readonly { data: Uint8Array }[]) => messages.map(text)
const ackAll = (deliveries: readonly Delivery[]) => Promise.all(deliveries.map((delivery) => delivery.ack()))
const job = (tenant: string, shard: number, jobClass = 'p1', jobId = 'job') =>
  `qz.job.${jobClass}.${bucketOf(tenant)}.${tenant}.${jobId}.${shard}`
const ALL = ['p0', 'p1', 'p2']
const soon = { classes: ALL, max: 1, expiresMs: 10_000 }
const now = { classes: ALL, max: 1, expiresMs: 1000 }

async function take<T>(listener: Listener<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  for await (const message of listener) if (taken.push(message) === count) break
  return taken
}

/** All messages until the listener ends. */
async function drain<T>(listener: Listener<T>): Promise<T[]> {
  const taken: T[] = []
  for await (const message of listener) taken.push(message)
  return taken
}

/** Asks until the answer is as wanted; the test's own time limit ends it. */
async function eventually<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask()
    if (wanted(value)) return value
    await systemClock.sleep(20)
  }
}

const rejectsWith = (promise: Promise<unknown>, code: string) => expect(promise).rejects.toMatchObject({ code })

function contract(open: OpenBus): void {
  let bus: Bus
  let opened: Bus[] = []
  const openWith: OpenBus = async (limits) => {
    const another = await open(limits)
    opened.push(another)
    return another
  }

  beforeEach(async () => {
    bus = await openWith()
  })
  afterEach(async () => {
    if (await bus.ready()) await bus.purge('qz.job.>')
    await Promise.all(opened.map((each) => each.close()))
    opened = []
  })

  describe('publish and subscribe', () => {
    it('brings a message to each subscriber whose pattern matches, and to no other', async () => {
      const exact = await bus.subscribe('qz.ctl.cancel.j1')
      const star = await bus.subscribe('qz.ctl.*.j1')
      const rest = await bus.subscribe('qz.ctl.>')
      const other = await bus.subscribe('qz.ctl.cancel')
      await bus.publish('qz.ctl.cancel.j1', bytes('one'))
      await bus.publish('qz.ctl.drain.w1', bytes('two'))
      expect(texts(await take(exact, 1))).toEqual(['one'])
      expect(texts(await take(star, 1))).toEqual(['one'])
      expect(await take(rest, 2)).toMatchObject([{ subject: 'qz.ctl.cancel.j1' }, { subject: 'qz.ctl.drain.w1' }])
      const nothing = drain(other)
      await other.stop()
      expect(await nothing).toEqual([])
    })

    it('ends the iteration of a listener that is stopped', async () => {
      const listener = await bus.subscribe('qz.ctl.>')
      const all = drain(listener)
      await listener.stop()
      expect(await all).toEqual([])
    })

    it('delivers what was sent, whatever the sender does to its bytes afterwards', async () => {
      const listener = await bus.subscribe('qz.ctl.>')
      const data = bytes('before')
      await bus.publish('qz.ctl.x', data)
      data.fill(0)
      expect(texts(await take(listener, 1))).toEqual(['before'])
    })

    it.each(['', 'qz..x', 'qz.a b', 'qz.*', 'qz.>'])('refuses to publish to %j', async (subject) => {
      await rejectsWith(bus.publish(subject, bytes('')), 'BAD_INPUT')
    })

    it.each(['', 'qz.>.x', 'a*', 'qz..x'])('refuses to subscribe to %j', async (pattern) => {
      await rejectsWith(bus.subscribe(pattern), 'BAD_INPUT')
    })

    it('refuses to bypass the work queue and the event stream', async () => {
      await rejectsWith(bus.publish(job('a', 0), bytes('')), 'BAD_INPUT')
      await rejectsWith(bus.publish('qz.ev.a.r.state', bytes('')), 'BAD_INPUT')
      await rejectsWith(bus.subscribe('>'), 'BAD_INPUT')
      await rejectsWith(bus.enqueue('qz.ctl.x', bytes(''), 'm'), 'BAD_INPUT')
      await rejectsWith(bus.emit('qz.ctl.x', bytes('')), 'BAD_INPUT')
      await rejectsWith(bus.listen('qz.ctl.>'), 'BAD_INPUT')
      await rejectsWith(bus.purge('qz.>'), 'BAD_INPUT')
    })
  })

  describe('the work queue', () => {
    it('delivers a message once, with its subject and as the first attempt, and forgets it when acknowledged', async () => {
      await bus.enqueue(job('a', 0), bytes('shard'), 'once')
      const [delivery] = await bus.pull(soon)
      expect(delivery).toMatchObject({ subject: job('a', 0), attempt: 1 })
      expect(text(delivery)).toBe('shard')
      expect(await bus.backlog()).toBe(1)
      await delivery?.ack()
      expect(await bus.backlog()).toBe(0)
      expect(await bus.pull(now)).toEqual([])
    })

    it('gives each of many messages to exactly one of several consumers', async () => {
      const sent = Array.from({ length: 200 }, (_, i) => `m${i}`)
      await Promise.all(sent.map((id, i) => bus.enqueue(job(`t${i % 7}`, i), bytes(id), `each-${id}`)))
      const got: (string | undefined)[] = []
      const consume = async () => {
        while (got.length < sent.length) {
          const deliveries = await bus.pull({ ...now, max: 3 })
          got.push(...texts(deliveries))
          await ackAll(deliveries)
        }
      }
      await Promise.all([consume(), consume(), consume(), consume()])
      expect(got.sort()).toEqual(sent.sort())
      expect(await bus.backlog()).toBe(0)
    })

    it('wakes a pull that waits as soon as there is a message', async () => {
      const waiting = bus.pull(soon)
      await bus.enqueue(job('a', 0), bytes('now'), 'wake')
      const deliveries = await waiting
      expect(texts(deliveries)).toEqual(['now'])
      await ackAll(deliveries)
    })

    it('returns nothing when the time is up', async () => {
      expect(await bus.pull(now)).toEqual([])
    })

    it('delivers again, as a further attempt, no sooner than the delay of a nak', async () => {
      await bus.enqueue(job('a', 0), bytes('again'), 'nak')
      const [first] = await bus.pull(soon)
      const givenBackAt = systemClock.now()
      await first?.nak(400)
      const [second] = await bus.pull(soon)
      expect(systemClock.now() - givenBackAt).toBeGreaterThanOrEqual(390)
      expect(second?.attempt).toBe(2)
      await second?.nak(0)
      const [third] = await bus.pull(soon)
      expect(third?.attempt).toBe(3)
      await third?.ack()
    })

    it('removes a terminated message for good', async () => {
      await bus.enqueue(job('a', 0), bytes('bad'), 'term')
      const [delivery] = await bus.pull(soon)
      await delivery?.term()
      expect(await bus.backlog()).toBe(0)
    })

    it('does nothing when a delivery is settled twice', async () => {
      await bus.enqueue(job('a', 0), bytes('twice'), 'twice')
      const [delivery] = await bus.pull(soon)
      await delivery?.ack()
      await delivery?.nak(0)
      await delivery?.term()
      await delivery?.ack()
      await delivery?.working()
      expect(await bus.pull(now)).toEqual([])
    })

    it('delivers again what a consumer took and never settled', async () => {
      const quick = await openWith({ ackWaitMs: 500 })
      await quick.enqueue(job('a', 0), bytes('orphan'), 'orphan')
      const [lost] = await quick.pull(soon)
      expect(lost?.attempt).toBe(1)
      const [found] = await quick.pull(soon)
      expect(found).toMatchObject({ subject: job('a', 0), attempt: 2 })
      await found?.ack()
      expect(await quick.backlog()).toBe(0)
    })

    it('counts an acknowledgement that comes too late', async () => {
      const quick = await openWith({ ackWaitMs: 500 })
      await quick.enqueue(job('a', 0), bytes('late'), 'late')
      const [first] = await quick.pull(soon)
      const [second] = await quick.pull(soon)
      await first?.ack()
      expect(await quick.backlog()).toBe(0)
      await second?.ack()
    })

    it('keeps a message with a consumer that says it is working', async () => {
      const quick = await openWith({ ackWaitMs: 1000 })
      await quick.enqueue(job('a', 0), bytes('long'), 'working')
      const [delivery] = await quick.pull(soon)
      const beat = setInterval(() => void delivery?.working(), 200)
      const others = await quick.pull({ ...now, expiresMs: 2500 })
      clearInterval(beat)
      expect(others).toEqual([])
      await delivery?.ack()
    })

    it('moves a message that was delivered too often to the dead letters', async () => {
      const strict = await openWith({ maxDeliver: 2 })
      const dead = await strict.subscribe('qz.dlq.*')
      await strict.enqueue(job('a', 0, 'p1', 'poison'), bytes('poison'), 'poison')
      for (const attempt of [1, 2]) {
        const [delivery] = await strict.pull(soon)
        expect(delivery?.attempt).toBe(attempt)
        await delivery?.nak(0)
      }
      expect(await strict.pull(now)).toEqual([])
      const [letter] = await take(dead, 1)
      expect(letter?.subject).toBe('qz.dlq.poison')
      expect(text(letter)).toBe('poison')
      await eventually(
        () => strict.backlog(),
        (count) => count === 0,
      )
    })

    it('stores a message identifier once, also when its message is done', async () => {
      expect(await bus.enqueue(job('a', 0), bytes('1'), 'same')).toEqual({ duplicate: false })
      expect(await bus.enqueue(job('a', 0), bytes('2'), 'same')).toEqual({ duplicate: true })
      const deliveries = await bus.pull({ ...soon, max: 5 })
      expect(texts(deliveries)).toEqual(['1'])
      await ackAll(deliveries)
      expect(await bus.enqueue(job('a', 0), bytes('3'), 'same')).toEqual({ duplicate: true })
      expect(await bus.enqueue(job('a', 0), bytes('4'), 'same#1')).toEqual({ duplicate: false })
      expect(texts(await bus.pull(soon))).toEqual(['4'])
    })

    it('purges the messages that match and leaves the others', async () => {
      for (let i = 0; i < 5; i++) await bus.enqueue(job('a', i, 'p1', 'gone'), bytes(`${i}`), `gone-${i}`)
      await bus.enqueue(job('a', 0, 'p1', 'kept'), bytes('kept'), 'kept-1')
      await bus.enqueue(job('b', 0, 'p2', 'kept'), bytes('kept too'), 'kept-2')
      expect(await bus.purge('qz.job.*.*.a.gone.*')).toBe(5)
      expect(await bus.purge('qz.job.*.*.a.gone.*')).toBe(0)
      const deliveries = [...(await bus.pull({ ...soon, max: 9 })), ...(await bus.pull(now))]
      expect(texts(deliveries).sort()).toEqual(['kept', 'kept too'])
      await ackAll(deliveries)
    })

    it('does not deliver again what was purged while a consumer had it', async () => {
      await bus.enqueue(job('a', 0), bytes('held'), 'held')
      const [delivery] = await bus.pull(soon)
      await bus.purge('qz.job.*.*.a.>')
      await delivery?.nak(0)
      expect(await bus.pull(now)).toEqual([])
      expect(await bus.backlog()).toBe(0)
    })

    it('serves a tenant with one message in the first turns behind five thousand of another', async () => {
      expect(bucketOf('flood')).not.toBe(bucketOf('small'))
      const flood = Array.from({ length: 5000 }, (_, i) => bus.enqueue(job('flood', i), bytes('f'), `flood-${i}`))
      await Promise.all(flood)
      await bus.enqueue(job('small', 0), bytes('mine'), 'small')
      const first = [...(await bus.pull(soon)), ...(await bus.pull(soon)), ...(await bus.pull(soon))]
      expect(texts(first)).toContain('mine')
      await ackAll(first)
    })

    it('takes the classes in the order of the pull, and only those it names', async () => {
      await bus.enqueue(job('a', 0, 'p2'), bytes('batch'), 'c2')
      await bus.enqueue(job('a', 1, 'p1'), bytes('normal'), 'c1')
      await bus.enqueue(job('a', 2, 'p0'), bytes('urgent'), 'c0')
      const urgentFirst = await bus.pull({ classes: ['p0', 'p1'], max: 9, expiresMs: 1000 })
      expect(texts(urgentFirst)).toEqual(['urgent', 'normal'])
      expect(await bus.pull({ classes: ['p0'], max: 9, expiresMs: 1000 })).toEqual([])
      const rest = await bus.pull({ classes: ['p2'], max: 9, expiresMs: 1000 })
      expect(texts(rest)).toEqual(['batch'])
      await ackAll([...urgentFirst, ...rest])
    })

    it('never delivers more than was asked for', async () => {
      for (let i = 0; i < 10; i++) await bus.enqueue(job(`t${i}`, i), bytes('x'), `max-${i}`)
      const deliveries = await bus.pull({ ...soon, max: 4 })
      expect(deliveries).toHaveLength(4)
      await ackAll(deliveries)
      expect(await bus.backlog()).toBe(6)
      const rest = await bus.pull({ ...soon, max: 100 })
      expect(rest.map((delivery) => delivery.attempt)).toEqual([1, 1, 1, 1, 1, 1])
      await ackAll(rest)
    })

    it('ends a pull at once when its signal aborts', async () => {
      const stop = new AbortController()
      const waiting = bus.pull({ ...soon, expiresMs: 60_000, signal: stop.signal })
      stop.abort()
      expect(await waiting).toEqual([])
      expect(await bus.pull({ ...soon, expiresMs: 60_000, signal: stop.signal })).toEqual([])
    })

    it('answers OVERLOADED when the queue is full', async () => {
      const narrow = await openWith({ maxQueued: 3 })
      for (let i = 0; i < 3; i++) await narrow.enqueue(job('a', i), bytes('x'), `full-${i}`)
      await rejectsWith(narrow.enqueue(job('a', 3), bytes('x'), 'full-3'), 'OVERLOADED')
      await narrow.purge('qz.job.>')
    })

    it.each([
      { classes: [] },
      { classes: ['p9'] },
      { max: 0 },
      { max: 1.5 },
      { expiresMs: 999 },
      { expiresMs: Number.NaN },
    ])('refuses a pull with %j', async (wrong) => {
      await rejectsWith(bus.pull({ ...soon, ...wrong }), 'BAD_INPUT')
    })

    it.each([
      'qz.job.p9.0.a.j.0',
      'qz.job.p1.16.a.j.0',
      'qz.job.p1.01.a.j.0',
      'qz.job.p1.0.a.j',
      'qz.job.p1.0.a.j.0.0',
    ])('refuses to enqueue at %j', async (subject) => {
      await rejectsWith(bus.enqueue(subject, bytes('x'), 'wrong'), 'BAD_INPUT')
    })
  })

  describe('the event stream', () => {
    it('gives strictly rising sequences and delivers in their order', async () => {
      const listener = await bus.listen('qz.ev.a.r1.*')
      const first = await bus.emit('qz.ev.a.r1.state', bytes('1'))
      await bus.emit('qz.ev.a.r2.state', bytes('not this run'))
      const second = await bus.emit('qz.ev.a.r1.progress', bytes('2'))
      expect(second).toBeGreaterThan(first)
      expect(Number.isSafeInteger(second)).toBe(true)
      const events = await take(listener, 2)
      expect(events.map((event) => event.sequence)).toEqual([first, second])
      expect(texts(events)).toEqual(['1', '2'])
    })

    it('replays from after a sequence, and goes on with new events', async () => {
      const one = await bus.emit('qz.ev.a.replay.state', bytes('1'))
      await bus.emit('qz.ev.a.replay.state', bytes('2'))
      const listener = await bus.listen('qz.ev.a.replay.>', one)
      await bus.emit('qz.ev.a.replay.state', bytes('3'))
      expect(texts(await take(listener, 2))).toEqual(['2', '3'])
    })

    it('replays everything it keeps from after zero', async () => {
      await bus.emit('qz.ev.a.zero.state', bytes('1'))
      const listener = await bus.listen('qz.ev.a.zero.*', 0)
      expect(texts(await take(listener, 1))).toEqual(['1'])
    })

    it('delivers only new events where no sequence is given', async () => {
      await bus.emit('qz.ev.a.new.state', bytes('old'))
      const listener = await bus.listen('qz.ev.a.new.*')
      await bus.emit('qz.ev.a.new.state', bytes('new'))
      expect(texts(await take(listener, 1))).toEqual(['new'])
    })

    it('delivers to every listener all that matches, a thousand events too', async () => {
      const listeners = [await bus.listen('qz.ev.many.>'), await bus.listen('qz.ev.many.*.state')]
      const sent = Array.from({ length: 1000 }, (_, i) => `${i}`)
      for (const each of sent) await bus.emit('qz.ev.many.r.state', bytes(each))
      for (const listener of listeners) expect(texts(await take(listener, 1000))).toEqual(sent)
    })

    it('keeps no more events than its limit, the newest', async () => {
      const small = await openWith({ maxEvents: 32 })
      for (let i = 0; i < 100; i++) await small.emit('qz.ev.a.bound.state', bytes(`${i}`))
      const last = await small.emit('qz.ev.a.bound.state', bytes('last'))
      const listener = await small.listen('qz.ev.a.bound.*', 0)
      const kept: { sequence: number }[] = []
      for await (const event of listener) {
        kept.push(event)
        if (event.sequence === last) break
      }
      expect(kept.length).toBeLessThanOrEqual(32)
      expect(kept.length).toBeGreaterThanOrEqual(16)
    })

    it('ends the iteration of a listener that is stopped while it waits', async () => {
      const listener = await bus.listen('qz.ev.>')
      const all = drain(listener)
      await listener.stop()
      expect(await all).toEqual([])
    })

    it.each([-1, 0.5, Number.NaN])('refuses to listen from after %d', async (after) => {
      await rejectsWith(bus.listen('qz.ev.>', after), 'BAD_INPUT')
    })
  })

  describe('buckets', () => {
    it('puts, gets, overwrites and deletes a key', async () => {
      const store = await bus.bucket('qz_jobs')
      expect(await store.get('job.1')).toBeUndefined()
      await store.put('job.1', bytes('a'))
      await store.put('job.1', bytes('b'))
      expect(new TextDecoder().decode(await store.get('job.1'))).toBe('b')
      await store.delete('job.1')
      expect(await store.get('job.1')).toBeUndefined()
      await store.delete('job.1')
    })

    it('lists the keys that are there, in order', async () => {
      const store = await bus.bucket('qz_jobs')
      expect(await store.keys()).toEqual([])
      for (const key of ['k2', 'k1', 'k3']) await store.put(key, bytes(key))
      await store.delete('k3')
      expect(await store.keys()).toEqual(['k1', 'k2'])
      for (const key of ['k1', 'k2']) await store.delete(key)
    })

    it('forgets a heartbeat that is not repeated', async () => {
      const brief = await openWith({ workersTtlMs: 600 })
      const store = await brief.bucket('qz_workers')
      await store.put('w1', bytes('alive'))
      expect(await store.keys()).toEqual(['w1'])
      await eventually(
        () => store.get('w1'),
        (value) => value === undefined,
      )
      expect(await store.keys()).toEqual([])
    })

    it.each(['', '.a', 'a.', 'a..b', 'a b', 'a*'])('refuses the key %j', async (key) => {
      const store = await bus.bucket('qz_jobs')
      await rejectsWith(store.put(key, bytes('')), 'BAD_INPUT')
      await rejectsWith(store.get(key), 'BAD_INPUT')
    })
  })

  describe('sizes', () => {
    it('carries messages of 0.9 MB and of exactly the limit', async () => {
      for (const size of [900_000, MAX_MESSAGE_BYTES]) {
        const large = new Uint8Array(size).fill(7)
        await bus.enqueue(job('a', size), large, `large-${size}`)
        const [delivery] = await bus.pull(soon)
        expect(delivery?.data.byteLength).toBe(size)
        await delivery?.ack()
        const listener = await bus.listen('qz.ev.a.large.*')
        await bus.emit('qz.ev.a.large.state', large)
        expect((await take(listener, 1))[0]?.data.at(-1)).toBe(7)
      }
    })

    it('carries an empty message', async () => {
      await bus.enqueue(job('a', 0), new Uint8Array(), 'empty')
      const [delivery] = await bus.pull(soon)
      expect(delivery?.data.byteLength).toBe(0)
      await delivery?.ack()
    })

    it('refuses a message above 1 MiB with LIMIT_EXCEEDED wherever it is sent', async () => {
      const huge = new Uint8Array(1024 * 1024 + 1)
      await rejectsWith(bus.publish('qz.ctl.x', huge), 'LIMIT_EXCEEDED')
      await rejectsWith(bus.enqueue(job('a', 0), huge, 'huge'), 'LIMIT_EXCEEDED')
      await rejectsWith(bus.emit('qz.ev.a.b.state', huge), 'LIMIT_EXCEEDED')
      await rejectsWith((await bus.bucket('qz_jobs')).put('huge', huge), 'LIMIT_EXCEEDED')
      expect(await bus.ready()).toBe(true)
    })
  })

  describe('close', () => {
    it('ends listeners and a pull that waits', async () => {
      const messages = drain(await bus.subscribe('qz.ctl.>'))
      const events = drain(await bus.listen('qz.ev.>'))
      const pull = rejectsWith(bus.pull({ ...soon, expiresMs: 60_000 }), 'BUS_UNAVAILABLE')
      await bus.close()
      expect(await messages).toEqual([])
      expect(await events).toEqual([])
      await pull
    })

    it('makes every later call reject with BUS_UNAVAILABLE, and closing again does nothing', async () => {
      const store = await bus.bucket('qz_jobs')
      await bus.enqueue(job('a', 0), bytes('x'), 'closing')
      const [delivery] = await bus.pull(soon)
      await delivery?.ack()
      await bus.close()
      await bus.close()
      expect(await bus.ready()).toBe(false)
      await rejectsWith(bus.publish('qz.ctl.x', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.subscribe('qz.ctl.>'), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.enqueue(job('a', 0), bytes(''), 'm'), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.pull(soon), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.purge('qz.job.>'), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.backlog(), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.emit('qz.ev.a.b.state', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.listen('qz.ev.>'), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.bucket('qz_jobs'), 'BUS_UNAVAILABLE')
      await rejectsWith(store.put('k', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(store.get('k'), 'BUS_UNAVAILABLE')
    })

    it('is ready before, and not after', async () => {
      expect(await bus.ready()).toBe(true)
      await bus.close()
      expect(await bus.ready()).toBe(false)
    })
  })
}

describe('the memory bus', () => {
  contract(async (limits) => openMemoryBus(systemClock, limits))
})

describe.skipIf(lacksNatsServer())('the NATS bus', () => {
  let server: TestNatsServer
  beforeAll(async () => {
    server = await startTestNatsServer()
  })
  afterAll(() => server.stop())
  const open: OpenBus = (limits) =>
    openNatsBus({ url: server.url, clock: systemClock, log: silentLog, ...(limits ? { limits } : {}) })

  contract(open)

  // The memory bus ends with its process: only a broker can be lost and come back, or be shared by processes.
  describe('with a broker that fails', () => {
    let bus: Bus
    beforeEach(async () => {
      bus = await open()
    })
    afterEach(() => bus.close())
    const back = () => eventually(() => bus.ready(), Boolean)

    it('rejects with BUS_UNAVAILABLE within a second while the broker is away', async () => {
      await server.kill9()
      await eventually(
        () => bus.ready(),
        (ready) => !ready,
      )
      const since = systemClock.now()
      await rejectsWith(bus.enqueue(job('a', 0), bytes('x'), 'away'), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.pull(soon), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.emit('qz.ev.a.b.state', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(bus.backlog(), 'BUS_UNAVAILABLE')
      expect(systemClock.now() - since).toBeLessThan(1000)
      await server.restart()
      await back()
    })

    it('rejects a pull that waits when the broker is killed', async () => {
      const waiting = rejectsWith(bus.pull({ ...soon, expiresMs: 60_000 }), 'BUS_UNAVAILABLE')
      await server.kill9()
      await waiting
      await server.restart()
      await back()
    })

    it('keeps queued messages over kill -9 and a restart', async () => {
      for (let i = 0; i < 20; i++) await bus.enqueue(job('a', i, 'p1', 'kept'), bytes(`${i}`), `kill-${i}`)
      await server.kill9()
      await server.restart()
      await back()
      expect(await bus.backlog()).toBe(20)
      const got: (string | undefined)[] = []
      while (got.length < 20) {
        const deliveries = await bus.pull({ ...soon, max: 8 })
        got.push(...texts(deliveries))
        await ackAll(deliveries)
      }
      expect(new Set(got).size).toBe(20)
      expect(await bus.backlog()).toBe(0)
    })

    it('acknowledges after a restart what was pulled before it', async () => {
      await bus.enqueue(job('a', 0), bytes('x'), 'ack-after')
      const [delivery] = await bus.pull(soon)
      await server.kill9()
      await rejectsWith(delivery?.ack() ?? Promise.resolve(), 'BUS_UNAVAILABLE')
      await server.restart()
      await back()
      await delivery?.ack()
      expect(await bus.backlog()).toBe(0)
    })

    it('goes on with listeners and subscriptions from where they were, without loss or repetition', async () => {
      const listener = await bus.listen('qz.ev.a.resume.*')
      const plain = await bus.subscribe('qz.ctl.>')
      const seen: (string | undefined)[] = []
      const reading = (async () => {
        for await (const event of listener) if (seen.push(text(event)) === 3) return
      })()
      await bus.emit('qz.ev.a.resume.state', bytes('1'))
      await eventually(
        async () => seen.length,
        (count) => count === 1,
      )
      await server.kill9()
      await server.restart()
      await back()
      await bus.emit('qz.ev.a.resume.state', bytes('2'))
      await bus.emit('qz.ev.a.resume.state', bytes('3'))
      await reading
      expect(seen).toEqual(['1', '2', '3'])
      await bus.publish('qz.ctl.x', bytes('heard'))
      expect(texts(await take(plain, 1))).toEqual(['heard'])
    })

    it('goes on after the store directory is lost: empty, with rising sequences, and old cursors still serve', async () => {
      await bus.enqueue(job('a', 0), bytes('lost'), 'lost')
      const [held] = await bus.pull(soon)
      for (let i = 0; i < 50; i++) await bus.emit('qz.ev.a.lost.state', bytes('old'))
      const before = await bus.emit('qz.ev.a.lost.state', bytes('old'))
      const listener = await bus.listen('qz.ev.a.lost.*')
      const store = await bus.bucket('qz_jobs')
      await store.put('k', bytes('v'))
      await server.kill9()
      await server.restart({ emptied: true })
      await back()

      expect(await bus.backlog()).toBe(0)
      expect(await store.get('k')).toBeUndefined()
      await store.put('k', bytes('w'))
      expect(await store.keys()).toEqual(['k'])

      await bus.enqueue(job('a', 0), bytes('anew'), 'lost')
      await held?.ack()
      expect(await bus.backlog()).toBe(1)
      const deliveries = await bus.pull(soon)
      expect(texts(deliveries)).toEqual(['anew'])
      await ackAll(deliveries)

      const after = await bus.emit('qz.ev.a.lost.state', bytes('new'))
      expect(after).toBeGreaterThan(before)
      expect(texts(await take(listener, 1))).toEqual(['new'])
      expect(texts(await take(await bus.listen('qz.ev.a.lost.*', before), 1))).toEqual(['new'])
    })

    it('puts its streams back when somebody deletes them', async () => {
      const { connect } = await import('@nats-io/transport-node')
      const { jetstreamManager } = await import('@nats-io/jetstream')
      const nc = await connect({ servers: server.url })
      const jsm = await jetstreamManager(nc)
      await jsm.streams.delete('JOBS')
      await nc.close()
      await eventually(
        () =>
          bus.enqueue(job('a', 0), bytes('x'), 'put-back').then(
            () => true,
            () => false,
          ),
        Boolean,
      )
      const deliveries = await bus.pull(soon)
      expect(texts(deliveries)).toEqual(['x'])
      await ackAll(deliveries)
    })
  })

  describe('shared by processes', () => {
    it('brings what one connection sends to the other', async () => {
      const [a, b] = [await open(), await open()]
      const events = await b.listen('qz.ev.a.shared.*')
      const messages = await b.subscribe('qz.ctl.>')
      const pull = b.pull(soon)
      await a.enqueue(job('a', 0), bytes('work'), 'shared')
      await a.emit('qz.ev.a.shared.state', bytes('event'))
      await a.publish('qz.ctl.x', bytes('message'))
      const deliveries = await pull
      expect(texts(deliveries)).toEqual(['work'])
      await ackAll(deliveries)
      expect(texts(await take(events, 1))).toEqual(['event'])
      expect(texts(await take(messages, 1))).toEqual(['message'])
      await Promise.all([a.close(), b.close()])
    })

    it('gives to another connection what one took and never settled before it ended', async () => {
      const limits = { ackWaitMs: 500 }
      const [dies, lives] = [await open(limits), await open(limits)]
      await dies.enqueue(job('a', 0), bytes('x'), 'dies')
      expect(await dies.pull(soon)).toHaveLength(1)
      await dies.close()
      const [delivery] = await lives.pull(soon)
      expect(delivery?.attempt).toBe(2)
      await delivery?.ack()
      await lives.close()
      // Puts the usual limits back.
      await (await open(BUS_LIMITS)).close()
    })
  })

  it('rejects with BUS_UNAVAILABLE in the time given where no broker answers', async () => {
    const nowhere = openNatsBus({ url: 'nats://127.0.0.1:9', clock: systemClock, log: silentLog, connectWithinMs: 300 })
    await rejectsWith(nowhere, 'BUS_UNAVAILABLE')
  })
})
