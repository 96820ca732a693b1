// What is no valid operation, over every transport: each is noted once, with whose it is, and by the hash of its text alone.
import { createClient } from 'graphql-ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { unauthenticated } from '../../gateway/auth/unauthenticated.ts'
import type { InvalidRequest } from '../../gateway/edge/step.ts'
import { outcomeOf } from '../../gateway/metrics.ts'
import { openPersisted } from '../../gateway/persisted/open-persisted.ts'
import { PERSISTED } from '../../gateway/persisted/persisted-config.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { sha256 } from '../../schema/hash.ts'
import { everybody } from '../support/everybody.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let example: ExampleServer
let heard: readonly (readonly [outcome: string, hash: string, tenant: string | undefined])[]

beforeEach(async () => {
  heard = []
  const note = ({ hash, caller }: InvalidRequest, outcome: string) => {
    heard = [...heard, [outcome, hash, caller?.tenant]]
  }
  const steps = [
    {
      name: 'hearing',
      invalid: (request: InvalidRequest, errors: Parameters<typeof outcomeOf>[0]['errors'] & object) =>
        note(request, outcomeOf({ errors })),
    },
  ]
  const authenticator = {
    authenticate: (credentials: Parameters<typeof everybody.authenticate>[0]) => {
      const { headers, connectionParams } = credentials
      if (headers.authorization || connectionParams?.['authorization']) throw unauthenticated()
      return everybody.authenticate(credentials)
    },
  }
  const persisted = await openPersisted({
    ...{ config: PERSISTED.parse({}), store: undefined, clock, log: silentLog, metrics: createMetrics('test') },
  })
  example = await startExampleServer({ persisted, authenticator }, openMemoryBus(clock), { steps })
})
afterEach(() => example.close())

const post = (body: object, headers: Record<string, string> = {}, path = '') =>
  fetch(`${example.endpoint}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const get = (search: Record<string, string>, headers: Record<string, string> = {}, path = '') =>
  fetch(`${example.endpoint}${path}?${new URLSearchParams(search)}`, { headers })

const SYNTAX = '{ secret'
const UNKNOWN = '{ secret }'
const bad = (text: string) => ['BAD_INPUT', sha256(text), 'local']
const hash = sha256('something')
const extensions = { persistedQuery: { version: 1, sha256Hash: hash } }
const unknown = ['PERSISTED_QUERY_NOT_FOUND', sha256(JSON.stringify(extensions)), 'local']
const stranger = { authorization: 'Bearer nobody' }

describe('what is no valid operation', () => {
  it.each([
    ['a POST', () => post({ query: SYNTAX }), bad(SYNTAX)],
    ['a GET', () => get({ query: UNKNOWN }, { accept: 'application/json' }), bad(UNKNOWN)],
    [
      'a variable',
      () => post({ query: 'query ($a: Int!) { tenant @include(if: $a) }' }),
      bad('query ($a: Int!) { tenant @include(if: $a) }'),
    ],
    ['a stream', () => post({ query: UNKNOWN }, {}, '/stream'), bad(UNKNOWN)],
    ['multipart', () => post({ query: UNKNOWN }, { accept: 'multipart/mixed;subscriptionSpec=1.0' }), bad(UNKNOWN)],
    ['an unknown hash', () => post({ extensions }), unknown],
    [
      'an unknown hash of a GET',
      () => get({ extensions: JSON.stringify(extensions) }, { accept: 'application/json' }),
      unknown,
    ],
    ['an unknown hash of a stream', () => post({ extensions }, {}, '/stream'), unknown],
    [
      'credentials that do not hold',
      () => post({ query: SYNTAX }, stranger),
      ['UNAUTHENTICATED', sha256(''), undefined],
    ],
    [
      'credentials of a GET that do not hold',
      () => get({ query: SYNTAX }, stranger),
      ['UNAUTHENTICATED', sha256(''), undefined],
    ],
  ])('is noted once: %s', async (_, ask, noted) => {
    await (await ask()).text()
    expect(heard).toEqual([noted])
  })

  it('is noted over a WebSocket, and where its credentials do not hold', async () => {
    const ask = async (query: string, connectionParams = {}) => {
      const client = createClient({
        url: example.socketUrl,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
      })
      await new Promise<void>((resolve) => {
        client.subscribe({ query }, { next() {}, error: () => resolve(), complete: () => resolve() })
      })
      await client.dispose()
    }
    await ask(UNKNOWN)
    await ask(UNKNOWN, stranger)
    expect(heard).toEqual([bad(UNKNOWN), ['UNAUTHENTICATED', sha256(''), undefined]])
  })

  it('is each of a list', async () => {
    await (await post([{ query: SYNTAX }, { query: '{ tenant }' }, { query: UNKNOWN }])).text()
    expect(heard).toEqual([bad(SYNTAX), bad(UNKNOWN)])
  })

  it('is nothing that is one, nor a look at what is no operation', async () => {
    await (await post({ query: '{ tenant }' })).text()
    await (await get({}, stranger)).text()
    expect(heard).toEqual([])
  })
})
