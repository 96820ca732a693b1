// Compression on the real server: what is compressed, by which method, and what never is.
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let example: ExampleServer
beforeAll(async () => {
  example = await startExampleServer()
})
afterAll(() => example.close())

/** Bytes as they came: fetch would decompress them. */
async function ask(accept: string | undefined, query: string, headers: Record<string, string> = {}) {
  const url = `${example.endpoint}?query=${encodeURIComponent(query)}`
  const sent = request(url, {
    headers: { ...(accept === undefined ? {} : { 'accept-encoding': accept }), ...headers },
  }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { response, bytes: await buffer(response) }
}

const LONG = '{ __schema { types { name kind fields { name type { name kind } } } } }'
const plain = async () => (await ask('identity', LONG)).bytes.toString()

describe('an answer over HTTP', () => {
  it('is compressed with Brotli where the client takes it, also where gzip stands before it', async () => {
    const { response, bytes } = await ask('gzip, deflate, br', LONG)
    expect(response.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(bytes).toString()).toBe(await plain())
    expect(bytes.length).toBeLessThan((await plain()).length / 4)
  })

  it('is compressed with gzip where that is all that the client takes, or what it weighs most', async () => {
    for (const accept of ['gzip', 'gzip;q=1.0, br;q=0.5']) {
      const { response, bytes } = await ask(accept, LONG)
      expect(response.headers['content-encoding'], accept).toBe('gzip')
      expect(gunzipSync(bytes).toString()).toBe(await plain())
    }
  })

  it('tells caches that it depends on the encoding as well as on the origin', async () => {
    for (const accept of ['br', 'identity', undefined])
      expect((await ask(accept, LONG)).response.headers.vary, accept).toMatch(/^origin, .*Accept-Encoding\b/)
  })

  it('is left as it is below 1 kB and where the client refuses every encoding or names none', async () => {
    const short = await ask('br', '{ tenant }')
    expect(short.response.headers['content-encoding']).toBeUndefined()
    expect(JSON.parse(short.bytes.toString())).toEqual({ data: { tenant: 'local' } })
    for (const accept of ['br;q=0, gzip;q=0', undefined])
      expect((await ask(accept, LONG)).response.headers['content-encoding'], accept).toBeUndefined()
  })

  it('is left as it is where it is a stream of events, which comes event by event', async () => {
    const { response, bytes } = await ask('br, gzip', LONG, { accept: 'text/event-stream' })
    expect(response.headers['content-type']).toMatch(/^text\/event-stream/)
    expect(response.headers['content-encoding'] ?? 'none').toBe('none')
    expect(bytes.toString()).toContain('event: next')
  })
})
