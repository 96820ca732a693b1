// The work queue: delivery, settlement, redelivery, duplicates, purge, fairness, classes.
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../infra/clock.ts'
import { bucketOf } from '../../../schema/jobs.ts'
import {
  ackAll,
  type BusUnderTest,
  bytes,
  eventually,
  job,
  now,
  rejectsWith,
  soon,
  take,
  text,
  texts,
} from './harness.ts'

export function workQueueContract(under: BusUnderTest): void {
  describe('the work queue', () => {
    it('delivers a message once, with its subject and as the first attempt, and forgets it when acknowledged', async () => {
      await under.bus.enqueue(job('a', 0), bytes('shard'), 'once')
      const [delivery] = await under.bus.pull(soon)
      expect(delivery).toMatchObject({ subject: job('a', 0), attempt: 1 })
      expect(text(delivery)).toBe('shard')
      expect(await under.bus.backlog()).toBe(1)
      await delivery?.ack()
      expect(await under.bus.backlog()).toBe(0)
      expect(await under.bus.pull(now)).toEqual([])
    })

    it('gives each of many messages to exactly one of several consumers', async () => {
      const sent = Array.from({ length: 200 }, (_, i) => `m${i}`)
      await Promise.all(sent.map((id, i) => under.bus.enqueue(job(`t${i % 7}`, i), bytes(id), `each-${id}`)))
      const got: (string | undefined)[] = []
      const consume = async () => {
        while (got.length < sent.length) {
          const deliveries = await under.bus.pull({ ...now, max: 3 })
          got.push(...texts(deliveries))
          await ackAll(deliveries)
        }
      }
      await Promise.all([consume(), consume(), consume(), consume()])
      expect(got.sort()).toEqual(sent.sort())
      expect(await under.bus.backlog()).toBe(0)
    })

    it('wakes a pull that waits as soon as there is a message', async () => {
      const waiting = under.bus.pull(soon)
      await under.bus.enqueue(job('a', 0), bytes('now'), 'wake')
      const deliveries = await waiting
      expect(texts(deliveries)).toEqual(['now'])
      await ackAll(deliveries)
    })

    it('returns nothing when the time is up', async () => {
      expect(await under.bus.pull(now)).toEqual([])
    })

    it('delivers again, as a further attempt, no sooner than the delay of a nak', async () => {
      await under.bus.enqueue(job('a', 0), bytes('again'), 'nak')
      const [first] = await under.bus.pull(soon)
      const givenBackAt = systemClock.now()
      await first?.nak(400)
      const [second] = await under.bus.pull(soon)
      expect(systemClock.now() - givenBackAt).toBeGreaterThanOrEqual(390)
      expect(second?.attempt).toBe(2)
      await second?.nak(0)
      const [third] = await under.bus.pull(soon)
      expect(third?.attempt).toBe(3)
      await third?.ack()
    })

    it('removes a terminated message for good', async () => {
      await under.bus.enqueue(job('a', 0), bytes('bad'), 'term')
      const [delivery] = await under.bus.pull(soon)
      await delivery?.term()
      expect(await under.bus.backlog()).toBe(0)
    })

    it('does nothing when a delivery is settled twice', async () => {
      await under.bus.enqueue(job('a', 0), bytes('twice'), 'twice')
      const [delivery] = await under.bus.pull(soon)
      await delivery?.ack()
      await delivery?.nak(0)
      await delivery?.term()
      await delivery?.ack()
      await delivery?.working()
      expect(await under.bus.pull(now)).toEqual([])
    })

    it('delivers again what a consumer took and never settled', async () => {
      const quick = await under.open({ ackWaitMs: 500 })
      await quick.enqueue(job('a', 0), bytes('orphan'), 'orphan')
      const [lost] = await quick.pull(soon)
      expect(lost?.attempt).toBe(1)
      const [found] = await quick.pull(soon)
      expect(found).toMatchObject({ subject: job('a', 0), attempt: 2 })
      await found?.ack()
      expect(await quick.backlog()).toBe(0)
    })

    it('counts an acknowledgement that comes too late', async () => {
      const quick = await under.open({ ackWaitMs: 500 })
      await quick.enqueue(job('a', 0), bytes('late'), 'late')
      const [first] = await quick.pull(soon)
      const [second] = await quick.pull(soon)
      await first?.ack()
      expect(await quick.backlog()).toBe(0)
      await second?.ack()
    })

    it('keeps a message with a consumer that says it is working', async () => {
      const quick = await under.open({ ackWaitMs: 1000 })
      await quick.enqueue(job('a', 0), bytes('long'), 'working')
      const [delivery] = await quick.pull(soon)
      const beat = setInterval(() => void delivery?.working(), 200)
      const others = await quick.pull({ ...now, expiresMs: 2500 })
      clearInterval(beat)
      expect(others).toEqual([])
      await delivery?.ack()
    })

    it('moves a message that was delivered too often to the dead letters', async () => {
      const strict = await under.open({ maxDeliver: 2 })
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
      expect(await under.bus.enqueue(job('a', 0), bytes('1'), 'same')).toEqual({ duplicate: false })
      expect(await under.bus.enqueue(job('a', 0), bytes('2'), 'same')).toEqual({ duplicate: true })
      const deliveries = await under.bus.pull({ ...soon, max: 5 })
      expect(texts(deliveries)).toEqual(['1'])
      await ackAll(deliveries)
      expect(await under.bus.enqueue(job('a', 0), bytes('3'), 'same')).toEqual({ duplicate: true })
      expect(await under.bus.enqueue(job('a', 0), bytes('4'), 'same#1')).toEqual({ duplicate: false })
      expect(texts(await under.bus.pull(soon))).toEqual(['4'])
    })

    it('purges the messages that match and leaves the others', async () => {
      for (let i = 0; i < 5; i++) await under.bus.enqueue(job('a', i, 'p1', 'gone'), bytes(`${i}`), `gone-${i}`)
      await under.bus.enqueue(job('a', 0, 'p1', 'kept'), bytes('kept'), 'kept-1')
      await under.bus.enqueue(job('b', 0, 'p2', 'kept'), bytes('kept too'), 'kept-2')
      expect(await under.bus.purge('qz.job.*.*.a.gone.*')).toBe(5)
      expect(await under.bus.purge('qz.job.*.*.a.gone.*')).toBe(0)
      const deliveries = [...(await under.bus.pull({ ...soon, max: 9 })), ...(await under.bus.pull(now))]
      expect(texts(deliveries).sort()).toEqual(['kept', 'kept too'])
      await ackAll(deliveries)
    })

    it('leaves what else waits in a bucket when it purges one job of that bucket', async () => {
      await under.bus.enqueue(job('a', 0, 'p0', 'first'), bytes('first'), 'first')
      for (let i = 0; i < 5; i++) await under.bus.enqueue(job('a', i, 'p0', 'gone'), bytes(`${i}`), `narrow-${i}`)
      await under.bus.enqueue(job('a', 0, 'p0', 'kept'), bytes('kept'), 'narrow-kept')
      expect(await under.bus.purge(`qz.job.p0.${bucketOf('a')}.a.gone.*`)).toBe(5)
      const deliveries = [...(await under.bus.pull({ ...soon, max: 9 })), ...(await under.bus.pull(now))]
      expect(texts(deliveries)).toEqual(['first', 'kept'])
      await ackAll(deliveries)
    })

    it.each([
      ['everywhere', 'qz.job.*.*'],
      ['in its bucket', `qz.job.p1.${bucketOf('a')}`],
    ])('delivers again what was in flight while another job was purged %s', async (_, where) => {
      const quick = await under.open({ ackWaitMs: 500 })
      await quick.enqueue(job('a', 0, 'p1', 'kept'), bytes('kept'), `kept ${where}`)
      await quick.enqueue(job('a', 0, 'p1', 'gone'), bytes('gone'), `gone ${where}`)
      expect(texts(await quick.pull(soon))).toEqual(['kept'])
      expect(await quick.purge(`${where}.a.gone.*`)).toBe(1)
      const again = await quick.pull(soon)
      expect(again).toMatchObject([{ subject: job('a', 0, 'p1', 'kept'), attempt: 2 }])
      await ackAll(again)
    })

    it('does not deliver again what was purged while a consumer had it', async () => {
      await under.bus.enqueue(job('a', 0), bytes('held'), 'held')
      const [delivery] = await under.bus.pull(soon)
      await under.bus.purge('qz.job.*.*.a.>')
      await delivery?.nak(0)
      expect(await under.bus.pull(now)).toEqual([])
      expect(await under.bus.backlog()).toBe(0)
    })

    it('serves a tenant with one message in the first turns behind five thousand of another', async () => {
      expect(bucketOf('flood')).not.toBe(bucketOf('small'))
      const flood = Array.from({ length: 5000 }, (_, i) => under.bus.enqueue(job('flood', i), bytes('f'), `flood-${i}`))
      await Promise.all(flood)
      await under.bus.enqueue(job('small', 0), bytes('mine'), 'small')
      const first = [...(await under.bus.pull(soon)), ...(await under.bus.pull(soon)), ...(await under.bus.pull(soon))]
      expect(texts(first)).toContain('mine')
      await ackAll(first)
    })

    it('takes the classes in the order of the pull, and only those it names', async () => {
      await under.bus.enqueue(job('a', 0, 'p2'), bytes('batch'), 'c2')
      await under.bus.enqueue(job('a', 1, 'p1'), bytes('normal'), 'c1')
      await under.bus.enqueue(job('a', 2, 'p0'), bytes('urgent'), 'c0')
      const urgentFirst = await under.bus.pull({ classes: ['p0', 'p1'], max: 9, expiresMs: 1000 })
      expect(texts(urgentFirst)).toEqual(['urgent', 'normal'])
      expect(await under.bus.pull({ classes: ['p0'], max: 9, expiresMs: 1000 })).toEqual([])
      const rest = await under.bus.pull({ classes: ['p2'], max: 9, expiresMs: 1000 })
      expect(texts(rest)).toEqual(['batch'])
      await ackAll([...urgentFirst, ...rest])
    })

    it('never delivers more than was asked for', async () => {
      for (let i = 0; i < 10; i++) await under.bus.enqueue(job(`t${i}`, i), bytes('x'), `max-${i}`)
      const deliveries = await under.bus.pull({ ...soon, max: 4 })
      expect(deliveries).toHaveLength(4)
      await ackAll(deliveries)
      expect(await under.bus.backlog()).toBe(6)
      const rest = await under.bus.pull({ ...soon, max: 100 })
      expect(rest.map((delivery) => delivery.attempt)).toEqual([1, 1, 1, 1, 1, 1])
      await ackAll(rest)
    })

    it('ends a pull at once when its signal aborts', async () => {
      const stop = new AbortController()
      const waiting = under.bus.pull({ ...soon, expiresMs: 60_000, signal: stop.signal })
      stop.abort()
      expect(await waiting).toEqual([])
      expect(await under.bus.pull({ ...soon, expiresMs: 60_000, signal: stop.signal })).toEqual([])
    })

    it('answers OVERLOADED when the queue is full', async () => {
      const narrow = await under.open({ maxQueued: 3 })
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
      await rejectsWith(under.bus.pull({ ...soon, ...wrong }), 'BAD_INPUT')
    })

    it.each([
      'qz.job.p9.0.a.j.0',
      'qz.job.p1.16.a.j.0',
      'qz.job.p1.01.a.j.0',
      'qz.job.p1.0.a.j',
      'qz.job.p1.0.a.j.0.0',
    ])('refuses to enqueue at %j', async (subject) => {
      await rejectsWith(under.bus.enqueue(subject, bytes('x'), 'wrong'), 'BAD_INPUT')
    })
  })
}
