// Economies over a real PostgreSQL: seeding, imports in one transaction, tenants apart.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { readShipped, seedEconomies } from './seed.ts'
import { type DatasetImport, EconomiesStore } from './store.ts'

let database: TestStore
let store: EconomiesStore

beforeAll(async () => {
  database = await freshStore()
  store = await EconomiesStore.open(database.store)
})
afterAll(() => database.drop())

const count = async (table: string, tenant: string) => {
  const [row] = await database.store.query<{ n: number }>(
    `select count(*) as n from economies.${table} where tenant = $1`,
    [tenant],
  )
  return row!.n
}

describe('seedEconomies', () => {
  it('stores every shipped figure, and once however often and at once it runs', async () => {
    const clock = manualClock()
    await Promise.all([1, 2, 3].map(() => seedEconomies(store, clock, 'seeded')))
    await seedEconomies(store, clock, 'seeded')
    expect(await count('economy', 'seeded')).toBe(2)
    expect(await count('dataset', 'seeded')).toBe(2)
    expect(await count('series', 'seeded')).toBe(21)
    expect(await count('observation', 'seeded')).toBe(228 * 12 + 241 * 9)
  })

  it('gives figures back to the bit', async () => {
    const { spec, columns } = await readShipped('us-circular-flow')
    const stored = await store.observations(
      'seeded',
      spec.series.map(({ name }) => `${spec.id}/${name}`),
    )
    for (const { name, periods, values } of columns) {
      const series = stored.find(({ seriesId }) => seriesId === `${spec.id}/${name}`)!
      expect(series.periods).toEqual(periods)
      expect(series.values).toEqual(values)
    }
  })

  it('states origin, licence, unit and date of every series', async () => {
    for (const series of await store.seriesOf('seeded', ['us-circular-flow@2024-q4', 'au-circular-flow@2019-q3'])) {
      expect(series.retrieved).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      for (const text of [series.origin, series.licence, series.unit, series.label])
        expect(text.length).toBeGreaterThan(3)
    }
  })
})

describe('importDataset', () => {
  const small = (more: Partial<DatasetImport> = {}, value = 1): DatasetImport => ({
    economy: { id: 'NZL', name: 'New Zealand', currency: 'NZD' },
    spec: {
      id: 'nz@1',
      title: 'Test',
      frequency: 'ANNUAL',
      incomeMeasure: 'GDP',
      governmentScope: 'CONSUMPTION',
      discrepancy: null,
      series: [
        {
          name: 'gdp',
          role: 'GDP',
          label: 'GDP',
          unit: 'NZD bn',
          kind: 'FLOW',
          priceBasis: 'CURRENT',
          precision: null,
          origin: 'a test',
          licence: 'CC0',
          retrieved: '2024-12-31',
        },
      ],
    },
    columns: [{ name: 'gdp', periods: ['2024'], values: [value] }],
    makeDefault: false,
    createdAt: new Date(0),
    ...more,
  })

  it('makes a new economy with its first dataset, and leaves that one standing after a second', async () => {
    await store.importDataset('one', small())
    await store.importDataset('one', small({ spec: { ...small().spec, id: 'nz@2' } }))
    expect(await store.economies('one', ['NZL'])).toMatchObject([{ name: 'New Zealand', defaultDatasetId: 'nz@1' }])
    await store.importDataset('one', small({ spec: { ...small().spec, id: 'nz@3' }, makeDefault: true }))
    expect(await store.economies('one', ['NZL'])).toMatchObject([{ defaultDatasetId: 'nz@3' }])
  })

  it('takes the same content twice and refuses other content under an id that stands', async () => {
    await store.importDataset('one', small())
    await expect(store.importDataset('one', small({}, 2))).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    expect((await store.observations('one', ['nz@1/gdp']))[0]!.values).toEqual([1])
  })

  it('stores nothing at all where one value cannot be stored', async () => {
    const broken = small({ columns: [{ name: 'gdp', periods: ['2024', '2024'], values: [1, 2] }] })
    await expect(store.importDataset('two', broken)).rejects.toThrow()
    for (const table of ['economy', 'dataset', 'series', 'observation']) expect(await count(table, 'two')).toBe(0)
  })

  it('keeps tenants apart', async () => {
    await store.importDataset('three', small({}, 7))
    expect((await store.observations('three', ['nz@1/gdp']))[0]!.values).toEqual([7])
    expect((await store.observations('one', ['nz@1/gdp']))[0]!.values).toEqual([1])
    expect(await store.datasets('nobody', ['nz@1'])).toEqual([])
    expect(await store.datasetPage('three', 10)).toMatchObject({ totalCount: 1 })
  })

  it('pages by id with one row more than asked', async () => {
    expect((await store.datasetPage('one', 1)).rows.map(({ id }) => id)).toEqual(['nz@1', 'nz@2'])
    expect((await store.datasetPage('one', 1, 'nz@2')).rows.map(({ id }) => id)).toEqual(['nz@3'])
  })
})
