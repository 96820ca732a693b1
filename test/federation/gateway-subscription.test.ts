// Subscriptions of the gateway: the state first, then news as events come, until the run has ended. Time stands still.

import type { ExecutionResult } from 'graphql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { type Gateway, openGateway, type Results } from '../../gateway/gateway.ts'
import { subgraphRequestCounts } from '../../gateway/metrics.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import type { Bus, Listener, StreamMessage } from '../../infra/bus/port.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics, type Metrics } from '../../infra/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'
import { eventSubject } from '../../schema/events.ts'
import type { RunEvent } from '../../schema/jobs.ts'
import type { RunStatus } from '../../schema/terms/run.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import {
  type ExampleName,
  exampleServices,
  exampleSubgraphs,
  exampleSupergraph,
  newWorld,
  SDL,
  type SwitchedRequester,
  switched,
  type World,
} from './example-graph.ts'

const WATCH = 'subscription W($id: ID!) { runUpdated(id: $id) { id status shardsDone risk scenario { title } } }'
const SPACING_MS = 200
const IDLE_MS = 10_000
const supergraph = exampleSupergraph()

let world: World
let bus: Bus
let clock: ManualClock
let metrics: Metrics
let gateway: Gateway
let requesters: Record<string, SwitchedRequester>
/** Patterns listened to now, and every listener there was. */
let listening: string[]
let listeners: Listener<StreamMessage>[]

beforeEach(async () => {
  world = newWorld()
  clock = manualClock()
  bus = watched(openMemoryBus(clock))
  metrics = createMetrics('test')
  requesters = {}
  const subgraphs = exampleSubgraphs(world)
  gateway = await openGateway({
    supergraph: { sdl: supergraph },
    services: (name) => {
      const requester = switched(name, subgraphs[name as ExampleName])
      requesters[name] = requester
      return requester
    },
    bus,
    clock,
    log: silentLog,
    metrics,
    spacingMs: SPACING_MS,
    idleMs: IDLE_MS,
  })
})
afterEach(async () => {
  await gateway.close()
  await bus.close()
})

/** The bus, with its listeners written down. */
function watched(inner: Bus): Bus {
  listening = []
  listeners = []
  const listen: Bus['listen'] = async (pattern, after) => {
    const listener = await inner.listen(pattern, after)
    listening.push(pattern)
    listeners.push(listener)
    const stop = listener.stop.bind(listener)
    return Object.assign(listener, {
      stop: async () => {
        listening = listening.filter((p) => p !== pattern)
        await stop()
      },
    })
  }
  return Object.assign(Object.create(inner) as Bus, { listen })
}

async function watch(id = 'r1', tenant = 'local', query = WATCH): Promise<Results> {
  const results = await gateway.subscribe({
    query,
    variables: { id },
    caller: { tenant, requestId: 'req-1', principal: PROCESS },
  })
  if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results))
  return results
}
const refusal = async (id: string, query = WATCH) =>
  (await gateway.subscribe({
    query,
    variables: { id },
    caller: { tenant: 'local', requestId: 'req-1', principal: PROCESS },
  })) as ExecutionResult

/** The run as it is from now on, and the event that says so. */
async function move(status: RunStatus, shardsDone: number, tenant = 'local', id = 'r1'): Promise<void> {
  world.runs[tenant] = { ...world.runs[tenant], [id]: { id, status, shardsDone } }
  const event: RunEvent = { runId: id, status, shardsDone, shardsTotal: 16 }
  const kind = status === 'RUNNING' ? 'progress' : 'state'
  await bus.emit(eventSubject(tenant, 'run', id, kind), new TextEncoder().encode(JSON.stringify(event)))
}

/** As it goes over the wire, without the cursor. */
const wire = (result: unknown) => {
  const { extensions: _, ...rest } = JSON.parse(JSON.stringify(result)) as ExecutionResult
  return rest as ExecutionResult
}
/** status and shardsDone of the next result. */
async function next(results: Results): Promise<[string, number] | 'end'> {
  const { value, done } = await results.next()
  if (done) return 'end'
  const run = wire(value).data?.['runUpdated'] as { status: string; shardsDone: number }
  return [run.status, run.shardsDone]
}

describe('a subscription', () => {
  it('gives the state now, joined over all subgraphs of its selection', async () => {
    await move('RUNNING', 3)
    const { value } = await (await watch()).next()
    expect(wire(value)).toEqual({
      data: { runUpdated: { id: 'r1', status: 'RUNNING', shardsDone: 3, risk: 0.2, scenario: { title: 'Cut' } } },
    })
    expect(await subgraphRequestCounts(metrics)).toEqual({ scenarios: 1, portfolios: 1 })
  })

  it('gives each later state as its event comes, and ends after the terminal one', async () => {
    await move('QUEUED', 0)
    const results = await watch()
    expect(await next(results)).toEqual(['QUEUED', 0])
    for (const [status, done] of [
      ['RUNNING', 4],
      ['RUNNING', 9],
    ] as const) {
      await clock.advance(SPACING_MS)
      await move(status, done)
      expect(await next(results)).toEqual([status, done])
    }
    await move('SUCCEEDED', 16)
    expect(await next(results)).toEqual(['SUCCEEDED', 16])
    expect(await next(results)).toBe('end')
    expect(listening).toEqual([])
  })

  it.each(['SUCCEEDED', 'FAILED', 'CANCELLED'] as const)(
    'of a run that is %s already gives that once and ends',
    async (status) => {
      await move(status, 16)
      const results = await watch()
      expect(await next(results)).toEqual([status, 16])
      expect(await next(results)).toBe('end')
    },
  )

  it('ends after the terminal state also where its selection has no status', async () => {
    await move('SUCCEEDED', 16)
    const results = await watch('r1', 'local', 'subscription($id: ID!) { runUpdated(id: $id) { id } }')
    expect(wire((await results.next()).value)).toEqual({ data: { runUpdated: { id: 'r1' } } })
    expect(await next(results)).toBe('end')
  })

  it('takes aliases, fragments, directives and arguments that its snapshot does not have', async () => {
    await move('SUCCEEDED', 16)
    const query = `
      subscription Progress($id: ID!, $label: String, $with: Boolean = false) { ...Watch }
      fragment Watch on Subscription { mine: runUpdated(id: $id, label: $label) { ...Part at: shardsDone } }
      fragment Part on Run { state: status r: risk note @include(if: $with) }
    `
    const results = await watch('r1', 'local', query)
    expect(wire((await results.next()).value)).toEqual({ data: { mine: { state: 'SUCCEEDED', r: 0.2, at: 16 } } })
  })

  it('takes the id from a literal as well as from a variable', async () => {
    await move('SUCCEEDED', 16)
    const query = 'subscription { runUpdated(id: "r1") { id } }'
    const results = (await gateway.subscribe({
      query,
      caller: { tenant: 'local', requestId: 'r', principal: PROCESS },
    })) as Results
    expect(wire((await results.next()).value)).toEqual({ data: { runUpdated: { id: 'r1' } } })
  })

  it('misses no event between the opening of its listener and its first state', async () => {
    await move('RUNNING', 1)
    let answer = () => {}
    const scenarios = requesters['scenarios']!
    const request = scenarios.request
    scenarios.request = async (asked) => {
      const read = await request(asked)
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      scenarios.request = request
      return read
    }
    const results = await watch()
    const first = next(results)
    await vi.waitFor(() => expect(world.reads).toBe(1))
    await move('SUCCEEDED', 16)
    answer()
    expect(await first).toEqual(['RUNNING', 1])
    expect(await next(results)).toEqual(['SUCCEEDED', 16])
    expect(await next(results)).toBe('end')
  })

  it('of an unknown id ends with NOT_FOUND', async () => {
    const results = await watch('nobody')
    expect(wire((await results.next()).value)).toEqual({
      data: { runUpdated: null },
      errors: [
        {
          message: 'there is nothing with this id to watch',
          path: ['runUpdated'],
          extensions: { code: 'NOT_FOUND', detail: {} },
        },
      ],
    })
    expect(await next(results)).toBe('end')
    expect(listening).toEqual([])
  })

  it.each(['a.b', '*', '>', 'r1.>', 'r 1', 'r\n1', 'é', '%2E'])(
    'takes the id %j as one token of its subject, which reaches no events of others',
    async (id) => {
      await move('RUNNING', 1, 'local', id)
      await move('RUNNING', 1)
      const results = await watch(id)
      expect(await next(results)).toEqual(['RUNNING', 1])
      const pending = next(results)
      const reads = world.reads
      await move('RUNNING', 9)
      await clock.advance(SPACING_MS)
      expect(world.reads).toBe(reads)
      await move('SUCCEEDED', 16, 'local', id)
      expect(await pending).toEqual(['SUCCEEDED', 16])
    },
  )

  it.each(['', 'x'.repeat(1_001)])('refuses the id %j, which cannot stand in a subject', async (id) => {
    const { errors } = wire(await refusal(id))
    expect(errors?.[0]).toMatchObject({
      path: ['runUpdated'],
      extensions: { code: 'BAD_INPUT', detail: { path: 'id' } },
    })
    expect(listening).toEqual([])
  })

  it('refuses a selection that does not fit, before it listens', async () => {
    const { errors } = wire(await refusal('r1', 'subscription($id: ID!) { runUpdated(id: $id) { nope } }'))
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_INPUT')
    expect(listening).toEqual([])
  })

  it('refuses a query', async () => {
    expect(wire(await refusal('r1', '{ tenant }')).errors?.[0]?.extensions?.['code']).toBe('BAD_INPUT')
  })

  it('that skips its only field is refused', async () => {
    const query = 'subscription($id: ID!, $no: Boolean = true) { runUpdated(id: $id) @skip(if: $no) { id } }'
    expect(wire(await refusal('r1', query)).errors?.[0]?.extensions?.['code']).toBe('BAD_INPUT')
  })
})

describe('the tenant of a subscription', () => {
  it('is that of the caller, in the subject and in what is read', async () => {
    await move('SUCCEEDED', 16, 'acme')
    await move('RUNNING', 1, 'local')
    const results = await watch('r1', 'local')
    expect(await next(results)).toEqual(['RUNNING', 1])
    expect(listening).toEqual(['qz.ev.>'])
    expect(await next(await watch('r1', 'acme'))).toEqual(['SUCCEEDED', 16])
  })

  it('keeps the events of others away', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    const reads = world.reads
    const pending = next(results)
    await clock.advance(SPACING_MS)
    await move('SUCCEEDED', 16, 'acme')
    await clock.advance(SPACING_MS)
    expect(world.reads).toBe(reads)
    await move('RUNNING', 2)
    expect(await pending).toEqual(['RUNNING', 2])
  })
})

describe('a reader slower than the events', () => {
  it('gets the latest state once, however many events came', async () => {
    await move('RUNNING', 0)
    const results = await watch()
    await next(results)
    for (let done = 1; done <= 500; done++) await move('RUNNING', done)
    await clock.advance(SPACING_MS)
    const reads = world.reads
    expect(await next(results)).toEqual(['RUNNING', 500])
    expect(world.reads - reads).toBe(1)
  })

  it('still gets the terminal state, last', async () => {
    await move('RUNNING', 0)
    const results = await watch()
    await next(results)
    for (let done = 1; done <= 15; done++) await move('RUNNING', done)
    await move('SUCCEEDED', 16)
    expect(await next(results)).toEqual(['SUCCEEDED', 16])
    expect(await next(results)).toBe('end')
  })

  it('has its progress spaced, but not its end', async () => {
    await move('RUNNING', 0)
    const results = await watch()
    await next(results)
    await move('RUNNING', 1)
    let given = false
    const pending = next(results).finally(() => {
      given = true
    })
    await clock.advance(SPACING_MS - 1)
    expect(given).toBe(false)
    await clock.advance(1)
    expect(await pending).toEqual(['RUNNING', 1])
    await move('RUNNING', 2)
    await move('FAILED', 2)
    expect(await next(results)).toEqual(['FAILED', 2])
  })
})

describe('a subscription without events', () => {
  it('finds a state whose event was lost', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    const pending = next(results)
    world.runs['local'] = { r1: { id: 'r1', status: 'SUCCEEDED', shardsDone: 16 } }
    await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(0))
    await clock.advance(IDLE_MS)
    expect(await pending).toEqual(['SUCCEEDED', 16])
    expect(await next(results)).toBe('end')
  })

  it('says nothing where nothing changed', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    const pending = next(results)
    const reads = world.reads
    await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(0))
    await clock.advance(IDLE_MS)
    await vi.waitFor(() => expect(world.reads).toBe(reads + 1))
    await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(0))
    await move('SUCCEEDED', 16)
    expect(await pending).toEqual(['SUCCEEDED', 16])
  })

  it('listens again when the listener broke off, and misses nothing that happened meanwhile', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    const pending = next(results)
    await listeners.at(-1)!.stop()
    await move('RUNNING', 7)
    await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(1))
    await clock.advance(1_000)
    expect(await pending).toEqual(['RUNNING', 7])
    expect(listening).toEqual(['qz.ev.>'])
    await move('SUCCEEDED', 16)
    expect(await next(results)).toEqual(['SUCCEEDED', 16])
  })
})

describe('the end of a subscription', () => {
  it('by a client that leaves while it waits stops the listener', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    const pending = results.next()
    expect(listening).toEqual(['qz.ev.>'])
    await results.return()
    expect(await pending).toEqual({ value: undefined, done: true })
    expect(listening).toEqual([])
    expect((await metrics.subscriptions.get()).values[0]?.value).toBe(0)
  })

  it('by a client that leaves before the first result never listens', async () => {
    const results = await watch()
    await results.return()
    expect(await results.next()).toEqual({ value: undefined, done: true })
    expect(listening).toEqual([])
  })

  it.each(['for the first time', 'again'])(
    'by a client that leaves while the listener is opened %s stops it',
    async (time) => {
      await move('RUNNING', 1)
      const results = await watch()
      if (time === 'again') await next(results)
      const waiting = () => {}
      let opened = waiting
      const listen = bus.listen
      bus.listen = async (...asked) => {
        await new Promise<void>((resolve) => {
          opened = resolve
        })
        return listen(...asked)
      }
      const pending = results.next()
      if (time === 'again') {
        await listeners[0]!.stop()
        await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(1))
        await clock.advance(1_000)
      }
      await vi.waitFor(() => expect(opened).not.toBe(waiting))
      const left = results.return()
      opened()
      await Promise.all([pending, left])
      expect(listening).toEqual([])
    },
  )

  it('comes when the gateway closes', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    const pending = next(results)
    await gateway.close()
    expect(await pending).toBe('end')
    expect(listening).toEqual([])
  })

  it('comes with BUS_UNAVAILABLE where there is no bus to listen to', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await bus.close()
    expect(wire((await results.next()).value).errors?.[0]?.extensions?.['code']).toBe('BUS_UNAVAILABLE')
    expect(await next(results)).toBe('end')
  })
})

describe('a subgraph that fails during a subscription', () => {
  it('leaves an error in that result, and the next event is answered again', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    requesters['scenarios']!.down = true
    await move('SUCCEEDED', 16)
    const { value } = await results.next()
    expect(wire(value)).toMatchObject({
      data: { runUpdated: null },
      errors: [{ path: ['runUpdated'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    })
    requesters['scenarios']!.down = false
    const pending = next(results)
    await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(0))
    await clock.advance(IDLE_MS)
    expect(await pending).toEqual(['SUCCEEDED', 16])
  })

  it('that only adds to it leaves the rest of the result', async () => {
    await move('SUCCEEDED', 16)
    requesters['portfolios']!.down = true
    const { value } = await (await watch()).next()
    expect(wire(value)).toMatchObject({
      data: { runUpdated: { status: 'SUCCEEDED', risk: null } },
      errors: [{ path: ['runUpdated'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    })
  })
})

describe('a reload of the supergraph during a subscription', () => {
  const without = (field: string) =>
    composeSupergraph(exampleServices({ ...SDL, portfolios: SDL.portfolios.replace(field, 'other: Float') }))

  it('plans it again at its next event', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    await gateway.reload(
      composeSupergraph(exampleServices({ ...SDL, portfolios: SDL.portfolios.replace('risk', 'more: Int risk') })),
    )
    await move('SUCCEEDED', 16)
    expect(await next(results)).toEqual(['SUCCEEDED', 16])
    expect(await next(results)).toBe('end')
  })

  it('ends it with SUBSCRIPTION_SCHEMA_RELOAD where it is valid no more', async () => {
    await move('RUNNING', 1)
    const results = await watch()
    await next(results)
    await gateway.reload(without('risk: Float'))
    await move('SUCCEEDED', 16)
    expect(wire((await results.next()).value).errors?.[0]?.extensions).toEqual({
      code: 'SUBSCRIPTION_SCHEMA_RELOAD',
      detail: { problems: ['Cannot query field "risk" on type "Run".'] },
    })
    expect(await next(results)).toBe('end')
    expect(listening).toEqual([])
  })
})
