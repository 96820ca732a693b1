// What triggers tell of changed data, over a real PostgreSQL: in its transaction, whoever writes, by the ids that the graph knows.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cacheChanged, changeIn } from '../schema/cache-events.ts'
import { freshStore, type TestStore } from '../test/support/database.ts'

let database: TestStore
beforeAll(async () => {
  database = await freshStore()
})
afterAll(() => database.drop())
beforeEach(() => database.store.query('delete from events.outbox'))

async function told() {
  const rows = await database.store.query<{ tenant: string; subject: string; body: string }>(
    'select tenant, subject, body from events.outbox order by id',
  )
  expect(rows.map(({ subject }) => subject)).toEqual(rows.map(({ tenant }) => cacheChanged(tenant)))
  return rows.map(({ subject, body }) => changeIn(subject, new TextEncoder().encode(body)))
}

const studies = (tenant: string, count: number) =>
  `insert into mechanisms.study (tenant, id, citation) select '${tenant}', 's' || i, 'x' from generate_series(1, ${count}) i on conflict do nothing`

describe('data that is kept', () => {
  it('tells of what is made, changed and deleted, by tenant, and of nothing that stays as it is', async () => {
    const { store } = database
    await store.query(studies('acme', 2))
    await store.query(`update mechanisms.study set citation = 'y' where tenant = 'acme' and id = 's1'`)
    await store.query(studies('acme', 2))
    await store.query(studies('other', 1))
    await store.query('delete from mechanisms.study')
    const study = (id: string) => ({ type: 'Study', id })
    expect(await told()).toEqual([
      { tenant: 'acme', changed: [study('s1'), study('s2')] },
      { tenant: 'acme', changed: [study('s1')] },
      { tenant: 'other', changed: [study('s1')] },
      { tenant: 'acme', changed: [study('s1'), study('s2')] },
      { tenant: 'other', changed: [study('s1')] },
    ])
  })

  it('tells of many objects by their type alone', async () => {
    await database.store.query(studies('acme', 101))
    expect(await told()).toEqual([{ tenant: 'acme', changed: [{ type: 'Study' }] }])
    await database.store.query('delete from mechanisms.study')
  })

  it('tells of nothing that was rolled back', async () => {
    const work = database.store.transaction(async (sql) => {
      await sql.query(studies('acme', 1))
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await told()).toEqual([])
  })
})
