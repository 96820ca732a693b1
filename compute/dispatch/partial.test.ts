// Partial results: exact over the lanes stored, the same bits for the same shards, and what stands where there is nothing.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import {
  ensemble,
  eventsUntilEnd,
  expected,
  type FleetOptions,
  openFleet,
  type TestFleet,
  taxes,
} from '../../test/support/fleet.ts'
import { taxPopulation } from '../../test/support/tax-population.ts'
import { quantile } from '../model/math/quantile.ts'
import { interpret } from '../reference/interpret.ts'
import { moments } from '../reference/stats.ts'
import { failShard } from './isolate.ts'
import type { EnsembleResult, LanesResult, RunRecord, Submission } from './port.ts'
import { discardOld } from './retention.ts'
import { cutLanes } from './shards.ts'

let database: TestStore
let fleet: TestFleet
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
})
afterEach(() => fleet?.close())
afterAll(() => database?.drop())

const open = async (options: FleetOptions = {}) => {
  fleet = await openFleet({
    store: database.store,
    workers: 0,
    ...options,
    dispatch: { sweeps: false, ...options.dispatch },
  })
  return fleet
}
const question = ensemble({ shards: 6 })

/** A run whose shards are all done but these. */
async function runWithout(submission: Submission, failed: readonly number[]): Promise<RunRecord> {
  const run = await fleet.dispatch.submit(submission)
  const [row] = await fleet.store.query<{ job_id: string }>('select job_id from fleet.run where run_id = $1', [run.id])
  const job = { tenant: 'local', jobId: row!.job_id }
  const error = { code: 'KERNEL_FAILED', message: 'it trapped', detail: {} } as const
  for (const shard of failed)
    await failShard({ ...fleet, clock, log: silentLog }, job, error, { shard, body: new Uint8Array() })
  await fleet.startWorker()
  await eventsUntilEnd(fleet.bus, 'local', run.id)
  return run
}

/** The values that the interpreter gives these shards, row by row. */
function rowsOf({ plan, lanes, seed = '0' }: Submission, shards: readonly number[], of: number): Float64Array[] {
  const ranges = cutLanes(lanes, of)
  const parts = shards.map((shard) => interpret({ plan, inputs: {}, series: {} }, {}, ranges[shard]!, seed).values)
  const sizes = shards.map((shard) => ranges[shard]!.to - ranges[shard]!.from)
  const rows = parts[0]!.length / sizes[0]!
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(parts.flatMap((part, i) => [...part.subarray(row * sizes[i]!, (row + 1) * sizes[i]!)])),
  )
}

describe('a partial result', () => {
  it('is exact over the lanes of the shards stored, of a run that failed too', async () => {
    await open()
    const run = await runWithout(question, [1, 4])
    const partial = (await fleet.dispatch.partial('local', run.id))!
    const ranges = cutLanes(question.lanes, 6).filter((_, shard) => shard !== 1 && shard !== 4)
    expect(partial).toMatchObject({ shards: [0, 2, 3, 5], ranges, complete: false })
    expect(partial.lanes).toBe(ranges.reduce((sum, { from, to }) => sum + to - from, 0))
    const rows = rowsOf(question, [0, 2, 3, 5], 6)
    const result = partial.result as EnsembleResult
    expect(result.mean).toEqual(Float64Array.from(rows, (row) => moments(row).mean))
    expect(result.sd).toEqual(Float64Array.from(rows, (row) => moments(row).sd))
    const sorted = rows.map((row) => row.slice().sort())
    expect(result.quantiles[1]).toEqual(Float64Array.from(sorted, (row) => quantile(row, 0.5)))
  })

  it('has the same bits for the same shards, in whatever order they were computed', async () => {
    await open()
    const run = await runWithout(question, [0])
    const partial = await fleet.dispatch.partial('local', run.id)
    expect(await fleet.dispatch.partial('local', run.id)).toEqual(partial)
    // The same shards, computed anew by two workers after they were thrown away.
    await fleet.store.query('delete from fleet.shard_result where shard <> 3')
    await fleet.startWorker()
    const again = await fleet.dispatch.redrive('local', run.id, 0)
    await fleet.dispatch.settled('local', again.id)
    expect((await fleet.dispatch.partial('local', run.id))?.result).toEqual(expected(question))
  })

  it('gives of rows of data those that are there', async () => {
    await open()
    const rows = taxes(64 * 4, { shards: 4 })
    const run = await runWithout(rows, [2])
    const partial = (await fleet.dispatch.partial('local', run.id))!
    const { values } = expected(rows) as LanesResult
    const there = [...values.subarray(0, 128), ...values.subarray(192)]
    expect([...(partial.result as LanesResult).values]).toEqual(there)
    expect(partial).toMatchObject({ lanes: 192, shards: [0, 1, 3] })
  })

  it('is the whole result once there is one', async () => {
    await open({ workers: 1 })
    const run = await fleet.dispatch.submit(question)
    await fleet.dispatch.settled('local', run.id)
    expect(await fleet.dispatch.partial('local', run.id)).toMatchObject({
      result: expected(question),
      lanes: 1000,
      shards: [0, 1, 2, 3, 4, 5],
      complete: true,
    })
  })

  it('is none before the first shard is done, and once what was left has been thrown away', async () => {
    await open()
    const run = await fleet.dispatch.submit(question)
    expect(await fleet.dispatch.partial('local', run.id)).toBeUndefined()
    const failed = await runWithout(ensemble({ shards: 6, seed: '7' }), [2])
    expect((await fleet.dispatch.partial('local', failed.id))?.shards).toHaveLength(5)
    await fleet.store.query(`update fleet.job set finished_at = now() - interval '25 hours'`)
    await discardOld(fleet.store)
    expect(await fleet.dispatch.partial('local', failed.id)).toBeUndefined()
  })

  it('is of a cancelled run what it had computed', async () => {
    await open()
    const run = await runWithout(question, [5])
    await fleet.store.query(`update fleet.job set status = 'CANCELLED', error = null`)
    await fleet.store.query(`update fleet.run set cancelled_at = now()`)
    expect(await fleet.dispatch.partial('local', run.id)).toMatchObject({ shards: [0, 1, 2, 3, 4], complete: false })
  })

  it('is refused for a population, and not found by another tenant', async () => {
    await open()
    const population = await fleet.dispatch.submit(taxPopulation(200))
    await expect(fleet.dispatch.partial('local', population.id)).rejects.toMatchObject({
      code: 'CONSTRUCT_UNSUPPORTED',
    })
    await expect(fleet.dispatch.partial('acme', population.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
