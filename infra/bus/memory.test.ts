// Tests of the memory bus under a clock that stands still: what takes minutes and hours in earnest.
import { describe, expect, it } from 'vitest'
import { type ManualClock, manualClock } from '../../test/support/manual-clock.ts'
import { BUS_LIMITS } from './limits.ts'
import { openMemoryBus } from './memory.ts'
import type { StreamMessage } from './port.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const MINUTE = 60_000
const JOB = 'qz.job.p1.3.acme.j1.0'
const soon = { classes: ['p0', 'p1', 'p2'], max: 1, expiresMs: 1000 }

function open(): { clock: ManualClock; bus: ReturnType<typeof openMemoryBus> } {
  const clock = manualClock()
  return { clock, bus: openMemoryBus(clock) }
}

describe('the memory bus', () => {
  it('knows a message identifier for two minutes', async () => {
    const { clock, bus } = open()
    await bus.enqueue(JOB, bytes('1'), 'id')
    await clock.advance(2 * MINUTE - 1)
    expect(await bus.enqueue(JOB, bytes('2'), 'id')).toEqual({ duplicate: true })
    await clock.advance(1)
    expect(await bus.enqueue(JOB, bytes('3'), 'id')).toEqual({ duplicate: false })
  })

  it('holds a message twenty seconds for a consumer that says nothing, and begins again with each word of it', async () => {
    const { clock, bus } = open()
    await bus.enqueue(JOB, bytes('x'), 'held')
    const [delivery] = await bus.pull(soon)
    await clock.advance(19_999)
    await delivery?.working()
    const waiting = bus.pull({ ...soon, expiresMs: 60_000 })
    await clock.advance(19_999)
    expect(clock.sleepers).toBe(1)
    await clock.advance(1)
    expect((await waiting)[0]?.attempt).toBe(2)
  })

  it('lets a consumer that was given up neither delay nor give back what another one holds', async () => {
    const { clock, bus } = open()
    await bus.enqueue(JOB, bytes('x'), 'given up')
    const [first] = await bus.pull(soon)
    await clock.advance(BUS_LIMITS.ackWaitMs)
    const [second] = await bus.pull(soon)
    await first?.working()
    await first?.nak(0)
    const empty = bus.pull(soon)
    await clock.advance(1000)
    expect(await empty).toEqual([])
    await second?.ack()
    expect(await bus.backlog()).toBe(0)
  })

  it('sends a message to the dead letters after six deliveries', async () => {
    const { clock, bus } = open()
    const dead = await bus.subscribe('qz.dlq.>')
    await bus.enqueue(JOB, bytes('poison'), 'poison')
    for (let attempt = 1; attempt <= 6; attempt++) {
      const [delivery] = await bus.pull(soon)
      expect(delivery?.attempt).toBe(attempt)
      await clock.advance(BUS_LIMITS.ackWaitMs)
    }
    const empty = bus.pull(soon)
    await clock.advance(1000)
    expect(await empty).toEqual([])
    expect(await bus.backlog()).toBe(0)
    for await (const { subject } of dead) {
      expect(subject).toBe('qz.dlq.j1')
      break
    }
  })

  it('keeps events for an hour', async () => {
    const { clock, bus } = open()
    await bus.emit('qz.ev.acme.r1.state', bytes('old'))
    await clock.advance(30 * MINUTE)
    const kept = await bus.emit('qz.ev.acme.r1.state', bytes('young'))
    await clock.advance(30 * MINUTE)
    const listener = await bus.listen('qz.ev.>', 0)
    const first: StreamMessage[] = []
    for await (const event of listener) if (first.push(event) === 1) break
    expect(first[0]?.sequence).toBe(kept)
  })

  it('gives a bus that is opened later only larger sequences', async () => {
    const clock = manualClock()
    const before = await openMemoryBus(clock).emit('qz.ev.a.r.state', bytes('1'))
    await clock.advance(1)
    const after = await openMemoryBus(clock).emit('qz.ev.a.r.state', bytes('1'))
    expect(after).toBeGreaterThan(before)
  })

  it('forgets a heartbeat after fifteen seconds', async () => {
    const { clock, bus } = open()
    const workers = await bus.bucket('qz_workers')
    await workers.put('w1', bytes('1'))
    await clock.advance(14_999)
    expect(await workers.keys()).toEqual(['w1'])
    await clock.advance(1)
    expect(await workers.keys()).toEqual([])
    expect(await workers.get('w1')).toBeUndefined()
  })

  it('leaves no sleeper behind when a pull ends early or the bus is closed', async () => {
    const { clock, bus } = open()
    const stop = new AbortController()
    const stopped = bus.pull({ ...soon, signal: stop.signal })
    const served = bus.pull(soon)
    stop.abort()
    await bus.enqueue(JOB, bytes('x'), 'served')
    expect([await stopped, (await served).length]).toEqual([[], 1])
    const closed = bus.pull(soon)
    await bus.close()
    await expect(closed).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' })
    expect(clock.sleepers).toBe(0)
  })
})
