// Banks over a real PostgreSQL: versions that never change, one transaction, tenants apart, pages, seeding.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import type { Bank } from './rules/bank.ts'
import { networkOf, rowsOf } from './rules/bank-rows.ts'
import { compileBank } from './rules/compile-bank.ts'
import { readShipped, seedMechanisms } from './seed.ts'
import { MechanismsStore } from './store.ts'

let database: TestStore
let store: MechanismsStore
let shipped: Bank

beforeAll(async () => {
  database = await freshStore()
  store = await MechanismsStore.open(database.store)
  shipped = (await readShipped('us-health.yaml')).bank!
})
afterAll(() => database.drop())

const AT = new Date(1_700_000_000_000)

const count = async (table: string, tenant: string) => {
  const [row] = await database.store.query<{ n: number }>(
    `select count(*) as n from mechanisms.${table} where tenant = $1`,
    [tenant],
  )
  return row!.n
}

describe('seedMechanisms', () => {
  it('stores the shipped bank, and once however often and at once it runs', async () => {
    const clock = manualClock()
    await Promise.all([1, 2, 3].map(() => seedMechanisms(store, clock, 'seeded')))
    await seedMechanisms(store, clock, 'seeded')
    expect(await count('bank', 'seeded')).toBe(1)
    expect(await count('node', 'seeded')).toBe(shipped.nodes.length)
    expect(await count('mechanism', 'seeded')).toBe(shipped.mechanisms.length)
    expect(await count('study', 'seeded')).toBe(shipped.studies.length)
    expect(await count('citation', 'seeded')).toBe(shipped.mechanisms.reduce((sum, m) => sum + m.citations.length, 0))
  })

  it('gives back a bank that compiles to the same model, byte for byte', async () => {
    const [row] = await store.banks('seeded', ['us-health@1.0.0'])
    const stored = networkOf(row!, await store.network('seeded', row!.id))
    expect(compileBank(stored).model).toEqual(compileBank(shipped).model)
  })
})

describe('insertBank', () => {
  const rows = (bank: Bank, tenant: string) => rowsOf(bank, [], tenant, AT)

  it('says that the same content stood already, and refuses other content under the same id', async () => {
    expect(await store.insertBank(rows(shipped, 'twice'))).toBe(true)
    expect(await store.insertBank(rows(shipped, 'twice'))).toBe(false)
    const other = { ...shipped, title: 'other' }
    await expect(store.insertBank(rows(other, 'twice'))).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    expect(await store.insertBank(rows({ ...other, version: '1.0.1' }, 'twice'))).toBe(true)
    // Studies are shared by the versions.
    expect(await count('study', 'twice')).toBe(shipped.studies.length)
    expect(await count('mechanism', 'twice')).toBe(2 * shipped.mechanisms.length)
  })

  it('leaves nothing behind where a row fails', async () => {
    const { mechanisms, ...rest } = rows(shipped, 'broken')
    const broken = {
      ...rest,
      mechanisms: [...mechanisms.slice(1), { ...mechanisms[0]!, toId: 'us-health@1.0.0/nowhere' }],
    }
    await expect(store.insertBank(broken)).rejects.toThrow(/foreign key/)
    for (const table of ['bank', 'node', 'mechanism', 'study', 'citation'])
      expect(await count(table, 'broken'), table).toBe(0)
  })

  it('keeps tenants apart', async () => {
    await store.insertBank(rows(shipped, 'mine'))
    expect(await store.banks('theirs', ['us-health@1.0.0'])).toEqual([])
    expect(await store.nodes('theirs', ['us-health@1.0.0/binge_drinking'])).toEqual([])
    const pages = await store.mechanismPages('theirs', 'BANK', ['us-health@1.0.0'], {}, { first: 5 })
    expect(pages.get('us-health@1.0.0')).toEqual({ ids: [], totalCount: 0 })
    expect((await store.bankPage('theirs', { first: 5 })).totalCount).toBe(0)
  })
})

describe('pages', () => {
  it('hold each mechanism once, in the order of ids, whatever their size', async () => {
    const ids: string[] = []
    for (let after: string | undefined; ; after = ids.at(-1)) {
      const page = await store.mechanismPages('seeded', 'BANK', ['us-health@1.0.0'], {}, { first: 50, after })
      const { ids: found, totalCount } = page.get('us-health@1.0.0')!
      expect(totalCount).toBe(shipped.mechanisms.length)
      ids.push(...found.slice(0, 50))
      if (found.length <= 50) break
    }
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(shipped.mechanisms.length)
  })

  it('tell the length of the list also after its end', async () => {
    const pages = await store.mechanismPages('seeded', 'BANK', ['us-health@1.0.0'], {}, { first: 5, after: 'zzz' })
    expect(pages.get('us-health@1.0.0')).toEqual({ ids: [], totalCount: shipped.mechanisms.length })
  })

  it('hold an economy’s mechanisms of the newest version of each bank only', async () => {
    const at = (version: string, day: number, geography: string[]) =>
      store.insertBank(
        rowsOf({ ...shipped, version, geography }, [], 'versions', new Date(AT.getTime() + day * 86_400_000)),
      )
    await at('1.0.0', 0, ['USA', 'CAN'])
    await at('1.1.0', 1, ['USA'])
    const pages = await store.mechanismPages('versions', 'ECONOMY', ['USA', 'CAN', 'FRA'], {}, { first: 1 })
    expect([...pages].map(([economy, { totalCount }]) => [economy, totalCount])).toEqual([
      ['USA', shipped.mechanisms.length],
      ['CAN', 0],
      ['FRA', 0],
    ])
    expect(pages.get('USA')!.ids[0]).toMatch(/^us-health@1\.1\.0\//)
  })
})
