// The key-value buckets.
import { describe, expect, it } from 'vitest'
import { type BusUnderTest, bytes, eventually, rejectsWith } from './harness.ts'

export function bucketsContract(under: BusUnderTest): void {
  describe('buckets', () => {
    it('puts, gets, overwrites and deletes a key', async () => {
      const store = await under.bus.bucket('qz_jobs')
      expect(await store.get('job.1')).toBeUndefined()
      await store.put('job.1', bytes('a'))
      await store.put('job.1', bytes('b'))
      expect(new TextDecoder().decode(await store.get('job.1'))).toBe('b')
      await store.delete('job.1')
      expect(await store.get('job.1')).toBeUndefined()
      await store.delete('job.1')
    })

    it('creates a key once, whoever comes first, and again when it was deleted', async () => {
      const [store, other] = [await under.bus.bucket('qz_keys'), await under.bus.bucket('qz_keys')]
      const made = await Promise.all([store.create('once', bytes('a')), other.create('once', bytes('b'))])
      expect(made.filter(Boolean)).toHaveLength(1)
      expect(await other.create('once', bytes('c'))).toBe(false)
      expect(new TextDecoder().decode(await store.get('once'))).toBe(made[0] ? 'a' : 'b')
      await store.delete('once')
      expect(await store.create('once', bytes('d'))).toBe(true)
      await store.delete('once')
    })

    it('lists the keys that are there, in order', async () => {
      const store = await under.bus.bucket('qz_jobs')
      expect(await store.keys()).toEqual([])
      for (const key of ['k2', 'k1', 'k3']) await store.put(key, bytes(key))
      await store.delete('k3')
      expect(await store.keys()).toEqual(['k1', 'k2'])
      for (const key of ['k1', 'k2']) await store.delete(key)
    })

    it('forgets a heartbeat that is not repeated', async () => {
      const brief = await under.open({ workersTtlMs: 600 })
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
      const store = await under.bus.bucket('qz_jobs')
      await rejectsWith(store.put(key, bytes('')), 'BAD_INPUT')
      await rejectsWith(store.get(key), 'BAD_INPUT')
    })
  })
}
