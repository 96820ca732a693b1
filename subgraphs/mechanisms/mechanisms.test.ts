// The mechanisms subgraph asked as the gateway asks it, over a real PostgreSQL with the shipped bank and a real dispatcher.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lower } from '../../compute/model/lowering/lower.ts'
import type { Model } from '../../compute/model/model.ts'
import { silentLog } from '../../infra/log.ts'
import { canonicalJson } from '../../schema/hash.ts'
import { ask, askEntity, askForErrors, askRaw } from '../../test/support/ask.ts'
import { type CountedStore, countSql } from '../../test/support/count-sql.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { mechanisms } from './subgraph.ts'

const BANK = 'us-health@1.0.0'

let fleet: TestFleet
let sql: CountedStore
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet({ workers: 0 })
  sql = countSql(fleet.store)
  const deps = { store: sql.store, dispatch: fleet.dispatch, clock: manualClock(), log: silentLog }
  subgraph = await openSubgraph(mechanisms, deps)
  await subgraph.seed('local')
})
afterAll(() => fleet.close())

describe('a bank', () => {
  it('is read with its origin, sizes and findings', async () => {
    const { mechanismBank: bank } = await ask(
      subgraph,
      `{ mechanismBank(id: "${BANK}") { name version title geography nodeCount mechanismCount importedAt contentHash
           origin { title url licence attribution retrieved }
           findingCounts { severity code count }
           findings(code: "CI_HALF") { totalCount edges { node { severity path message suggestion } } } } }`,
    )
    expect(bank).toMatchObject({
      name: 'us-health',
      version: '1.0.0',
      geography: ['USA'],
      nodeCount: 266,
      mechanismCount: 224,
    })
    expect(bank.origin).toMatchObject({ licence: 'MIT', attribution: 'MauriceelHelou/healthsystems' })
    expect(bank.findingCounts).toContainEqual({ severity: 'WARNING', code: 'CI_HALF', count: 1 })
    expect(bank.findings.totalCount).toBe(1)
    expect(bank.findings.edges[0].node).toMatchObject({
      severity: 'WARNING',
      path: expect.stringMatching(/^us-health\.yaml:\d+$/),
    })
  })

  it('is listed with its versions', async () => {
    const { mechanismBanks } = await ask(
      subgraph,
      '{ mechanismBanks(name: "us-health") { totalCount edges { node { id } } } }',
    )
    expect(mechanismBanks).toEqual({ totalCount: 1, edges: [{ node: { id: BANK } }] })
    const none = await ask(subgraph, '{ mechanismBanks(name: "none") { totalCount edges { node { id } } } }')
    expect(none.mechanismBanks).toEqual({ totalCount: 0, edges: [] })
  })

  it('gives its mechanisms in pages, which together are all of them', async () => {
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const {
        mechanismBank,
      }: {
        mechanismBank: {
          mechanisms: {
            totalCount: number
            pageInfo: { hasNextPage: boolean; endCursor: string }
            edges: { node: { id: string } }[]
          }
        }
      } = await ask(
        subgraph,
        `query ($after: String) { mechanismBank(id: "${BANK}") { mechanisms(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } } }`,
        { variables: { after } },
      )
      const { edges, pageInfo, totalCount } = mechanismBank.mechanisms
      expect(totalCount).toBe(224)
      seen.push(...edges.map(({ node }) => node.id))
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }
    expect(new Set(seen).size).toBe(224)
  })

  it('filters mechanisms by category, grade, ends and effect, and nodes by category and part', async () => {
    const { mechanismBank: bank } = await ask(
      subgraph,
      `{ mechanismBank(id: "${BANK}") {
           from: mechanisms(from: "unemployment_rate_local", grade: A) { edges { node { key evidence { grade } from { key } } } }
           to: mechanisms(to: "${BANK}/cardiovascular_disease_mortality", category: "economic") { edges { node { key category to { key } } } }
           without: mechanisms(quantified: false) { totalCount }
           stocks: nodes(stock: true) { totalCount } exogenous: nodes(stock: false, category: "economic", first: 2) { edges { node { stock category } } } } }`,
    )
    expect(bank.from.edges.length).toBeGreaterThan(1)
    for (const { node } of bank.from.edges)
      expect(node).toMatchObject({ evidence: { grade: 'A' }, from: { key: 'unemployment_rate_local' } })
    expect(bank.to.edges.length).toBeGreaterThan(0)
    for (const { node } of bank.to.edges)
      expect(node).toMatchObject({ category: 'economic', to: { key: 'cardiovascular_disease_mortality' } })
    expect(bank.without.totalCount).toBe(0)
    expect(bank.stocks.totalCount).toBeGreaterThanOrEqual(40)
    for (const { node } of bank.exogenous.edges) expect(node).toEqual({ stock: false, category: 'economic' })
  })

  it.each([
    ['0', 'first'],
    ['501', 'first'],
  ])('refuses a page of %s', async (first, path) => {
    const [error] = await askForErrors(
      subgraph,
      `{ mechanismBank(id: "${BANK}") { nodes(first: ${first}) { totalCount } } }`,
    )
    expect(error).toMatchObject({ code: 'BAD_INPUT', detail: { path } })
  })

  it('refuses a cursor that is none', async () => {
    const [error] = await askForErrors(
      subgraph,
      `{ mechanismBank(id: "${BANK}") { nodes(after: "x") { totalCount } } }`,
    )
    expect(error).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'after' } })
  })
})

describe('a mechanism', () => {
  it('is read with form, effect, response, evidence, moderators, citations and assumptions', async () => {
    const { mechanism } = await ask(
      subgraph,
      `{ mechanism(id: "${BANK}/unemployment_rate_local_to_smoking_current") {
           name sign kind orientation status form { name parameters { name value } }
           effect { measure value unit ciLower ciUpper ciLevel }
           response { coefficient standardError conversion }
           evidence { grade studyCount verified } moderators { name direction strength mode value }
           citations { role text study { id doi citation mechanisms { totalCount } } }
           assumptions { code text } bank { id } from { key unit macroVariable exposureShare standardDeviation } to { key stock range { min max } decayPerYear } } }`,
    )
    expect(mechanism).toMatchObject({
      sign: 'POSITIVE',
      kind: 'INFLUENCE',
      form: { name: 'LINEAR', parameters: [] },
      effect: { measure: 'ODDS_RATIO', value: 1.43, unit: 'ratio', ciLower: 1.13, ciUpper: 1.81, ciLevel: 0.95 },
      evidence: { grade: 'A' },
      bank: { id: BANK },
      from: { key: 'unemployment_rate_local', macroVariable: 'unemployment_rate', unit: 'pp', exposureShare: 0.05 },
      to: { key: 'smoking_current', stock: true, range: { min: -6, max: 6 }, decayPerYear: 0.5 },
    })
    const d = (Math.log(1.43) * Math.sqrt(3)) / Math.PI
    expect(mechanism.response.coefficient).toBeCloseTo(d / Math.sqrt(d * d + 1 / (0.05 * 0.95)), 12)
    expect(mechanism.from.standardDeviation).toBeCloseTo(21.794, 3)
    expect(mechanism.assumptions.map(({ code }: { code: string }) => code)).toContain('FORM_LINEAR')
    expect(mechanism.citations[0]).toMatchObject({ role: 'PRIMARY' })
    expect(mechanism.citations[0].study.doi).toMatch(/^10\./)
    expect(mechanism.citations[0].study.mechanisms.totalCount).toBeGreaterThan(0)
  })

  it('has no response where its effect cannot be put on the common scale', async () => {
    const { mechanism } = await ask(
      subgraph,
      `{ mechanism(id: "${BANK}/homelessness_rate_to_hepatitis_c_prevalence") { effect { measure } response { coefficient } } }`,
    )
    expect(mechanism).toEqual({ effect: { measure: 'PREVALENCE' }, response: null })
  })

  it('is listed over all banks, or of one', async () => {
    const { all, one, none } = await ask(
      subgraph,
      `{ all: mechanisms(from: "unemployment_rate_local") { totalCount } one: mechanisms(bank: "${BANK}", from: "unemployment_rate_local") { totalCount } none: mechanisms(bank: "none@1") { totalCount } }`,
    )
    expect(all.totalCount).toBe(one.totalCount)
    expect([one.totalCount > 3, none.totalCount]).toEqual([true, 0])
  })

  it.each(['mechanismBank', 'mechanism', 'node', 'study'])('of an unknown id is NOT_FOUND: %s', async (field) => {
    const [error] = await askForErrors(subgraph, `{ ${field}(id: "none") { id } }`)
    expect(error).toMatchObject({ code: 'NOT_FOUND', detail: { path: 'id' } })
    expect(error!.detail['suggestion']).toBeTruthy()
  })

  it('of another tenant is NOT_FOUND', async () => {
    for (const query of [`{ mechanismBank(id: "${BANK}") { id } }`, `{ node(id: "${BANK}/binge_drinking") { id } }`]) {
      const [error] = await askForErrors(subgraph, query, { tenant: 'other' })
      expect(error!.code).toBe('NOT_FOUND')
    }
  })
})

describe('lists', () => {
  const statements = async (query: string) => {
    sql.take()
    await ask(subgraph, query)
    return sql.take().length
  }
  const followed = (first: number) =>
    `{ mechanismBank(id: "${BANK}") { mechanisms(first: ${first}) { edges { node { id bank { id } response { coefficient } from { name bank { id } } to { name } citations { text study { id } } } } } } }`
  const around = (first: number) =>
    `{ mechanismBank(id: "${BANK}") { nodes(first: ${first}) { edges { node { id incoming(first: 3) { totalCount edges { node { from { id } } } } outgoing { edges { node { to { id } } } } } } } } }`

  it('cost the same number of statements for 2 mechanisms as for 200, with all that hangs on them', async () => {
    const few = await statements(followed(2))
    expect(await statements(followed(200))).toBe(few)
    expect(few).toBeGreaterThan(3)
    expect(few).toBeLessThanOrEqual(7)
  })

  it('cost the same number of statements for 2 nodes as for 200, with their edges both ways', async () => {
    const few = await statements(around(2))
    expect(await statements(around(200))).toBe(few)
    expect(few).toBeGreaterThan(3)
    expect(few).toBeLessThanOrEqual(8)
  })
})

describe('the model of a bank', () => {
  it('is saved by its content, lowers to a plan, and is compiled once', async () => {
    const query = `{ mechanismBank(id: "${BANK}") { model { hash variables stocks mechanisms findings { severity code message } } } }`
    const { mechanismBank: first } = await ask(subgraph, query)
    expect(first.model.stocks).toBeGreaterThanOrEqual(40)
    expect(first.model.mechanisms).toBeGreaterThanOrEqual(200)
    const text = new TextDecoder().decode(await fleet.dispatch.loadBlob('local', first.model.hash))
    const model = JSON.parse(text) as Model
    expect(canonicalJson(model)).toBe(text)
    expect(model.variables).toHaveLength(first.model.variables)
    const plan = lower({ ...model, time: { start: 0, dt: 1 / 12, steps: 120, saveEvery: 3, unit: 'year' } })
    expect(plan.stocks).toHaveLength(first.model.stocks)
    sql.take()
    expect((await ask(subgraph, query)).mechanismBank).toEqual(first)
    expect(sql.take().some((text) => text.includes('mechanisms.node') || text.includes('"mechanisms"."node"'))).toBe(
      false,
    )
  })

  it('is what a scenario gets for its bank, and nothing where it has none', async () => {
    const representation = { __typename: 'Scenario', id: 'sc-1', bank: { __typename: 'MechanismBank', id: BANK } }
    const { model } = await askEntity(subgraph, representation, 'model { hash stocks }')
    const { mechanismBank } = await ask(subgraph, `{ mechanismBank(id: "${BANK}") { model { hash stocks } } }`)
    expect(model).toEqual(mechanismBank.model)
    expect(
      (await askEntity(subgraph, { __typename: 'Scenario', id: 'sc-2', bank: null }, 'model { hash }')).model,
    ).toBeNull()
  })

  it('of an unknown bank is an error on its path, and the rest of the answer stands', async () => {
    const representation = { __typename: 'Scenario', id: 'sc-1', bank: { __typename: 'MechanismBank', id: 'none@1' } }
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Scenario { id model { hash } } } }'
    const { data, errors } = await askRaw(subgraph, query, { variables: { of: [representation] } })
    expect(data).toEqual({ _entities: [{ id: 'sc-1', model: null }] })
    expect(errors![0]).toMatchObject({ path: ['_entities', 0, 'model'], extensions: { code: 'NOT_FOUND' } })
  })
})

describe('an economy', () => {
  it('has the mechanisms of the banks that speak of it', async () => {
    const fields = 'mechanisms(first: 1, grade: A) { totalCount edges { node { id } } }'
    const usa = await askEntity(subgraph, { __typename: 'Economy', id: 'USA' }, fields)
    expect(usa.mechanisms.totalCount).toBeGreaterThan(50)
    expect(usa.mechanisms.edges[0].node.id).toMatch(/^us-health@1\.0\.0\//)
    expect((await askEntity(subgraph, { __typename: 'Economy', id: 'AUS' }, fields)).mechanisms).toEqual({
      totalCount: 0,
      edges: [],
    })
  })
})

const IMPORT = `mutation ($input: ImportMechanismBankInput!) { importMechanismBank(input: $input) {
  imported records bank { id mechanismCount } findingCounts { severity code count } findings { severity code path message suggestion } errors: findings(severity: ERROR) { code path message } } }`

const record = (from: string, to: string, more = '') => ({
  path: `social/${from}_to_${to}.yml`,
  text: `id: ${from}_to_${to}\nfrom_node: { node_id: ${from}, node_name: ${from} }\nto_node: { node_id: ${to}, node_name: ${to} }\ndirection: positive\n${more}`,
})

describe('importMechanismBank', () => {
  const run = async (input: Record<string, unknown>, tenant = 'importer') =>
    (await ask(subgraph, IMPORT, { variables: { input }, tenant })).importMechanismBank
  const stored = async (tenant = 'importer') => {
    const [row] = await fleet.store.query<{ n: number }>(
      `select (select count(*) from mechanisms.bank where tenant = $1) + (select count(*) from mechanisms.node where tenant = $1)
        + (select count(*) from mechanisms.mechanism where tenant = $1) + (select count(*) from mechanisms.study where tenant = $1) as n`,
      [tenant],
    )
    return row!.n
  }

  it('changes nothing on a dry run, and lists what it found', async () => {
    const outcome = await run({ bankId: 'dry@1', dryRun: true, files: [record('NEW:a', 'NEW:b')] })
    expect(outcome).toMatchObject({ imported: false, bank: null, records: 1, errors: [] })
    expect(outcome.findings.map(({ code }: { code: string }) => code)).toContain('EFFECT_MISSING')
    expect(await stored()).toBe(0)
  })

  it('changes nothing where one file of many is faulty, and lists every fault', async () => {
    const files = [
      { path: 'canonical_nodes.json', text: '{ "income": { "id": "income", "name": "Income" } }' },
      record('NEW:a', 'NEW:b'),
      { path: 'social/broken.yml', text: 'id: [' },
      {
        path: 'social/astray.yml',
        text: 'id: income_to_helth\nfrom_node: income\nto_node: helth\ndirection: positive\n',
      },
    ]
    const outcome = await run({ bankId: 'partly@1', files })
    expect(outcome).toMatchObject({ imported: false, bank: null })
    expect(outcome.errors).toEqual([
      expect.objectContaining({ code: 'YAML_BROKEN', path: expect.stringMatching(/^social\/broken\.yml:\d+$/) }),
      { code: 'NODE_MISSING', path: 'social/astray.yml:3', message: 'the node "helth" is not in the list of nodes' },
    ])
    expect(await stored()).toBe(0)
  })

  it('stores a bank whose gaps are findings, once, and no other content under its id', async () => {
    const files = [record('NEW:a', 'NEW:b'), record('NEW:b', 'NEW:c')]
    const first = await run({ bankId: 'small@1', geography: ['AUS'], files })
    expect(first).toMatchObject({ imported: true, records: 2, bank: { id: 'small@1', mechanismCount: 2 } })
    const again = await run({ bankId: 'small@1', geography: ['AUS'], files: files.toReversed() })
    expect(again.imported).toBe(false)
    expect(again.findings).toContainEqual(expect.objectContaining({ code: 'EXISTED' }))
    const [error] = await askForErrors(subgraph, IMPORT, {
      variables: { input: { bankId: 'small@1', files: files.slice(1) } },
      tenant: 'importer',
    })
    expect(error).toMatchObject({ code: 'ALREADY_EXISTS', detail: { path: 'input.bankId' } })
    const economy = await askEntity(subgraph, { __typename: 'Economy', id: 'AUS' }, 'mechanisms { totalCount }', {
      tenant: 'importer',
    })
    expect(economy.mechanisms.totalCount).toBe(2)
  })

  it('says that a bank without effects has no model', async () => {
    await run({ bankId: 'bare@1', files: [record('NEW:a', 'NEW:b')] }, 'bare')
    const [error] = await askForErrors(subgraph, '{ mechanismBank(id: "bare@1") { model { hash } } }', {
      tenant: 'bare',
    })
    expect(error).toMatchObject({ code: 'MODEL_INVALID', detail: { path: 'bare@1' } })
  })

  it('asks for the name where the files do not give it', async () => {
    const outcome = await run({ files: [record('NEW:a', 'NEW:b')] })
    expect(outcome.errors).toEqual([expect.objectContaining({ code: 'BANK_UNNAMED', path: 'input.bankId' })])
  })

  it.each([
    ['a malformed id', { bankId: 'Small Bank', files: [record('NEW:a', 'NEW:b')] }, 'input.bankId'],
    ['no files', { bankId: 'small@2', files: [] }, 'input.files'],
    [
      'one path twice',
      { bankId: 'small@2', files: [record('NEW:a', 'NEW:b'), record('NEW:a', 'NEW:b')] },
      'input.files',
    ],
    [
      'an economy that is none',
      { bankId: 'small@2', geography: ['Australia'], files: [record('NEW:a', 'NEW:b')] },
      'input.geography',
    ],
  ])('refuses %s', async (_, input, path) => {
    const [error] = await askForErrors(subgraph, IMPORT, { variables: { input }, tenant: 'importer' })
    expect(error).toMatchObject({ code: 'BAD_INPUT', detail: { path } })
  })
})
