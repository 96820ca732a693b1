// Publish and subscribe: at most once, to whoever listens.
import { describe, expect, it } from 'vitest'
import { type BusUnderTest, bytes, drain, job, rejectsWith, take, texts } from './harness.ts'

export function messagesContract(under: BusUnderTest): void {
  describe('publish and subscribe', () => {
    it('brings a message to each subscriber whose pattern matches, and to no other', async () => {
      const exact = await under.bus.subscribe('qz.ctl.cancel.j1')
      const star = await under.bus.subscribe('qz.ctl.*.j1')
      const rest = await under.bus.subscribe('qz.ctl.>')
      const other = await under.bus.subscribe('qz.ctl.cancel')
      await under.bus.publish('qz.ctl.cancel.j1', bytes('one'))
      await under.bus.publish('qz.ctl.drain.w1', bytes('two'))
      expect(texts(await take(exact, 1))).toEqual(['one'])
      expect(texts(await take(star, 1))).toEqual(['one'])
      expect(await take(rest, 2)).toMatchObject([{ subject: 'qz.ctl.cancel.j1' }, { subject: 'qz.ctl.drain.w1' }])
      const nothing = drain(other)
      await other.stop()
      expect(await nothing).toEqual([])
    })

    it('ends the iteration of a listener that is stopped', async () => {
      const listener = await under.bus.subscribe('qz.ctl.>')
      const all = drain(listener)
      await listener.stop()
      expect(await all).toEqual([])
    })

    it('delivers what was sent, whatever the sender does to its bytes afterwards', async () => {
      const listener = await under.bus.subscribe('qz.ctl.>')
      const data = bytes('before')
      await under.bus.publish('qz.ctl.x', data)
      data.fill(0)
      expect(texts(await take(listener, 1))).toEqual(['before'])
    })

    it.each(['', 'qz..x', 'qz.a b', 'qz.*', 'qz.>'])('refuses to publish to %j', async (subject) => {
      await rejectsWith(under.bus.publish(subject, bytes('')), 'BAD_INPUT')
    })

    it.each(['', 'qz.>.x', 'a*', 'qz..x'])('refuses to subscribe to %j', async (pattern) => {
      await rejectsWith(under.bus.subscribe(pattern), 'BAD_INPUT')
    })

    it('refuses to bypass the work queue and the event stream', async () => {
      await rejectsWith(under.bus.publish(job('a', 0), bytes('')), 'BAD_INPUT')
      await rejectsWith(under.bus.publish('qz.ev.a.r.state', bytes('')), 'BAD_INPUT')
      await rejectsWith(under.bus.subscribe('>'), 'BAD_INPUT')
      await rejectsWith(under.bus.enqueue('qz.ctl.x', bytes(''), 'm'), 'BAD_INPUT')
      await rejectsWith(under.bus.emit('qz.ctl.x', bytes('')), 'BAD_INPUT')
      await rejectsWith(under.bus.listen('qz.ctl.>'), 'BAD_INPUT')
      await rejectsWith(under.bus.purge('qz.>'), 'BAD_INPUT')
    })
  })
}
