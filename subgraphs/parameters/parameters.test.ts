// Parameters, trees, rule sets and populations, asked as the gateway asks them, over a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { type CountedStore, countSql } from '../../test/support/count-sql.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { noDispatch } from '../../test/support/no-dispatch.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { parameters } from './subgraph.ts'

let database: TestStore
let sql: CountedStore
let subgraph: Subgraph

beforeAll(async () => {
  database = await freshStore()
  sql = countSql(database.store)
  subgraph = await openSubgraph(parameters, {
    store: sql.store,
    dispatch: noDispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => database.drop())

const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'
const DEDUCTION = 'us.federal.income_tax.standard_deduction.basic'

describe('a parameter', () => {
  it('is read with its law, its source and its value on a day', async () => {
    const { parameter } = await ask(
      subgraph,
      `{ parameter(id: "${DEDUCTION}") { label unit period by cells references origin source { licence retrieved } tree { id }
           valueAt(date: "2026", status: JOINT) { value values unit from known source } } }`,
    )
    expect(parameter).toMatchObject({
      unit: 'USD',
      period: 'year',
      by: 'FILING_STATUS',
      cells: ['SINGLE', 'JOINT', 'SEPARATE', 'HEAD_OF_HOUSEHOLD', 'SURVIVING_SPOUSE'],
      references: ['26 U.S.C. 63(c)(2), (7)'],
      origin: 'STD',
      source: { licence: 'CC0-1.0', retrieved: '2026-11-01' },
      tree: { id: 'us-federal' },
      valueAt: {
        value: 32_200,
        values: [16_100, 32_200, 16_100, 24_150, 32_200],
        unit: 'USD',
        from: '2026-01-01',
        source: null,
      },
    })
  })

  it('is what the law of the day was known to be on another day', async () => {
    const { parameter } = await ask(
      subgraph,
      `{ parameter(id: "${DEDUCTION}") {
           spring: valueAt(date: "2025-04-15", knownAt: "2025-04-15", status: SINGLE) { value known source }
           summer: valueAt(date: "2025-04-15", knownAt: "2025-07-04", status: SINGLE) { value known source }
           now: valueAt(date: "2025-04-15", status: SINGLE) { value }
           earlier: valueAt(date: "2025-04-15", knownAt: "2024-06", status: SINGLE) { value from }
           never: valueAt(date: "2025-04-15", knownAt: "1999") { value } } }`,
    )
    expect(parameter).toEqual({
      spring: { value: 15_000, known: '2024-10-22', source: expect.stringContaining('Revenue Procedure 2024-40') },
      summer: { value: 15_750, known: '2025-07-04', source: expect.stringContaining('Public Law 119-21') },
      now: { value: 15_750 },
      earlier: { value: 14_600, from: '2024-01-01' },
      never: null,
    })
  })

  it('gives its values between days as known on a day, and its whole history', async () => {
    const { parameter } = await ask(
      subgraph,
      `{ parameter(id: "${DEDUCTION}") {
           known: values(from: "2024", to: "2025", knownAt: "2025-01-01") { from values }
           now: values(from: "2024", to: "2025") { from values }
           history { from known } } }`,
    )
    expect(parameter.known.map((v: { values: number[] }) => v.values[0])).toEqual([14_600, 15_000])
    expect(parameter.now.map((v: { values: number[] }) => v.values[0])).toEqual([14_600, 15_750])
    expect(parameter.history.filter((v: { from: string }) => v.from === '2025-01-01')).toEqual([
      { from: '2025-01-01', known: '2024-10-22' },
      { from: '2025-01-01', known: '2025-07-04' },
    ])
  })

  it('gives null for the one value where it differs by a cell that was not named, and all values', async () => {
    const { parameter } = await ask(
      subgraph,
      `{ parameter(id: "${DEDUCTION}") { valueAt(date: "2026") { value values } } }`,
    )
    expect(parameter.valueAt).toMatchObject({ value: null, values: { length: 5 } })
  })

  it('has one value for every status where it does not differ by it', async () => {
    const { parameter } = await ask(
      subgraph,
      `{ parameter(id: "${TOP_RATE}") { valueAt(date: "2026", status: JOINT) { value } } }`,
    )
    expect(parameter.valueAt.value).toBe(0.37)
  })

  it.each([
    [
      'an unknown id',
      '{ parameter(id: "us.federal.income_tax.brackets.8.rate") { id } }',
      'NOT_FOUND',
      { path: 'id', suggestion: expect.stringContaining('brackets.') },
    ],
    [
      'a date that is none',
      `{ parameter(id: "${TOP_RATE}") { valueAt(date: "2026-02-30") { value } } }`,
      'BAD_INPUT',
      { path: 'date', suggestion: expect.stringContaining('2026-07-01') },
    ],
    [
      'a day before the figures',
      `{ parameter(id: "${TOP_RATE}") { valueAt(date: "2017") { value } } }`,
      'BAD_INPUT',
      { path: 'date', suggestion: expect.stringContaining('2018-01-01 to 2026-12-31') },
    ],
    [
      'a day after the figures',
      `{ parameter(id: "${TOP_RATE}") { valueAt(date: "2027") { value } } }`,
      'BAD_INPUT',
      { path: 'date', suggestion: expect.stringContaining('2026-12-31') },
    ],
    [
      'a cell it does not have',
      `{ parameter(id: "${DEDUCTION}") { valueAt(date: "2026", children: 2) { value } } }`,
      'BAD_INPUT',
      { path: 'children' },
    ],
    [
      'an end before the start',
      `{ parameter(id: "${TOP_RATE}") { values(from: "2026", to: "2025") { from } } }`,
      'BAD_INPUT',
      { path: 'to' },
    ],
    ['a page of nothing', '{ parameters(first: 0) { totalCount } }', 'BAD_INPUT', { path: 'first' }],
  ])('answers %s with a typed error that names the place and the fix', async (_, query, code, detail) => {
    expect(await askForErrors(subgraph, query)).toEqual([
      expect.objectContaining({ code, detail: expect.objectContaining(detail) }),
    ])
  })

  it('is not another tenant’s', async () => {
    expect(await askForErrors(subgraph, `{ parameter(id: "${TOP_RATE}") { id } }`, { tenant: 'nobody' })).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND' }),
    ])
  })

  it('is resolved for other subgraphs, many with the queries of one', async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Parameter { id label valueAt(date: "2026") { value } } } }`
    const of = Array.from({ length: 7 }, (_, i) => ({
      __typename: 'Parameter',
      id: `us.federal.income_tax.brackets.${i + 1}.rate`,
    }))
    sql.take()
    const { _entities } = await ask(subgraph, query, { variables: { of } })
    expect(_entities.map((p: { valueAt: { value: number } }) => p.valueAt.value)).toEqual([
      0.1, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37,
    ])
    expect(sql.take()).toHaveLength(3)
  })
})

describe('the list of parameters', () => {
  it('pages through a prefix', async () => {
    const page = (after: string | null) =>
      ask(
        subgraph,
        `query ($after: String) { parameters(prefix: "us.federal.payroll_tax.", first: 5, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }`,
        { variables: { after } },
      )
    const first = (await page(null)).parameters
    const second = (await page(first.pageInfo.endCursor)).parameters
    expect([first.totalCount, first.edges.length, first.pageInfo.hasNextPage]).toEqual([8, 5, true])
    expect([second.edges.length, second.pageInfo.hasNextPage]).toEqual([3, false])
  })
})

describe('the parameter tree', () => {
  it('has the snapshot hash of its figures and its scales by status', async () => {
    const { parameterTree } = await ask(
      subgraph,
      `{ parameterTree(id: "us-federal") { title country currency from to snapshotHash parameters(first: 1) { totalCount }
           scales { id count at(date: "2026", status: HEAD_OF_HOUSEHOLD) { date status thresholds rates unit } single: at(date: "2026") { status } } } }`,
    )
    expect(parameterTree).toMatchObject({
      country: 'USA',
      currency: 'USD',
      from: '2018-01-01',
      to: '2026-12-31',
      parameters: { totalCount: 129 },
    })
    expect(parameterTree.snapshotHash).toMatch(/^[0-9a-f]{64}$/)
    expect(parameterTree.scales[1]).toEqual({
      id: 'us.federal.income_tax.brackets',
      count: 7,
      at: {
        date: '2026-01-01',
        status: 'HEAD_OF_HOUSEHOLD',
        thresholds: [0, 17_700, 67_450, 105_700, 201_750, 256_200, 640_600],
        rates: [0.1, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37],
        unit: 'USD',
      },
      single: { status: 'SINGLE' },
    })
  })

  it('is NOT_FOUND by another name, with the name there is', async () => {
    expect(await askForErrors(subgraph, '{ parameterTree(id: "us-federl") { id } }')).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', detail: { path: 'id', suggestion: 'did you mean "us-federal"?' } }),
    ])
  })
})

describe('rule sets and populations', () => {
  it('describe themselves', async () => {
    const { ruleSets, populations: all } = await ask(
      subgraph,
      `{ ruleSets { id firstYear lastYear planHash data { name } variables { name unit reference } parameters { id } }
         populations { id units year origin description } }`,
    )
    const rules = ruleSets.find((one: { id: string }) => one.id === 'us-federal')
    expect(rules).toMatchObject({ firstYear: 2022, lastYear: 2026 })
    expect(rules.parameters).toContainEqual({ id: 'us.federal.income_tax.brackets.7.rate' })
    expect(rules.variables.find((one: { name: string }) => one.name === 'income tax').reference).toMatch(/26 U\.S\.C\./)
    expect(all).toEqual([
      expect.objectContaining({ id: 'us-example-1000', units: 1000, year: 2026, origin: 'GENERATED' }),
      expect.objectContaining({ id: 'us-synthetic', units: 280_005, year: 2026, origin: 'GENERATED' }),
    ])
  })

  it('are resolved for other subgraphs, and null where there is none', async () => {
    expect(await askEntity(subgraph, { __typename: 'RuleSet', id: 'us-federal' }, 'title')).toMatchObject({
      title: expect.any(String),
    })
    expect(await askEntity(subgraph, { __typename: 'Population', id: 'us-example-1000' }, 'units')).toEqual({
      units: 1000,
    })
    for (const type of ['RuleSet', 'Population', 'Reform', 'Parameter', 'ParameterTree'])
      expect(await askEntity(subgraph, { __typename: type, id: 'none' }, 'id'), type).toBeNull()
  })

  it.each(['ruleSet', 'population', 'reform'])('answer an unknown %s with NOT_FOUND', async (field) => {
    expect(await askForErrors(subgraph, `{ ${field}(id: "none") { id } }`)).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', detail: expect.objectContaining({ path: 'id' }) }),
    ])
  })
})
