import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '../../compute/model/model.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { canonicalJson } from '../../schema/hash.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { countSql } from '../../test/support/count-sql.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { scenarios } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph
let sql: ReturnType<typeof countSql>
let modelHash: string

/** Health decays towards joblessness, at a rate that differs from draw to draw. */
const model: Model = {
  name: 'jobless and health',
  tables: {},
  variables: [
    { kind: 'series', name: 'jobless', unit: 'percent', default: 0, macroVariable: 'unemployment_rate' },
    { kind: 'random', name: 'rate', unit: '1/year', distribution: { kind: 'uniform', min: 0.1, max: 0.2 } },
    {
      kind: 'stock',
      name: 'health',
      unit: 'SD',
      initial: { op: 'number', value: 0 },
      flow: {
        op: 'mul',
        args: [
          { op: 'ref', name: 'rate' },
          { op: 'neg', args: [{ op: 'ref', name: 'jobless' }] },
        ],
      },
    },
  ],
  outputs: [],
}

beforeAll(async () => {
  fleet = await openFleet()
  sql = countSql(fleet.store)
  subgraph = await openSubgraph(scenarios, {
    store: sql.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
  modelHash = await fleet.dispatch.saveBlob('local', new TextEncoder().encode(canonicalJson(model)))
})
afterAll(() => fleet?.close())

const CREATE = `mutation($input: CreateScenarioInput!) {
  createScenario(input: $input) { scenario { id title shocks { to } } findings { code severity } } }`

const create = (id: string, change: Record<string, unknown> = {}, tenant = 'local') =>
  ask(subgraph, CREATE, {
    tenant,
    variables: { input: { id, title: id, bankId: 'b@1', horizonYears: 2, draws: 100, ...change } },
  })

/** The scenario's representation with what the planner brings of other subgraphs. */
const planned = (id: string, unemployment = 2) => ({
  __typename: 'Scenario',
  id,
  model: { hash: modelHash },
  macroPath: {
    times: [0, 2],
    columns: [{ variable: 'unemployment_rate', unit: 'percent', baseline: [4, 4], scenario: [4, 4 + unemployment] }],
  },
})

const RUN = 'run { id status kind lanes subject { type id } inputHash }'

async function finished(id: string) {
  await fleet.dispatch.settled('local', id)
  return id
}

describe('scenarios', () => {
  it('are the same when made twice with the same content, and refused with other content', async () => {
    const first = await create('twice')
    expect(first.createScenario.scenario).toEqual({ id: 'twice', title: 'twice', shocks: [] })
    expect((await create('twice')).createScenario.findings.map((f: { code: string }) => f.code)).toContain('EXISTED')
    const errors = await askForErrors(subgraph, CREATE, {
      variables: { input: { id: 'twice', title: 'other' } },
    })
    expect(errors).toMatchObject([{ code: 'ALREADY_EXISTS', detail: { path: 'input.id' } }])
  })

  it('get an id where none is given', async () => {
    const made = await ask(subgraph, CREATE, { variables: { input: { title: 'nameless' } } })
    expect(made.createScenario.scenario.id).toMatch(/^[0-9a-z]{26}$/)
  })

  it('are not found by another tenant, by id or in lists', async () => {
    await create('secret', {}, 'tenant-a')
    const errors = await askForErrors(subgraph, '{ scenario(id: "secret") { title } }', { tenant: 'tenant-b' })
    expect(errors).toMatchObject([{ code: 'NOT_FOUND', detail: { path: 'id' } }])
    const { scenarios: list } = await ask(subgraph, '{ scenarios { totalCount } }', { tenant: 'tenant-b' })
    expect(list.totalCount).toBe(0)
    expect(await ask(subgraph, '{ scenario(id: "secret") { title } }', { tenant: 'tenant-a' })).toEqual({
      scenario: { title: 'secret' },
    })
  })

  it('page from the newest to the oldest without gap or repeat', async () => {
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5']) await create(id, {}, 'pages')
    const seen: string[] = []
    let after: string | null = null
    do {
      const { scenarios: page } = await ask(
        subgraph,
        'query($after: String) { scenarios(first: 2, after: $after) { totalCount edges { node { id } } pageInfo { hasNextPage endCursor } } }',
        { tenant: 'pages', variables: { after } },
      )
      expect(page.totalCount).toBe(5)
      seen.push(...page.edges.map((edge: { node: { id: string } }) => edge.node.id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after)
    expect(seen).toEqual(['p5', 'p4', 'p3', 'p2', 'p1'])
  })

  it.each([
    ['a page of none', 'scenarios(first: 0) { totalCount }', 'first'],
    ['a page of more than 500', 'scenarios(first: 501) { totalCount }', 'first'],
    ['a cursor that is none', 'scenarios(after: "x") { totalCount }', 'after'],
  ])('refuse %s', async (_, field, path) => {
    expect(await askForErrors(subgraph, `{ ${field} }`)).toMatchObject([{ code: 'BAD_INPUT', detail: { path } }])
  })
})

describe('the run of a scenario', () => {
  it('is submitted when first asked for and the same run after that', async () => {
    await create('runs')
    const { run } = await askEntity(subgraph, planned('runs'), RUN)
    expect(run).toMatchObject({ kind: 'SIMULATION', lanes: 100, subject: { type: 'Scenario', id: 'runs' } })
    await finished(run.id)
    expect((await askEntity(subgraph, planned('runs'), RUN)).run).toMatchObject({ id: run.id, status: 'SUCCEEDED' })
  })

  it('is another where the path of the economy is another', async () => {
    await create('paths')
    const { run: mild } = await askEntity(subgraph, planned('paths', 1), RUN)
    const { run: harsh } = await askEntity(subgraph, planned('paths', 3), RUN)
    expect(harsh.inputHash).not.toBe(mild.inputHash)
    const { scenario } = await ask(subgraph, '{ scenario(id: "paths") { runs { totalCount edges { node { id } } } } }')
    expect(scenario.runs.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual([harsh.id, mild.id])
  })

  it('gives columns whose mean falls by the mean rate times the area under joblessness', async () => {
    await create('columns', { draws: 2000 })
    const { run } = await askEntity(subgraph, planned('columns'), RUN)
    await finished(run.id)
    const { run: done } = await ask(
      subgraph,
      'query($id: ID!) { run(id: $id) { progress { fraction etaSeconds } results(variables: ["health"], from: 2) { times draws columns { mean p05 p50 p95 } } } }',
      { variables: { id: run.id } },
    )
    const [column] = done.results.columns
    expect(done).toMatchObject({ progress: { fraction: 1, etaSeconds: null }, results: { times: [2], draws: 2000 } })
    // Euler with 12 steps a year sums joblessness 2 (k / 24) over k = 0..23, each for a month: 23 / 12.
    expect(column.mean[0]).toBeCloseTo((-0.15 * 23) / 12, 2)
    expect(column.p05[0]).toBeLessThan(column.p50[0])
    expect(column.p50[0]).toBeLessThan(column.p95[0])
  })

  it('is null where the scenario names no bank', async () => {
    await create('bankless', { bankId: null })
    const { run } = await askEntity(subgraph, { ...planned('bankless'), model: null }, RUN)
    expect(run).toBeNull()
    const again = await ask(
      subgraph,
      'mutation { runScenario(input: { scenarioId: "bankless" }) { findings { code } } }',
    )
    expect(again.runScenario.findings).toEqual([{ code: 'NO_BANK' }])
  })

  it('is not computed without the path or the model that it needs, as if nothing had happened', async () => {
    await create('pathless', { economyId: 'USA' })
    const pathless = { ...planned('pathless'), macroPath: null }
    await expect(askEntity(subgraph, pathless, RUN)).rejects.toThrow(/INPUT_FAILED.*macroPath/)
    await expect(askEntity(subgraph, { ...planned('pathless'), model: null }, RUN)).rejects.toThrow(
      /INPUT_FAILED.*model/,
    )
    expect((await ask(subgraph, '{ scenario(id: "pathless") { runs { totalCount } } }')).scenario.runs.totalCount).toBe(
      0,
    )
  })

  it('is refused for no shards, or fewer', async () => {
    await create('shardless')
    for (const shards of [0, -5])
      await expect(askEntity(subgraph, planned('shardless'), `run(shards: ${shards}) { id }`)).rejects.toThrow(
        /BAD_INPUT/,
      )
  })

  it('is submitted anew after it was cancelled, once runScenario asks for that', async () => {
    await create('cancelled', { draws: 100_000, horizonYears: 50 })
    const { run } = await askEntity(subgraph, planned('cancelled'), RUN)
    const { cancelRun } = await ask(
      subgraph,
      'mutation($id: ID!) { cancelRun(input: { id: $id }) { run { status } findings { code } } }',
      { variables: { id: run.id } },
    )
    expect(cancelRun).toEqual({ run: { status: 'CANCELLED' }, findings: [] })
    expect((await askEntity(subgraph, planned('cancelled'), RUN)).run).toMatchObject({
      id: run.id,
      status: 'CANCELLED',
    })
    await ask(subgraph, 'mutation { runScenario(input: { scenarioId: "cancelled" }) { scenario { id } } }')
    const { run: anew } = await askEntity(subgraph, planned('cancelled'), RUN)
    expect(anew.id).not.toBe(run.id)
    await fleet.dispatch.cancel('local', anew.id)
  })

  it('is verified by another run with the same hash, and cancelling it after its end is a finding', async () => {
    await create('verified')
    const { run } = await askEntity(subgraph, planned('verified'), RUN)
    await finished(run.id)
    const { verifyRun } = await ask(
      subgraph,
      'mutation($id: ID!) { verifyRun(input: { id: $id }) { run { id cached verifies { id resultHash } } } }',
      { variables: { id: run.id } },
    )
    expect(verifyRun.run).toMatchObject({ cached: false, verifies: { id: run.id } })
    await finished(verifyRun.run.id)
    const { run: again } = await ask(subgraph, 'query($id: ID!) { run(id: $id) { resultHash } }', {
      variables: { id: verifyRun.run.id },
    })
    expect(again.resultHash).toBe(verifyRun.run.verifies.resultHash)
    const { cancelRun } = await ask(
      subgraph,
      'mutation($id: ID!) { cancelRun(input: { id: $id }) { findings { code } } }',
      { variables: { id: run.id } },
    )
    expect(cancelRun.findings).toEqual([{ code: 'RUN_ENDED' }])
  })

  it('is not found by another tenant', async () => {
    await create('mine')
    const { run } = await askEntity(subgraph, planned('mine'), RUN)
    const errors = await askForErrors(subgraph, 'query($id: ID!) { run(id: $id) { id } }', {
      variables: { id: run.id },
      tenant: 'tenant-b',
    })
    expect(errors).toMatchObject([{ code: 'NOT_FOUND' }])
  })
})

it('loads any number of referenced scenarios and runs with as many statements as one', async () => {
  for (const id of ['n1', 'n2', 'n3', 'n4']) await create(id, {}, 'many')
  const of = (ids: string[]) => ids.map((id) => ({ __typename: 'Scenario', id }))
  const query =
    'query($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { title runs { totalCount } } } }'
  const cost = async (ids: string[]) => {
    sql.take()
    await ask(subgraph, query.replace(' runs { totalCount }', ''), { tenant: 'many', variables: { of: of(ids) } })
    return sql.take().length
  }
  expect(await cost(['n1', 'n2', 'n3', 'n4'])).toBe(await cost(['n1']))
})
