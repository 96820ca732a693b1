// Subscriptions that share a feed: no event missed between state and stream, cursors, policies for slow readers, who shares with whom.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Results } from '../../gateway/gateway.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { openNatsBus } from '../../infra/bus/nats.ts'
import type { Bus } from '../../infra/bus/port.ts'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { cursorOf, type LiveGateway, nextOf, objectOf, openLiveGateway } from '../support/live-gateway.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'

const LOG = 'subscription ($id: ID!) { runLog(id: $id) { id shardsDone } }'
const LOG_AFTER = 'subscription ($id: ID!, $after: String) { runLog(id: $id, after: $after) { id shardsDone } }'
const TICKER = 'subscription ($id: ID!) { runTicker(id: $id) { shardsDone } }'
const STATE = 'subscription ($id: ID!) { runUpdated(id: $id) { shardsDone } }'
const MOVED = 'subscription { runsMoved { id shardsDone } }'
const READINGS = 'subscription ($id: ID!) { runReadings(id: $id) { shardsDone } }'

let live: LiveGateway
afterEach(() => live.close())

const doneIn = (result: Parameters<typeof objectOf>[0]) => objectOf(result)?.['shardsDone'] as number
const nextDone = async (results: Results) => doneIn(await nextOf(results))
async function take(results: Results, count: number): Promise<number[]> {
  const taken: number[] = []
  while (taken.length < count) taken.push(await nextDone(results))
  return taken
}
/** 1 to n, or from one number to another. */
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i)
/** The place in the stream that a cursor holds. */
const placeOf = (cursor: string) =>
  Number.parseInt(Buffer.from(cursor, 'base64url').toString('latin1').split('.')[1]!, 36)

function suite(openBus: (limits?: { maxEvents?: number }) => Promise<Bus>): void {
  let tenants = 0
  /** Of its own for each test: on a broker that all share the events of others are there too. */
  let tenant = ''
  const open = async (limits?: { maxEvents?: number }, options: Parameters<typeof openLiveGateway>[0] = {}) => {
    tenant = `t${++tenants}`
    live = await openLiveGateway(options, systemClock, await openBus(limits))
    return live
  }
  const move = (done: number, more = {}) => live.move(done, { tenant, ...more })
  const subscribe = (query: string, more = {}) => live.subscribe(query, { tenant, ...more })

  it('gives the state and then every event above its place once, in order, however writes and reads fall together', async () => {
    await open()
    const pauses = fc.array(fc.nat(3), { minLength: 12, maxLength: 12 })
    const scenario = fc.record({ writes: pauses, reads: pauses, before: fc.nat(8) })
    let round = 0
    const pause = async (turns: number) => {
      for (let i = 0; i < turns; i++) await new Promise(setImmediate)
    }
    await fc.assert(
      fc.asyncProperty(scenario, async ({ writes, reads, before }) => {
        const id = `race-${++round}`
        const sequences: number[] = [await move(1, { id })]
        const scenarios = live.requesters['scenarios']!
        const request = scenarios.request
        let asked = 0
        scenarios.request = async (one) => {
          const wait = reads[asked++ % reads.length]!
          await pause(wait)
          const answer = await request(one)
          await pause(3 - wait)
          return answer
        }
        const writing = (async () => {
          for (const [i, turns] of writes.entries()) {
            await pause(turns)
            sequences.push(await move(i + 2, { id }))
          }
          sequences.push(await move(99, { id, status: 'SUCCEEDED' }))
        })()
        await pause(before)
        const got: [number, number][] = []
        for await (const result of await subscribe(LOG, { variables: { id } })) {
          const value = JSON.parse(JSON.stringify(result))
          got.push([doneIn(value), placeOf(cursorOf(value))])
        }
        await writing
        scenarios.request = request
        const [[state, place], ...events] = got as [[number, number], ...[number, number][]]
        const values = [...upTo(writes.length + 1), 99]
        const above = sequences.map((sequence, i) => [values[i], sequence]).filter(([, sequence]) => sequence! > place)
        // A state that is the last one already ends it: what came before is in it.
        if (state !== 99) expect(events).toEqual(above)
        const within = sequences.filter((sequence) => sequence <= place).length
        expect(state).toBeGreaterThanOrEqual(values[within - 1] ?? 0)
      }),
      { numRuns: 25 },
    )
  })

  it('goes on after the cursor of the last result received: nothing again, nothing left out', async () => {
    await open()
    await move(1)
    const results = await subscribe(LOG)
    await nextOf(results)
    await move(2)
    const cursor = cursorOf(await nextOf(results))
    await results.return()
    for (const done of [3, 4, 5]) await move(done)
    const again = await subscribe(LOG, { resume: { cursor } })
    expect(await take(again, 3)).toEqual([3, 4, 5])
    await move(6)
    expect(await nextDone(again)).toBe(6)
  })

  it('takes the cursor from the argument after too, and shares the feed of those who have none', async () => {
    await open()
    await move(1)
    const results = await subscribe(LOG_AFTER)
    const cursor = cursorOf(await nextOf(results))
    await move(2)
    const later = await subscribe(LOG_AFTER, { variables: { id: 'r1', after: cursor } })
    expect(await nextDone(later)).toBe(2)
    expect(await nextDone(results)).toBe(2)
    const [one, two] = [results.next(), later.next()]
    await move(3)
    expect((await one).value).toBe((await two).value)
  })

  it('of a LATEST field with a cursor waits where nothing happened since, and gives the state where something did', async () => {
    await open()
    await move(1)
    const results = await subscribe(STATE)
    const cursor = cursorOf(await nextOf(results))
    await results.return()
    const reads = live.world.reads
    const quiet = await subscribe(STATE, { resume: { cursor } })
    const first = nextDone(quiet)
    await vi.waitFor(async () => expect((await live.metrics.subscriptions.get()).values[0]?.value).toBe(1))
    await move(2)
    expect(await first).toBe(2)
    expect(live.world.reads).toBe(reads + 1)
    const late = await subscribe(STATE, { resume: { cursor } })
    expect(await nextDone(late)).toBe(2)
  })

  it.each([
    ['BLOCK', LOG],
    ['LATEST', STATE],
  ])('of a %s field whose cursor has expired gives the state and says that there is a gap', async (_, query) => {
    await open({ maxEvents: 32 })
    await move(1)
    const results = await subscribe(query)
    const cursor = cursorOf(await nextOf(results))
    await results.return()
    for (let done = 2; done <= 120; done++) await move(done)
    const again = await subscribe(query, { resume: { cursor } })
    const state = await nextOf(again)
    expect([doneIn(state), state?.extensions?.['gap']]).toEqual([120, true])
    await move(121)
    const event = await nextOf(again)
    expect([doneIn(event), event?.extensions?.['gap']]).toEqual([121, undefined])
  })

  it('lets a slow reader of a BLOCK field read everything later, in order, and keeps nobody waiting for it', async () => {
    await open({}, { maxQueued: 4 })
    await move(1)
    const [slow, fast] = [await subscribe(LOG), await subscribe(LOG)]
    expect(await Promise.all([nextDone(slow), nextDone(fast)])).toEqual([1, 1])
    for (let done = 2; done <= 60; done++) {
      await move(done)
      expect(await nextDone(fast)).toBe(done)
    }
    expect(await take(slow, 59)).toEqual(upTo(60, 2))
    // It has caught up, and shares again.
    const [one, two] = [slow.next(), fast.next()]
    await move(61)
    expect((await one).value).toBe((await two).value)
  })

  it('gives a slow reader of a BLOCK field the state where the stream has dropped what it missed', async () => {
    await open({ maxEvents: 32 }, { maxQueued: 4 })
    await move(1)
    const [slow, fast] = [await subscribe(LOG), await subscribe(LOG)]
    await Promise.all([nextOf(slow), nextOf(fast)])
    for (let done = 2; done <= 120; done++) {
      await move(done)
      await nextOf(fast)
    }
    expect(await take(slow, 4)).toEqual([2, 3, 4, 5])
    const state = await nextOf(slow)
    expect([doneIn(state), state?.extensions?.['gap']]).toEqual([120, true])
  })

  it('reads the stream again where events come faster than one is executed, and leaves none out', async () => {
    await open()
    await move(0)
    const results = await subscribe('subscription ($id: ID!) { runLog(id: $id) { shardsDone risk } }')
    await nextOf(results)
    const portfolios = live.requesters['portfolios']!
    const request = portfolios.request
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    portfolios.request = async (one) => {
      await held
      return request(one)
    }
    for (let done = 1; done <= 2_500; done++) await move(done)
    release()
    expect(await take(results, 2_500)).toEqual(upTo(2_500))
  })
}

describe('over the bus in memory', () => {
  suite(async (limits) => openMemoryBus(systemClock, limits))
})

describe.skipIf(lacksNatsServer())('over NATS', () => {
  let nats: TestNatsServer
  beforeAll(async () => {
    nats = await startTestNatsServer()
  })
  afterAll(() => nats?.stop())
  suite((limits = {}) => openNatsBus({ url: nats.url, clock: systemClock, log: silentLog, limits }))
})

describe('a cursor', () => {
  it.each([
    ['another tenant', { tenant: 'acme' }, LOG],
    ['another object', { variables: { id: 'r2' } }, LOG],
    ['another family of events', {}, MOVED],
  ])('is of no use to a subscription of %s', async (_, asking, query) => {
    live = await openLiveGateway()
    await live.move(1)
    await live.move(1, { tenant: 'acme' })
    await live.move(1, { id: 'r2' })
    const cursor = cursorOf(await nextOf(await live.subscribe(LOG)))
    const { errors } = await live.refused(query, { ...asking, resume: { cursor } })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'extensions.cursor' } })
  })

  it.each(['', 'x', 'MS4x', '1.2.3', '💥'.repeat(1_000), 'MS56enp6enp6enp6enp6eno'])(
    'that is none is refused: %j',
    async (cursor) => {
      live = await openLiveGateway()
      const { errors } = await live.refused(LOG, { resume: { cursor } })
      expect(errors?.[0]?.extensions?.['code']).toBe('BAD_INPUT')
    },
  )
})

describe('equal subscriptions', () => {
  const WITH_RISK = 'subscription ($id: ID!) { runLog(id: $id) { shardsDone risk } }'

  it('cost one reading, one execution for each event and one text, however many they are', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const many = await Promise.all(Array.from({ length: 50 }, () => live.subscribe(WITH_RISK)))
    await Promise.all(many.map((results) => results.next()))
    expect(live.asked).toEqual(['scenarios: run', 'portfolios: _entities'])
    live.asked.length = 0
    const next = many.map((results) => results.next())
    await live.move(2)
    const values = (await Promise.all(next)).map(({ value }) => value)
    expect(live.asked).toEqual(['portfolios: _entities'])
    expect(new Set(values).size).toBe(1)
  })

  it('of one who joins later cost a reading of the state for that one alone', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const first = await live.subscribe(LOG)
    await nextOf(first)
    const second = await live.subscribe(LOG)
    expect(await nextDone(second)).toBe(1)
    const pending = nextDone(first)
    await live.move(2)
    expect(await pending).toBe(2)
  })

  it.each([
    ['tenants', { tenant: 'acme' }],
    ['scopes', { principal: { scopes: ['runs:read'] } }],
    ['roles', { principal: { roles: ['viewer'] } }],
    ['tiers', { principal: { tier: 'free' as const } }],
  ])('of different %s share nothing', async (_, asking) => {
    live = await openLiveGateway()
    await live.move(1)
    await live.move(1, { tenant: 'acme' })
    const mine = await live.subscribe(LOG)
    const theirs = await live.subscribe(LOG, asking)
    const [one, two] = await Promise.all([mine.next(), theirs.next()])
    expect(two.value).not.toBe(one.value)
    expect(live.asked).toEqual(['scenarios: run', 'scenarios: run'])
  })

  it('of different people with the same rights share', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const all = await Promise.all(
      ['ann', 'bob'].map((subject) => live.subscribe(LOG, { principal: { subject, scopes: ['a', 'b'] } })),
    )
    await Promise.all(all.map((results) => results.next()))
    expect(live.asked).toEqual(['scenarios: run'])
  })

  it('keep the events of one tenant from another, whose run has the same id', async () => {
    live = await openLiveGateway()
    await live.move(1)
    await live.move(50, { tenant: 'acme' })
    const [mine, theirs] = [await live.subscribe(LOG), await live.subscribe(LOG, { tenant: 'acme' })]
    expect(await Promise.all([nextDone(mine), nextDone(theirs)])).toEqual([1, 50])
    await live.move(51, { tenant: 'acme' })
    await live.move(2)
    expect(await Promise.all([nextDone(mine), nextDone(theirs)])).toEqual([2, 51])
  })
})

describe('the policy DISCONNECT', () => {
  it('ends a slow reader with SUBSCRIBER_TOO_SLOW, tells its transport once, and gives the others everything', async () => {
    live = await openLiveGateway({ maxQueued: 4 })
    await live.move(1)
    const onTooSlow = vi.fn()
    const slow = await live.subscribe(TICKER, { resume: { onTooSlow } })
    const fast = await live.subscribe(TICKER)
    await Promise.all([nextOf(slow), nextOf(fast)])
    for (let done = 2; done <= 20; done++) {
      await live.move(done)
      expect(await nextDone(fast)).toBe(done)
    }
    expect(onTooSlow).toHaveBeenCalledTimes(1)
    const last = await nextOf(slow)
    expect(last?.errors?.[0]?.extensions?.['code']).toBe('SUBSCRIBER_TOO_SLOW')
    expect(await nextOf(slow)).toBeUndefined()
  })
})

describe('the policy LATEST by key', () => {
  it('gives a slow reader the newest state of each object, and none before', async () => {
    live = await openLiveGateway()
    const [slow, fast] = [await live.subscribe(MOVED), await live.subscribe(MOVED)]
    const both = Promise.all([slow.next(), fast.next()])
    await vi.waitFor(async () => expect((await live.metrics.subscriptions.get()).values[0]?.value).toBe(2))
    await live.move(1)
    await both
    for (const [id, done] of [
      ['r2', 1],
      ['r1', 2],
      ['r1', 3],
      ['r2', 2],
    ] as const) {
      await live.move(done, { id })
      await nextOf(fast)
    }
    const objects = [objectOf(await nextOf(slow)), objectOf(await nextOf(slow))]
    expect(objects).toEqual([
      { id: 'r1', shardsDone: 3 },
      { id: 'r2', shardsDone: 2 },
    ])
  })
})

describe('a BLOCK field whose events carry nothing', () => {
  it('reads the state once for all events that the reading contains, and gives the last one', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const results = await live.subscribe(READINGS)
    expect(await nextDone(results)).toBe(1)
    const reads = live.world.reads
    for (let done = 2; done <= 30; done++) await live.move(done)
    await live.move(31, { status: 'SUCCEEDED' })
    const got: number[] = []
    for await (const result of results) got.push(doneIn(result))
    expect(got.at(-1)).toBe(31)
    expect(got).toEqual([...got].sort((a, b) => a - b))
    expect(live.world.reads - reads).toBe(got.length)
  })
})

describe.each([
  ['LATEST', STATE],
  ['BLOCK', READINGS],
])('a %s field whose state is read', (_, query) => {
  const run = (shardsDone: number, status = 'RUNNING') => ({ id: 'r1', status, shardsDone })
  const write = (state: ReturnType<typeof run>) => {
    live.world.runs['local'] = { r1: state }
  }
  const tell = (status = 'RUNNING') =>
    live.bus.emit('qz.ev.local.run.r1.state', new TextEncoder().encode(JSON.stringify({ status })))

  it('is given no state twice by an event of what that contained already, and each to whoever lacks it', async () => {
    live = await openLiveGateway()
    write(run(1))
    const early = await live.subscribe(query)
    expect(await nextDone(early)).toBe(1)
    write(run(2))
    const late = await live.subscribe(query)
    expect(await nextDone(late)).toBe(2)
    const next = nextDone(late)
    await tell()
    expect(await nextDone(early)).toBe(2)
    write(run(3))
    await tell()
    expect([await nextDone(early), await next]).toEqual([3, 3])
  })

  it('rises from state to state without one twice, and ends with the last, however late events tell of them', async () => {
    const pauses = fc.array(fc.nat(4), { minLength: 10, maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(pauses, pauses, fc.nat(20), async (writes, delays, before) => {
        live = await openLiveGateway()
        const pause = async (turns: number) => {
          for (let i = 0; i < turns; i++) await new Promise(setImmediate)
        }
        write(run(0))
        const writing = (async () => {
          for (const [i, turns] of writes.entries()) {
            await pause(turns)
            const last = i === writes.length - 1
            const status = last ? 'SUCCEEDED' : 'RUNNING'
            write(run(i + 1, status))
            await pause(delays[i]!)
            await tell(status)
          }
        })()
        await pause(before)
        const got: number[] = []
        for await (const result of await live.subscribe(query)) got.push(doneIn(JSON.parse(JSON.stringify(result))))
        await writing
        expect(got).toEqual([...new Set(got)].sort((a, b) => a - b))
        expect(got.at(-1)).toBe(writes.length)
        await live.close()
      }),
      { numRuns: 20 },
    )
  })
})
