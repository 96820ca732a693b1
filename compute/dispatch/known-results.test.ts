// Results that are read once: by their hash, for all runs of a tenant, within their room, and never those of another tenant.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../infra/store/port.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { ensemble, openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { KnownResults } from './known-results.ts'
import { loadRun } from './runs.ts'

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
afterAll(() => database?.drop())

/** A fleet that has answered some questions, and how often the bytes of results were read by what is opened over the store. */
async function opened(maxBytes?: number) {
  fleet = await openFleet({ store: database.store })
  let reads = 0
  const store: Pick<Store, 'query' | 'bytes' | 'transaction'> = {
    query: (...args) => fleet.store.query(...args),
    transaction: (...args) => fleet.store.transaction(...args),
    bytes: (...args) => {
      reads++
      return fleet.store.bytes(...args)
    },
  }
  const results = new KnownResults({ store, metrics: fleet.metrics }, maxBytes)
  return {
    run: async (tenant: string, seed = '7') => {
      const run = await fleet.dispatch.submit({ ...ensemble({ shards: 1, seed }), tenant })
      await fleet.dispatch.settled(tenant, run.id)
      return loadRun(fleet.store, tenant, run.id)
    },
    results,
    reads: () => reads,
  }
}

describe('results', () => {
  it('are read once for two runs with one hash, also where these ask at one time', async () => {
    const { run, results, reads } = await opened()
    const [first, second] = [await run('acme'), await run('acme')]
    expect(first.run.id).not.toBe(second.run.id)
    const [one, other] = await Promise.all([results.of(first), results.of(second)])
    expect(other).toBe(one)
    expect(await results.of(first)).toEqual(await fleet.dispatch.result('acme', second.run.id))
    expect(reads()).toBe(1)
  })

  it('are not those of another tenant, though the hash is the same', async () => {
    const { run, results, reads } = await opened()
    const [ours, theirs] = [await run('acme'), await run('other')]
    expect(theirs.run.resultHash).toBe(ours.run.resultHash)
    expect(await results.of(theirs)).not.toBe(await results.of(ours))
    expect(reads()).toBe(2)
  })

  it('are read again where they take more than their room', async () => {
    const { run, results, reads } = await opened(64)
    const one = await run('acme')
    expect(await results.of(one)).toEqual(await results.of(one))
    expect(reads()).toBe(2)
  })

  it('are refused where there are none, each time, and given once they are there', async () => {
    const { run, results } = await opened()
    const one = await run('acme')
    const [kept] = await fleet.store.query<{ rows: string }>('select json_agg(r)::text as rows from fleet.result r')
    await fleet.store.query('delete from fleet.result')
    for (let i = 0; i < 2; i++) await expect(results.of(one)).rejects.toMatchObject({ code: 'RUN_NOT_FINISHED' })
    await fleet.store.query('insert into fleet.result select * from json_populate_recordset(null::fleet.result, $1)', [
      kept!.rows,
    ])
    expect((await results.of(one)).kind).toBe('ENSEMBLE')
  })
})
