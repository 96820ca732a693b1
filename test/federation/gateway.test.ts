// The gateway over a small federated graph: joins, what errors say, partial answers, reload without a pause.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionResult, GraphQLObjectType } from 'graphql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { type Gateway, type GatewayOptions, openGateway } from '../../gateway/gateway.ts'
import { DEFAULT_LIMITS } from '../../gateway/limits/limits-config.ts'
import { subgraphRequestCounts } from '../../gateway/metrics.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { createLog, silentLog } from '../../infra/log.ts'
import { createMetrics, type Metrics } from '../../infra/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'
import {
  type ExampleName,
  exampleServices,
  exampleSubgraphs,
  exampleSupergraph,
  newWorld,
  SDL,
  type SwitchedRequester,
  switched,
  type World,
} from './example-graph.ts'

const supergraph = exampleSupergraph()
/** The same graph with one more field, as after a deployment. */
const grown = composeSupergraph(
  exampleServices({ ...SDL, economies: SDL.economies.replace('gdp: Float', 'gdp: Float  population: Float') }),
)
const caller = { tenant: 'local', requestId: 'req-1', principal: PROCESS }

let world: World
let bus: Bus
let metrics: Metrics
let gateway: Gateway
let requesters: Record<string, SwitchedRequester>
let opened: SwitchedRequester[]

async function open(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const subgraphs = exampleSubgraphs(world)
  return openGateway({
    supergraph: { sdl: supergraph },
    services: (name) => {
      const requester = switched(name, subgraphs[name as ExampleName])
      requesters[name] = requester
      opened.push(requester)
      return requester
    },
    bus,
    clock: systemClock,
    log: silentLog,
    metrics,
    ...options,
  })
}

beforeEach(async () => {
  world = newWorld()
  bus = openMemoryBus(systemClock)
  metrics = createMetrics('test')
  requesters = {}
  opened = []
  gateway = await open()
})
afterEach(async () => {
  await gateway.close()
  await bus.close()
})

const ask = (query: string, variables?: Record<string, unknown>, operationName?: string) =>
  gateway.execute({ query, variables, operationName, caller })
/** As it goes on the wire. */
const wire = (result: ExecutionResult) => JSON.parse(JSON.stringify(result)) as ExecutionResult
const errorOf = (result: ExecutionResult) => wire(result).errors?.[0]

describe('a question to the gateway', () => {
  it('is joined over the subgraphs that know its parts', async () => {
    const result = await ask('{ scenario(id: "c") { title opened economy { name gdp } } }')
    expect(wire(result)).toEqual({
      data: {
        scenario: { title: 'Stay', opened: 'string 2024-07-01T00:00:00.000Z', economy: { name: 'aus', gdp: 1.7 } },
      },
    })
  })

  it('asks each subgraph once for a whole list, however long, and for each entity once', async () => {
    await ask('{ scenarios { title economy { name gdp } } }')
    expect(await subgraphRequestCounts(metrics)).toEqual({ scenarios: 1, economies: 1 })
    expect(world.economiesAsked).toEqual([['USA', 'AUS']])
  })

  it('changes something by a mutation', async () => {
    const result = await ask('mutation R($t: String!) { rename(id: "a", title: $t) { title economy { name } } }', {
      t: 'New',
    })
    expect(wire(result)).toEqual({ data: { rename: { title: 'New', economy: { name: 'usa' } } } })
  })

  it('executes the operation that operationName chooses', async () => {
    const result = await ask('query A { scenario(id: "a") { title } } query B { tenant }', {}, 'B')
    expect(wire(result)).toEqual({ data: { tenant: 'local' } })
  })

  it('answers introspection without asking any subgraph', async () => {
    const result = await ask('{ __schema { queryType { name } } __type(name: "Run") { name } }')
    expect(wire(result)).toEqual({ data: { __schema: { queryType: { name: 'Query' } }, __type: { name: 'Run' } } })
    expect(await subgraphRequestCounts(metrics)).toEqual({})
  })

  it('hides the machinery of federation from clients', async () => {
    const fields = Object.keys(gateway.schema.getQueryType()!.getFields())
    expect(fields).not.toContain('_entities')
    expect(gateway.schema.getDirective('eventSource')).toBeUndefined()
  })

  it('tells subgraphs the tenant and the request id of its caller', async () => {
    const result = await gateway.execute({
      query: '{ tenant requestId }',
      caller: { tenant: 'acme', requestId: 'r-77', principal: PROCESS },
    })
    expect(wire(result)).toEqual({ data: { tenant: 'acme', requestId: 'r-77' } })
  })

  it('counts operations by their outcome', async () => {
    await ask('{ tenant }')
    await ask('{ scenario(id: "nope") { title } }')
    const { values } = await metrics.operations.get()
    expect(values.map(({ labels, value }) => [labels.type, labels.outcome, value])).toEqual([
      ['query', 'ok', 1],
      ['query', 'NOT_FOUND', 1],
    ])
  })
})

describe('an error', () => {
  it('of a malformed operation keeps its message and its place under BAD_INPUT', async () => {
    expect(errorOf(await ask('{ scenario('))).toEqual({
      message: 'Syntax Error: Expected Name, found <EOF>.',
      locations: [{ line: 1, column: 12 }],
      extensions: {
        code: 'BAD_INPUT',
        detail: { path: 'query', suggestion: 'mend the operation at line 1, column 12' },
      },
    })
  })

  it('of an unknown field keeps its message under BAD_INPUT, and there is no data', async () => {
    const result = wire(await ask('{ scenario(id: "a") { tilte } }'))
    expect(result).not.toHaveProperty('data')
    expect(result.errors?.[0]?.message).toBe('Cannot query field "tilte" on type "Scenario". Did you mean "title"?')
    expect(result.errors?.[0]?.extensions).toEqual({
      code: 'BAD_INPUT',
      detail: { path: 'query', suggestion: 'mend the operation at line 1, column 23' },
    })
  })

  it('of a variable that does not fit names the variable under BAD_INPUT', async () => {
    const error = errorOf(await ask('query Q($id: ID!) { scenario(id: $id) { title } }', {}))
    expect(error?.message).toBe('Variable "$id" of required type "ID!" was not provided.')
    expect(error?.extensions).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'variables.id' } })
  })

  it('of several operations without a choice names them', async () => {
    const error = errorOf(await ask('query A { tenant } query B { tenant }'))
    expect(error?.extensions).toEqual({ code: 'BAD_INPUT', detail: { path: 'operationName', names: ['A', 'B'] } })
  })

  it('of a number beyond 64 bits is BAD_INPUT', async () => {
    for (const year of ['1e999', `${'9'.repeat(400)}.5`]) {
      const result = await ask(`{ scenario(id: "a") { title @include(if: ${year}) } }`)
      expect(errorOf(result)?.extensions).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'query' } })
    }
  })

  it('of text that cannot be stored names where it stands under BAD_INPUT, and no subgraph is asked', async () => {
    const literal = await ask('{ scenario(id: "a\\u0000") { title } }')
    expect(errorOf(literal)?.extensions).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'query' } })
    for (const t of ['a\0b', 'a\ud800b', '\udc00']) {
      const result = await ask('mutation R($t: String!) { rename(id: "a", title: $t) { title } }', { t })
      expect(errorOf(result)?.extensions).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'variables.t' } })
    }
    expect(await subgraphRequestCounts(metrics)).toEqual({})
    expect(wire(await ask('mutation R($t: String!) { rename(id: "a", title: $t) { title } }', { t: 'İ🧨' }))).toEqual({
      data: { rename: { title: 'İ🧨' } },
    })
  })

  it('of more fields than planning is worth is LIMIT_EXCEEDED at once, also where fragments multiply them', async () => {
    const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: tenant`).join(' ')} }`
    await gateway.close()
    gateway = await open({ limits: { ...DEFAULT_LIMITS, aliases: 10_000, rootFields: 10_000 } })
    expect(errorOf(await ask(aliases(2_000)))).toBeUndefined()
    expect(errorOf(await ask(aliases(2_001)))?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { limit: 2_000 },
    })
    expect(errorOf(await ask(aliases(10_000)))?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { limit: 20_000 },
    })
    const doubling = Array.from({ length: 40 }, (_, i) => `fragment F${i + 1} on Query { ...F${i} ...F${i} }`)
    const bomb = `{ ...F40 } fragment F0 on Query { tenant } ${doubling.join(' ')}`
    expect(errorOf(await ask(bomb))?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', detail: { path: 'query' } })
    const circle = await ask('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')
    expect(errorOf(circle)?.message).toContain('within itself')
  })

  it('of a text without any operation is BAD_INPUT', async () => {
    expect(errorOf(await ask('fragment F on Run { id }'))?.extensions?.['code']).toBe('BAD_INPUT')
    expect(errorOf(await ask(''))?.extensions?.['code']).toBe('BAD_INPUT')
  })

  it('of a text nested without end is BAD_INPUT', async () => {
    const error = errorOf(await ask(`{ a${'{ a '.repeat(100_000)}`))
    expect(error?.extensions?.['code']).toBe('BAD_INPUT')
  })

  it('of the table passes with code, message, detail and path, and nothing else', async () => {
    expect(wire(await ask('{ scenario(id: "nope") { title } }'))).toEqual({
      data: { scenario: null },
      errors: [
        {
          message: 'no scenario nope',
          path: ['scenario'],
          extensions: { code: 'NOT_FOUND', detail: { path: 'id', suggestion: 'list scenarios' } },
        },
      ],
    })
  })

  it('that no table names becomes INTERNAL with the request id', async () => {
    const result = wire(await ask('{ fails(how: "bug") tenant }'))
    expect(result.data).toEqual({ fails: null, tenant: 'local' })
    expect(result.errors).toEqual([
      {
        message: 'Something failed inside; the request id finds it in the log.',
        path: ['fails'],
        extensions: { code: 'INTERNAL', detail: { requestId: 'req-1' } },
      },
    ])
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })

  it('with a code that only a partner knows becomes INTERNAL, and its stack stays inside', async () => {
    const extensions = { code: 'PG_42P01', stacktrace: ['at /srv/partner.js:3'], serviceName: 'scenarios' }
    const errors = [{ message: 'secret table users', path: ['fails'], extensions }]
    requesters['scenarios']!.request = async () => ({ data: { fails: null }, errors })
    const result = wire(await ask('{ fails(how: "code") }'))
    expect(result.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', detail: { requestId: 'req-1' } })
    expect(JSON.stringify(result)).not.toMatch(/users|partner|PG_|scenarios/)
  })

  it('stands where a subgraph left a non-null field empty without saying why', async () => {
    world.gone.add('AUS')
    const result = wire(await ask('{ scenario(id: "c") { economy { name } } }'))
    expect(result.data).toEqual({ scenario: null })
    expect(result).not.toHaveProperty('extensions')
    expect(result.errors?.[0]).toMatchObject({
      path: ['scenario', 'economy', 'name'],
      extensions: { code: 'INTERNAL' },
    })
  })

  it('of a subscription asked as a query says how to ask it', async () => {
    expect(errorOf(await ask('subscription { runUpdated(id: "r") { id } }'))?.message).toContain('WebSocket')
  })
})

describe('a subgraph that does not answer', () => {
  it('leaves the answers of the others, and an error with the path of what is missing', async () => {
    requesters['economies']!.down = true
    expect(wire(await ask('{ tenant economy(id: "USA") { gdp } }'))).toEqual({
      data: { tenant: 'local', economy: null },
      errors: [
        {
          message: 'the subgraph economies does not answer',
          path: ['economy'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', detail: { subgraph: 'economies' } },
        },
      ],
    })
  })

  it('leaves the fields of an entity that others know', async () => {
    requesters['economies']!.down = true
    const result = wire(await ask('{ scenarios { title economy { id gdp } } }'))
    expect(result.data?.['scenarios']).toMatchObject([{ title: 'Cut', economy: { id: 'USA', gdp: null } }, {}, {}])
    expect(result.errors).toHaveLength(1)
    expect(result.errors?.[0]?.path).toEqual(['scenarios', 0, 'economy'])
  })

  it('that throws something else than silence says INTERNAL, not what it was', async () => {
    requesters['portfolios']!.request = () => Promise.reject(new Error('heap corrupted at 0x7f'))
    const result = wire(await ask('{ tenant scenario(id: "a") { title } }'))
    expect(result.data).toBeNull()
    expect(result.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', detail: { requestId: 'req-1' } })
    expect(JSON.stringify(result)).not.toContain('heap')
  })

  it('makes the gateway not ready, by name', async () => {
    requesters['economies']!.down = true
    expect(await gateway.ready()).toEqual({
      ready: false,
      subgraphs: { scenarios: true, economies: false, portfolios: true },
      bus: true,
    })
  })
})

describe('readiness', () => {
  it('needs every subgraph and the bus', async () => {
    expect((await gateway.ready()).ready).toBe(true)
    await bus.close()
    expect(await gateway.ready()).toMatchObject({ ready: false, bus: false })
  })
})

describe('a reload of the supergraph', () => {
  it('drops no operation that is under way, and serves the new graph at once', async () => {
    let release = () => {}
    world.gate = new Promise((resolve) => {
      release = resolve
    })
    const under = ask('{ slow scenario(id: "a") { economy { name } } }')
    await gateway.reload(grown)
    expect(wire(await ask('{ __type(name: "Economy") { fields { name } } }'))).toMatchObject({
      data: { __type: { fields: [{ name: 'id' }, { name: 'name' }, { name: 'gdp' }, { name: 'population' }] } },
    })
    release()
    expect(wire(await under)).toEqual({ data: { slow: 'done', scenario: { economy: { name: 'usa' } } } })
  })

  it('keeps the connections to subgraphs that stay', async () => {
    await gateway.reload(grown)
    expect(opened).toHaveLength(3)
    expect(opened.some((requester) => requester.closed)).toBe(false)
  })

  it('closes the connection to a subgraph that left, once its last operation has ended', async () => {
    let release = () => {}
    world.gate = new Promise((resolve) => {
      release = resolve
    })
    const under = ask('{ slow }')
    const left = requesters['portfolios']!
    await gateway.reload(composeSupergraph(exampleServices().filter(({ name }) => name !== 'portfolios')))
    expect(left.closed).toBe(false)
    release()
    await under
    await vi.waitFor(() => expect(left.closed).toBe(true))
  })

  it.each([
    ['text that is no SDL', 'type Query {'],
    ['a schema that is no supergraph', 'type Query { a: Int }'],
    ['a subscription without @eventSource', supergraph.replace(/@eventSource\(subject[^)]*\)/, '')],
    ['a subscription whose subject has no family', supergraph.replace('run.{args.id}', '*.{args.id}')],
    ['a subscription whose subject names no argument', supergraph.replace('run.{args.id}', 'run.{args.nope}')],
    ['a subscription whose snapshot is no query', supergraph.replace('snapshot: "run"', 'snapshot: "nope"')],
  ])('is refused for %s, and the graph before it stays', async (_, broken) => {
    expect(broken).not.toBe(supergraph)
    await expect(gateway.reload(broken)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(wire(await ask('{ scenario(id: "a") { title economy { name } } }'))).toEqual({
      data: { scenario: { title: 'Cut', economy: { name: 'usa' } } },
    })
    expect(opened.some((requester) => requester.closed)).toBe(false)
  })

  it('of the same text does nothing', async () => {
    const before = gateway.schema
    await gateway.reload(supergraph)
    expect(gateway.schema).toBe(before)
  })

  it('runs in the order asked when several come at once', async () => {
    await Promise.all([gateway.reload(grown), gateway.reload(supergraph), gateway.reload(grown)])
    expect(wire(await ask('{ __type(name: "Economy") { fields { name } } }'))).toMatchObject({
      data: { __type: { fields: { length: 4 } } },
    })
  })
})

describe('a supergraph file', () => {
  const economyFields = (of: Gateway) => (of.schema.getType('Economy') as GraphQLObjectType).getFields()
  const directory = () => mkdtempSync(join(tmpdir(), 'quesnay-supergraph-'))

  it('is read at start, and again when it changes; a broken text in between is refused and logged', async () => {
    const place = directory()
    const file = join(place, 'supergraph.graphql')
    writeFileSync(file, supergraph)
    const lines: string[] = []
    const log = createLog('error', {}, { write: (line) => void lines.push(line) })
    const other = await open({ supergraph: { file, watch: true, intervalMs: 10 }, log })
    try {
      writeFileSync(file, 'type Query {')
      await vi.waitFor(() => expect(lines.join()).toContain('the one before stays'))
      expect(Object.keys(economyFields(other))).toEqual(['id', 'name', 'gdp'])
      writeFileSync(file, grown)
      await vi.waitFor(() => expect(Object.keys(economyFields(other))).toEqual(['id', 'name', 'gdp', 'population']))
    } finally {
      await other.close()
      rmSync(place, { recursive: true })
    }
  })

  it('that is missing is CONFIG_INVALID at start', async () => {
    await expect(open({ supergraph: { file: join(tmpdir(), 'nowhere', 'x.graphql') } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })
})

describe('closing', () => {
  it('waits for operations under way and closes every connection, and does nothing the second time', async () => {
    let release = () => {}
    world.gate = new Promise((resolve) => {
      release = resolve
    })
    const under = ask('{ slow }')
    const closing = gateway.close()
    release()
    expect(wire(await under)).toEqual({ data: { slow: 'done' } })
    await closing
    await gateway.close()
    expect(opened.every((requester) => requester.closed)).toBe(true)
  })

  it('waits no longer than it is told to', async () => {
    const hasty = await open({ drainMs: 10 })
    let release = () => {}
    world.gate = new Promise((resolve) => {
      release = resolve
    })
    const under = hasty.execute({ query: '{ slow }', caller })
    await hasty.close()
    expect(opened.slice(-3).every((requester) => requester.closed)).toBe(true)
    release()
    await under
  })
})
