// What only a broker can suffer, and what only processes that share one can see.
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../infra/clock.ts'
import type { TestNatsServer } from '../../support/nats-server.ts'
import {
  ackAll,
  busUnderTest,
  bytes,
  eventually,
  job,
  type OpenBus,
  rejectsWith,
  soon,
  take,
  text,
  texts,
} from './harness.ts'

export function brokerFaults(server: () => TestNatsServer, open: OpenBus): void {
  describe('with a broker that fails', () => {
    const under = busUnderTest(open)

    it('rejects with BUS_UNAVAILABLE within a second while the broker is away', async () => {
      await server().kill9()
      await eventually(
        () => under.bus.ready(),
        (ready) => !ready,
      )
      const since = systemClock.now()
      await rejectsWith(under.bus.enqueue(job('a', 0), bytes('x'), 'away'), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.pull(soon), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.emit('qz.ev.a.b.state', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.backlog(), 'BUS_UNAVAILABLE')
      expect(systemClock.now() - since).toBeLessThan(1000)
      await server().restart()
      await eventually(() => under.bus.ready(), Boolean)
    })

    it('rejects a pull that waits when the broker is killed', async () => {
      const waiting = rejectsWith(under.bus.pull({ ...soon, expiresMs: 60_000 }), 'BUS_UNAVAILABLE')
      await server().kill9()
      await waiting
      await server().restart()
      await eventually(() => under.bus.ready(), Boolean)
    })

    it('keeps queued messages over kill -9 and a restart', async () => {
      for (let i = 0; i < 20; i++) await under.bus.enqueue(job('a', i, 'p1', 'kept'), bytes(`${i}`), `kill-${i}`)
      await server().kill9()
      await server().restart()
      await eventually(() => under.bus.ready(), Boolean)
      expect(await under.bus.backlog()).toBe(20)
      const got: (string | undefined)[] = []
      while (got.length < 20) {
        const deliveries = await under.bus.pull({ ...soon, max: 8 })
        got.push(...texts(deliveries))
        await ackAll(deliveries)
      }
      expect(new Set(got).size).toBe(20)
      expect(await under.bus.backlog()).toBe(0)
    })

    it('acknowledges after a restart what was pulled before it', async () => {
      await under.bus.enqueue(job('a', 0), bytes('x'), 'ack-after')
      const [delivery] = await under.bus.pull(soon)
      await server().kill9()
      await rejectsWith(delivery?.ack() ?? Promise.resolve(), 'BUS_UNAVAILABLE')
      await server().restart()
      await eventually(() => under.bus.ready(), Boolean)
      await delivery?.ack()
      expect(await under.bus.backlog()).toBe(0)
    })

    it('goes on with listeners and subscriptions from where they were, without loss or repetition', async () => {
      const listener = await under.bus.listen('qz.ev.a.resume.*')
      const plain = await under.bus.subscribe('qz.ctl.>')
      const seen: (string | undefined)[] = []
      const reading = (async () => {
        for await (const event of listener) if (seen.push(text(event)) === 3) return
      })()
      await under.bus.emit('qz.ev.a.resume.state', bytes('1'))
      await eventually(
        async () => seen.length,
        (count) => count === 1,
      )
      await server().kill9()
      await server().restart()
      await eventually(() => under.bus.ready(), Boolean)
      await under.bus.emit('qz.ev.a.resume.state', bytes('2'))
      await under.bus.emit('qz.ev.a.resume.state', bytes('3'))
      await reading
      expect(seen).toEqual(['1', '2', '3'])
      await under.bus.publish('qz.ctl.x', bytes('heard'))
      expect(texts(await take(plain, 1))).toEqual(['heard'])
    })

    it('goes on after the store directory is lost: empty, with rising sequences, and old cursors still serve', async () => {
      await under.bus.enqueue(job('a', 0), bytes('lost'), 'lost')
      const [held] = await under.bus.pull(soon)
      for (let i = 0; i < 50; i++) await under.bus.emit('qz.ev.a.lost.state', bytes('old'))
      const before = await under.bus.emit('qz.ev.a.lost.state', bytes('old'))
      const listener = await under.bus.listen('qz.ev.a.lost.*')
      const store = await under.bus.bucket('qz_jobs')
      await store.put('k', bytes('v'))
      await server().kill9()
      await server().restart({ emptied: true })
      await eventually(() => under.bus.ready(), Boolean)

      expect(await under.bus.backlog()).toBe(0)
      expect(await store.get('k')).toBeUndefined()
      await store.put('k', bytes('w'))
      expect(await store.keys()).toEqual(['k'])

      await under.bus.enqueue(job('a', 0), bytes('anew'), 'lost')
      await held?.ack()
      expect(await under.bus.backlog()).toBe(1)
      const deliveries = await under.bus.pull(soon)
      expect(texts(deliveries)).toEqual(['anew'])
      await ackAll(deliveries)

      const after = await under.bus.emit('qz.ev.a.lost.state', bytes('new'))
      expect(after).toBeGreaterThan(before)
      expect(texts(await take(listener, 1))).toEqual(['new'])
      expect(texts(await take(await under.bus.listen('qz.ev.a.lost.*', before), 1))).toEqual(['new'])
    })
  })
}

export function sharedBroker(open: OpenBus): void {
  describe('shared by processes', () => {
    const under = busUnderTest(open)

    it('brings what one connection sends to the other', async () => {
      const [a, b] = [under.bus, await under.open()]
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
    })

    it('gives to another connection what one took and never settled before it ended', async () => {
      const limits = { ackWaitMs: 500 }
      const [dies, lives] = [await under.open(limits), await under.open(limits)]
      await dies.enqueue(job('a', 0), bytes('x'), 'dies')
      expect(await dies.pull(soon)).toHaveLength(1)
      await dies.close()
      const [delivery] = await lives.pull(soon)
      expect(delivery?.attempt).toBe(2)
      await delivery?.ack()
    })
  })
}
