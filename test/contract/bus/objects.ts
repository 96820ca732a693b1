// The buckets of objects, and what befalls a single object.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ObjectStore } from '../../../infra/bus/port.ts'
import { type BusUnderTest, bytes, eventually, rejectsWith } from './harness.ts'

const CHUNK = 128 * 1024

/** Bytes that are different at each place. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4))
  for (let i = 0, x = seed; i < words.length; i++) words[i] = x = (Math.imul(x, 1664525) + 1013904223) >>> 0
  return new Uint8Array(words.buffer, 0, length)
}

export async function whole(store: ObjectStore, name: string): Promise<Uint8Array | undefined> {
  const found = await store.get(name)
  if (!found) return undefined
  const parts: Uint8Array[] = []
  for await (const chunk of found.chunks) parts.push(chunk)
  return new Uint8Array(Buffer.concat(parts))
}

/** Quicker than toEqual, which looks at each byte. */
export async function expectWhole(store: ObjectStore, name: string, data: Uint8Array): Promise<void> {
  expect(Buffer.compare((await whole(store, name)) ?? new Uint8Array(0), data), name).toBe(0)
}

/** Damages a stored object beneath the port: takes its last chunk away, or alters one. */
export type Damage = (name: string, how: 'cut' | 'altered' | 'emptied') => Promise<void>

export function objectsContract(under: BusUnderTest, damage: Damage): void {
  describe('objects', () => {
    const blobs = () => under.bus.objects('qz_blobs')

    it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])('gives back %i bytes', async (length) => {
      const store = await blobs()
      const data = pattern(length)
      const sha256 = createHash('sha256').update(data).digest('hex')
      const about = { type: 'application/octet-stream' }
      const info = await store.put('a/b.1', [data], { sha256, about })
      expect(info).toMatchObject({ name: 'a/b.1', bytes: length, sha256, about })
      expect(await store.head('a/b.1')).toEqual(info)
      await expectWhole(store, 'a/b.1', data)
      await store.delete('a/b.1')
    })

    it('takes chunks of any cut and shares no bytes with their writer', async () => {
      const store = await blobs()
      const data = pattern(2 * CHUNK + 11)
      async function* pieces() {
        const piece = new Uint8Array(1000)
        for (let at = 0; at < data.length; at += 1000) {
          const part = data.subarray(at, at + 1000)
          piece.set(part)
          yield piece.subarray(0, part.length)
          yield new Uint8Array(0)
        }
      }
      await store.put('cut', pieces())
      await expectWhole(store, 'cut', data)
    })

    it('has no object that was never put or was deleted, and deleting again does nothing', async () => {
      const store = await blobs()
      expect(await store.head('none')).toBeUndefined()
      expect(await store.get('none')).toBeUndefined()
      await store.put('gone', [bytes('x')])
      await store.delete('gone')
      await store.delete('gone')
      expect(await store.head('gone')).toBeUndefined()
      await store.put('gone', [bytes('again')])
      expect(await whole(store, 'gone')).toEqual(bytes('again'))
    })

    it('keeps its buckets apart', async () => {
      await (await blobs()).put('k', [bytes('blob')])
      const kernels = await under.bus.objects('qz_kernels')
      expect(await kernels.head('k')).toBeUndefined()
      expect((await kernels.put('k', [bytes('kernel')])).expiresAt).toBeNull()
      expect(await whole(kernels, 'k')).toEqual(bytes('kernel'))
      await kernels.delete('k')
      expect(await whole(await blobs(), 'k')).toEqual(bytes('blob'))
    })

    it.each(['cut', 'altered', 'emptied'] as const)(
      'never passes an object that is %s for a whole one',
      async (how) => {
        const store = await blobs()
        const data = pattern(3 * CHUNK + 5)
        await store.put(`hurt-${how}`, [data])
        await damage(`hurt-${how}`, how)
        let read = 0
        const reading = async () => {
          for await (const chunk of (await store.get(`hurt-${how}`))!.chunks) read += chunk.length
        }
        await rejectsWith(reading(), 'OBJECT_DAMAGED')
        expect(read).toBeLessThan(data.length)
      },
    )

    it('refuses bytes of another hash than the one named, and stores nothing of them', async () => {
      const store = await blobs()
      await store.put('named', [bytes('before')])
      await rejectsWith(store.put('named', [bytes('after')], { sha256: '0'.repeat(64) }), 'OBJECT_DAMAGED')
      expect(await whole(store, 'named')).toEqual(bytes('before'))
    })

    it('leaves one whole object of concurrent puts of a name', async () => {
      const store = await blobs()
      const each = [1, 2, 3, 4].map((seed) => pattern(2 * CHUNK + seed, seed))
      await Promise.all(each.map((data) => store.put('same', [data])))
      const kept = await whole(store, 'same')
      expect(each.filter((data) => Buffer.compare(data, kept!) === 0)).toHaveLength(1)
    })

    it('serves a reader to the end though an equal object takes the place of its own', async () => {
      const store = await blobs()
      const data = pattern(5 * CHUNK)
      await store.put('renewed', [data])
      const { chunks } = (await store.get('renewed'))!
      const parts: Uint8Array[] = []
      for await (const chunk of chunks) if (parts.push(chunk) === 2) await store.put('renewed', [data])
      expect(Buffer.compare(Buffer.concat(parts), data)).toBe(0)
    })

    it('asks its source for chunks only as it stores them, and stores nothing of what is stopped', async () => {
      const store = await blobs()
      let made = 0
      async function* source() {
        for (; made < 40; made++) yield pattern(CHUNK, made)
      }
      const stop = new AbortController()
      async function* stopping() {
        for await (const chunk of source()) {
          yield chunk
          if (made === 10) stop.abort(new Error('enough'))
        }
      }
      await expect(store.put('stopped', stopping(), { signal: stop.signal })).rejects.toThrow('enough')
      expect(made).toBeLessThan(13)
      expect(await store.head('stopped')).toBeUndefined()
    })

    it('ends a reading whose signal aborts, and a reader may leave early', async () => {
      const store = await blobs()
      await store.put('left', [pattern(6 * CHUNK)])
      const stop = new AbortController()
      const reading = async () => {
        for await (const _ of (await store.get('left', stop.signal))!.chunks) stop.abort(new Error('enough'))
      }
      await expect(reading()).rejects.toThrow('enough')
      for await (const _ of (await store.get('left'))!.chunks) break
      expect((await whole(store, 'left'))?.length).toBe(6 * CHUNK)
    })

    it('passes on what its source throws, and stores nothing', async () => {
      const store = await blobs()
      async function* failing() {
        yield pattern(2 * CHUNK)
        throw new Error('the source ended')
      }
      await expect(store.put('failed', failing())).rejects.toThrow('the source ended')
      expect(await store.head('failed')).toBeUndefined()
    })

    it('forgets an object when its time is over', async () => {
      const brief = await under.open({ blobsTtlMs: 700 })
      const store = await brief.objects('qz_blobs')
      const { expiresAt } = await store.put('brief', [bytes('x')])
      expect(expiresAt).not.toBeNull()
      expect(await whole(store, 'brief')).toEqual(bytes('x'))
      await eventually(
        () => store.head('brief'),
        (info) => info === undefined,
      )
      expect(await store.get('brief')).toBeUndefined()
      await store.put('brief', [bytes('y')])
      expect(await whole(store, 'brief')).toEqual(bytes('y'))
      await store.delete('brief')
    })

    it('refuses an object that is too large, and more objects than there is room for', async () => {
      const small = await under.open({ maxObjectBytes: 300_000, blobsBytes: 700_000 })
      const store = await small.objects('qz_blobs')
      for (const name of ['k', 'cut', 'gone', 'named', 'same', 'renewed', 'left', 'one', 'two'])
        await store.delete(name)
      for (const how of ['cut', 'altered', 'emptied']) await store.delete(`hurt-${how}`)
      await rejectsWith(store.put('large', [pattern(300_001)]), 'LIMIT_EXCEEDED')
      await store.put('one', [pattern(290_000)])
      await store.put('two', [pattern(290_000)])
      await rejectsWith(store.put('three', [pattern(290_000)]), 'OVERLOADED')
      await store.delete('one')
      await store.put('three', [pattern(290_000)])
      expect((await whole(store, 'three'))?.length).toBe(290_000)
      for (const name of ['two', 'three']) await store.delete(name)
    })

    it.each(['', 'a b', 'ä', 'x'.repeat(256), 'a*'])('refuses the name %j', async (name) => {
      const store = await blobs()
      await rejectsWith(store.put(name, []), 'BAD_INPUT')
      await rejectsWith(store.get(name), 'BAD_INPUT')
      await rejectsWith(store.head(name), 'BAD_INPUT')
      await rejectsWith(store.delete(name), 'BAD_INPUT')
    })

    it('rejects with BUS_UNAVAILABLE after the end', async () => {
      const store = await blobs()
      await under.bus.close()
      await rejectsWith(under.bus.objects('qz_blobs'), 'BUS_UNAVAILABLE')
      await rejectsWith(store.head('k'), 'BUS_UNAVAILABLE')
      await rejectsWith(store.put('k', [bytes('x')]), 'BUS_UNAVAILABLE')
    })
  })
}
