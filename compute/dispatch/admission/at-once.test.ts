// How many simulations of a tenant go on at a time, by what its tier allows.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freshStore, type TestStore } from '../../../test/support/database.ts'
import { ensemble, openFleet, type TestFleet, toiling } from '../../../test/support/fleet.ts'
import type { Submission } from '../port.ts'

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
afterAll(() => database?.drop())

let seeds = 0
const question = (atOnce: number | undefined, more: Partial<Submission> = {}) =>
  ensemble({
    ...{ plan: toiling(10), lanes: 8, seed: `${++seeds}`, kind: 'SIMULATION', ...more },
    asker: atOnce === undefined ? {} : { atOnce: { SIMULATION: atOnce } },
  })
const open = async () => {
  fleet = await openFleet({ store: database.store, workers: 0, dispatch: { sweeps: false } })
  return fleet.dispatch
}

describe('scenarios at once', () => {
  it('are refused beyond the limit, with when to come again, and let in when one has ended', async () => {
    const dispatch = await open()
    const tenant = 'one'
    const first = await dispatch.submit(question(1, { tenant }))
    await expect(dispatch.submit(question(1, { tenant }))).rejects.toMatchObject({
      code: 'OVERLOADED',
      detail: { limit: 1, underWay: 1, retryAfterMs: expect.any(Number), suggestion: expect.any(String) },
    })
    await dispatch.cancel(tenant, first.id)
    expect((await dispatch.submit(question(1, { tenant }))).status).toBe('QUEUED')
  })

  it('are counted by tenant and kind, and an equal question under way takes no place', async () => {
    const dispatch = await open()
    const tenant = 'two'
    const asked = question(1, { tenant })
    await dispatch.submit(asked)
    expect((await dispatch.submit(asked)).status).toBe('QUEUED')
    expect((await dispatch.submit(question(1, { tenant: 'three' }))).status).toBe('QUEUED')
    expect((await dispatch.submit(question(1, { tenant, kind: 'RISK' }))).status).toBe('QUEUED')
    expect((await dispatch.submit(question(undefined, { tenant }))).status).toBe('QUEUED')
  })

  it('are never more than the limit, also where many are asked for in one moment', async () => {
    const dispatch = await open()
    const tenant = 'four'
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => dispatch.submit(question(3, { tenant }))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'OVERLOADED', detail: { limit: 3 } })
  })
})
