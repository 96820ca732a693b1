// The portfolios subgraph asked as the gateway asks it, over a real PostgreSQL: portfolios, instruments, economies.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { type CountedStore, countSql } from '../../test/support/count-sql.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { portfolios } from './subgraph.ts'

let fleet: TestFleet
let sql: CountedStore
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  sql = countSql(fleet.store)
  subgraph = await openSubgraph(portfolios, {
    store: sql.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => fleet?.close())

describe('a portfolio', () => {
  it('is read with its positions, their values and weights', async () => {
    const { portfolio } = await ask(
      subgraph,
      `{ portfolio(id: "balanced-demo") { title currency value { asOf value currency findings { code } }
           positions { quantity price priceDate value weight instrument { id currency } } instruments { id assetClass economy { id } } } }`,
    )
    expect(portfolio.value).toMatchObject({ asOf: '2024-12-31', currency: 'USD', findings: [] })
    const sum = (of: string) =>
      portfolio.positions.reduce((total: number, p: Record<string, number>) => total + p[of]!, 0)
    expect(sum('value')).toBeCloseTo(portfolio.value.value, 6)
    expect(sum('weight')).toBeCloseTo(1, 12)
    expect(portfolio.instruments[0]).toEqual({ id: 'us-equity', assetClass: 'EQUITY', economy: { id: 'USA' } })
  })

  it('is worth something else on another day', async () => {
    const { portfolio } = await ask(
      subgraph,
      '{ portfolio(id: "balanced-demo") { now: value { value } then: value(asOf: "2023-06-30") { asOf value } } }',
    )
    expect(portfolio.then.asOf).toBe('2023-06-30')
    expect(portfolio.then.value).not.toBe(portfolio.now.value)
  })

  it('says that its prices are generated', async () => {
    const { instrument } = await ask(
      subgraph,
      '{ instrument(id: "us-equity") { prices(from: "2024-12-01", every: 5) { dates prices origin currency } factors { variable beta standardError assumed provenance } } }',
    )
    expect(instrument.prices).toMatchObject({ origin: 'GENERATED', currency: 'USD' })
    expect(instrument.prices.dates).toHaveLength(instrument.prices.prices.length)
    expect(instrument.factors[0]).toMatchObject({ variable: 'gdp', assumed: true })
  })
})

describe('what an economy gains', () => {
  it('is its instruments and the portfolios that hold them, by pages', async () => {
    const economy = await askEntity(
      subgraph,
      { __typename: 'Economy', id: 'AUS' },
      'instruments(first: 1) { totalCount edges { node { id } cursor } pageInfo { hasNextPage endCursor } } exposedPortfolios { edges { node { id title } } }',
    )
    expect(economy.instruments).toMatchObject({
      totalCount: 2,
      edges: [{ node: { id: 'au-equity' } }],
      pageInfo: { hasNextPage: true },
    })
    expect(economy.exposedPortfolios.edges.map((e: { node: { id: string } }) => e.node.id)).toContain('balanced-demo')
    const next = await askEntity(
      subgraph,
      { __typename: 'Economy', id: 'AUS' },
      `instruments(after: "${economy.instruments.pageInfo.endCursor}") { edges { node { id } } pageInfo { hasNextPage } }`,
    )
    expect(next.instruments).toEqual({ edges: [{ node: { id: 'aud-usd' } }], pageInfo: { hasNextPage: false } })
  })

  it('is nothing for an economy without instruments', async () => {
    const economy = await askEntity(
      subgraph,
      { __typename: 'Economy', id: 'FRA' },
      'instruments { totalCount } exposedPortfolios { totalCount }',
    )
    expect(economy).toEqual({ instruments: { totalCount: 0 }, exposedPortfolios: { totalCount: 0 } })
  })
})

describe('lists', () => {
  it('cost the same number of statements for several portfolios as for one', async () => {
    const fields =
      'title value { value } positions { weight instrument { id prices { prices } economy { id } } } instruments { name }'
    const statements = async (query: string) => {
      sql.take()
      await ask(subgraph, query)
      return sql.take().length
    }
    for (const [id, instrumentId] of [
      ['second', 'us-equity'],
      ['third', 'au-equity'],
    ])
      await ask(
        subgraph,
        'mutation ($input: CreatePortfolioInput!) { createPortfolio(input: $input) { portfolio { id } } }',
        {
          variables: { input: { id, title: id, currency: 'USD', positions: [{ instrumentId, quantity: 1 }] } },
        },
      )
    expect((await ask(subgraph, '{ portfolios { totalCount } }')).portfolios.totalCount).toBe(3)
    const one = await statements(`{ portfolio(id: "balanced-demo") { ${fields} } }`)
    // The list itself is read and counted, where the one is only read.
    expect(await statements(`{ portfolios { edges { node { ${fields} } } } }`)).toBeLessThanOrEqual(one + 1)
    expect(one).toBeLessThanOrEqual(6)
  })

  it('show a tenant nothing of another', async () => {
    expect(
      await ask(subgraph, '{ portfolios { totalCount } instruments { totalCount } }', { tenant: 'other' }),
    ).toEqual({ portfolios: { totalCount: 0 }, instruments: { totalCount: 0 } })
    expect(
      await askForErrors(subgraph, '{ portfolio(id: "balanced-demo") { id } }', { tenant: 'other' }),
    ).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  it.each([
    ['an unknown portfolio', '{ portfolio(id: "none") { id } }', 'NOT_FOUND', 'id'],
    ['an unknown instrument', '{ instrument(id: "none") { id } }', 'NOT_FOUND', 'id'],
    [
      'a day that is none',
      '{ portfolio(id: "balanced-demo") { value(asOf: "yesterday") { value } } }',
      'BAD_INPUT',
      'asOf',
    ],
    ['every 0-th price', '{ instrument(id: "us-equity") { prices(every: 0) { prices } } }', 'BAD_INPUT', 'every'],
    [
      'a confidence of 1',
      '{ portfolio(id: "balanced-demo") { riskRun(confidence: 1) { id } } }',
      'BAD_INPUT',
      'confidence',
    ],
    [
      'a horizon of nothing',
      '{ portfolio(id: "balanced-demo") { riskRun(horizonDays: 0) { id } } }',
      'BAD_INPUT',
      'horizonDays',
    ],
    ['a page of 501', '{ portfolios(first: 501) { totalCount } }', 'BAD_INPUT', 'first'],
  ])('refuse %s and name the place and the fix', async (_, query, code, path) => {
    const [error] = await askForErrors(subgraph, query)
    expect(error).toMatchObject({ code, detail: { path, suggestion: expect.any(String) } })
  })
})
