// Subscriptions over real connections: graphql-ws and graphql-sse clients, slow readers, clients that leave, shutdown.
import { once } from 'node:events'
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createWsClient } from 'graphql-ws'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { manualClock } from '../support/manual-clock.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

const WATCH = 'subscription W($id: ID!) { runUpdated(id: $id) { status shardsDone risk } }'
const NOTED = 'subscription W($id: ID!) { runUpdated(id: $id) { status note } }'

let example: ExampleServer

beforeEach(async () => {
  example = await startExampleServer()
})
afterEach(() => example.close())

interface Client {
  iterate(payload: { query: string; variables?: Record<string, unknown> }): AsyncIterable<unknown>
  dispose(): void
}
const webSocketClient = (): Client => {
  const client = createWsClient({ url: example.socketUrl, webSocketImpl: WebSocket, retryAttempts: 0 })
  return { iterate: (payload) => client.iterate(payload), dispose: () => void client.dispose() }
}
const sseClient =
  (path = '/stream') =>
  (): Client =>
    createSseClient({ url: `${example.endpoint}${path}`, retryAttempts: 0 })
const states = (results: unknown[]) =>
  results.map((result) => {
    const { status, shardsDone } = (result as { data: { runUpdated: { status: string; shardsDone: number } } }).data
      .runUpdated
    return [status, shardsDone]
  })

describe.each([
  ['WebSocket', webSocketClient],
  ['server-sent events', sseClient()],
  ['server-sent events on /graphql itself', sseClient('')],
])('over %s', (_, open) => {
  let client: Client
  beforeEach(() => {
    client = open()
  })
  afterEach(() => client.dispose())

  it('a subscription gives the state, then news as it comes, then completes', async () => {
    await example.move('RUNNING', 1)
    const got: unknown[] = []
    for await (const result of client.iterate({ query: WATCH, variables: { id: 'r1' } })) {
      got.push(result)
      if (got.length === 1) await example.move('RUNNING', 8)
      if (got.length === 2) await example.move('SUCCEEDED', 16)
    }
    expect(states(got)).toEqual([
      ['RUNNING', 1],
      ['RUNNING', 8],
      ['SUCCEEDED', 16],
    ])
    expect(got[0]).toMatchObject({ data: { runUpdated: { risk: 0.2 } } })
    expect(await example.open()).toBe(0)
  })

  it('a query is answered once', async () => {
    const got: unknown[] = []
    for await (const result of client.iterate({ query: '{ scenario(id: "c") { economy { name } } }' })) got.push(result)
    expect(got).toEqual([{ data: { scenario: { economy: { name: 'aus' } } } }])
  })

  it('an error of a resolver arrives with its code', async () => {
    const got: unknown[] = []
    for await (const result of client.iterate({ query: WATCH, variables: { id: 'nobody' } })) got.push(result)
    expect(got).toMatchObject([{ data: { runUpdated: null }, errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
  })

  it('an operation that is not valid is told so, with its code', async () => {
    const told = async () => {
      const got: unknown[] = []
      for await (const result of client.iterate({ query: 'subscription { nope }' })) got.push(result)
      // As a result over server-sent events; over WebSocket as an error message, which the client throws.
      throw (got[0] as { errors: unknown }).errors
    }
    await expect(told()).rejects.toMatchObject([{ extensions: { code: 'BAD_INPUT' } }])
  })

  it('a client that leaves stops the listener', async () => {
    await example.move('RUNNING', 1)
    const results = client.iterate({ query: WATCH, variables: { id: 'r1' } })[Symbol.asyncIterator]()
    await results.next()
    expect(await example.open()).toBe(1)
    await results.return?.()
    await vi.waitFor(async () => expect(await example.open()).toBe(0))
  })
})

describe('a connection that breaks off', () => {
  it('stops the listener of a WebSocket', async () => {
    await example.move('RUNNING', 1)
    const socket = await subscribed(WATCH)
    await once(socket, 'message')
    expect(await example.open()).toBe(1)
    socket.terminate()
    await vi.waitFor(async () => expect(await example.open()).toBe(0))
  })

  it('stops the listener of an event stream', async () => {
    await example.move('RUNNING', 1)
    const socket = streaming(WATCH)
    await vi.waitFor(async () => expect(await example.open()).toBe(1))
    socket.destroy()
    await vi.waitFor(async () => expect(await example.open()).toBe(0))
  })
})

/** A WebSocket that has subscribed by hand. */
async function subscribed(query: string): Promise<WebSocket> {
  const socket = new WebSocket(example.socketUrl, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { id: 'r1' } } }))
  return socket
}

/** A bare connection that has asked for an event stream and reads nothing of it yet. */
function streaming(query: string) {
  const body = JSON.stringify({ query, variables: { id: 'r1' } })
  const socket = example.connect().pause()
  socket.write(
    `POST /graphql/stream HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  return socket
}

describe('a reader that stopped reading', () => {
  const MEGABYTE = 'x'.repeat(2 ** 20)

  /** Sends progress with a large note until no more of it is read from the subgraph: what lies between is full. */
  async function fill(): Promise<number> {
    for (let done = 0; done < 200; done++) {
      const before = example.world.reads
      await example.move('RUNNING', done, `${done}${MEGABYTE}`)
      const read = await vi
        .waitFor(() => expect(example.world.reads).toBeGreaterThan(before), { timeout: 500 })
        .then(
          () => true,
          () => false,
        )
      if (!read) return example.world.reads
    }
    throw new Error('the server never waited for its reader')
  }

  it('of an event stream is waited for, and gets the latest and the last state', async () => {
    await example.move('RUNNING', 0)
    const socket = streaming(NOTED)
    await vi.waitFor(() => expect(example.world.reads).toBe(1))
    const reads = await fill()
    for (let done = 0; done < 100; done++) await example.move('RUNNING', done, `${done}${MEGABYTE}`)
    await example.move('SUCCEEDED', 16, 'the end')
    expect(example.world.reads).toBe(reads)
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-2_000)
    })
    socket.resume()
    await vi.waitFor(() => expect(text).toContain('event: complete'))
    expect(text).toContain('"status":"SUCCEEDED","note":"the end"')
    expect(example.world.reads).toBe(reads + 1)
    socket.destroy()
  })

  it('of a WebSocket is waited for, and gets the latest and the last state', async () => {
    await example.move('RUNNING', 0)
    const socket = await subscribed(NOTED)
    await once(socket, 'message')
    socket.pause()
    const reads = await fill()
    for (let done = 0; done < 100; done++) await example.move('RUNNING', done, `${done}${MEGABYTE}`)
    await example.move('SUCCEEDED', 16, 'the end')
    expect(example.world.reads).toBe(reads)
    const messages: string[] = []
    socket.on('message', (data) => messages.push(String(data)))
    socket.resume()
    await vi.waitFor(() => expect(messages.at(-1)).toBe('{"id":"1","type":"complete"}'))
    expect(messages.at(-2)).toContain('"status":"SUCCEEDED","note":"the end"')
    expect(example.world.reads).toBe(reads + 1)
    socket.terminate()
  })
})

describe('a WebSocket', () => {
  const opening = (options: { path?: string; origin?: string } = {}) =>
    new Promise<string>((resolve) => {
      const url = example.socketUrl.replace('/graphql', options.path ?? '/graphql')
      const socket = new WebSocket(url, 'graphql-transport-ws', options.origin ? { origin: options.origin } : {})
      socket.once('open', () => {
        socket.terminate()
        resolve('open')
      })
      socket.once('unexpected-response', (_, response) => resolve(String(response.statusCode)))
      socket.once('error', () => {})
    })

  it('opens for a program, for a page of this server and for pages of allowed origins', async () => {
    expect(await opening()).toBe('open')
    expect(await opening({ origin: new URL(example.server.url).origin })).toBe('open')
    expect(await opening({ origin: 'https://studio.apollographql.com' })).toBe('open')
  })

  it('is refused to a page of another origin', async () => {
    expect(await opening({ origin: 'https://evil.example' })).toBe('403')
  })

  it('is refused on another path', async () => {
    expect(await opening({ path: '/health' })).toBe('404')
  })
})

describe('closing the server', () => {
  it('closes WebSockets with 1001 and ends their subscriptions', async () => {
    await example.move('RUNNING', 1)
    const socket = await subscribed(WATCH)
    await once(socket, 'message')
    const closed = once(socket, 'close')
    await example.server.close()
    const [code] = await closed
    expect(code).toBe(1001)
    expect(await example.open()).toBe(0)
  })

  it('ends event streams so that their clients see a whole answer', async () => {
    await example.move('RUNNING', 1)
    const response = await fetch(`${example.endpoint}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: WATCH, variables: { id: 'r1' } }),
    })
    await vi.waitFor(async () => expect(await example.open()).toBe(1))
    await example.server.close()
    expect(await response.text()).toContain('"status":"RUNNING"')
    expect(await example.open()).toBe(0)
  })

  it('does not wait for connections that have asked nothing, as browsers hold open', async () => {
    // A clock that stands still: waiting for the end of the time given would be waiting for ever.
    const patient = await startExampleServer({ clock: manualClock() })
    const idle = patient.connect()
    await once(idle, 'connect')
    await patient.close()
    idle.destroy()
  })

  it('does not wait for a WebSocket whose client does not answer', async () => {
    const hasty = await startExampleServer({ drainMs: 20 })
    const socket = hasty.connect()
    socket.on('error', () => {})
    socket.write(
      'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
    )
    await once(socket, 'data')
    await hasty.close()
    socket.destroy()
  })
})
