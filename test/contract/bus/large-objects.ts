// An object of 100 MB in a process of its own: written, and read by a slow reader, without being held.
import { expect, it } from 'vitest'
import { runScript } from '../../support/child.ts'

const SCRIPT = `
  const { createHash } = await import('node:crypto')
  const { systemClock } = await load('infra', 'clock.js')
  const MB = 1024 * 1024
  const rss = () => process.memoryUsage().rss / MB
  let most = 0
  const looking = setInterval(() => { most = Math.max(most, rss()) }, 5)
  async function* source(megabytes) {
    for (let i = 0; i < megabytes; i++) yield new Uint8Array(MB).fill(i)
  }
  const bus = await open()
  const store = await bus.objects('qz_blobs')
  const read = async (name) => {
    const { chunks } = await store.get(name)
    const hash = createHash('sha256')
    let count = 0
    for await (const chunk of chunks) {
      hash.update(chunk)
      if (++count % 16 === 0) await systemClock.sleep(1)
    }
    return hash.digest('hex')
  }
  await store.put('warm', source(20))
  await read('warm')
  const before = most
  const put = await store.put('large', source(100))
  const got = await read('large')
  most = Math.max(most, rss())
  clearInterval(looking)
  await store.delete('warm')
  await store.delete('large')
  await bus.close()
  say({ bytes: put.bytes, same: put.sha256 === got, before, most })`

/** @param opening source text that defines `open`, which gives a bus. */
export function largeObjects(opening: string, url: () => string = () => ''): void {
  it('writes and reads an object of 100 MB in little memory', { timeout: 60_000 }, async () => {
    const script = SCRIPT.replace('const bus =', `${opening}\n  const bus =`)
    const child = runScript(script, [url()])
    const { bytes, same, before, most } = await child.heard<{
      bytes: number
      same: boolean
      before: number
      most: number
    }>()
    await child.ended
    expect([bytes, same]).toEqual([100 * 1024 * 1024, true])
    expect(most - before).toBeLessThan(40)
  })
}
