// Who waits for a result is woken by the end of the run: a look now and then is only for what was not heard.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensemble, expected, openFleet, SINKING, type TestFleet, toiling } from '../../test/support/fleet.ts'
import { lower } from '../model/lowering/lower.ts'

/** Far longer than a test may take: whoever only looks is not through in time. */
const NEVER_MS = 3_600_000

describe('who waits for a run', () => {
  let fleet: TestFleet
  beforeAll(async () => {
    fleet = await openFleet({ workers: 0, dispatch: { pollMs: NEVER_MS } })
  })
  afterAll(() => fleet?.close())

  const settled = (id: string) => fleet.dispatch.settled('local', id, NEVER_MS)

  it('is woken with the result, by whoever asked for it', async () => {
    const question = ensemble({ shards: 2 })
    const runs = [await fleet.dispatch.submit(question), await fleet.dispatch.submit(question)]
    const results = Promise.all(runs.map(({ id }) => settled(id)))
    await fleet.startWorker()
    const given = expected(question)
    expect(await results).toEqual([given, given])
  })

  it('is woken by a failure', async () => {
    const columns = { reserve: new Float64Array(64).fill(3) }
    const question = ensemble({ plan: lower(SINKING), columns, lanes: 64, result: { kind: 'LANES' } })
    const run = await fleet.dispatch.submit(question)
    await expect(settled(run.id)).rejects.toMatchObject({ code: 'NOT_A_NUMBER' })
  })

  it('is woken by a cancellation, also where others share the job', async () => {
    const question = ensemble({ plan: toiling(200_000), lanes: 64, seed: '8' })
    const [mine, theirs] = [await fleet.dispatch.submit(question), await fleet.dispatch.submit(question)]
    const waited = expect(settled(mine.id)).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await fleet.dispatch.cancel('local', mine.id)
    await waited
    await fleet.dispatch.cancel('local', theirs.id)
  })
})
