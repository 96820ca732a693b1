// Answers that are kept and shared: to whom, for how long, until what; and that nobody ever gets what is another's or old.
import { tmpdir } from 'node:os'
import { buildSubgraphSchema } from '@apollo/subgraph'
import fc from 'fast-check'
import { execute, parse } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { parseEdge } from '../../gateway/edge/edge-config.ts'
import { openEdge } from '../../gateway/edge/open-edge.ts'
import { newReply } from '../../gateway/edge/step.ts'
import { openGateway } from '../../gateway/gateway.ts'
import { localRequester } from '../../gateway/requesters/local-requester.ts'
import { unavailable } from '../../gateway/requesters/requester.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { type ChangedObject, cacheChanged, encodeCacheChange } from '../../schema/cache-events.ts'
import { type Caller, PROCESS } from '../../schema/caller.ts'
import { subjects } from '../../schema/jobs.ts'
import { manualClock } from '../support/manual-clock.ts'

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@composeDirective", "@authenticated"])
    @link(url: "https://specs.quesnay.dev/cache/v1.0", import: ["@cacheControl"]) @composeDirective(name: "@cacheControl")
    @link(url: "https://specs.quesnay.dev/changes/v1.0", import: ["@changes"]) @composeDirective(name: "@changes")
  directive @changes(types: [String!]!) on FIELD_DEFINITION
  directive @cacheControl(maxAge: Int, scope: String, inheritMaxAge: Boolean, ifFinal: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  interface Node { id: ID! }
  type Item implements Node @key(fields: "id") { id: ID! name: String! live: Int @cacheControl(maxAge: 0) guarded: String @authenticated
    owner: Item @cacheControl(inheritMaxAge: true) detail: Detail }
  type Detail @cacheControl(maxAge: 10) { text: String }
  type Run implements Node @key(fields: "id") @cacheControl(maxAge: 31536000, ifFinal: true) { id: ID! status: String! result: Int }
  type Query {
    item(id: ID!): Item @cacheControl(maxAge: 60)
    items: [Item!]! @cacheControl(maxAge: 60)
    first: Item @cacheControl(maxAge: 60)
    node(id: ID!): Node @cacheControl(maxAge: 60)
    mine: String @cacheControl(maxAge: 60, scope: "PRIVATE")
    whoAsks: String @cacheControl(maxAge: 60)
    run(id: ID!): Run
    counter: Int
  }
  type Mutation {
    rename(id: ID!, name: String!): Item
    remove(id: ID!): Boolean
    renameItem(id: ID!, name: String!): Item @changes(types: ["Item"])
    touchOther: Boolean @changes(types: ["Other"])
    touchNothing: Boolean @changes(types: [])
  }`

const PLACE = { host: '127.0.0.1', dataDirectory: tmpdir(), contextSecret: undefined }

type Items = Map<string, string>

async function opened(config: object = {}) {
  const clock = manualClock()
  const bus = openMemoryBus(clock)
  const metrics = createMetrics('test')
  const tenants = new Map<string, Items>()
  const itemsOf = (tenant: string) => {
    const items =
      tenants.get(tenant) ??
      new Map([
        ['1', `first of ${tenant}`],
        ['2', `second of ${tenant}`],
      ])
    tenants.set(tenant, items)
    return items
  }
  const runs = new Map<string, string | null>([['r', 'RUNNING']])
  let asked = 0
  let down = false
  let gate: Promise<void> | undefined
  type Context = { readonly caller: Caller }
  const itemOf = ({ caller }: Context, id: string | undefined) => {
    const name = id === undefined ? undefined : itemsOf(caller.tenant).get(id)
    return name === undefined ? null : { id, name }
  }
  const resolvers = {
    Query: {
      item: (_: unknown, { id }: { id: string }, context: Context) => itemOf(context, id),
      items: (_: unknown, _args: unknown, { caller }: Context) =>
        [...itemsOf(caller.tenant)].map(([id, name]) => ({ id, name })),
      first: (_: unknown, _args: unknown, context: Context) =>
        itemOf(context, [...itemsOf(context.caller.tenant).keys()].sort()[0]),
      node: (_: unknown, { id }: { id: string }, context: Context) => itemOf(context, id),
      mine: (_: unknown, _args: unknown, { caller }: Context) => caller.principal.subject,
      whoAsks: (_: unknown, _args: unknown, { caller }: Context) =>
        JSON.stringify([caller.tenant, { ...caller.principal, subject: '' }, caller.forwarded]),
      run: (_: unknown, { id }: { id: string }) => (runs.has(id) ? { id, status: runs.get(id), result: asked } : null),
      counter: () => asked,
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }, context: Context) => {
        itemsOf(context.caller.tenant).set(id, name)
        return itemOf(context, id)
      },
      remove: (_: unknown, { id }: { id: string }, { caller }: Context) => itemsOf(caller.tenant).delete(id),
      renameItem: (_: unknown, { id, name }: { id: string; name: string }, context: Context) => {
        itemsOf(context.caller.tenant).set(id, name)
        return itemOf(context, id)
      },
    },
    Item: {
      live: () => asked,
      owner: (_: unknown, _args: unknown, context: Context) => itemOf(context, '2'),
      detail: () => ({ text: 'x' }),
    },
    Node: { __resolveType: () => 'Item' },
  }
  const schema = buildSubgraphSchema({ typeDefs: parse(SDL), resolvers: resolvers as never })
  const edge = await openEdge({
    config: parseEdge(config, 'test'),
    bus,
    clock,
    log: silentLog,
    metrics,
    tenant: 'local',
    ...PLACE,
  })
  const gateway = await openGateway({
    supergraph: { sdl: composeSupergraph([{ name: 'things', url: 'http://127.0.0.1:1/', sdl: SDL }]) },
    services: edge.share(() =>
      localRequester({
        async execute({ query, variables = {}, caller }) {
          asked++
          if (down) throw unavailable('things', 'connection')
          const answer = await execute({
            schema,
            document: parse(query),
            variableValues: variables,
            contextValue: { caller },
          })
          await gate
          return JSON.parse(JSON.stringify(answer))
        },
      }),
    ),
    bus,
    clock,
    log: silentLog,
    metrics,
    steps: edge.steps,
  })
  closing.push(async () => {
    await gateway.close()
    await edge.close()
    await bus.close()
  })
  async function ask(query: string, who: Partial<Caller> & { readonly variables?: Record<string, unknown> } = {}) {
    const { variables, ...caller } = who
    const reply = newReply()
    const asker = { tenant: 'acme', requestId: 'r', principal: PROCESS, ...caller }
    const result = await gateway.execute({ query, ...(variables ? { variables } : {}), caller: asker, reply })
    return { ...(JSON.parse(JSON.stringify(result)) as typeof result), headers: Object.fromEntries(reply.headers) }
  }
  return {
    ask,
    bus,
    clock,
    runs,
    itemsOf,
    asked: () => asked,
    setDown: (now: boolean) => {
      down = now
    },
    hold: () => {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = () => {
          gate = undefined
          resolve()
        }
      })
      return release
    },
    /** As a subgraph or another gateway does. */
    tell: async (tenant: string, changed: 'all' | ChangedObject[]) => {
      await bus.emit(cacheChanged(tenant), encodeCacheChange({ changed }))
      await new Promise(setImmediate)
    },
    sample: async (name: string) => {
      const { values } = await metrics.registry.getSingleMetric(name)!.get()
      return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(), value]))
    },
  }
}

const closing: (() => Promise<void>)[] = []
async function closeAll() {
  for (const close of closing.splice(0)) await close()
}
afterEach(closeAll)

const as = (subject: string, more: Partial<Caller['principal']> = {}) => ({
  principal: { ...PROCESS, subject, ...more },
})

describe('an answer that may be kept', () => {
  it('is given again without asking, with its age, until its time is over', async () => {
    const { ask, asked, clock } = await opened()
    const first = await ask('{ item(id: "1") { name } }')
    expect(first.headers).toMatchObject({ 'cache-control': 'private, max-age=60', age: '0' })
    await clock.advance(59_000)
    const second = await ask('query  { item(id: "1") { name } }')
    expect(second).toMatchObject({ data: { item: { name: 'first of acme' } }, headers: { age: '59' } })
    expect(asked()).toBe(1)
    await clock.advance(1_000)
    await ask('{ item(id: "1") { name } }')
    expect(asked()).toBe(2)
  })

  it('is what was asked for and no more', async () => {
    const { ask } = await opened()
    const query = '{ node(id: "1") { ... on Item { name owner { name } } } items { id } none: item(id: "x") { name } }'
    const answer = {
      node: { name: 'first of acme', owner: { name: 'second of acme' } },
      items: [{ id: '1' }, { id: '2' }],
      none: null,
    }
    expect((await ask(query)).data).toEqual(answer)
    expect((await ask(query)).data).toEqual(answer)
  })

  it('is one for each choice of variables, however their object is ordered', async () => {
    const { ask, asked } = await opened()
    const query = 'query($id: ID!, $other: ID!) { a: item(id: $id) { name } b: item(id: $other) { id } }'
    await ask(query, { variables: { id: '1', other: '2' } })
    await ask(query, { variables: { other: '2', id: '1' } })
    expect(asked()).toBe(1)
    await ask(query, { variables: { id: '2', other: '2' } })
    expect(asked()).toBe(2)
  })

  it.each([
    ['has a field without a hint at its root', '{ counter item(id: "1") { name } }'],
    ['has a field that may not be kept', '{ item(id: "1") { name live } }'],
    ['asks for the schema', '{ item(id: "1") { name } __schema { queryType { name } } }'],
  ])('is none that %s', async (_, query) => {
    const { ask, asked } = await opened()
    expect((await ask(query)).headers).toMatchObject({ 'cache-control': 'no-store' })
    await ask(query)
    expect(asked()).toBe(2)
  })

  it('is kept no longer than the field of it that is kept shortest', async () => {
    const { ask } = await opened()
    const query = '{ item(id: "1") { name detail { text } } }'
    expect((await ask(query)).headers).toMatchObject({ 'cache-control': 'private, max-age=10' })
  })

  it('is public for a shared cache only where nobody has to say who they are', async () => {
    const { ask } = await opened()
    const demo = as('anonymous', { proof: 'demo' })
    expect((await ask('{ items { name } }', demo)).headers['cache-control']).toBe('public, max-age=60')
    expect((await ask('{ mine }', demo)).headers['cache-control']).toBe('private, max-age=60')
    expect((await ask('{ items { name } }')).headers['cache-control']).toBe('private, max-age=60')
  })

  it('is never one with errors', async () => {
    const { ask, asked, setDown } = await opened()
    setDown(true)
    expect((await ask('{ item(id: "1") { name } }')).errors).toHaveLength(1)
    setDown(false)
    expect((await ask('{ item(id: "1") { name } }')).errors).toBeUndefined()
    expect(asked()).toBe(2)
  })

  it('is of a run kept for good once the run has ended, and not before', async () => {
    const { ask, asked, runs, clock } = await opened()
    const query = '{ run(id: "r") { result } }'
    expect(await ask(query)).toMatchObject({ data: { run: { result: 1 } }, headers: { 'cache-control': 'no-store' } })
    expect(await ask(query)).toMatchObject({ data: { run: { result: 2 } } })
    runs.set('r', 'SUCCEEDED')
    expect(await ask(query)).toMatchObject({ data: { run: { result: 3 } } })
    await clock.advance(364 * 86_400_000)
    expect(await ask(query)).toMatchObject({ data: { run: { result: 3 } } })
    expect(asked()).toBe(3)
  })
})

describe('an answer that is kept', () => {
  it.each([
    ['another tenant', { tenant: 'other' }],
    ['somebody with other scopes', as('process', { scopes: ['read'] })],
    ['somebody with another role', as('process', { roles: ['viewer'] })],
    ['somebody of another tier', as('process', { tier: 'free' as const })],
    ['somebody whose headers subgraphs see', { forwarded: { 'x-region': 'eu' } }],
  ])('is not given to %s', async (_, other) => {
    const { ask, asked } = await opened()
    const query = '{ whoAsks items { name } }'
    const mine = await ask(query)
    const theirs = await ask(query, other)
    expect(asked()).toBe(2)
    expect(theirs.data).not.toEqual(mine.data)
  })

  it('is given to another person of the same grants, unless it is private', async () => {
    const { ask, asked } = await opened()
    await ask('{ items { name } }', as('ann'))
    await ask('{ items { name } }', as('bob'))
    expect(asked()).toBe(1)
    expect((await ask('{ mine }', as('ann'))).data).toEqual({ mine: 'ann' })
    expect((await ask('{ mine }', as('bob'))).data).toEqual({ mine: 'bob' })
  })

  it('is not the answer to a larger question of which the rest is refused', async () => {
    const { ask } = await opened()
    const demo = as('anonymous', { proof: 'demo', scopes: [] })
    const small = '{ item(id: "1") { name } }'
    const large = '{ item(id: "1") { name guarded } }'
    const refused = {
      data: { item: { name: 'first of acme', guarded: null } },
      errors: [{ path: ['item', 'guarded'], extensions: { code: 'UNAUTHENTICATED' } }],
    }
    await ask(small, demo)
    expect(await ask(large, demo)).toMatchObject(refused)
    const again = await opened()
    const [first, second] = await Promise.all([again.ask(large, demo), again.ask(small, demo)])
    expect(first).toMatchObject(refused)
    expect(second).toMatchObject({ data: { item: { name: 'first of acme' } } })
    expect(second.errors).toBeUndefined()
  })

  it('ends with a mutation of its tenant, before that is answered', async () => {
    const { ask, asked } = await opened()
    await ask('{ item(id: "1") { name } }')
    await ask('{ item(id: "1") { name } }', { tenant: 'other' })
    await ask('mutation { rename(id: "1", name: "new") { name } }')
    expect((await ask('{ item(id: "1") { name } }')).data).toEqual({ item: { name: 'new' } })
    const before = asked()
    await ask('{ item(id: "1") { name } }', { tenant: 'other' })
    expect(asked()).toBe(before)
  })

  it.each([
    ['goes on after one of another type, or of none', 'mutation { touchOther touchNothing }', 1],
    ['ends with one of its type', 'mutation { renameItem(id: "2", name: "new") { id } }', 2],
    [
      'ends with one of its type in a fragment',
      'mutation { ...F } fragment F on Mutation { renameItem(id: "2", name: "new") { id } }',
      2,
    ],
    ['ends with one that does not say, beside one that does', 'mutation { touchOther remove(id: "9") }', 2],
  ])('%s', async (_, mutation, times) => {
    const { ask, asked, sample } = await opened()
    await ask('{ item(id: "1") { name } }')
    await ask(mutation)
    const before = asked()
    await ask('{ item(id: "1") { name } }')
    expect(asked() - before + 1).toBe(times)
    expect(await sample('quesnay_cache_reads_total')).toMatchObject({ 'responses,miss': times })
  })

  it('shows what was written by a mutation that says what it changes, before any event of it', async () => {
    const { ask } = await opened()
    await ask('{ items { name } }')
    await ask('mutation { renameItem(id: "1", name: "new") { id } }')
    expect((await ask('{ items { name } }')).data).toEqual({ items: [{ name: 'new' }, { name: 'second of acme' }] })
  })

  it('of a run that failed ends when the run goes on', async () => {
    const { ask, runs, bus } = await opened()
    runs.set('r', 'FAILED')
    await ask('{ run(id: "r") { status } }')
    runs.set('r', 'RUNNING')
    await bus.emit(subjects.event('acme', 'r', 'state'), new Uint8Array())
    await new Promise(setImmediate)
    expect((await ask('{ run(id: "r") { status } }')).data).toEqual({ run: { status: 'RUNNING' } })
  })

  it('is none that says that a run is not there: it may come without a word', async () => {
    const { ask, runs } = await opened()
    expect((await ask('{ run(id: "new") { result } }')).data).toEqual({ run: null })
    runs.set('new', 'SUCCEEDED')
    expect((await ask('{ run(id: "new") { result } }')).data).toMatchObject({ run: { result: 2 } })
  })

  it('ends where events were dropped before they were heard', async () => {
    const { ask, bus, asked } = await opened()
    await ask('{ item(id: "1") { name } }')
    const other = cacheChanged('other')
    const missed = encodeCacheChange({ changed: [{ type: 'Item', id: '1' }] })
    // All in one turn: nobody hears any before the stream has dropped the first.
    const sent = [bus.emit(cacheChanged('acme'), missed)]
    for (let i = 0; i < 60_000; i++) sent.push(bus.emit('qz.ev.other.thing.x', new Uint8Array()))
    sent.push(bus.emit(other, missed))
    await Promise.all(sent)
    await new Promise(setImmediate)
    await ask('{ item(id: "1") { name } }')
    expect(asked()).toBe(2)
  })

  it('ends when it is told that an object in it has changed, and not for another one', async () => {
    const { ask, itemsOf, tell, asked } = await opened()
    await ask('{ item(id: "1") { name } }')
    itemsOf('acme').set('1', 'new')
    await tell('acme', [{ type: 'Item', id: '2' }, { type: 'Run' }])
    await tell('other', [{ type: 'Item', id: '1' }])
    await ask('{ item(id: "1") { name } }')
    expect(asked()).toBe(1)
    await tell('acme', [{ type: 'Item', id: '1' }])
    expect((await ask('{ item(id: "1") { name } }')).data).toEqual({ item: { name: 'new' } })
  })

  it.each(['{ items { name } }', '{ first { name } }', '{ item(id: "9") { name } }', '{ node(id: "9") { id } }'])(
    'ends when an object comes that it would hold: %s',
    async (query) => {
      const { ask, itemsOf, tell } = await opened()
      const before = await ask(query)
      itemsOf('acme').set('9', 'ninth')
      itemsOf('acme').set('0', 'before all')
      await tell('acme', [
        { type: 'Item', id: '9' },
        { type: 'Item', id: '0' },
      ])
      expect((await ask(query)).data).not.toEqual(before.data)
    },
  )

  it('ends with what is told in a way that is not known', async () => {
    const { ask, asked, tell } = await opened()
    await ask('{ item(id: "1") { name } }')
    await tell('acme', 5 as never)
    await ask('{ item(id: "1") { name } }')
    expect(asked()).toBe(2)
  })

  it('does not begin while what it was read from changed', async () => {
    const { ask, asked, hold, tell, itemsOf } = await opened()
    const release = hold()
    const reading = ask('{ item(id: "1") { name } }')
    while (asked() === 0) await new Promise(setImmediate)
    itemsOf('acme').set('1', 'new')
    await tell('acme', [{ type: 'Item', id: '1' }])
    release()
    await reading
    expect((await ask('{ item(id: "1") { name } }')).data).toEqual({ item: { name: 'new' } })
  })

  it('begins also while something else changed', async () => {
    const { ask, asked, hold, tell } = await opened()
    const release = hold()
    const reading = ask('{ item(id: "1") { name } }')
    while (asked() === 0) await new Promise(setImmediate)
    await tell('acme', [{ type: 'Run', id: 'r' }])
    await tell('other', 'all')
    release()
    await reading
    await ask('{ item(id: "1") { name } }')
    expect(asked()).toBe(1)
  })

  it('takes no more room than configured', async () => {
    const { ask, asked } = await opened({ cache: { maxBytes: 20_000 } })
    for (let i = 0; i < 100; i++) await ask('query($id: ID!) { item(id: $id) { name } }', { variables: { id: `${i}` } })
    await ask('query($id: ID!) { item(id: $id) { name } }', { variables: { id: '0' } })
    expect(asked()).toBe(101)
  })

  it('is none where the cache has no room', async () => {
    const { ask, asked } = await opened({ cache: { maxBytes: 0 } })
    await ask('{ items { name } }')
    await ask('{ items { name } }')
    expect(asked()).toBe(2)
  })

  it('stands in for one that a subgraph does not give, marked as stale, for as long as configured', async () => {
    const { ask, clock, setDown } = await opened({ cache: { staleIfErrorSeconds: 100 } })
    await ask('{ items { id } }')
    setDown(true)
    await clock.advance(90_000)
    expect(await ask('{ items { id } }')).toEqual({
      data: { items: [{ id: '1' }, { id: '2' }] },
      extensions: { stale: { ageSeconds: 90, subgraphs: ['things'] } },
      headers: expect.objectContaining({ 'cache-control': 'no-store' }),
    })
    await clock.advance(70_000)
    expect((await ask('{ items { id } }')).errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }])
  })

  it('does not stand in where that is not configured, or it is known to be wrong', async () => {
    const { ask, clock, setDown, tell } = await opened({ cache: { staleIfErrorSeconds: 100 } })
    await ask('{ items { id } }')
    await clock.advance(61_000)
    await tell('acme', 'all')
    setDown(true)
    expect((await ask('{ items { id } }')).errors).toHaveLength(1)
  })

  it('is what would be answered without a cache, whatever changes and is told', async () => {
    const ids = fc.constantFrom('1', '2', '3')
    const tenant = fc.constantFrom('acme', 'other')
    const query = fc.constantFrom(
      '{ item(id: "1") { name } }',
      '{ item(id: "3") { id name } }',
      '{ items { name } }',
      '{ first { id } }',
      '{ node(id: "2") { ... on Item { name } } b: item(id: "3") { name } }',
    )
    const step = fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), tenant, query }),
      fc.record({ kind: fc.constant('ask' as const), tenant, query }),
      fc.record({ kind: fc.constant('mutate' as const), tenant, id: ids, name: fc.string({ maxLength: 3 }) }),
      fc.record({
        kind: fc.constant('change' as const),
        tenant,
        id: ids,
        name: fc.option(fc.string({ maxLength: 3 })),
      }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(40_000) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { ask, tell, itemsOf, clock } = await opened()
        const plain = await opened({ cache: { maxBytes: 0 }, singleFlight: { operations: false, fetches: false } })
        const both = [itemsOf, plain.itemsOf]
        for (const one of steps) {
          if (one.kind === 'pass') await clock.advance(one.ms)
          else if (one.kind === 'ask')
            expect((await ask(one.query, one)).data).toEqual((await plain.ask(one.query, { tenant: one.tenant })).data)
          else if (one.kind === 'mutate') {
            const mutation = 'mutation($id: ID!, $name: String!) { rename(id: $id, name: $name) { id } }'
            const asked = { tenant: one.tenant, variables: { id: one.id, name: one.name } }
            await ask(mutation, asked)
            await plain.ask(mutation, asked)
          } else {
            for (const items of both)
              if (one.name === null) items(one.tenant).delete(one.id)
              else items(one.tenant).set(one.id, one.name)
            await tell(one.tenant, [{ type: 'Item', id: one.id }])
          }
        }
        await closeAll()
      }),
      { numRuns: 40 },
    )
  })
})

describe('equal queries at one time', () => {
  it('are executed once for one person', async () => {
    const { ask, asked, hold, sample } = await opened()
    const release = hold()
    const answers = [ask('{ counter }'), ask('{ counter }'), ask('query { counter }')]
    while (asked() === 0) await new Promise(setImmediate)
    release()
    const data = (await Promise.all(answers)).map((answer) => answer.data)
    expect(data).toEqual([{ counter: 1 }, { counter: 1 }, { counter: 1 }])
    expect(await sample('quesnay_shared_answers_total')).toEqual({ operation: 2 })
  })

  it.each([
    ['another tenant', { tenant: 'other' }],
    ['another person', as('bob')],
    ['another scope', as('process', { scopes: ['read'] })],
    ['other headers for subgraphs', { forwarded: { 'x-region': 'eu' } }],
  ])('are not shared with %s', async (_, other) => {
    const { ask, asked } = await opened()
    await Promise.all([ask('{ whoAsks counter }'), ask('{ whoAsks counter }', other)])
    expect(asked()).toBe(2)
  })

  it('are mutations executed each', async () => {
    const { ask, asked } = await opened()
    const mutation = 'mutation { rename(id: "1", name: "x") { name } }'
    await Promise.all([ask(mutation), ask(mutation)])
    expect(asked()).toBe(2)
  })

  it('are not shared with one that began before a change', async () => {
    const { ask, asked, hold, itemsOf, tell } = await opened()
    const release = hold()
    const query = '{ counter item(id: "1") { name } }'
    const before = ask(query)
    while (asked() === 0) await new Promise(setImmediate)
    itemsOf('acme').set('1', 'new')
    await tell('acme', [{ type: 'Item', id: '1' }])
    const after = ask(query)
    while (asked() === 1) await new Promise(setImmediate)
    release()
    expect((await after).data).toMatchObject({ item: { name: 'new' } })
    expect((await before).data).toMatchObject({ item: { name: 'first of acme' } })
  })

  it('share what they ask a subgraph, each with an answer of its own', async () => {
    const { ask, asked, hold, sample } = await opened({ singleFlight: { operations: false } })
    const release = hold()
    const answers = [ask('{ counter items { name } }'), ask('{ counter items { name } }')]
    while (asked() === 0) await new Promise(setImmediate)
    release()
    const [first, second] = await Promise.all(answers)
    expect(second).toEqual(first)
    expect(asked()).toBe(1)
    expect(await sample('quesnay_shared_answers_total')).toEqual({ fetch: 1 })
  })

  it('go on for who still waits when the first has gone', async () => {
    const { ask, asked, hold } = await opened()
    const release = hold()
    const life = new AbortController()
    const first = ask('{ counter }', { signal: life.signal })
    const second = ask('{ counter }')
    while (asked() === 0) await new Promise(setImmediate)
    life.abort(unavailable('things', 'aborted'))
    expect((await first).errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }])
    release()
    expect((await second).data).toEqual({ counter: 1 })
  })
})
