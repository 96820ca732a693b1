// Workers that die or leave in the middle of a run: it goes on to the same bits, with nothing lost and nothing stored twice.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { startDyingWorker } from '../support/dying-worker.ts'
import { FaultFleet, longQuestion, QUICK, SHARDS } from '../support/fault-fleet.ts'
import { lacksNatsServer } from '../support/nats-server.ts'
import type { WorkerProcess } from '../support/worker-process.ts'

describe.skipIf(lacksNatsServer())('a run goes on to the same bits', () => {
  let fleet: FaultFleet
  beforeAll(async () => {
    fleet = await FaultFleet.open()
  })
  afterEach(() => fleet?.endWorkers())
  afterAll(() => fleet?.close())

  const inHandOf = (workerId: string) =>
    fleet.store.query(`select shard from fleet.shard where worker_id = $1 and status = 'RUNNING'`, [workerId])

  /** Kills a worker that has a shard in hand: it is made to stand still until one is found. */
  const killComputing = async (victim: WorkerProcess) => {
    for (;;) {
      process.kill(victim.pid, 'SIGSTOP')
      // What it had sent to the database is through by then.
      await clock.sleep(50)
      if ((await inHandOf(victim.id)).length > 0) break
      process.kill(victim.pid, 'SIGCONT')
      await clock.sleep(20)
    }
    await victim.kill('SIGKILL')
  }

  it('when a worker is killed in the middle of a shard', async () => {
    const [victim, other] = await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('killed-worker'))
    await fleet.inTheMiddle(asked)
    await killComputing(victim!)
    // One that is computed, and perhaps one that was about to be stored.
    expect(await inHandOf(victim!.id)).not.toHaveLength(0)
    await fleet.expectUndisturbed(asked)
    expect(await fleet.storedBy('killed-worker')).toEqual([victim!.id, other!.id].sort())
  })

  it('when every worker is killed and a new one comes', async () => {
    const victims = await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('killed-all'))
    await fleet.inTheMiddle(asked)
    await Promise.all(victims.map((victim) => victim.kill('SIGKILL')))
    await fleet.startWorkers(1)
    await fleet.expectUndisturbed(asked)
  })

  it.each([
    ['the first', 0],
    ['the last', SHARDS - 1],
  ])('when a worker is killed between storing and acknowledging %s shard', async (name, acknowledgements) => {
    const tenant = `stored-${name.replace(' ', '-')}`
    const { databaseUrl, nats } = fleet
    const dying = await startDyingWorker(databaseUrl, nats.url, QUICK, acknowledgements)
    const asked = await fleet.ask(longQuestion(tenant))
    expect(await dying.ended).toBe(null)
    // Stored and counted, but the message is still there.
    expect(await fleet.count('shard_result', tenant)).toBe(acknowledgements + 1)
    expect(await fleet.bus.backlog()).toBe(SHARDS - acknowledgements)
    await fleet.startWorkers(1)
    await fleet.expectUndisturbed(asked)
    const byIt = await fleet.count('shard_result', tenant, `and worker_id = '${dying.id}'`)
    expect(byIt).toBe(acknowledgements + 1)
  })

  it('when a worker is asked to end, which it does with exit code 0, leaving nothing in hand', async () => {
    const [leaving] = await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('drained'))
    await fleet.inTheMiddle(asked)
    expect(await leaving!.kill('SIGTERM')).toBe(0)
    expect(await inHandOf(leaving!.id)).toEqual([])
    await fleet.expectUndisturbed(asked)
  })

  it('when a worker stands still for longer than its messages are held, and then goes on', async () => {
    const [still] = await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('stalled'))
    await fleet.inTheMiddle(asked)
    process.kill(still!.pid, 'SIGSTOP')
    await fleet.dispatch.settled('stalled', asked.run.id, 45_000)
    process.kill(still!.pid, 'SIGCONT')
    await fleet.expectUndisturbed(asked)
  })
})
