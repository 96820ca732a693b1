// GET answers that a client has already, over HTTP: the validator, 304, and what has none.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { etagOf, isKnown } from '../../gateway/http/conditional.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let example: ExampleServer
beforeEach(async () => {
  example = await startExampleServer()
})
afterEach(() => example.close())

const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${example.endpoint}?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'application/json', ...headers },
  })
const QUERY = '{ scenario(id: "a") { title } }'

describe('a GET', () => {
  it('is answered with a validator of its bytes, and with 304 to whoever has them', async () => {
    const first = await get(QUERY)
    const etag = first.headers.get('etag')!
    expect(etag).toBe(etagOf(await first.text()))
    const again = await get(QUERY, { 'if-none-match': `"other", W/${etag}` })
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
    example.world.titles['a'] = 'Another'
    const changed = await get(QUERY, { 'if-none-match': etag })
    expect([changed.status, await changed.json()]).toEqual([200, { data: { scenario: { title: 'Another' } } }])
  })

  it('says what its answer depends on', async () => {
    const vary = (await get(QUERY)).headers.get('vary')!.split(/, */)
    expect(vary).toEqual(expect.arrayContaining(['origin', 'authorization', 'x-api-key']))
  })

  it('says so of headers that subgraphs see', async () => {
    await example.close()
    example = await startExampleServer({ propagate: ['x-region'] })
    const vary = (await get(QUERY)).headers.get('vary')!.split(/, */)
    expect(vary).toEqual(expect.arrayContaining(['accept', 'authorization', 'x-api-key', 'x-region']))
  })

  it('has no validator where its answer has errors', async () => {
    example.requesters['economies']!.down = true
    const answer = await get('{ tenant economy(id: "USA") { gdp } }')
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, null])
  })
})

it('a POST has no validator', async () => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(example.endpoint, { method: 'POST', headers, body: JSON.stringify({ query: QUERY }) })
  expect([answer.status, answer.headers.get('etag')]).toEqual([200, null])
})

it.each([
  [undefined, false],
  ['*', true],
  ['"a"', true],
  ['W/"a"', true],
  ['"b" , "a"', true],
  ['"b"', false],
  ['a', false],
])('If-None-Match: %s knows "a": %s', (given, known) => {
  expect(isKnown(given === undefined ? {} : { 'if-none-match': given }, '"a"')).toBe(known)
})
