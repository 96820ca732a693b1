// The client over HTTP against servers that do not behave: silence, refusals, something else, a connection that breaks.
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '../test/support/manual-clock.ts'
import { ask, httpClient } from './client.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const event = (name: string, data = '') => `event: ${name}\ndata: ${data}\n\n`
const state = (n: number) => JSON.stringify({ data: { n } })

describe('httpClient', () => {
  it('asks /graphql where only a host is given, and what is given otherwise', async () => {
    const asked: string[] = []
    const url = await serving((request, response) => {
      asked.push(request.url ?? '')
      response.end('{"data":{}}')
    })
    await httpClient(url).execute('{ a }')
    await httpClient(`${url}/`).execute('{ a }')
    await httpClient(`${url}/other/`).execute('{ a }')
    expect(asked).toEqual(['/graphql', '/graphql', '/other'])
  })

  it.each(['host', 'ftp://host', ''])('refuses the URL "%s"', (url) => {
    expect(() => httpClient(url)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })

  it('says that nothing answers, to a question and to a subscription', async () => {
    const clock = manualClock()
    const url = await serving(() => {})
    server?.close()
    await once(server!, 'close')
    const client = httpClient(url, { clock })
    await expect(client.execute('{ a }')).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    const first = client.subscribe('subscription { n }', {})[Symbol.asyncIterator]().next()
    const failed = expect(first).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    for (const pauseMs of [500, 1000, 2000]) {
      await expect.poll(() => clock.sleepers).toBe(1)
      await clock.advance(pauseMs)
    }
    await failed
  })

  it('asks a query again whose connection was cut, but no mutation', async () => {
    let asked = 0
    const url = await serving((request, response) => {
      if (asked++ % 2 === 0) request.socket.destroy()
      else response.end('{"data":{"a":1}}')
    })
    expect(await httpClient(url).execute('query Q { a }')).toEqual({ data: { a: 1 } })
    expect(asked).toBe(2)
    await expect(httpClient(url).execute('mutation { a }')).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    expect(asked).toBe(3)
  })

  it('says that what answers is no graph', async () => {
    const client = httpClient(await serving((_, response) => response.writeHead(404).end('<html>')))
    await expect(client.execute('{ a }')).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: '--endpoint' } })
    const next = client.subscribe('subscription { n }', {})[Symbol.asyncIterator]().next()
    await expect(next).rejects.toMatchObject({ code: 'BAD_INPUT', detail: { path: '--endpoint' } })
  })

  it('yields a refused subscription as an answer with errors, and asks only once', async () => {
    let requests = 0
    const refusal = { errors: [{ message: 'no', extensions: { code: 'BAD_INPUT' } }] }
    const url = await serving((_, response) => {
      requests++
      response.writeHead(400).end(JSON.stringify(refusal))
    })
    const answers: unknown[] = []
    for await (const answer of httpClient(url).subscribe('subscription { n }', {})) answers.push(answer)
    expect(answers).toEqual([refusal])
    expect(requests).toBe(1)
  })

  it('opens a subscription again whose connection broke', async () => {
    const clock = manualClock()
    let connections = 0
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (connections++ === 0) response.write(event('next', state(1)), () => response.destroy())
      else response.end(event('next', state(2)) + event('complete'))
    })
    const answers: unknown[] = []
    const reading = (async () => {
      for await (const answer of httpClient(url, { clock }).subscribe('subscription { n }', {})) answers.push(answer)
    })()
    await expect.poll(() => clock.sleepers).toBe(1)
    await clock.advance(500)
    await reading
    expect(answers).toEqual([{ data: { n: 1 } }, { data: { n: 2 } }])
  })

  it('ends a subscription when its signal aborts', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event('next', state(1)))
    })
    const stop = new AbortController()
    const answers: unknown[] = []
    for await (const answer of httpClient(url).subscribe('subscription { n }', {}, stop.signal)) {
      answers.push(answer)
      stop.abort()
    }
    expect(answers).toEqual([{ data: { n: 1 } }])
  })
})

describe('ask', () => {
  it.each([
    [
      'the code, fix and field of an error',
      { message: 'no run', path: ['run'], extensions: { code: 'NOT_FOUND', detail: { suggestion: 'list them' } } },
      { code: 'NOT_FOUND', message: 'no run', detail: { suggestion: 'list them', field: 'run' } },
    ],
    [
      'the place in the operation',
      { message: 'Cannot query', locations: [{ line: 2, column: 3 }], extensions: { code: 'BAD_INPUT', detail: {} } },
      { code: 'BAD_INPUT', message: 'line 2, column 3: Cannot query' },
    ],
    [
      'the member of a variable, without the place of its declaration',
      { message: 'Variable "$x" is no', locations: [{ line: 1, column: 1 }], extensions: { code: 'BAD_INPUT' } },
      { code: 'BAD_INPUT', message: 'Variable "$x" is no' },
    ],
    ['INTERNAL for a code that is not ours', { message: 'x', extensions: { code: 'OTHER' } }, { code: 'INTERNAL' }],
    ['INTERNAL where there is no code', { message: 'x' }, { code: 'INTERNAL' }],
  ])('throws with %s', async (_, error, thrown) => {
    const url = await serving((_request, response) => response.end(JSON.stringify({ errors: [error] })))
    await expect(ask(httpClient(url), '{ a }')).rejects.toMatchObject(thrown)
  })

  it('throws with the cause where others failed only because of it', async () => {
    const errors = ['INPUT_FAILED', 'NOT_FOUND', 'BAD_INPUT'].map((code) => ({ message: code, extensions: { code } }))
    const url = await serving((_, response) => response.end(JSON.stringify({ data: null, errors })))
    await expect(ask(httpClient(url), '{ a }')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
