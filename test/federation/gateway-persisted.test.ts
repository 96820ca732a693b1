// Operations by hash and by id: Apollo's protocol over every transport, the safelist, and plans made before they are asked for.
import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type OpenedPersisted, openPersisted } from '../../gateway/persisted/open-persisted.ts'
import { PERSISTED } from '../../gateway/persisted/persisted-config.ts'
import { publish, removePublished } from '../../gateway/persisted/registry.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { freshStore } from '../support/database.ts'
import { manualClock } from '../support/manual-clock.ts'
import { type ExampleServer, startExampleServer } from './example-server.ts'

let example: ExampleServer
let persisted: OpenedPersisted
const clock = manualClock()
const metrics = createMetrics('test')

async function start(config: Record<string, unknown> = {}, store?: Store): Promise<void> {
  persisted = await openPersisted({ config: PERSISTED.parse(config), store, clock, log: silentLog, metrics })
  example = await startExampleServer({ persisted }, undefined, { known: () => persisted.known() })
}
afterEach(async () => {
  persisted.close()
  await example.close()
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const QUERY = 'query Title($id: ID!) { scenario(id: $id) { title } }'
const HASH = sha256(QUERY)
const extensions = { persistedQuery: { version: 1, sha256Hash: HASH } }
const variables = { id: 'a' }
const ANSWER = { data: { scenario: { title: 'Cut' } } }
const UNKNOWN = {
  errors: [
    expect.objectContaining({
      message: 'PersistedQueryNotFound',
      extensions: expect.objectContaining({ code: 'PERSISTED_QUERY_NOT_FOUND' }),
    }),
  ],
}

const post = (body: unknown, path = '', headers: Record<string, string> = {}) =>
  fetch(`${example.endpoint}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const get = (params: Record<string, unknown>, path = '', headers: Record<string, string> = {}) => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params))
    search.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  return fetch(`${example.endpoint}${path}?${search}`, { headers })
}
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code

function manifestFile(operations: readonly unknown[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'quesnay-manifest-')), 'manifest.json')
  writeFileSync(file, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }))
  return file
}
const TITLE = { id: HASH, name: 'Title', type: 'query', body: QUERY } as const

describe('a hash', () => {
  it('is unknown with status 200 until its text has come with it, over POST and GET', async () => {
    await start()
    for (const asked of [() => post({ variables, extensions }), () => get({ variables, extensions })]) {
      const response = await asked()
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(UNKNOWN)
    }
    expect(await (await post({ query: QUERY, variables, extensions })).json()).toEqual(ANSWER)
    expect(await (await post({ variables, extensions })).json()).toEqual(ANSWER)
    expect(await (await get({ variables, extensions })).json()).toEqual(ANSWER)
  })

  it('may come with its text by GET first', async () => {
    await start()
    expect(await (await get({ query: QUERY, variables, extensions })).json()).toEqual(ANSWER)
    expect(await (await get({ variables, extensions })).json()).toEqual(ANSWER)
  })

  it('of another text is BAD_INPUT, and the text is not kept', async () => {
    await start()
    const query = '{ tenant }'
    expect(await codeOf(await post({ query, extensions }))).toBe('BAD_INPUT')
    expect(await (await post({ variables, extensions })).json()).toEqual(UNKNOWN)
  })

  it.each([
    { version: 2, sha256Hash: HASH },
    { version: 1 },
    { version: 1, sha256Hash: 'x' },
    { version: 1, sha256Hash: [HASH] },
    'x',
  ])('that is malformed (%j) is BAD_INPUT', async (persistedQuery) => {
    await start()
    expect(await codeOf(await post({ query: QUERY, variables, extensions: { persistedQuery } }))).toBe('BAD_INPUT')
  })

  it('is asked for by each member of a list', async () => {
    await start()
    const response = await post([{ query: QUERY, variables, extensions }, { query: '{ tenant }' }])
    expect(await response.json()).toEqual([ANSWER, { data: { tenant: 'local' } }])
    expect(await (await post([{ variables, extensions }])).json()).toEqual([ANSWER])
  })

  it('is asked for over server-sent events', async () => {
    await start()
    const accept = { accept: 'text/event-stream' }
    expect(await (await post({ variables, extensions }, '/stream', accept)).json()).toEqual(UNKNOWN)
    await post({ query: QUERY, variables, extensions })
    expect(await (await post({ variables, extensions }, '/stream', accept)).text()).toContain('"title":"Cut"')
    expect(await (await get({ variables, extensions }, '/stream', accept)).text()).toContain('"title":"Cut"')
  })

  it('is asked for over WebSocket', async () => {
    await start()
    const client = createClient({ url: example.socketUrl, webSocketImpl: WebSocket })
    const asked = { query: '', variables, extensions }
    const results = async () => {
      const all = []
      for await (const result of client.iterate(asked)) all.push(result)
      return all
    }
    try {
      await expect(results()).rejects.toEqual([expect.objectContaining({ message: 'PersistedQueryNotFound' })])
      await post({ query: QUERY, variables, extensions })
      expect(await results()).toEqual([ANSWER])
    } finally {
      await client.dispose()
    }
  })

  it('is not supported where configuration says so; texts are', async () => {
    await start({ mode: 'off' })
    for (const body of [
      { variables, extensions },
      { variables, documentId: `sha256:${HASH}` },
    ]) {
      const response = await post(body)
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({
        errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
      })
    }
    expect(await (await post({ query: QUERY, variables })).json()).toEqual(ANSWER)
  })

  it('is forgotten when more was sent than is kept, the oldest first', async () => {
    await start({ keptCharacters: QUERY.length + 20 })
    await post({ query: QUERY, variables, extensions })
    const query = '{ tenant __typename }'
    await post({ query, extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } })
    expect(await (await post({ variables, extensions })).json()).toEqual(UNKNOWN)
  })
})

describe('a published operation', () => {
  it('is answered by its id, from a manifest', async () => {
    await start({ manifest: manifestFile([TITLE, { ...TITLE, id: 'title@1' }]) })
    for (const documentId of [`sha256:${HASH}`, HASH, 'title@1']) {
      expect(await (await post({ documentId, variables })).json()).toEqual(ANSWER)
      expect(await (await get({ documentId, variables })).json()).toEqual(ANSWER)
    }
    expect(await (await post({ extensions, variables })).json()).toEqual(ANSWER)
    expect(await codeOf(await post({ documentId: 'sha256:0', variables }))).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect(await codeOf(await post({ documentId: HASH, query: QUERY, variables }))).toBe('BAD_INPUT')
  })

  it('is the only one that is answered where configuration enforces it', async () => {
    await start({ mode: 'enforce', manifest: manifestFile([TITLE]) })
    expect(await (await post({ query: QUERY, variables })).json()).toEqual(ANSWER)
    expect(await (await post({ documentId: HASH, variables })).json()).toEqual(ANSWER)
    const other = '{ tenant }'
    const hash = { persistedQuery: { version: 1, sha256Hash: sha256(other) } }
    const texts: [string, () => Promise<Response>][] = [
      ['over POST', () => post({ query: other })],
      ['over GET', () => get({ query: other })],
      ['with its hash', () => post({ query: other, extensions: hash })],
      ['with a comment', () => post({ query: `${QUERY} # x`, variables })],
      ['as events', () => post({ query: other }, '/stream', { accept: 'text/event-stream' })],
      ['of introspection', () => post({ query: '{ __schema { types { name } } }' })],
    ]
    for (const [how, asked] of texts)
      expect([how, await codeOf(await asked())]).toEqual([how, 'OPERATION_NOT_PUBLISHED'])
    expect((await post({ query: other })).status).toBe(403)
    expect(await (await post({ extensions: hash })).json()).toEqual(UNKNOWN)
  })

  it('is answered as any other where they are only logged, and the others are counted', async () => {
    await start({ mode: 'log', manifest: manifestFile([TITLE]) })
    await post({ query: QUERY, variables })
    const answered = async () =>
      (await metrics.unpublished.get()).values.find((v) => v.labels.what === 'answered')?.value ?? 0
    const before = await answered()
    expect(await (await post({ query: '{ tenant }' })).json()).toEqual({ data: { tenant: 'local' } })
    expect(await answered()).toBe(before + 1)
  })

  it('is seen by a running gateway soon after it is published, and gone soon after it is removed', async () => {
    const { store, drop } = await freshStore()
    try {
      await start({ mode: 'enforce', refreshMs: 1_000 }, store)
      expect(await codeOf(await post({ query: QUERY, variables }))).toBe('OPERATION_NOT_PUBLISHED')
      expect(await publish(store, [TITLE])).toBe(1)
      expect(await publish(store, [TITLE])).toBe(0)
      await clock.advance(1_000)
      await expect.poll(async () => (await post({ query: QUERY, variables })).status).toBe(200)
      const changed = [
        { ...TITLE, body: '{ tenant }' },
        { ...TITLE, id: 'new' },
      ]
      await expect(publish(store, changed)).rejects.toMatchObject({ code: 'CONFLICT', detail: { ids: [HASH] } })
      expect(await removePublished(store, [HASH, 'new'])).toBe(1)
      await clock.advance(1_000)
      await expect.poll(async () => (await post({ query: QUERY, variables })).status).toBe(403)
    } finally {
      await drop()
    }
  })
})
