// Cursors, slow readers and shutdown over real connections: WebSocket, server-sent events, multipart.
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Authenticator } from '../../gateway/edge/authenticator.ts'
import { PROCESS } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { manualClock } from '../support/manual-clock.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

const LOG = 'subscription ($id: ID!) { runLog(id: $id) { shardsDone status } }'
const TICKER = 'subscription ($id: ID!) { runTicker(id: $id) { shardsDone note } }'
const MULTIPART = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0, application/json'

let example: ExampleServer
afterEach(() => example.close())

interface Pushed {
  readonly data?: { readonly runLog: { readonly shardsDone: number } }
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly detail: object } }[]
  readonly extensions?: { readonly cursor?: string; readonly gap?: boolean }
}

/** One subscription over one transport, result by result. */
interface Stream {
  next(): Promise<Pushed | undefined>
  leave(): void
}

async function overWebSocket(query: string, cursor?: string): Promise<Stream> {
  const socket = new WebSocket(example.socketUrl, 'graphql-transport-ws')
  const messages: { type: string; payload: Pushed }[] = []
  let wake = () => {}
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    wake()
  })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  const extensions = cursor === undefined ? {} : { extensions: { cursor } }
  await vi.waitFor(() => expect(messages.shift()?.type).toBe('connection_ack'))
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { id: 'r1' }, ...extensions } }),
  )
  return {
    async next() {
      while (messages.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const { type, payload } = messages.shift()!
      return type === 'next' ? payload : undefined
    },
    leave: () => socket.terminate(),
  }
}

/** An answer in parts. @param read the results in a text, and what is left of it. */
async function overHttp(
  headers: Record<string, string>,
  body: object,
  read: (text: string) => [Pushed[], string, boolean],
): Promise<Stream> {
  const abort = new AbortController()
  const response = await fetch(example.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: abort.signal,
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const waiting: Pushed[] = []
  let text = ''
  let ended = false
  return {
    async next() {
      while (waiting.length === 0 && !ended) {
        const { value, done } = await reader.read()
        const [results, rest, last] = read(text + (value ?? ''))
        waiting.push(...results)
        text = rest
        ended = last || done
      }
      return waiting.shift()
    },
    leave: () => abort.abort(),
  }
}

/** The id of each event must be the cursor of its result. */
const overSse = (query: string, cursor?: string) =>
  overHttp(
    { accept: 'text/event-stream', ...(cursor === undefined ? {} : { 'last-event-id': cursor }) },
    { query, variables: { id: 'r1' } },
    (text) => {
      const events = text.split('\n\n')
      const rest = events.pop()!
      const results = events.flatMap((event) => {
        const [, id, data] = /^(?:id: (.*)\n)?event: next\ndata: (.*)$/.exec(event) ?? []
        if (data === undefined) return []
        const result = JSON.parse(data) as Pushed
        expect(id).toBe(result.extensions?.cursor)
        return [result]
      })
      return [results, rest, events.some((event) => event.startsWith('event: complete'))]
    },
  )

const overMultipart = (query: string, cursor?: string) =>
  overHttp(
    { accept: MULTIPART },
    { query, variables: { id: 'r1' }, ...(cursor === undefined ? {} : { extensions: { cursor } }) },
    (text) => {
      const parts = text.split('\r\n--graphql')
      const rest = parts.pop()!
      const isLast = rest === '--\r\n'
      const whole = rest.endsWith('}\r\n') ? [...parts, rest] : parts
      const results = whole.flatMap((part) => {
        const [, json] = /\r\n\r\n(.*)/s.exec(part) ?? []
        const body =
          json === undefined ? {} : (JSON.parse(json) as { payload?: Pushed | null; errors?: Pushed['errors'] })
        if (!('payload' in body)) return []
        return [body.payload ?? { errors: body.errors ?? [] }]
      })
      return [results, whole === parts && !isLast ? rest : '', isLast]
    },
  )

const TRANSPORTS = [
  ['WebSocket', overWebSocket],
  ['server-sent events', overSse],
  ['multipart', overMultipart],
] as const

const doneIn = (result: Pushed | undefined) => result?.data?.runLog.shardsDone

describe.each(TRANSPORTS)('over %s', (_, subscribe) => {
  it('a subscription gives a cursor with each result, and goes on after the last one received', async () => {
    example = await startExampleServer()
    await example.move('RUNNING', 1)
    const stream = await subscribe(LOG)
    expect(doneIn(await stream.next())).toBe(1)
    await example.move('RUNNING', 2)
    const second = await stream.next()
    expect(doneIn(second)).toBe(2)
    stream.leave()
    await vi.waitFor(async () => expect(await example.open()).toBe(0))
    for (const done of [3, 4]) await example.move('RUNNING', done)
    const again = await subscribe(LOG, second?.extensions?.cursor)
    expect([doneIn(await again.next()), doneIn(await again.next())]).toEqual([3, 4])
    await example.move('SUCCEEDED', 16)
    expect(doneIn(await again.next())).toBe(16)
    expect(await again.next()).toBeUndefined()
  })

  it('a cursor of something else is refused with BAD_INPUT', async () => {
    example = await startExampleServer()
    await example.move('RUNNING', 1)
    const stream = await subscribe(LOG, 'of-something-else')
    expect((await stream.next())?.errors?.[0]?.extensions.code ?? 'closed by an error message').toMatch(
      /BAD_INPUT|closed/,
    )
    stream.leave()
    expect(await example.open()).toBe(0)
  })

  it('a token that runs out ends the subscription with TOKEN_EXPIRED', async () => {
    const clock = manualClock()
    const identity = { tenant: 'local', principal: { ...PROCESS, expiresAt: clock.now() + 60_000 } }
    const authenticator: Authenticator = { authenticate: async () => identity }
    example = await startExampleServer({ authenticator, clock }, undefined, { clock })
    await example.move('RUNNING', 1)
    const stream = await subscribe(LOG)
    expect(doneIn(await stream.next())).toBe(1)
    await clock.advance(60_000)
    const last = await stream.next()
    expect(last?.errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      detail: { reason: 'TOKEN_EXPIRED' },
    })
    expect(await stream.next()).toBeUndefined()
    stream.leave()
  })

  it('ends when the server closes', async () => {
    example = await startExampleServer()
    await example.move('RUNNING', 1)
    const stream = await subscribe(LOG)
    await stream.next()
    await example.server.close()
    expect(await example.open()).toBe(0)
    stream.leave()
  })
})

describe('a client that reads nothing of a DISCONNECT field', () => {
  const NOTE = 'x'.repeat(2 ** 19)

  /** More than the sockets and the queue of eight hold together: 40 MB. */
  async function moveOften(): Promise<void> {
    for (let done = 2; done <= 80; done++) await example.move('RUNNING', done, NOTE)
  }

  it('over a WebSocket is closed with 4429', async () => {
    example = await startExampleServer({}, undefined, { maxQueued: 8 })
    await example.move('RUNNING', 1)
    const socket = new WebSocket(example.socketUrl, 'graphql-transport-ws')
    await once(socket, 'open')
    socket.send('{"type":"connection_init"}')
    await once(socket, 'message')
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: TICKER, variables: { id: 'r1' } } }))
    await once(socket, 'message')
    socket.pause()
    const closed = once(socket, 'close')
    await moveOften()
    socket.resume()
    const [code] = await closed
    expect(code).toBe(4429)
  })

  it.each([
    ['server-sent events', 'text/event-stream', /data: \{"errors":\[[\s\S]*SUBSCRIBER_TOO_SLOW[\s\S]*event: complete/],
    ['multipart', MULTIPART, /"payload":null,"errors":\[[\s\S]*SUBSCRIBER_TOO_SLOW[\s\S]*--graphql--/],
  ])('over %s is told why behind what it has not read, and ended', async (_, accept, told) => {
    example = await startExampleServer({}, undefined, { maxQueued: 8 })
    await example.move('RUNNING', 1)
    const body = JSON.stringify({ query: TICKER, variables: { id: 'r1' } })
    const socket = example.connect().pause()
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await vi.waitFor(async () => expect(await example.open()).toBe(1))
    await moveOften()
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4_000)
    })
    socket.resume()
    await vi.waitFor(() => expect(text).toMatch(told))
    socket.destroy()
  })
})

describe('over multipart', () => {
  it('a part without anything says every five seconds that the connection lives', async () => {
    const clock = manualClock()
    example = await startExampleServer({ clock })
    await example.move('RUNNING', 1)
    const response = await fetch(example.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: MULTIPART },
      body: JSON.stringify({ query: LOG, variables: { id: 'r1' } }),
    })
    expect(response.headers.get('content-type')).toBe('multipart/mixed;boundary="graphql";subscriptionSpec=1.0')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    const first = await reader.read()
    expect(first.value).toMatch(
      /^\r\n--graphql\r\ncontent-type: application\/json\r\n\r\n\{"payload":\{"data":\{"runLog":.*\}\}\r\n$/,
    )
    await vi.waitFor(() => expect(clock.sleepers).toBe(1))
    await clock.advance(5_000)
    expect((await reader.read()).value).toBe('\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{}\r\n')
    await reader.cancel()
  })
})

describe('connection_init', () => {
  /** Lets in whoever says the word. */
  const byWord: Authenticator = {
    async authenticate({ connectionParams }) {
      const word = connectionParams?.['authorization']
      if (word === undefined) throw new QuesnayError('UNAUTHENTICATED', 'no credentials')
      if (word !== 'sesame') throw new QuesnayError('FORBIDDEN', 'not you')
      return { tenant: 'local', principal: PROCESS }
    },
  }

  async function closeCode(payload?: object): Promise<number> {
    const socket = new WebSocket(example.socketUrl, 'graphql-transport-ws')
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init', ...(payload ? { payload } : {}) }))
    const [code] = await Promise.race([once(socket, 'close'), once(socket, 'message').then(() => [0])])
    socket.terminate()
    return code as number
  }

  it('without credentials is closed with 4401, with those that do not do with 4403, and with others it is let in', async () => {
    example = await startExampleServer({ authenticator: byWord })
    expect(await closeCode()).toBe(4401)
    expect(await closeCode({ authorization: 'mellon' })).toBe(4403)
    expect(await closeCode({ authorization: 'sesame' })).toBe(0)
  })

  it('that the server cannot judge is closed with 4500, and says nothing of why', async () => {
    const broken: Authenticator = { authenticate: () => Promise.reject(new Error('ECONNREFUSED 10.0.0.7')) }
    example = await startExampleServer({ authenticator: broken })
    const socket = new WebSocket(example.socketUrl, 'graphql-transport-ws')
    await once(socket, 'open')
    socket.send('{"type":"connection_init"}')
    const [code, reason] = await once(socket, 'close')
    expect([code, String(reason)]).toEqual([4500, 'INTERNAL'])
  })
})
