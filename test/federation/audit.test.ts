// The audit of the gateway over a real PostgreSQL: a row for each operation, chained, kept while the database is away, let go in time.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditStep } from '../../gateway/audit/audit-step.ts'
import { AuditWriter } from '../../gateway/audit/audit-writer.ts'
import type { AuditEntry } from '../../gateway/audit/chain.ts'
import { InvalidRequests } from '../../gateway/audit/invalid-requests.ts'
import { readAfter } from '../../gateway/audit/read-entries.ts'
import { deleteExpired } from '../../gateway/audit/retention.ts'
import { verifyChains } from '../../gateway/audit/verify.ts'
import type { EdgeStep } from '../../gateway/edge/step.ts'
import { badRequest, wireError } from '../../gateway/errors.ts'
import { type Gateway, openGateway, type Results } from '../../gateway/gateway.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics, type Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { PROCESS } from '../../schema/caller.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import {
  type ExampleName,
  exampleSubgraphs,
  exampleSupergraph,
  newWorld,
  switched,
  type World,
} from './example-graph.ts'

const DAY_MS = 86_400_000
const supergraph = exampleSupergraph()

let database: TestStore
let down: boolean
let clock: ManualClock
let bus: Bus
let metrics: Metrics
let world: World
let writer: AuditWriter
let invalid: InvalidRequests
let gateway: Gateway

const caller = (tenant = 'local', requestId = 'r-1') => ({
  ...{ tenant, requestId, principal: { ...PROCESS, subject: 'ada', proof: 'token' as const } },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
})
const ask = (query: string, variables = {}, who = caller()) => gateway.execute({ query, variables, caller: who })
/** Rows of a chain, the first one first, when everything said so far is written. */
async function rows(type: AuditEntry['type'] = 'query', tenant = 'local') {
  await settled()
  return (await readAfter(database.store, tenant, type, 0, 1_000)).map(({ entry, text }) => ({ ...entry, text }))
}
async function settled() {
  await new Promise(setImmediate)
  await writer.flush()
}

/** The store, but for the time that it does not answer. */
const unsteady = (store: Store): Store =>
  Object.assign(Object.create(store) as Store, {
    transaction: ((work) =>
      down
        ? Promise.reject(new QuesnayError('STORE_UNAVAILABLE', 'no database'))
        : store.transaction(work)) as Store['transaction'],
  })

/** Refuses one operation, and takes what it costs down. */
const guard: EdgeStep = {
  name: 'guard',
  async admit(operation) {
    Object.assign(operation.notes, { cost: { fields: 3 } })
    return operation.operationName === 'Forbidden' ? [badRequest('not that one')] : operation
  },
}

async function open({ onFailure = 'keep' as 'keep' | 'refuse', queue = 1_000 } = {}) {
  writer = new AuditWriter({ store: unsteady(database.store), clock, log: silentLog, metrics, queue })
  let ids = 0
  // The manual clock's ids come again within one of its milliseconds.
  invalid = new InvalidRequests({ writer, clock: { ...clock, id: () => `invalid-${ids++}` }, tenant: 'house' })
  const subgraphs = exampleSubgraphs(world)
  gateway = await openGateway({
    supergraph: { sdl: supergraph },
    services: (name) => switched(name, subgraphs[name as ExampleName]),
    ...{ bus, clock, log: silentLog, metrics, spacingMs: 0 },
    steps: [auditStep({ writer, invalid, clock, log: silentLog, onFailure }), guard],
  })
}

beforeEach(async () => {
  database = await freshStore()
  down = false
  clock = manualClock()
  bus = openMemoryBus(clock)
  metrics = createMetrics('test')
  world = newWorld()
  await open()
})
afterEach(async () => {
  down = false
  await gateway.close()
  invalid.close()
  await writer.close()
  await bus.close()
  await database.drop()
})

describe('an operation', () => {
  it('leaves a row: who, when, what, with what, on what, at which cost, with which answer', async () => {
    const query = 'query Title($id: ID!) { scenario(id: $id) { title } }'
    const answer = await ask(query, { id: 'a' })
    const [row] = await rows()
    expect(row).toEqual({
      ...{ tenant: 'local', type: 'query', subject: 'ada', proof: 'token', requestId: 'r-1' },
      ...{
        id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        at: clock.now(),
        durationMs: 0,
        outcome: 'ok',
        completes: null,
      },
      traceId: '0af7651916cd43dd8448eb211c80319c',
      operationName: 'Title',
      operationHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      text: 'query Title($id: ID!) {\n  scenario(id: $id) {\n    title\n  }\n}',
      // The example graph classifies nothing.
      ...{ variables: { id: '[redacted]' }, withheld: { id: 'CLASSIFIED' } },
      versions: { scenarios: {} },
      cost: { fields: 3 },
      resultHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(answer).toEqual({ data: { scenario: { title: 'Cut' } } })
  })

  it('has the hash of its answer: equal for equal answers, whatever the order of the question, and another for another', async () => {
    for (const query of [
      '{ scenario(id: "a") { id title } tenant }',
      '{ tenant scenario(id: "a") { title id } }',
      '{ tenant scenario(id: "b") { title id } }',
    ])
      await ask(query)
    const [one, same, other] = await rows()
    expect(same!.resultHash).toBe(one!.resultHash)
    expect(same!.operationHash).toBe(one!.operationHash)
    expect(other!.resultHash).not.toBe(one!.resultHash)
  })

  it('leaves a row with the code where a step refused it, where it failed, and where it was a mutation', async () => {
    await gateway.execute({ query: 'query Forbidden { tenant }', operationName: 'Forbidden', caller: caller() })
    await ask('{ fails(how: "code") }')
    await ask('{ fails(how: "other") }')
    await ask('mutation { rename(id: "a", title: "New") { id } }')
    expect((await rows()).map(({ outcome, resultHash }) => [outcome, resultHash !== null])).toEqual([
      ['BAD_INPUT', false],
      ['OVERLOADED', true],
      ['INTERNAL', true],
    ])
    expect((await rows('mutation')).map(({ outcome }) => outcome)).toEqual(['ok'])
  })

  it('leaves two rows where it is a subscription: one at its start, one at its end', async () => {
    world.runs['local'] = { r1: { id: 'r1', status: 'RUNNING', shardsDone: 1 } }
    const query = 'subscription Watch($id: ID!) { runUpdated(id: $id) { status } }'
    const results = (await gateway.subscribe({ query, variables: { id: 'r1' }, caller: caller() })) as Results
    await results.next()
    expect((await rows('subscription')).map(({ outcome }) => outcome)).toEqual(['started'])
    clock.advance(5_000)
    await results.return()
    const [start, end, ...others] = await rows('subscription')
    expect(end).toMatchObject({
      outcome: 'ok',
      completes: start!.id,
      durationMs: 5_000,
      operationHash: start!.operationHash,
    })
    expect(others).toEqual([])
  })

  it('leaves its row with its tenant alone', async () => {
    await ask('{ tenant }', {}, caller('one'))
    await ask('{ tenant }', {}, caller('two'))
    expect(await rows('query', 'one')).toHaveLength(1)
    expect(await rows('query', 'two')).toHaveLength(1)
    expect(await rows('query', 'local')).toHaveLength(0)
    expect((await verifyChains(database.store)).map(({ tenant, head }) => `${tenant} ${head.seq}`)).toEqual([
      'one 1',
      'two 1',
    ])
  })

  it('is answered before its row is written, and in one text for all rows that are alike', async () => {
    down = true
    expect(await ask('{ tenant }')).toEqual({ data: { tenant: 'local' } })
    down = false
    await ask('{ tenant }')
    await clock.advance(2_000)
    expect(await rows()).toHaveLength(2)
    const texts = await database.store.query('select text from gateway.audit_operation')
    expect(texts).toEqual([{ text: '{\n  tenant\n}' }])
  })
})

describe('what is no valid operation', () => {
  const leaves = async (tenant = 'local') =>
    (await rows('invalid', tenant)).map(({ outcome, operationHash, times = 1, completes, subject }) => ({
      ...{ outcome, hash: operationHash, times, completes, subject },
    }))
  const row = (text: string, more = {}) => ({
    ...{ outcome: 'BAD_INPUT', hash: sha256(text), times: 1, completes: null, subject: 'ada' },
    ...more,
  })

  it('leaves a row with the hash of its text, and nothing of the text or of its variables', async () => {
    const texts = ['{ secret', '{ secret }', 'query secret($s: Int!) { tenant @include(if: $s) }']
    for (const text of texts) await ask(text, { s: 'secret' })
    await ask('query ($id: ID!) { scenario(id: $id) { title } }', { id: { secret: 1 } })
    expect(await leaves()).toEqual([
      ...texts.map((text) => row(text)),
      row('query ($id: ID!) { scenario(id: $id) { title } }'),
    ])
    const [all] = await database.store.query<{ all: string }>(
      'select json_agg(e)::text || (select count(*) from gateway.audit_operation) as all from gateway.audit_entry e',
    )
    expect(all!.all).not.toContain('secret')
    expect(await rows('query')).toEqual([])
    expect((await verifyChains(database.store)).map(({ type, broken }) => [type, broken])).toEqual([['invalid', null]])
  })

  it('leaves a row too where it was to be pushed', async () => {
    await gateway.subscribe({ query: 'subscription { secret }', caller: caller() })
    expect(await leaves()).toEqual([row('subscription { secret }')])
  })

  it('leaves one more row for all that repeat it within a minute', async () => {
    for (let i = 0; i < 500; i++) await ask('{ x')
    await ask('{ x', {}, { ...caller(), principal: { ...caller().principal, subject: 'bob' } })
    await clock.advance(60_000)
    await clock.advance(1_000)
    const [first] = await rows('invalid')
    expect(await leaves()).toEqual([
      row('{ x'),
      row('{ x', { subject: 'bob' }),
      row('{ x', { times: 499, completes: first!.id }),
    ])
    await ask('{ x')
    expect(await leaves()).toHaveLength(4)
    expect((await verifyChains(database.store)).map(({ broken }) => broken)).toEqual([null])
  })

  it('leaves no more than 121 rows of a tenant in a minute, and tells how many it left out', async () => {
    for (let round = 0; round < 2; round++) for (let i = 0; i < 100; i++) await ask(`{ x${i}`)
    await ask('{ x', {}, caller('other'))
    invalid.close()
    const left = await leaves()
    expect(left).toHaveLength(121)
    expect(left.at(-1)).toEqual(row('', { outcome: 'LEFT_OUT', times: 80, subject: '' }))
    expect(left.reduce((sum, { times }) => sum + times, 0)).toBe(200)
    expect(await leaves('other')).toHaveLength(1)
  })

  it('is of nobody where its credentials do not hold: the chain of the house has it', async () => {
    const request = { hash: sha256(''), requestId: 'r-9' }
    gateway.invalid(request, [wireError('UNAUTHENTICATED', 'no', {})])
    expect(await rows('invalid', 'house')).toMatchObject([
      { outcome: 'UNAUTHENTICATED', subject: '', proof: 'none', requestId: 'r-9' },
    ])
  })
})

describe('a chain', () => {
  const verified = async () => (await verifyChains(database.store, 'local'))[0]!
  const tamper = (sql: string) => database.store.query(sql)

  beforeEach(async () => {
    for (let i = 0; i < 5; i++) await ask(`{ scenario(id: "a") { s${i}: title } }`)
    await settled()
  })

  it('is whole as it was written', async () => {
    expect(await verified()).toMatchObject({ rows: 5, deleted: 0, head: { seq: 5 }, broken: null })
  })

  it.each([
    ['a row was altered', "update gateway.audit_entry set subject = 'eve' where seq = 3", 3, 'ALTERED'],
    ['a duration was altered', 'update gateway.audit_entry set duration_ms = 1 where seq = 2', 2, 'ALTERED'],
    ['versions were altered', `update gateway.audit_entry set versions = '{}' where seq = 4`, 4, 'ALTERED'],
    ['a row was taken out', 'delete from gateway.audit_entry where seq = 2', 2, 'MISSING'],
    ['the first row was taken out', 'delete from gateway.audit_entry where seq = 1', 1, 'MISSING'],
    ['the last row was taken out', 'delete from gateway.audit_entry where seq = 5', 5, 'MISSING'],
    [
      'two rows changed places',
      'update gateway.audit_entry set seq = case seq when 2 then 103 else 2 end where seq in (2, 3); update gateway.audit_entry set seq = 3 where seq = 103',
      2,
      'ALTERED',
    ],
  ])('names the first broken row where %s', async (_, sql, seq, kind) => {
    for (const statement of sql.split(';')) await tamper(statement)
    expect((await verified()).broken).toMatchObject({ seq, kind })
  })

  it('names the row whose operation was altered', async () => {
    await tamper(`update gateway.audit_operation set text = '{ tenant }' where text like '%s3%'`)
    expect((await verified()).broken).toMatchObject({ seq: 4, kind: 'TEXT_ALTERED' })
  })

  it('stays whole where two gateways append to it at once', async () => {
    const others = new AuditWriter({ store: database.store, clock, log: silentLog, metrics, queue: 1_000 })
    const [first] = await readAfter(database.store, 'local', 'query', 0, 1)
    const { entry, text = '' } = first!
    for (let i = 0; i < 150; i++)
      for (const [name, one] of [
        ['x', writer],
        ['y', others],
      ] as const)
        one.add({ entry: { ...entry, id: `${name}${i}` }, text })
    await Promise.all([writer.flush(), others.flush()])
    await others.close()
    expect(await verified()).toMatchObject({ rows: 305, broken: null })
  })

  it('has a row once though the answer to its commit was lost', async () => {
    const [first] = await readAfter(database.store, 'local', 'query', 0, 1)
    const { entry, text = '' } = first!
    writer.add({ entry, text })
    await writer.flush()
    expect(await verified()).toMatchObject({ rows: 5, broken: null })
  })
})

describe('retention', () => {
  const keepDays = { query: 90, mutation: 2_557, subscription: 90, invalid: 90 }

  it('lets go of what is older than its type is kept, and leaves a chain that is whole', async () => {
    await ask('{ old: tenant }')
    await ask('{ old: tenant }')
    await ask('mutation { rename(id: "a", title: "New") { id } }')
    await clock.advance(60 * DAY_MS)
    await ask('{ tenant }')
    await settled()
    expect(await deleteExpired(database.store, keepDays, clock.now() + 20 * DAY_MS)).toBe(0)
    expect(await deleteExpired(database.store, keepDays, clock.now() + 31 * DAY_MS)).toBe(2)
    await ask('{ tenant }')
    const reports = await rows().then(() => verifyChains(database.store))
    expect(
      reports.map(({ type, rows: count, deleted, head, broken }) => [type, count, deleted, head.seq, broken]),
    ).toEqual([
      ['mutation', 1, 0, 1, null],
      ['query', 2, 2, 4, null],
    ])
    expect(await deleteExpired(database.store, keepDays, clock.now() + 3_000 * DAY_MS)).toBe(3)
    expect(await database.store.query('select from gateway.audit_operation')).toEqual([])
    expect((await verifyChains(database.store)).map(({ rows: count, broken }) => [count, broken])).toEqual([
      [0, null],
      [0, null],
    ])
  })

  it('does not hide a row that somebody took out before', async () => {
    for (let i = 0; i < 3; i++) await ask('{ tenant }')
    await clock.advance(91 * DAY_MS)
    await ask('{ tenant }')
    await settled()
    await deleteExpired(database.store, keepDays, clock.now())
    await database.store.query('delete from gateway.audit_entry where seq = 4')
    expect((await verifyChains(database.store))[0]!.broken).toMatchObject({ seq: 4, kind: 'MISSING' })
  })
})

describe('while the database is away', () => {
  const counted = async (outcome: string) =>
    (await metrics.auditRows.get()).values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0

  it('operations go on and their rows are written when it is back, where the configuration says keep', async () => {
    down = true
    for (let i = 0; i < 3; i++) expect((await ask('{ tenant }')).errors).toBeUndefined()
    await settledWhileDown()
    expect((await metrics.auditWaiting.get()).values[0]!.value).toBe(3)
    down = false
    await clock.advance(1_000)
    expect(await rows()).toHaveLength(3)
    expect(await counted('lost')).toBe(0)
    expect((await verifyChains(database.store))[0]).toMatchObject({ rows: 3, broken: null })
  })

  it('loses what does not fit into its queue, and counts it', async () => {
    await gateway.close()
    await open({ queue: 2 })
    down = true
    for (let i = 0; i < 5; i++) await ask('{ tenant }')
    await settledWhileDown()
    expect(await counted('lost')).toBe(3)
  })

  it('operations are refused as soon as it is known, where the configuration says refuse', async () => {
    await gateway.close()
    await open({ onFailure: 'refuse' })
    down = true
    await ask('{ tenant }')
    await settledWhileDown()
    const refused = await ask('mutation { rename(id: "a", title: "New") { id } }')
    expect(refused.errors![0]!.extensions['code']).toBe('STORE_UNAVAILABLE')
    expect(world.titles['a']).toBe('Cut')
    down = false
    await clock.advance(1_000)
    await settled()
    expect((await ask('{ tenant }')).errors).toBeUndefined()
    expect((await rows('mutation')).map(({ outcome }) => outcome)).toEqual(['STORE_UNAVAILABLE'])
  })

  /** The first attempt to write has failed. */
  async function settledWhileDown() {
    await new Promise(setImmediate)
    await clock.advance(200)
    await new Promise(setImmediate)
  }
})

describe('a row that the database does not take', () => {
  it('is lost alone, and the rows beside it are written', async () => {
    await ask('{ tenant }')
    const [{ entry, text }] = [(await rows())[0]!].map(({ text: of, ...one }) => ({
      entry: one as AuditEntry,
      text: of!,
    })) as [{ entry: AuditEntry; text: string }]
    writer.add({ entry: { ...entry, id: 'good-1' }, text })
    writer.add({ entry: { ...entry, id: 'bad', durationMs: 1e12 }, text })
    writer.add({ entry: { ...entry, id: 'good-2' }, text })
    expect((await rows()).map(({ id }) => id)).toEqual([entry.id, 'good-1', 'good-2'])
    expect((await verifyChains(database.store))[0]).toMatchObject({ rows: 3, broken: null })
  })

  it('is none that a client can make: NUL and halves of pairs are written as other characters', async () => {
    await ask('{ tenant }', {}, caller('local', 'a\0b\ud800'))
    expect((await rows())[0]!.requestId).toBe('a\ufffdb\ufffd')
  })
})
