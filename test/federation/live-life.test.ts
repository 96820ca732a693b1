// What ends a subscription, and what it outlives: its token, a reload, a broken listener, a closing gateway.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import type { EdgeStep } from '../../gateway/edge/step.ts'
import { wireError } from '../../gateway/errors.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus, Listener, StreamMessage } from '../../infra/bus/port.ts'
import { cursorOf, type LiveGateway, nextOf, objectOf, openLiveGateway } from '../support/live-gateway.ts'
import { manualClock } from '../support/manual-clock.ts'
import { exampleServices, SDL } from './example-graph.ts'

const LOG = 'subscription ($id: ID!) { runLog(id: $id) { shardsDone risk } }'
const STATE = 'subscription ($id: ID!) { runUpdated(id: $id) { shardsDone risk } }'

let live: LiveGateway
afterEach(() => live.close())

const done = async (results: Parameters<typeof nextOf>[0]) => objectOf(await nextOf(results))?.['shardsDone']

describe.each([
  ['LATEST', STATE],
  ['BLOCK', LOG],
])('a %s subscription', (_, query) => {
  it('ends with TOKEN_EXPIRED at the moment its token runs out, and leaves those alone whose token holds', async () => {
    const clock = manualClock()
    live = await openLiveGateway({}, clock)
    await live.move(1)
    const brief = await live.subscribe(query, { principal: { expiresAt: clock.now() + 60_000 } })
    const longer = await live.subscribe(query, { principal: { expiresAt: clock.now() + 120_000 } })
    expect(await Promise.all([done(brief), done(longer)])).toEqual([1, 1])
    const [last, pending] = [nextOf(brief), done(longer)]
    await clock.advance(59_999)
    await live.bus.ready()
    await clock.advance(1)
    expect((await last)?.errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      detail: { reason: 'TOKEN_EXPIRED' },
    })
    expect(await nextOf(brief)).toBeUndefined()
    await live.move(2)
    expect(await pending).toBe(2)
  })

  it('whose token has run out already begins with that', async () => {
    const clock = manualClock()
    live = await openLiveGateway({}, clock)
    await live.move(1)
    const results = await live.subscribe(query, { principal: { expiresAt: clock.now() } })
    expect((await nextOf(results))?.errors?.[0]?.extensions?.['detail']).toMatchObject({ reason: 'TOKEN_EXPIRED' })
    expect(await nextOf(results)).toBeUndefined()
    expect(live.asked).toEqual([])
  })

  it('with a token for a century does not end at once, for all that timers take no more than 24 days', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const results = await live.subscribe(query, { principal: { expiresAt: 4_102_444_800_000 } })
    expect(await done(results)).toBe(1)
    await live.move(2)
    expect(await done(results)).toBe(2)
  })

  it('is let through and planned again once for all that share it, at its next event after a reload', async () => {
    let admitted = 0
    const counting: EdgeStep = {
      name: 'counting',
      admit: async (operation) => {
        admitted++
        return operation
      },
    }
    live = await openLiveGateway({ steps: [counting] })
    await live.move(1)
    const all = await Promise.all([live.subscribe(query), live.subscribe(query), live.subscribe(query)])
    await Promise.all(all.map(done))
    expect(admitted).toBe(3)
    await live.gateway.reload(grown)
    expect(admitted).toBe(3)
    const next = Promise.all(all.map(done))
    await live.move(2)
    expect(await next).toEqual([2, 2, 2])
    expect(admitted).toBe(4)
  })

  it('of which a step refuses the new plan ends with what the step says', async () => {
    let open = true
    const gate: EdgeStep = {
      name: 'gate',
      admit: async (operation) => (open ? operation : [wireError('FORBIDDEN', 'not any more', {})]),
    }
    live = await openLiveGateway({ steps: [gate] })
    await live.move(1)
    const results = await live.subscribe(query)
    await nextOf(results)
    open = false
    await live.gateway.reload(grown)
    await live.move(2)
    expect((await nextOf(results))?.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
    expect(await nextOf(results)).toBeUndefined()
  })

  it('that the new graph cannot serve ends with SUBSCRIPTION_SCHEMA_RELOAD, and no other does', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const others = await live.subscribe(query.replace(' risk', ''))
    const results = await live.subscribe(query)
    await Promise.all([nextOf(results), nextOf(others)])
    await live.gateway.reload(without('risk: Float'))
    await live.move(2)
    expect((await nextOf(results))?.errors?.[0]?.extensions?.['code']).toBe('SUBSCRIPTION_SCHEMA_RELOAD')
    expect(await nextOf(results)).toBeUndefined()
    expect(await done(others)).toBe(2)
  })

  it('carries in every result the errors of the fields that a step has taken out', async () => {
    const refused = [wireError('FORBIDDEN', 'no risk for you', {})]
    live = await openLiveGateway({
      steps: [{ name: 'narrow', admit: async (operation) => ({ ...operation, refused }) }],
    })
    await live.move(1)
    const results = await live.subscribe(query)
    const codes = async () => (await nextOf(results))?.errors?.map(({ extensions }) => extensions?.['code'])
    expect(await codes()).toEqual(['FORBIDDEN'])
    await live.move(2)
    expect(await codes()).toEqual(['FORBIDDEN'])
  })

  it('of what has ended already gives that to all who come while it is read, and ends for all', async () => {
    live = await openLiveGateway()
    await live.move(16, { status: 'SUCCEEDED' })
    const scenarios = live.requesters['scenarios']!
    const request = scenarios.request
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    scenarios.request = async (one) => {
      await held
      return request(one)
    }
    const first = await live.subscribe(query)
    const one = done(first)
    await vi.waitFor(async () => expect((await live.metrics.subscriptions.get()).values[0]?.value).toBe(1))
    const second = await live.subscribe(query)
    const two = done(second)
    await vi.waitFor(async () => expect((await live.metrics.subscriptions.get()).values[0]?.value).toBe(2))
    release()
    expect(await Promise.all([one, two])).toEqual([16, 16])
    expect([await nextOf(first), await nextOf(second)]).toEqual([undefined, undefined])
  })

  it('ends when the gateway closes', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const results = await live.subscribe(query)
    await nextOf(results)
    const pending = nextOf(results)
    await live.gateway.close()
    expect(await pending).toBeUndefined()
    expect((await live.metrics.subscriptions.get()).values[0]?.value).toBe(0)
  })

  it('is told of a gap where its listener was away for longer than events are kept', async () => {
    const clock = manualClock()
    const listeners: Listener<StreamMessage>[] = []
    live = await openLiveGateway({}, clock, noted(openMemoryBus(clock, { maxEvents: 32 }), listeners))
    await live.move(1)
    const results = await live.subscribe(query)
    expect(await done(results)).toBe(1)
    const sleeping = clock.sleepers
    await listeners[0]!.stop()
    await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(sleeping))
    for (let n = 2; n <= 120; n++) await live.move(n)
    const pending = nextOf(results)
    await clock.advance(1_000)
    const state = await pending
    expect(objectOf(state)?.['shardsDone']).toBe(120)
    expect(cursorOf(state)).not.toBe('undefined')
    if (query === LOG) expect(state?.extensions?.['gap']).toBe(true)
  })
})

const grown = composeSupergraph(
  exampleServices({ ...SDL, portfolios: SDL.portfolios.replace('risk: Float', 'risk: Float more: Int') }),
)
const without = (field: string) =>
  composeSupergraph(exampleServices({ ...SDL, portfolios: SDL.portfolios.replace(field, 'other: Float') }))

/** The bus, with its listeners written down. */
function noted(inner: Bus, listeners: Listener<StreamMessage>[]): Bus {
  const listen: Bus['listen'] = async (...asked) => {
    const listener = await inner.listen(...asked)
    listeners.push(listener)
    return listener
  }
  return Object.assign(Object.create(inner) as Bus, { listen })
}
