// The end of a bus.
import { describe, expect, it } from 'vitest'
import { type BusUnderTest, bytes, drain, job, rejectsWith, soon } from './harness.ts'

export function closeContract(under: BusUnderTest): void {
  describe('close', () => {
    it('ends listeners and a pull that waits', async () => {
      const messages = drain(await under.bus.subscribe('qz.ctl.>'))
      const events = drain(await under.bus.listen('qz.ev.>'))
      const pull = rejectsWith(under.bus.pull({ ...soon, expiresMs: 60_000 }), 'BUS_UNAVAILABLE')
      await under.bus.close()
      expect(await messages).toEqual([])
      expect(await events).toEqual([])
      await pull
    })

    it('makes every later call reject with BUS_UNAVAILABLE, and closing again does nothing', async () => {
      const store = await under.bus.bucket('qz_jobs')
      await under.bus.enqueue(job('a', 0), bytes('x'), 'closing')
      const [delivery] = await under.bus.pull(soon)
      await delivery?.ack()
      await under.bus.close()
      await under.bus.close()
      expect(await under.bus.ready()).toBe(false)
      await rejectsWith(under.bus.publish('qz.ctl.x', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.subscribe('qz.ctl.>'), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.enqueue(job('a', 0), bytes(''), 'm'), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.pull(soon), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.purge('qz.job.>'), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.backlog(), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.emit('qz.ev.a.b.state', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.listen('qz.ev.>'), 'BUS_UNAVAILABLE')
      await rejectsWith(under.bus.bucket('qz_jobs'), 'BUS_UNAVAILABLE')
      await rejectsWith(store.put('k', bytes('')), 'BUS_UNAVAILABLE')
      await rejectsWith(store.get('k'), 'BUS_UNAVAILABLE')
    })

    it('is ready before, and not after', async () => {
      expect(await under.bus.ready()).toBe(true)
      await under.bus.close()
      expect(await under.bus.ready()).toBe(false)
    })
  })
}
