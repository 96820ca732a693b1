// The broker lost, emptied, or delivering again and out of order; and subscribers that read slowly.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDispatch } from '../../compute/dispatch/dispatch.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { FaultFleet, longQuestion } from '../support/fault-fleet.ts'
import { ensemble } from '../support/fleet.ts'
import { lacksNatsServer } from '../support/nats-server.ts'
import { type HeardEvent, statesOf } from '../support/run-events.ts'

describe.skipIf(lacksNatsServer())('a run goes on to the same bits', () => {
  let fleet: FaultFleet
  beforeAll(async () => {
    fleet = await FaultFleet.open()
  })
  afterEach(() => fleet?.endWorkers())
  afterAll(() => fleet?.close())

  it('when nats-server is killed and restarted', async () => {
    await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('killed-bus'))
    await fleet.inTheMiddle(asked)
    await fleet.nats.kill9()
    await fleet.nats.restart()
    await fleet.expectUndisturbed(asked)
  })

  it('when nats-server loses all it stored', async () => {
    await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion('emptied-bus'))
    await fleet.inTheMiddle(asked)
    await fleet.nats.kill9()
    await fleet.nats.restart({ emptied: true })
    await fleet.expectUndisturbed(asked)
  })

  it('when every message comes three times, the last first', async () => {
    const held: Parameters<Bus['enqueue']>[] = []
    const { store } = fleet
    const bus: Bus = { ...fleet.bus, enqueue: async (...args) => ({ duplicate: held.push(args) === 0 }) }
    const holding = openDispatch({ store, bus, clock, log: silentLog, metrics: createMetrics('test'), sweeps: false })
    const asked = await fleet.ask(longQuestion('three-times'), holding)
    await holding.close()
    for (const copy of ['a', 'b', 'c'])
      for (const [subject, body, id] of held.toReversed()) await fleet.bus.enqueue(subject, body, id + copy)
    expect(await fleet.bus.backlog()).toBe(3 * asked.run.shardsTotal)
    await fleet.startWorkers(2)
    await fleet.expectUndisturbed(asked)
  })

  it('while a subscriber reads nothing, who is told every state of every run later, in order, each end once', async () => {
    const tenant = 'slow-reader'
    const runs = 40
    const slow = await fleet.bus.listen(`qz.ev.${tenant}.>`)
    const reading = slow[Symbol.asyncIterator]()
    await fleet.startWorkers(2)
    const asked = await fleet.ask(longQuestion(tenant))
    const others = await Promise.all(
      Array.from({ length: runs }, (_, i) => fleet.dispatch.submit(ensemble({ tenant, seed: String(i) }))),
    )
    await fleet.dispatch.settled(tenant, asked.run.id, 45_000)
    for (const { id } of others) await fleet.dispatch.settled(tenant, id)
    await fleet.expectStates(asked, ['RUNNING', 'MERGING', 'SUCCEEDED'])
    const heard = new Map<string, HeardEvent[]>()
    for (let ended = 0; ended <= runs; ) {
      const { subject, data } = (await reading.next()).value!
      const event = JSON.parse(new TextDecoder().decode(data)) as HeardEvent
      const { runId, status } = event
      heard.set(runId, [...(heard.get(runId) ?? []), { ...event, kind: subject.split('.').at(-1)! }])
      if (status === 'SUCCEEDED') ended++
    }
    await slow.stop()
    expect([...heard.keys()].sort()).toEqual([asked.run, ...others].map(({ id }) => id).sort())
    for (const events of heard.values()) expect(statesOf(events)).toEqual(['RUNNING', 'MERGING', 'SUCCEEDED'])
  })
})
