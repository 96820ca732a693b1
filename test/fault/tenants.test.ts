// What one tenant does to another: a flood of shards, messages that are none, kernels that nobody has. The other's run goes on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDispatch } from '../../compute/dispatch/dispatch.ts'
import { loadKernel } from '../../compute/worker/kernels.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { sha256 } from '../../schema/hash.ts'
import { FaultFleet, longQuestion } from '../support/fault-fleet.ts'
import { ensemble, expectedHash, toiling } from '../support/fleet.ts'
import { lacksNatsServer } from '../support/nats-server.ts'
import { statesOf } from '../support/run-events.ts'

const FLOOD = 5000
/** Jobs of a flood: a job has at most 4,096 shards. */
const FLOOD_JOBS = 2

describe.skipIf(lacksNatsServer())('the run of one tenant goes on to the same bits', () => {
  let fleet: FaultFleet
  beforeAll(async () => {
    fleet = await FaultFleet.open()
    await fleet.startWorkers(2)
  })
  afterAll(() => fleet?.close())

  /** A dispatcher beside the fleet's, of which some part is changed. */
  const otherDispatch = (more: Partial<Parameters<typeof openDispatch>[0]>) =>
    openDispatch({
      store: fleet.store,
      bus: fleet.bus,
      clock,
      log: silentLog,
      metrics: createMetrics('test'),
      sweeps: false,
      ...more,
    })
  const deadLetters = (tenant: string) =>
    fleet.store.query<{ reason: { code: string } }>('select reason from fleet.dead_letter where tenant = $1', [tenant])

  it('while another floods the queue with 5,000 shards, which are cancelled then and leave nothing', async () => {
    const flood = await Promise.all(
      Array.from({ length: FLOOD_JOBS }, (_, i) => {
        const shards = FLOOD / FLOOD_JOBS
        const question = ensemble({ tenant: 'flood', plan: toiling(10), lanes: 64 * shards, shards, seed: String(i) })
        return fleet.ask(question)
      }),
    )
    const question = ensemble({ tenant: 'lonely', lanes: 64 })
    const lonely = await fleet.ask(question)
    await fleet.dispatch.settled('lonely', lonely.run.id)
    // In line behind the flood it would have waited for all of it.
    expect(await fleet.count('shard_result', 'flood')).toBeLessThan(FLOOD / 4)
    for (const { run } of flood) await fleet.dispatch.cancel('flood', run.id)
    await fleet.expectUndisturbed(lonely, { shards: 1, resultHash: expectedHash(question), series: 22 })
    await fleet.expectNothingLeft('flood')
    expect(await fleet.count('result', 'flood')).toBe(0)
    for (const { run, events } of flood) {
      const states = statesOf(await events.of(run.id))
      expect(states.at(-1)).toBe('CANCELLED')
      expect(states.filter((state) => state === 'CANCELLED')).toHaveLength(1)
    }
  })

  it('beside a message that is no envelope, which is kept as a dead letter', async () => {
    const asked = await fleet.ask(longQuestion('beside-poison'))
    const garbage = new TextEncoder().encode('{"v":1,"jobId":')
    await fleet.bus.enqueue('qz.job.p0.3.poison.no-job.0', garbage, 'poison-1')
    await fleet.expectUndisturbed(asked)
    expect(await deadLetters('poison')).toMatchObject([{ reason: { code: 'ENVELOPE_REFUSED' } }])
    expect(await fleet.count('shard_result', 'poison')).toBe(0)
  })

  it('beside a run whose messages say something else than the database, which fails and is kept as a dead letter', async () => {
    const forged: Bus = {
      ...fleet.bus,
      enqueue: (subject, body, id) => {
        const envelope = { ...JSON.parse(new TextDecoder().decode(body)), seed: '7' }
        return fleet.bus.enqueue(subject, new TextEncoder().encode(JSON.stringify(envelope)), id)
      },
    }
    const dispatch = otherDispatch({ bus: forged })
    const asked = await fleet.ask(longQuestion('beside-forged'))
    const refused = await fleet.ask(ensemble({ tenant: 'forged', lanes: 64 }), dispatch)
    await dispatch.close()
    await expect(fleet.dispatch.settled('forged', refused.run.id)).rejects.toMatchObject({ code: 'ENVELOPE_REFUSED' })
    await fleet.expectUndisturbed(asked)
    await fleet.expectNothingLeft('forged')
    expect(await deadLetters('forged')).toMatchObject([{ reason: { code: 'ENVELOPE_REFUSED' } }])
    await fleet.expectStates(refused, ['RUNNING', 'FAILED'])
    expect(await fleet.count('result', 'forged')).toBe(0)
  })

  it('beside a run of a kernel of other bytes, which fails with a typed error', async () => {
    const [machine, stats] = [loadKernel('machine'), loadKernel('stats')]
    const dispatch = otherDispatch({ kernels: { machine: { ...machine, sha256: sha256('other') }, stats } })
    const asked = await fleet.ask(longQuestion('beside-kernel'))
    const refused = await fleet.ask(ensemble({ tenant: 'kernel', lanes: 64 }), dispatch)
    await dispatch.close()
    await expect(fleet.dispatch.settled('kernel', refused.run.id)).rejects.toMatchObject({ code: 'KERNEL_REFUSED' })
    await fleet.expectUndisturbed(asked)
    await fleet.expectNothingLeft('kernel')
    // Nothing of it was ever computed.
    await fleet.expectStates(refused, ['FAILED'])
    expect(await fleet.count('shard_result', 'kernel')).toBe(0)
  })
})
