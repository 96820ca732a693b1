// The audit over the whole graph: searched by a query, replayed at its versions, and the command that does both.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { replay } from '../../gateway/audit/replay.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { PROCESS } from '../../schema/caller.ts'
import { startCommand } from '../support/command.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

let database: TestDatabase
let store: Store
let graph: TestGraph

beforeAll(async () => {
  database = await freshDatabase()
  graph = await openGraph({ DATABASE_URL: database.url })
  store = await openStore(database.url, { log: silentLog })
})
afterAll(async () => {
  await graph?.close()
  await store?.close()
  await database?.drop()
})

interface Entry {
  readonly id: string
  readonly variables: Record<string, unknown>
  readonly withheld: { path: string; reason: string }[]
  readonly versions: { subgraph: string; name: string; version: string }[]
  readonly unversioned: string[]
  readonly outcome: string
}

const LOG = `query Log($filter: AuditFilter, $first: Int, $after: String) { auditLog(filter: $filter, first: $first, after: $after) {
  edges { cursor node { id type operationName operation variables withheld { path reason } versions { subgraph name version } unversioned outcome } }
  pageInfo { hasNextPage endCursor } } }`
interface Log {
  readonly auditLog: { edges: { cursor: string; node: Entry }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
}
const search = async (filter: object, more: object = {}) => (await graph.ask<Log>(LOG, { filter, ...more })).auditLog

/** Asks, and gives the row that this left. */
async function asked(query: string, variables: Record<string, unknown> = {}): Promise<Entry> {
  const name = `Q${clock.id()}`
  await graph.client.execute(query.replace(/^(query|mutation)/, `$1 ${name}`), variables)
  return vi.waitFor(async () => {
    const { edges } = await search({ operationName: name })
    expect(edges).toHaveLength(1)
    return edges[0]!.node
  }, 5_000)
}
const again = ({ id }: { readonly id: string }) =>
  replay({ gateway: graph.embedded.gateway, store, clock }, graph.embedded.tenant, id)

const HOUSEHOLD = `query($wages: Float!) { household(input: { year: 2026, values: [{ name: "wages[head]", value: $wages }] }) {
  variable(name: "income tax") { value } } }`

describe('the audit of the whole graph', () => {
  it('says which data sets, banks and laws an answer rests on', async () => {
    const { versions, unversioned } = await asked(`query {
      economy(id: "USA") { circularFlow(period: "2024-Q4") { gap } mechanisms(first: 1) { edges { node { name } } } exposedPortfolios { totalCount } }
      parameterTree(id: "us-federal") { id }
    }`)
    expect(versions.map(({ subgraph, name }) => `${subgraph}: ${name}`).sort()).toEqual([
      expect.stringMatching(/^economies: dataset /),
      'mechanisms: bank us-health',
      'parameters: law us-federal',
    ])
    expect(unversioned).toEqual(['portfolios'])
  })

  it('holds no data of a household, nor what a portfolio holds', async () => {
    const { variables, withheld } = await asked(HOUSEHOLD, { wages: 48_123 })
    expect(JSON.stringify(variables)).not.toMatch(/48123/)
    expect(withheld).toContainEqual({ path: 'wages', reason: 'CLASSIFIED' })
    const whole = await asked('query($input: HouseholdInput!) { household(input: $input) { year } }', {
      input: { year: 2026, values: [{ name: 'wages[head]', value: 48_123 }] },
    })
    expect(whole.variables).toEqual({ input: { year: 2026, ruleSet: 'us-federal', values: '[redacted]' } })
    const portfolio = await asked(
      'mutation($input: CreatePortfolioInput!) { createPortfolio(input: $input) { portfolio { id } } }',
      {
        input: { id: 'p1', title: 'Mine', currency: 'USD', positions: [{ instrumentId: 'none', quantity: 1234 }] },
      },
    )
    expect(JSON.stringify(portfolio.variables)).toContain('Mine')
    expect(JSON.stringify(portfolio.variables)).not.toContain('1234')
  })

  it('is paged, the newest first, and found by type and outcome', async () => {
    for (let i = 0; i < 5; i++) await asked('query { parameterTrees { id } }')
    await asked('query { economy(id: "XXX") { name } }')
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await search({ before: new Date(clock.now()).toISOString() }, { first: 3, after })
      seen.push(...page.edges.map(({ node }) => node.id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined
    } while (after && seen.length < 12)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual([...seen].sort().reverse())
    const failed = await search({ outcome: 'NOT_FOUND', type: 'QUERY' })
    expect(failed.edges.map(({ node }) => node.outcome)).toEqual(['NOT_FOUND'])
  })

  it('is read by nobody without the scope, and of no other tenant', async () => {
    const { gateway } = graph.embedded
    const as = (tenant: string, scopes: string[]) => ({
      ...{ tenant, requestId: 'test', principal: { ...PROCESS, scopes } },
    })
    const refused = await gateway.execute({ query: LOG, caller: as('local', ['economies:read']) })
    expect(refused.errors![0]!.extensions['code']).toBe('FORBIDDEN')
    const allowed = await gateway.execute({ query: LOG, caller: as('local', ['audit:read']) })
    expect((allowed.data as unknown as Log).auditLog.edges.length).toBeGreaterThan(0)
    const other = await gateway.execute({ query: LOG, caller: as('other', ['audit:read']) })
    expect((other.data as unknown as Log).auditLog.edges).toEqual([])
    const [row] = (await search({})).edges
    await expect(replay({ gateway, store, clock }, 'other', row!.node.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('replay', () => {
  it('of a read gives the same hash, literals, variables and fragments and all', async () => {
    const row = await asked(
      `query($period: String, $deep: Boolean = true) { usa: economy(id: "USA") { ...Flow } economy(id: "AUS") { ...Flow name @include(if: $deep) } }
       fragment Flow on Economy { circularFlow(period: $period, leakageBasis: INCOME_LESS_CONSUMPTION) { Y C gap } }`,
      { period: '2019' },
    )
    expect(await again(row)).toMatchObject({ outcome: 'EQUAL', pins: [] })
  })

  it('of a read gives the same hash at its data set, where the economy has a newer one since', async () => {
    const flow = await asked('query { economy(id: "AUS") { circularFlow(period: "2019-Q3") { Y C gap } } }')
    const listed = await asked('query { economy(id: "AUS") { defaultDataset { id } } }')
    const series = ['gdp:GDP', 'c:C', 'i:I', 'g:G', 'x:X', 'm:M'].map((one) => ({
      ...{ name: one.split(':')[0], role: one.split(':')[1], unit: 'AUD million' },
    }))
    const input = {
      ...{
        datasetId: 'newer@1',
        economyId: 'AUS',
        title: 'Newer',
        frequency: 'QUARTERLY',
        governmentScope: 'CONSUMPTION',
      },
      ...{ origin: 'made for a test', licence: 'CC0', retrieved: '2024-12-31', series, makeDefault: true },
      csv: 'period,gdp,c,i,g,x,m\n2019-Q3,100,60,20,15,12,7\n',
    }
    const imported = await asked('mutation($input: ImportSeriesInput!) { importSeries(input: $input) { imported } }', {
      input,
    })
    expect(imported.outcome).toBe('ok')
    expect(await again(flow)).toMatchObject({ outcome: 'EQUAL', pins: [expect.stringMatching(/^dataset /)] })
    expect(await again(listed)).toMatchObject({ outcome: 'NOT_REPLAYABLE', obstacle: 'VERSIONS_MOVED' })
  })

  it('of a read of the law gives the same hash as it was known on the day, where it was changed since', async () => {
    const rate = 'us.federal.income_tax.brackets.7.rate'
    const row = await asked('query($id: ID!) { parameter(id: $id) { valueAt(date: "2025") { value } } }', { id: rate })
    // Asked a day ago: a law is known by days.
    await store.query("update gateway.audit_entry set at = at - interval '1 day' where id = $1", [row.id])
    const known = new Date(clock.now()).toISOString().slice(0, 10)
    const parameter = { id: rate, values: [{ from: '2025', known, value: 0.45 }] }
    const input = { tree: 'us-federal', parameter, message: 'Higher', author: 'Ada' }
    const saved = await graph.ask(
      'mutation($input: SetParameterInput!) { setParameter(input: $input) { saved findings { severity message } } }',
      { input },
    )
    expect(saved).toEqual({ setParameter: { saved: true, findings: [] } })
    expect(await again(row)).toMatchObject({ outcome: 'EQUAL', pins: [expect.stringMatching(/^knownAt /)] })
    await store.query("update gateway.audit_entry set at = at + interval '1 day' where id = $1", [row.id])
  })

  it('of a household is impossible, as the audit does not hold its data', async () => {
    const row = await asked('query { household(input: { year: 2026, values: [] }) { year } }')
    expect(await again(row)).toEqual({ outcome: 'NOT_REPLAYABLE', obstacle: 'WITHHELD', about: ['_1.values'] })
  })

  it('is refused for what is no read, was not answered, or rests on what has no version, and says which', async () => {
    const input = { id: 'replayed', title: 'A', economyId: 'USA' }
    const created = await asked(
      'mutation($input: CreateScenarioInput!) { createScenario(input: $input) { scenario { id } } }',
      { input },
    )
    expect(await again(created)).toMatchObject({ obstacle: 'NOT_A_READ' })
    const missing = await asked('query { economy(id: "XXX") { name } }')
    expect(await again(missing)).toMatchObject({ obstacle: 'NOT_ANSWERED', about: ['NOT_FOUND'] })
    const list = await asked('query { scenarios { totalCount } }')
    expect(await again(list)).toMatchObject({ outcome: 'EQUAL' })
    await asked('mutation($input: CreateScenarioInput!) { createScenario(input: $input) { scenario { id } } }', {
      input: { ...input, id: 'second' },
    })
    expect(await again(list)).toMatchObject({
      outcome: 'NOT_REPLAYABLE',
      obstacle: 'UNVERSIONED',
      about: ['scenarios'],
    })
  })

  it('says DIFFERENT where what is stored under a version was changed', async () => {
    const row = await asked('query { economy(id: "USA") { circularFlow(period: "2019-Q3") { Y } } }')
    await store.query(
      "update economies.observation set value = value + 1 where tenant = 'local' and period = '2019-Q3'",
    )
    expect(await again(row)).toMatchObject({ outcome: 'DIFFERENT' })
    await store.query(
      "update economies.observation set value = value - 1 where tenant = 'local' and period = '2019-Q3'",
    )
    expect(await again(row)).toMatchObject({ outcome: 'EQUAL' })
  })
})

describe('quesnay audit', () => {
  const run = (...args: string[]) => startCommand(['audit', ...args], { DATABASE_URL: database.url }).ended
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-audit-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('verifies the chains on the database, and ends with 1 and the row where one is broken', async () => {
    const whole = await run('verify', '--tenant', 'local', '--json')
    expect(whole.code).toBe(0)
    const { chains } = JSON.parse(whole.out)
    expect(chains.map(({ type, broken }: { type: string; broken: unknown }) => [type, broken])).toEqual([
      ['mutation', null],
      ['query', null],
    ])
    const [row] = await store.query<{ id: string }>(
      "select id from gateway.audit_entry where type = 'mutation' and seq = 1",
    )
    await store.query("update gateway.audit_entry set subject = 'eve' where id = $1", [row!.id])
    const broken = await run('verify')
    expect(broken.code).toBe(1)
    expect(broken.out).toContain(`BROKEN at 1: ALTERED (row ${row!.id})`)
    await store.query("update gateway.audit_entry set subject = 'process' where id = $1", [row!.id])
    expect((await run('verify')).code).toBe(0)
  })

  it('searches, and replays a row that it found', async () => {
    await asked('query { economy(id: "USA") { name circularFlow(period: "2024-Q4") { Y } } }')
    const environment = {
      QUESNAY_DATA: directory,
      DATABASE_URL: database.url,
      QUESNAY_THREADS: '1',
    }
    const found = await startCommand(
      ['audit', 'search', '--type', 'query', '--outcome', 'ok', '--first', '40', '--json'],
      environment,
    ).ended
    expect(found.code).toBe(0)
    const rows = found.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const row = rows.find(({ operation }) => /circularFlow/.test(operation))
    const replayed = await startCommand(['audit', 'replay', row.id, '--json'], environment).ended
    expect(JSON.parse(replayed.out)).toMatchObject({ id: row.id, outcome: 'EQUAL', hash: row.resultHash })
    expect(replayed.code).toBe(0)
  }, 120_000)
})
