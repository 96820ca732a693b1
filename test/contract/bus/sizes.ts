// Sizes of messages.
import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE_BYTES } from '../../../infra/bus/limits.ts'
import { type BusUnderTest, job, rejectsWith, soon, take } from './harness.ts'

export function sizesContract(under: BusUnderTest): void {
  describe('sizes', () => {
    it('carries messages of 0.9 MB and of exactly the limit', async () => {
      for (const size of [900_000, MAX_MESSAGE_BYTES]) {
        const large = new Uint8Array(size).fill(7)
        await under.bus.enqueue(job('a', size), large, `large-${size}`)
        const [delivery] = await under.bus.pull(soon)
        expect(delivery?.data.byteLength).toBe(size)
        await delivery?.ack()
        const listener = await under.bus.listen('qz.ev.a.large.*')
        await under.bus.emit('qz.ev.a.large.state', large)
        expect((await take(listener, 1))[0]?.data.at(-1)).toBe(7)
      }
    })

    it('carries an empty message', async () => {
      await under.bus.enqueue(job('a', 0), new Uint8Array(), 'empty')
      const [delivery] = await under.bus.pull(soon)
      expect(delivery?.data.byteLength).toBe(0)
      await delivery?.ack()
    })

    it('refuses a message above 1 MiB with LIMIT_EXCEEDED wherever it is sent', async () => {
      const huge = new Uint8Array(1024 * 1024 + 1)
      await rejectsWith(under.bus.publish('qz.ctl.x', huge), 'LIMIT_EXCEEDED')
      await rejectsWith(under.bus.enqueue(job('a', 0), huge, 'huge'), 'LIMIT_EXCEEDED')
      await rejectsWith(under.bus.emit('qz.ev.a.b.state', huge), 'LIMIT_EXCEEDED')
      await rejectsWith((await under.bus.bucket('qz_jobs')).put('huge', huge), 'LIMIT_EXCEEDED')
      expect(await under.bus.ready()).toBe(true)
    })
  })
}
