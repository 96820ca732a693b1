// What the fleet promises, over each bus: the interpreter's bits, one job for equal questions, events, cancellation.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PopulationResult, RunRecord } from '../../compute/dispatch/port.ts'
import { lower } from '../../compute/model/lowering/lower.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { expectedPopulation } from '../support/expected-population.ts'
import {
  ensemble,
  eventsUntilEnd,
  expected,
  expectedHash,
  openFleet,
  SINKING,
  type TestFleet,
  taxes,
  toiling,
} from '../support/fleet.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { taxPopulation } from '../support/tax-population.ts'

const LIMITS = { ackWaitMs: 3000 }

describe.each(['memory', 'nats'] as const)('the fleet over the %s bus', (adapter) => {
  const lacks = adapter === 'nats' && lacksNatsServer()
  describe.skipIf(lacks)('', () => {
    let nats: TestNatsServer | undefined
    let fleet: TestFleet
    let dispatch: TestFleet['dispatch']

    beforeAll(async () => {
      nats = adapter === 'nats' ? await startTestNatsServer() : undefined
      const bus = nats && (await openNatsBus({ url: nats.url, clock, log: silentLog, limits: LIMITS }))
      fleet = await openFleet({
        ...(bus ? { bus } : {}),
        limits: LIMITS,
        workers: 2,
        worker: { ackWaitMs: LIMITS.ackWaitMs },
      })
      dispatch = fleet.dispatch
    })
    afterAll(async () => {
      await fleet?.close()
      await nats?.stop()
    })

    const untilRunning = async (run: RunRecord) => {
      for await (const { data } of await fleet.bus.listen(`qz.ev.local.run.${run.id}.state`, 0))
        if (JSON.parse(new TextDecoder().decode(data)).status === 'RUNNING') return
    }

    it('gives the result that the interpreter gives, to the bit', async () => {
      const question = ensemble()
      const run = await dispatch.submit(question)
      const result = await dispatch.settled('local', run.id)
      expect(result).toEqual(expected(question))
      const [ended] = await dispatch.load('local', [run.id])
      expect(ended).toMatchObject({
        status: 'SUCCEEDED',
        resultHash: expectedHash(question),
        cached: false,
        error: null,
      })
      expect(ended?.computeSeconds).toBeGreaterThan(0)
      expect(ended?.finishedAt?.getTime()).toBeGreaterThanOrEqual(ended?.startedAt?.getTime() ?? Infinity)
    })

    it('gives rows of data back row by row, cut into any shards', async () => {
      const question = taxes(1000, { shards: 5 })
      const run = await dispatch.submit(question)
      expect(run.shardsTotal).toBe(5)
      expect(await dispatch.settled('local', run.id)).toEqual(expected(question))
    })

    it('gives one result hash from 1 shard and from 16', async () => {
      const [one, sixteen] = await Promise.all([
        dispatch.submit(ensemble({ tenant: 'one', lanes: 2000, shards: 1 })),
        dispatch.submit(ensemble({ tenant: 'sixteen', lanes: 2000, shards: 16 })),
      ])
      expect([one.shardsTotal, sixteen.shardsTotal]).toEqual([1, 16])
      await Promise.all([dispatch.settled('one', one.id), dispatch.settled('sixteen', sixteen.id)])
      const [[a], [b]] = await Promise.all([dispatch.load('one', [one.id]), dispatch.load('sixteen', [sixteen.id])])
      expect(a?.resultHash).toBe(expectedHash(ensemble({ lanes: 2000 })))
      expect(b?.resultHash).toBe(a?.resultHash)
    })

    it('gives one lane, and an ensemble without quantiles', async () => {
      const question = ensemble({ lanes: 1, result: { kind: 'ENSEMBLE', probabilities: [] } })
      const run = await dispatch.submit(question)
      expect(await dispatch.settled('local', run.id)).toEqual(expected(question))
    })

    it('gives the figures of a population, from any shards and any worker', async () => {
      const hashes = new Set<string | null>()
      for (const shards of [1, 6]) {
        const question = taxPopulation(3000, { shards, tenant: `p${shards}`, spec: { link: 'household' } })
        const run = await dispatch.submit(question)
        const result = (await dispatch.settled(question.tenant, run.id)) as PopulationResult
        const wanted = expectedPopulation(question)
        for (const [i, sum] of wanted.sums.entries()) expect(result.sums[i]! / sum).toBeCloseTo(1, 11)
        expect(result.distributions[0]!.gini).toBeCloseTo(wanted.distributions[0]!.gini, 11)
        expect([...result.ranks!.lanes]).toEqual([...wanted.ranks!.lanes])
        hashes.add((await dispatch.load(question.tenant, [run.id]))[0]!.resultHash)
      }
      expect(hashes.size).toBe(1)
    })

    it('lets equal questions in flight share one job, and tells both runs', async () => {
      const question = ensemble({ seed: '1001', plan: toiling(2000), lanes: 256, shards: 4 })
      const [first, second] = await Promise.all([dispatch.submit(question), dispatch.submit(question)])
      expect(second.id).not.toBe(first.id)
      const [a, b] = await Promise.all([first, second].map((run) => eventsUntilEnd(fleet.bus, 'local', run.id)))
      for (const events of [a, b])
        expect(events?.at(-1)).toMatchObject({ kind: 'state', status: 'SUCCEEDED', shardsDone: 4 })
      const jobs = await fleet.store.query(`select distinct job_id from fleet.run where run_id = any($1)`, [
        [first.id, second.id],
      ])
      expect(jobs).toHaveLength(1)
      const [one, two] = await dispatch.load('local', [first.id, second.id])
      expect([one?.cached, two?.cached]).toEqual([false, false])
      expect(two?.resultHash).toBe(one?.resultHash)
    })

    it('answers an equal question from the store', async () => {
      const question = ensemble({ seed: '1002' })
      const run = await dispatch.submit(question)
      await dispatch.settled('local', run.id)
      const again = await dispatch.submit(question)
      expect(again).toMatchObject({ status: 'SUCCEEDED', cached: true, resultHash: expectedHash(question) })
      expect(await dispatch.result('local', again.id)).toEqual(expected(question))
    })

    it('lets tenants neither share a job nor see each other', async () => {
      const question = ensemble({ seed: '1003' })
      const ours = await dispatch.submit(question)
      await dispatch.settled('local', ours.id)
      const theirs = await dispatch.submit({ ...question, tenant: 'acme' })
      expect(theirs).toMatchObject({ cached: false, inputHash: ours.inputHash })
      await dispatch.settled('acme', theirs.id)
      expect(await dispatch.load('acme', [ours.id, theirs.id])).toEqual([
        undefined,
        expect.objectContaining({ id: theirs.id }),
      ])
      for (const call of [dispatch.result, dispatch.cancel, dispatch.settled, dispatch.verify])
        await expect(call('acme', ours.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      const { runs } = await dispatch.list('acme', {}, 100)
      expect(runs.map(({ tenant }) => tenant)).toEqual(runs.map(() => 'acme'))
    })

    it('says its states in order, and all progress before the end, at most four times a second', async () => {
      const run = await dispatch.submit(ensemble({ seed: '1004', plan: toiling(6000), lanes: 1280, shards: 20 }))
      const listener = await fleet.bus.listen(`qz.ev.local.run.${run.id}.*`, 0)
      const heard: { kind: string; status: string; done: number; at: number }[] = []
      for await (const { subject, data } of listener) {
        const { status, shardsDone } = JSON.parse(new TextDecoder().decode(data))
        heard.push({ kind: subject.split('.').at(-1)!, status, done: shardsDone, at: clock.now() })
        if (status === 'SUCCEEDED') break
      }
      expect(heard.filter(({ kind }) => kind === 'state').map(({ status }) => status)).toEqual([
        'RUNNING',
        'MERGING',
        'SUCCEEDED',
      ])
      expect(heard.at(-1)).toMatchObject({ kind: 'state', status: 'SUCCEEDED' })
      const progress = heard.filter(({ kind }) => kind === 'progress')
      const counts = progress.map(({ done }) => done)
      expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b))
      expect(counts.at(-1)).toBe(20)
      expect(counts.length).toBeGreaterThan(1)
      for (const { at } of progress)
        expect(progress.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThanOrEqual(4)
    })

    it('says that a value is not a number: which output, which lane and when', async () => {
      const reserve = Float64Array.from({ length: 200 }, (_, i) => (i === 150 ? 3.5 : 1000))
      const question = { ...taxes(200), plan: lower(SINKING), columns: { reserve }, shards: 4 }
      const run = await dispatch.submit(question)
      await expect(dispatch.settled('local', run.id)).rejects.toMatchObject({
        code: 'NOT_A_NUMBER',
        detail: { output: 'months', lane: 150, time: 4 },
      })
      const [ended] = await dispatch.load('local', [run.id])
      expect(ended).toMatchObject({ status: 'FAILED', resultHash: null, error: { code: 'NOT_A_NUMBER' } })
      const letters = await fleet.store.query(
        'select reason from fleet.dead_letter d join fleet.run r using (tenant, job_id) where run_id = $1',
        [run.id],
      )
      expect(letters).toMatchObject([{ reason: { code: 'NOT_A_NUMBER' } }])
    })

    it('computes a question that failed anew when it is asked again', async () => {
      const question = { ...taxes(64), plan: lower(SINKING), columns: { reserve: new Float64Array(64).fill(2.5) } }
      const run = await dispatch.submit(question)
      await expect(dispatch.settled('local', run.id)).rejects.toMatchObject({ code: 'NOT_A_NUMBER' })
      const again = await dispatch.submit(question)
      expect(again).toMatchObject({ cached: false, error: null })
      await expect(dispatch.settled('local', again.id)).rejects.toMatchObject({ code: 'NOT_A_NUMBER' })
    })

    it('cancels a run in the middle of its work, and its threads are free at once', async () => {
      const long = await Promise.all(
        [1, 2].map((i) => dispatch.submit(ensemble({ seed: `105${i}`, plan: toiling(2_000_000), lanes: 64 }))),
      )
      for (const run of long) await untilRunning(run)
      const at = clock.now()
      for (const run of long) expect(await dispatch.cancel('local', run.id)).toMatchObject({ status: 'CANCELLED' })
      const next = await dispatch.submit(ensemble({ seed: '1053' }))
      await dispatch.settled('local', next.id)
      expect(clock.now() - at).toBeLessThan(2000)
      await expect(dispatch.result('local', long[0]!.id)).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
      expect(await dispatch.cancel('local', long[0]!.id)).toMatchObject({ status: 'CANCELLED' })
      expect(await dispatch.cancel('local', next.id)).toMatchObject({ status: 'SUCCEEDED' })
    })

    it('takes a cancelled job out of the queue and leaves the others in it', async () => {
      const long = await Promise.all(
        [1, 2].map((i) => dispatch.submit(ensemble({ seed: `106${i}`, plan: toiling(2_000_000), lanes: 64 }))),
      )
      for (const run of long) await untilRunning(run)
      const [gone, stays] = [ensemble({ seed: '1063', shards: 4 }), ensemble({ seed: '1064', shards: 4 })]
      const cancelled = await dispatch.submit(gone)
      const run = await dispatch.submit(stays)
      expect(await fleet.bus.backlog()).toBe(10)
      await dispatch.cancel('local', cancelled.id)
      expect(await fleet.bus.backlog()).toBe(6)
      for (const other of long) await dispatch.cancel('local', other.id)
      await dispatch.settled('local', run.id, 10_000)
      expect((await dispatch.load('local', [run.id]))[0]?.resultHash).toBe(expectedHash(stays))
    })

    it('cancels one of two runs that share a job, and the other has its result', async () => {
      const question = ensemble({ seed: '1006', plan: toiling(4000), lanes: 256, shards: 4 })
      const [first, second] = await Promise.all([dispatch.submit(question), dispatch.submit(question)])
      expect(await dispatch.cancel('local', first.id)).toMatchObject({ status: 'CANCELLED' })
      expect((await eventsUntilEnd(fleet.bus, 'local', first.id)).at(-1)).toMatchObject({ status: 'CANCELLED' })
      await dispatch.settled('local', second.id)
      const [one, two] = await dispatch.load('local', [first.id, second.id])
      expect([one?.status, two?.status]).toEqual(['CANCELLED', 'SUCCEEDED'])
      await expect(dispatch.result('local', first.id)).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    })

    it('computes a cancelled question anew when it is asked again at once', async () => {
      const question = ensemble({ seed: '1007', plan: toiling(2000), lanes: 128 })
      const run = await dispatch.submit(question)
      await dispatch.cancel('local', run.id)
      const again = await dispatch.submit(question)
      expect(again.cached).toBe(false)
      expect(await dispatch.settled('local', again.id)).toEqual(expected(question))
    })

    it('verifies a run by computing it again', async () => {
      const question = ensemble({ seed: '1008' })
      const run = await dispatch.submit(question)
      await dispatch.settled('local', run.id)
      const verification = await dispatch.verify('local', run.id)
      expect(verification).toMatchObject({ verifies: run.id, cached: false, inputHash: run.inputHash })
      await dispatch.settled('local', verification.id)
      const [one, two] = await dispatch.load('local', [run.id, verification.id])
      expect(two).toMatchObject({ status: 'SUCCEEDED', resultHash: one?.resultHash })
    })

    it('has no result before the end, and says so in time', async () => {
      const run = await dispatch.submit(ensemble({ seed: '1009', plan: toiling(2_000_000), lanes: 64 }))
      for (const call of [dispatch.result, dispatch.verify])
        await expect(call('local', run.id)).rejects.toMatchObject({ code: 'RUN_NOT_FINISHED' })
      await expect(dispatch.settled('local', run.id, 50)).rejects.toMatchObject({ code: 'RUN_TIMEOUT' })
      await dispatch.cancel('local', run.id)
    })
  })
})
