// Commands of those who keep a fleet, against a server that runs and against a data directory that nobody holds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { packageFile } from '../../infra/paths.ts'
import { runningBundled } from '../../infra/store/bundled.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { startCommand } from '../support/command.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const directory = mkdtempSync(join(tmpdir(), 'quesnay-fleet-'))
const data = join(directory, 'data')
let server: ServerProcess
let store: Store
beforeAll(async () => {
  server = await startServer([], { QUESNAY_DATA: data })
  store = await openStore(runningBundled(data)!, { log: silentLog, poolSize: 2 })
})
afterAll(async () => {
  await store?.close()
  await server?.interrupt()
  rmSync(directory, { recursive: true, force: true })
})

const quesnay = (...args: string[]) => startCommand(args, { QUESNAY_DATA: data }).ended
const json = async (...args: string[]) => JSON.parse((await quesnay(...args, '--json')).out)
const scenario = packageFile('examples', 'scenario.yaml')

describe('quesnay tenant', () => {
  it('sets limits beside a server that runs, shows them, and takes them back', async () => {
    expect(await json('tenant', 'set', 'acme', '--in-flight', '64', '--compute-seconds-per-day', '3600')).toEqual({
      tenant: 'acme',
      limits: {
        shardsInFlight: 64,
        shardsWaiting: 20_000,
        jobsRunning: null,
        computeSecondsPerDay: 3600,
        secondsPerQuestion: 36_000,
        weight: 1,
      },
      shards: 0,
      usedSeconds: 0,
      reservedSeconds: 0,
    })
    const { defaults, tenants } = await json('tenant', 'limits')
    expect(defaults).toMatchObject({ shardsWaiting: 20_000, weight: 1 })
    expect(tenants).toMatchObject([{ tenant: 'acme' }])
    await quesnay('tenant', 'set', 'acme', '--in-flight', 'default')
    expect(await json('tenant', 'limits', 'acme')).toMatchObject({
      limits: { shardsInFlight: null, computeSecondsPerDay: 3600 },
    })
    const { out } = await quesnay('tenant', 'limits')
    expect(out).toMatch(/^tenant +in flight +waiting .*\n-.*\n\(default\) +by fleet +20000 .*\nacme +by fleet /)
  })

  it.each([
    [['tenant', 'set', 'acme'], 'nothing to set'],
    [['tenant', 'set', 'acme', '--jobs', '0'], 'jobsRunning must be a whole number from 1'],
    [['tenant', 'set', 'acme', '--weight', '-1'], 'weight must be a number above 0'],
    [['tenant', 'set', 'acme', '--in-flight', 'many'], 'whole number'],
    [['tenant', 'limits', 'Acme Inc.'], 'is no tenant'],
  ])('refuses %j', async (args, why) => {
    const { code, err } = await quesnay(...args)
    expect([code, err]).toEqual([1, expect.stringContaining(why)])
  })

  it('holds from the next question on, and says what to do', async () => {
    await quesnay('tenant', 'set', 'local', '--seconds-per-question', '0.000001')
    const refused = await quesnay('run', scenario)
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/LIMIT_EXCEEDED: the question is estimated to compute .* s; the limit is 0\.000001 s/)
    await quesnay('tenant', 'set', 'local', '--seconds-per-question', 'default')
    expect((await quesnay('run', scenario, '--quiet')).code).toBe(0)
  })
})

describe('quesnay tenant seed', () => {
  it('gives a tenant the shipped figures beside a server that has answered it without them, and changes nothing the second time', async () => {
    const token = (await quesnay('token', '--tenant', 'acme', '--scopes', '*', '--tier', 'enterprise')).out.trim()
    const counts = async () => {
      const text =
        '{ economies { totalCount } mechanismBanks { totalCount } parameterTrees { id } portfolios { totalCount } }'
      const asked = startCommand(['query', '-', '--json'], { QUESNAY_DATA: data, QUESNAY_TOKEN: token }, text)
      const { economies, mechanismBanks, parameterTrees, portfolios } = JSON.parse((await asked.ended).out).data
      return [economies, mechanismBanks, portfolios].map((one) => one.totalCount).concat(parameterTrees.length)
    }
    expect(await counts()).toEqual([0, 0, 0, 0])
    expect(await json('tenant', 'seed', 'acme')).toEqual({ seeded: 'acme' })
    await vi.waitFor(async () => expect(await counts()).toEqual([2, 1, 1, 2]), { timeout: 30_000, interval: 500 })
    expect((await quesnay('tenant', 'seed', 'acme')).out).toBe('acme has the figures that Quesnay ships\n')
    expect(await counts()).toEqual([2, 1, 1, 2])
    expect((await quesnay('tenant', 'seed', 'Acme Inc.')).err).toContain('is no tenant')
  })
})

describe('quesnay redrive', () => {
  it('sends what failed once more and follows the run to the bits that it had', async () => {
    const run = await json('run', scenario, '--shards', '3')
    expect(run.status).toBe('SUCCEEDED')
    // As if the second shard had ended its workers.
    await store.query(
      `with mine as (select tenant, job_id from fleet.run where run_id = $1),
       gone as (delete from fleet.shard_result r using mine m where r.job_id = m.job_id returning r.job_id),
       unsaid as (delete from fleet.result r using mine m where r.job_id = m.job_id),
       unseries as (delete from fleet.result_series r using mine m where r.job_id = m.job_id),
       failed as (update fleet.shard s set status = 'FAILED' from mine m where s.job_id = m.job_id and s.shard = 1)
       update fleet.job j set status = 'FAILED', result_hash = null, shards_failed = 1,
         error = '{"code":"KERNEL_FAILED","message":"shard 1 ended 2 workers","detail":{"shards":[1]}}'
       from mine m where j.job_id = m.job_id`,
      [run.id],
    )
    const wrong = await quesnay('redrive', run.id, '--shard', '7')
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('the shard 7 of this run has not failed')])
    const again = await json('redrive', run.id)
    expect(again).toMatchObject({ id: run.id, status: 'SUCCEEDED', resultHash: run.resultHash })
    const nothing = await quesnay('redrive', run.id)
    expect([nothing.code, nothing.err]).toEqual([0, expect.stringContaining('no shard of the run has failed')])
  })

  it('says so where there is no such run', async () => {
    const { code, err } = await quesnay('redrive', 'nobody')
    expect([code, err]).toEqual([1, expect.stringContaining('NOT_FOUND')])
  })
})

describe('without a server', () => {
  it('a limit is set on the data directory itself, which is left free', async () => {
    const own = { QUESNAY_DATA: join(directory, 'own') }
    const { code, out } = await startCommand(['tenant', 'set', 'acme', '--weight', '2', '--json'], own).ended
    expect([code, JSON.parse(out).limits.weight]).toEqual([0, 2])
    expect(runningBundled(own.QUESNAY_DATA)).toBeUndefined()
  })
})
