// The store's contract.
import { describe, expect, it } from 'vitest'
import { withDatabase } from '../support/database.ts'

describe('store', () => {
  it('answers a query on a migrated database', async () => {
    const t0 = performance.now()
    await withDatabase(async (store) => {
      console.log('ms', performance.now() - t0)
      expect(await store.query('select count(*) as n from fleet.job')).toEqual([{ n: 0 }])
    })
    console.log('ms', performance.now() - t0)
  })
})
