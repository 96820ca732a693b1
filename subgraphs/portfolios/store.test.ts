// Portfolios over a real PostgreSQL: seeding, imports in one transaction, tenants apart.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import type { InstrumentSpec } from './rules/check-prices.ts'
import { generatePrices } from './rules/price-generator.ts'
import { readExample, seedPortfolios } from './seed.ts'
import { PortfoliosStore } from './store.ts'

let database: TestStore
let store: PortfoliosStore

beforeAll(async () => {
  database = await freshStore()
  store = await PortfoliosStore.open(database.store)
})
afterAll(() => database.drop())

const count = async (table: string, tenant: string) => {
  const [row] = await database.store.query<{ n: number }>(
    `select count(*) as n from portfolios.${table} where tenant = $1`,
    [tenant],
  )
  return row!.n
}
const share = (id: string): InstrumentSpec => ({
  id,
  name: id,
  assetClass: 'EQUITY',
  currency: 'USD',
  baseCurrency: null,
  economyId: 'USA',
  duration: null,
  convexity: null,
  factors: [],
})
const column = (instrumentId: string, prices: Record<string, number>) => ({
  instrumentId,
  dates: Object.keys(prices),
  prices: Object.values(prices),
})
const spec = (id: string, ...positions: { instrumentId: string; quantity: number }[]) => ({
  id,
  title: 'Mine',
  description: null,
  currency: 'USD',
  positions,
})

describe('seedPortfolios', () => {
  it('stores the example, and once however often and at once it runs', async () => {
    const clock = manualClock()
    await Promise.all([1, 2, 3].map(() => seedPortfolios(store, clock, 'seeded')))
    await seedPortfolios(store, clock, 'seeded')
    expect(
      await Promise.all(['instrument', 'price', 'portfolio', 'position'].map((table) => count(table, 'seeded'))),
    ).toEqual([9, 6750, 1, 9])
  })

  it('stores the prices that the rule makes, to the bit, and marks them as generated', async () => {
    const { market } = await readExample()
    const { dates, prices } = generatePrices(market)
    for (const stored of await store.prices(
      'seeded',
      market.instruments.map(({ id }) => id),
    )) {
      expect(stored.origin).toBe('GENERATED')
      expect(stored.dates).toEqual(dates)
      expect(stored.prices).toEqual([...prices[stored.instrumentId]!])
    }
  })
})

describe('importPrices', () => {
  it('makes instruments, stores prices and says how many it replaced', async () => {
    const first = {
      instruments: [share('a')],
      columns: [column('a', { '2024-01-02': 1, '2024-01-03': 2 })],
      origin: 'IMPORTED' as const,
    }
    expect(await store.importPrices('one', first)).toBe(0)
    expect(
      await store.importPrices('one', {
        instruments: [],
        columns: [column('a', { '2024-01-03': 3, '2024-01-04': 4 })],
        origin: 'IMPORTED',
      }),
    ).toBe(1)
    expect(await store.prices('one', ['a'])).toEqual([
      { instrumentId: 'a', dates: ['2024-01-02', '2024-01-03', '2024-01-04'], prices: [1, 3, 4], origin: 'IMPORTED' },
    ])
  })

  it('drives generated prices out by imported ones, and never the other way', async () => {
    const generated = {
      instruments: [share('g')],
      columns: [column('g', { '2024-01-02': 1, '2024-01-03': 2 })],
      origin: 'GENERATED' as const,
    }
    await store.importPrices('one', generated)
    await store.importPrices('one', {
      instruments: [],
      columns: [column('g', { '2024-01-02': 9 })],
      origin: 'IMPORTED',
    })
    await store.importPrices('one', generated)
    expect(await store.prices('one', ['g'])).toEqual([
      { instrumentId: 'g', dates: ['2024-01-02'], prices: [9], origin: 'IMPORTED' },
    ])
  })

  it('stores nothing at all where one price cannot be stored', async () => {
    const broken = {
      instruments: [share('x')],
      columns: [column('x', { '2024-01-02': 1, '2024-01-03': -1 })],
      origin: 'IMPORTED' as const,
    }
    await expect(store.importPrices('two', broken)).rejects.toThrow()
    expect([await count('instrument', 'two'), await count('price', 'two')]).toEqual([0, 0])
  })
})

describe('insertPortfolio', () => {
  it('keeps the order of positions, takes the same content twice and refuses other content', async () => {
    await store.importPrices('three', { instruments: [share('z'), share('a')], columns: [], origin: 'IMPORTED' })
    const mine = spec('mine', { instrumentId: 'z', quantity: 1.5 }, { instrumentId: 'a', quantity: -2 })
    expect(await store.insertPortfolio('three', mine, new Date(0))).toEqual({ existed: false })
    expect(await store.insertPortfolio('three', mine, new Date(1))).toEqual({ existed: true })
    expect((await store.positionsOf('three', ['mine'])).map((p) => [p.instrumentId, p.quantity])).toEqual([
      ['z', 1.5],
      ['a', -2],
    ])
    await expect(store.insertPortfolio('three', { ...mine, title: 'Other' }, new Date(0))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    })
  })

  it('stores no portfolio where an instrument is not there', async () => {
    await expect(
      store.insertPortfolio('three', spec('broken', { instrumentId: 'none', quantity: 1 }), new Date(0)),
    ).rejects.toThrow()
    expect(await store.portfolios('three', ['broken'])).toEqual([])
  })
})

describe('tenants', () => {
  it('see nothing of each other', async () => {
    expect(await store.instruments('nobody', ['a'])).toEqual([])
    expect(await store.prices('nobody', ['a'])).toEqual([])
    expect(await store.portfolioPage('nobody', 10)).toEqual({ rows: [], totalCount: 0 })
    expect(await store.exposedTo('nobody', ['USA'])).toEqual([])
    await store.importPrices('four', {
      instruments: [share('a')],
      columns: [column('a', { '2024-01-02': 77 })],
      origin: 'IMPORTED',
    })
    expect((await store.prices('one', ['a']))[0]!.prices[0]).toBe(1)
  })
})
