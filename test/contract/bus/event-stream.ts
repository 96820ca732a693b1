// The event stream: order, cursors and replay.
import { describe, expect, it } from 'vitest'
import { type BusUnderTest, bytes, drain, rejectsWith, take, texts } from './harness.ts'

export function eventStreamContract(under: BusUnderTest): void {
  describe('the event stream', () => {
    it('gives strictly rising sequences and delivers in their order', async () => {
      const listener = await under.bus.listen('qz.ev.a.r1.*')
      const first = await under.bus.emit('qz.ev.a.r1.state', bytes('1'))
      await under.bus.emit('qz.ev.a.r2.state', bytes('not this run'))
      const second = await under.bus.emit('qz.ev.a.r1.progress', bytes('2'))
      expect(second).toBeGreaterThan(first)
      expect(Number.isSafeInteger(second)).toBe(true)
      const events = await take(listener, 2)
      expect(events.map((event) => event.sequence)).toEqual([first, second])
      expect(texts(events)).toEqual(['1', '2'])
    })

    it('replays from after a sequence, and goes on with new events', async () => {
      const one = await under.bus.emit('qz.ev.a.replay.state', bytes('1'))
      await under.bus.emit('qz.ev.a.replay.state', bytes('2'))
      const listener = await under.bus.listen('qz.ev.a.replay.>', one)
      await under.bus.emit('qz.ev.a.replay.state', bytes('3'))
      expect(texts(await take(listener, 2))).toEqual(['2', '3'])
    })

    it('replays everything it keeps from after zero', async () => {
      await under.bus.emit('qz.ev.a.zero.state', bytes('1'))
      const listener = await under.bus.listen('qz.ev.a.zero.*', 0)
      expect(texts(await take(listener, 1))).toEqual(['1'])
    })

    it('delivers only new events where no sequence is given', async () => {
      await under.bus.emit('qz.ev.a.new.state', bytes('old'))
      const listener = await under.bus.listen('qz.ev.a.new.*')
      await under.bus.emit('qz.ev.a.new.state', bytes('new'))
      expect(texts(await take(listener, 1))).toEqual(['new'])
    })

    it('delivers to every listener all that matches, a thousand events too', async () => {
      const listeners = [await under.bus.listen('qz.ev.many.>'), await under.bus.listen('qz.ev.many.*.state')]
      const sent = Array.from({ length: 1000 }, (_, i) => `${i}`)
      for (const each of sent) await under.bus.emit('qz.ev.many.r.state', bytes(each))
      for (const listener of listeners) expect(texts(await take(listener, 1000))).toEqual(sent)
    })

    it('keeps no more events than its limit, the newest', async () => {
      const small = await under.open({ maxEvents: 32 })
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

    it('tells what it holds: the last sequence, and the first that is kept', async () => {
      const before = await under.bus.eventRange()
      const one = await under.bus.emit('qz.ev.a.range.state', bytes('1'))
      const after = await under.bus.eventRange()
      expect(after.last).toBe(one)
      expect(one).toBeGreaterThan(before.last)
      expect(after.first).toBeLessThanOrEqual(one)
    })

    it('that has dropped its oldest events begins above them', async () => {
      const small = await under.open({ maxEvents: 32 })
      const oldest = await small.emit('qz.ev.a.dropped.state', bytes('0'))
      for (let i = 0; i < 100; i++) await small.emit('qz.ev.a.dropped.state', bytes(`${i}`))
      expect((await small.eventRange()).first).toBeGreaterThan(oldest)
    })

    it('replays what matches between two sequences, in order, and ends', async () => {
      const emit = (run: string, body: string) => under.bus.emit(`qz.ev.a.${run}.state`, bytes(body))
      const sent: number[] = []
      for (let i = 0; i < 600; i++) {
        sent.push(await emit('between', `${i}`))
        if (i % 3 === 0) await emit('aside', 'not this run')
      }
      const got = await drain(under.bus.replay('qz.ev.a.between.*', sent[9]!, sent[589]!))
      expect(got.map(({ sequence }) => sequence)).toEqual(sent.slice(10, 590))
      expect(texts(got)[0]).toBe('10')
    })

    it('replays nothing, at once, where nothing matches, or the span is empty', async () => {
      const one = await under.bus.emit('qz.ev.a.nothing.state', bytes('1'))
      const last = await under.bus.emit('qz.ev.a.nothing.state', bytes('2'))
      expect(await drain(under.bus.replay('qz.ev.a.nobody.*', 0, last))).toEqual([])
      expect(await drain(under.bus.replay('qz.ev.a.nothing.*', last, last))).toEqual([])
      expect(texts(await drain(under.bus.replay('qz.ev.a.nothing.*', one, last + 1_000)))).toEqual(['2'])
    })

    it('ends the iteration of a listener that is stopped while it waits', async () => {
      const listener = await under.bus.listen('qz.ev.>')
      const all = drain(listener)
      await listener.stop()
      expect(await all).toEqual([])
    })

    it.each([-1, 0.5, Number.NaN])('refuses to listen from after %d', async (after) => {
      await rejectsWith(under.bus.listen('qz.ev.>', after), 'BAD_INPUT')
    })
  })
}
