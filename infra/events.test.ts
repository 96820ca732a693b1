// The outbox of events over a real PostgreSQL: told after the commit, in order, not lost with a process or a bus, not told of what was rolled back.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { freshStore, type TestStore } from '../test/support/database.ts'
import { manualClock } from '../test/support/manual-clock.ts'
import { openMemoryBus } from './bus/memory.ts'
import type { Bus } from './bus/port.ts'
import { type Events, type NewEvent, openEvents } from './events.ts'
import { silentLog } from './log.ts'

let database: TestStore
beforeAll(async () => {
  database = await freshStore()
})
afterAll(() => database.drop())
beforeEach(() => database.store.query('delete from events.outbox'))

const clock = manualClock()
const told = (n: number): NewEvent => ({ words: ['thing', 'x'], body: { n } })
const open = (bus: Bus): Events => openEvents({ store: database.store, bus, clock, log: silentLog })
const waiting = async () => (await database.store.query('select from events.outbox')).length

async function heard(bus: Bus): Promise<number[]> {
  const { last } = await bus.eventRange()
  const numbers: number[] = []
  for await (const { data } of bus.replay('qz.ev.acme.thing.x', 0, last))
    numbers.push((JSON.parse(new TextDecoder().decode(data)) as { n: number }).n)
  return numbers
}

describe('events', () => {
  it('are sent in their order once their transaction has committed, and not before', async () => {
    const bus = openMemoryBus(clock)
    const events = open(bus)
    await database.store.transaction(async (sql) => {
      await events.note(
        sql,
        'acme',
        Array.from({ length: 1_200 }, (_, n) => told(n)),
      )
      events.flush()
      await vi.waitFor(async () => expect(await waiting()).toBe(0))
      expect(await heard(bus)).toEqual([])
    })
    events.flush()
    await vi.waitFor(async () => expect(await heard(bus)).toHaveLength(1_200))
    expect(await heard(bus)).toEqual(Array.from({ length: 1_200 }, (_, n) => n))
    await vi.waitFor(async () => expect(await waiting()).toBe(0))
    await events.close()
  })

  it('of a transaction that was rolled back are never sent', async () => {
    const bus = openMemoryBus(clock)
    const events = open(bus)
    const work = database.store.transaction(async (sql) => {
      await events.note(sql, 'acme', [told(1)])
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    await database.store.transaction((sql) => events.note(sql, 'acme', [told(2)]))
    events.flush()
    await vi.waitFor(async () => expect(await heard(bus)).toEqual([2]))
    await events.close()
  })

  it('of a process that died after its commit are sent by another', async () => {
    const dead = open(openMemoryBus(clock))
    await dead.close()
    await database.store.transaction((sql) => dead.note(sql, 'acme', [told(1)]))
    const bus = openMemoryBus(clock)
    const other = open(bus)
    await vi.waitFor(async () => expect(await heard(bus)).toEqual([1]))
    await other.close()
  })

  it('that the bus does not take wait until it does', async () => {
    const bus = openMemoryBus(clock)
    let away = true
    const flaky = Object.assign(Object.create(bus) as Bus, {
      emit: (...event: Parameters<Bus['emit']>) => (away ? Promise.reject(new Error('away')) : bus.emit(...event)),
    })
    const events = open(flaky)
    await database.store.transaction((sql) => events.note(sql, 'acme', [told(1), told(2)]))
    events.flush()
    await vi.waitFor(() => expect(clock.sleepers).toBe(1))
    expect(await waiting()).toBe(2)
    away = false
    await clock.advance(5_000)
    await vi.waitFor(async () => expect(await heard(bus)).toEqual([1, 2]))
    await events.close()
  })

  it('that are larger than the bus takes are refused, and with them what they tell of', async () => {
    const events = open(openMemoryBus(clock))
    const large = { words: ['thing', 'x'], body: { text: 'x'.repeat(2 ** 20) } } as const
    const work = database.store.transaction((sql) => events.note(sql, 'acme', [large]))
    await expect(work).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    await events.close()
  })
})
