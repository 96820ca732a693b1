// The small language of the bus suite.
import { afterEach, beforeEach, expect } from 'vitest'
import type { BusLimits } from '../../../infra/bus/limits.ts'
import type { Bus, Delivery, Listener } from '../../../infra/bus/port.ts'
import { systemClock } from '../../../infra/clock.ts'
import { bucketOf } from '../../../schema/jobs.ts'

export type OpenBus = (limits?: Partial<BusLimits>) => Promise<Bus>

export interface BusUnderTest {
  /** A bus of its own for each test, with an empty work queue. */
  readonly bus: Bus
  /** Another one on the same broker; closed after the test. */
  readonly open: OpenBus
}

/** Opens a bus before each test and closes all after it. */
export function busUnderTest(open: OpenBus): BusUnderTest {
  let bus: Bus
  let opened: Bus[] = []
  const openAnother: OpenBus = async (limits) => {
    const another = await open(limits)
    opened.push(another)
    return another
  }
  beforeEach(async () => {
    bus = await openAnother()
  })
  afterEach(async () => {
    if (await bus.ready()) await bus.purge('qz.job.>')
    await Promise.all(opened.map((each) => each.close()))
    opened = []
  })
  return {
    get bus() {
      return bus
    },
    open: openAnother,
  }
}

export const bytes = (text: string) => new TextEncoder().encode(text)
export const text = (message: { data: Uint8Array } | undefined) => message && new TextDecoder().decode(message.data)
export const texts = (messages: readonly { data: Uint8Array }[]) => messages.map(text)
export const ackAll = (deliveries: readonly Delivery[]) => Promise.all(deliveries.map((delivery) => delivery.ack()))
export const job = (tenant: string, shard: number, jobClass = 'p1', jobId = 'job') =>
  `qz.job.${jobClass}.${bucketOf(tenant)}.${tenant}.${jobId}.${shard}`
export const ALL = ['p0', 'p1', 'p2']
export const soon = { classes: ALL, max: 1, expiresMs: 10_000 }
export const now = { classes: ALL, max: 1, expiresMs: 1000 }

export async function take<T>(listener: Listener<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  for await (const message of listener) if (taken.push(message) === count) break
  return taken
}

/** All messages until the listener ends. */
export async function drain<T>(listener: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = []
  for await (const message of listener) taken.push(message)
  return taken
}

/** Asks until the answer is as wanted; the test's own time limit ends it. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask()
    if (wanted(value)) return value
    await systemClock.sleep(20)
  }
}

export const rejectsWith = (promise: Promise<unknown>, code: string) => expect(promise).rejects.toMatchObject({ code })
