// What befalls objects when their broker fails.
import { describe, expect, it } from 'vitest'
import type { TestNatsServer } from '../../support/nats-server.ts'
import { busUnderTest, eventually, type OpenBus, rejectsWith } from './harness.ts'
import { expectWhole, pattern } from './objects.ts'

export function objectFaults(server: () => TestNatsServer, open: OpenBus): void {
  describe('objects with a broker that fails', () => {
    const under = busUnderTest(open)

    it('goes on with a reading when the broker was killed and came back', async () => {
      const store = await under.bus.objects('qz_blobs')
      const data = pattern(20 * 128 * 1024)
      await store.put('resumed', [data])
      const parts: Uint8Array[] = []
      for await (const chunk of (await store.get('resumed'))!.chunks) {
        if (parts.push(chunk) !== 5) continue
        await server().kill9()
        await server().restart()
      }
      expect(Buffer.compare(Buffer.concat(parts), data)).toBe(0)
    })

    it('rejects a put during which the broker is killed, and takes it again', async () => {
      const store = await under.bus.objects('qz_blobs')
      async function* source() {
        yield pattern(5 * 128 * 1024)
        await server().kill9()
        yield pattern(5 * 128 * 1024)
      }
      await rejectsWith(store.put('broken', source()), 'BUS_UNAVAILABLE')
      await server().restart()
      await eventually(() => under.bus.ready(), Boolean)
      expect(await store.head('broken')).toBeUndefined()
      await store.put('broken', [pattern(1000)])
      await expectWhole(store, 'broken', pattern(1000))
    })

    it('has no objects after the store directory is lost, says so to a reader, and takes new ones', async () => {
      const store = await under.bus.objects('qz_blobs')
      await store.put('lost', [pattern(20 * 128 * 1024)])
      const { chunks } = (await store.get('lost'))!
      const reading = async () => {
        let count = 0
        for await (const _ of chunks) {
          if (++count !== 5) continue
          await server().kill9()
          await server().restart({ emptied: true })
        }
      }
      await rejectsWith(reading(), 'NOT_FOUND')
      expect(await store.head('lost')).toBeUndefined()
      await store.put('lost', [pattern(10)])
      await expectWhole(store, 'lost', pattern(10))
    })
  })
}
