// Files by signed links: whole, in ranges, to clients that leave or read slowly, and what is damaged on the way.
import { mkdtempSync, rmSync } from 'node:fs'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { ObjectStore } from '../../infra/bus/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { ensureLinkKey, linkTo, objectName } from '../../infra/links.ts'
import { sha256 } from '../../schema/hash.ts'
import { pattern } from '../contract/bus/objects.ts'
import { damageFile } from '../support/damage-object.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

const HOUR = 3_600_000
const DATA = pattern(5 * 128 * 1024 + 77)
const directory = mkdtempSync(join(tmpdir(), 'quesnay-objects-test-'))
let example: ExampleServer
let objects: ObjectStore
let key: Uint8Array

beforeAll(async () => {
  example = await startExampleServer({}, openMemoryBus(systemClock, {}, directory))
  objects = await example.bus.objects('qz_blobs')
  key = await ensureLinkKey(example.bus)
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await example?.close()
  rmSync(directory, { recursive: true, force: true })
})

async function stored(file: string, data: Uint8Array = DATA): Promise<string> {
  const name = objectName('local', file)
  await objects.put(name, [data], { about: { type: 'text/csv', fileName: 'a.csv' } })
  return name
}
const urlOf = (name: string, expiresAt = systemClock.now() + HOUR) =>
  new URL(linkTo(key, name, expiresAt), example.server.url)
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

describe('a file by its link', () => {
  it('comes whole, with its length, kind, name and hash', async () => {
    const response = await fetch(urlOf(await stored('whole.csv')))
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': String(DATA.length),
      'content-type': 'text/csv',
      'content-disposition': 'attachment; filename="a.csv"',
      etag: `"${sha256(DATA)}"`,
      'accept-ranges': 'bytes',
    })
    expect(response.headers.get('cache-control')).toContain('no-transform')
    expect(Buffer.compare(await bodyOf(response), DATA)).toBe(0)
  })

  it('answers HEAD with the same headers and no body, and 304 to who has it', async () => {
    const url = urlOf(await stored('head.csv'))
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(DATA.length)])
    expect((await bodyOf(head)).length).toBe(0)
    const again = await fetch(url, { headers: { 'if-none-match': `W/"x", "${sha256(DATA)}"` } })
    expect(again.status).toBe(304)
  })

  it.each([
    ['bytes=0-9', 0, 9],
    ['bytes=131070-131080', 131_070, 131_080],
    ['bytes=655000-', 655_000, DATA.length - 1],
    ['bytes=-77', DATA.length - 77, DATA.length - 1],
    ['bytes=0-99999999', 0, DATA.length - 1],
  ])('gives the range %s', async (range, from, to) => {
    const response = await fetch(urlOf(await stored('range.csv')), { headers: { range } })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/${DATA.length}`)
    expect(Buffer.compare(await bodyOf(response), DATA.subarray(from, to + 1))).toBe(0)
  })

  it('answers 416 to a range beyond its end, and the whole to ranges it does not know or of an older file', async () => {
    const url = urlOf(await stored('beyond.csv'))
    expect((await fetch(url, { headers: { range: `bytes=${DATA.length}-` } })).status).toBe(416)
    for (const headers of [
      { range: 'bytes=0-1,5-6' },
      { range: 'lines=1-2' },
      { range: 'bytes=0-1', 'if-range': '"x"' },
    ])
      expect((await fetch(url, { headers })).status).toBe(200)
  })

  it('comes empty where it is empty', async () => {
    const response = await fetch(urlOf(await stored('empty.csv', new Uint8Array(0))))
    expect([response.status, (await bodyOf(response)).length]).toEqual([200, 0])
  })

  it('is refused without a right signature, after its time, and where it is gone or of another tenant', async () => {
    const name = await stored('refused.csv')
    const forged = urlOf(name)
    forged.searchParams.set('signature', 'AAAA')
    for (const url of [forged, urlOf(name, systemClock.now() - 1)]) {
      const response = await fetch(url)
      expect([response.status, await codeOf(response)]).toEqual([403, 'FORBIDDEN'])
    }
    for (const other of [objectName('acme', 'refused.csv'), objectName('local', 'never.csv')]) {
      const response = await fetch(urlOf(other))
      expect([response.status, await codeOf(response)]).toEqual([404, 'NOT_FOUND'])
    }
    expect((await fetch(urlOf(name), { method: 'POST' })).status).toBe(404)
  })

  it('is cut short of its length where it is damaged, and is deleted', async () => {
    const name = await stored('hurt.csv')
    await damageFile(directory)(name, 'altered')
    await expect(fetch(urlOf(name)).then(bodyOf)).rejects.toThrow()
    await vi.waitUntil(async () => (await objects.head(name)) === undefined)
  })

  it('that is short and damaged is an error from its first byte', async () => {
    const name = await stored('hurt-short.csv', pattern(1000))
    await damageFile(directory)(name, 'altered')
    const response = await fetch(urlOf(name))
    expect([response.status, await codeOf(response)]).toEqual([502, 'OBJECT_DAMAGED'])
  })
})

describe('a client of a large file', () => {
  /** Counts chunks that were read of the store, and tells when the reading ended. */
  function watched(): { read: number; ended: boolean } {
    const seen = { read: 0, ended: false }
    const get = objects.get.bind(objects)
    vi.spyOn(objects, 'get').mockImplementation(async (name, signal) => {
      const found = await get(name, signal)
      if (!found) return found
      async function* counted() {
        try {
          for await (const chunk of found!.chunks) {
            seen.read++
            yield chunk
          }
        } finally {
          seen.ended = true
        }
      }
      return { info: found.info, chunks: counted() }
    })
    return seen
  }
  const opened = (url: URL) => new Promise<IncomingMessage>((resolve) => httpGet(url, resolve))

  it('that does not read has only a little read for it, and all when it goes on', async () => {
    const name = await stored('slow.csv', pattern(400 * 128 * 1024))
    const seen = watched()
    const response = await opened(urlOf(name))
    let before = -1
    await vi.waitUntil(
      async () => {
        const still = seen.read === before
        before = seen.read
        return still && before > 0
      },
      { interval: 200 },
    )
    expect(seen.read).toBeLessThan(200)
    let bytes = 0
    for await (const chunk of response) bytes += chunk.length
    expect(bytes).toBe(400 * 128 * 1024)
  })

  it('that leaves ends the reading', async () => {
    const name = await stored('left.csv', pattern(400 * 128 * 1024))
    const seen = watched()
    const response = await opened(urlOf(name))
    response.once('error', () => undefined)
    response.destroy()
    await vi.waitUntil(() => seen.ended)
    expect(seen.read).toBeLessThan(400)
  })
})
