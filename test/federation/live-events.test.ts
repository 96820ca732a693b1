// Events that carry the state: what they hold is not asked for, what they lack is read from its owner, in both executors alike.
import type { ExecutionResult } from 'graphql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LiveGateway, nextOf, objectOf, openLiveGateway } from '../support/live-gateway.ts'

let live: LiveGateway
afterEach(() => live.close())

const given = (result: ExecutionResult | undefined) => ({ data: result?.data, errors: result?.errors })

describe.each(['compiled', 'apollo'] as const)('an event that carries its object, by the executor %s', (executor) => {
  beforeEach(async () => {
    live = await openLiveGateway({ executor })
    await live.move(1)
  })

  /** The answers of subgraphs for one event after the first state. */
  async function pushed(query: string, move: () => Promise<unknown>, variables?: Record<string, unknown>) {
    const results = await live.subscribe(query, variables ? { variables } : {})
    await nextOf(results)
    live.asked.length = 0
    await move()
    const result = given(await nextOf(results))
    await results.return()
    return { result, asked: [...live.asked] }
  }

  it('is given without a question to any subgraph where it holds all that is selected', async () => {
    const query = 'subscription ($id: ID!) { runLog(id: $id) { __typename id done: shardsDone status } }'
    expect(await pushed(query, () => live.move(2))).toEqual({
      result: { data: { runLog: { __typename: 'Run', id: 'r1', done: 2, status: 'RUNNING' } }, errors: undefined },
      asked: [],
    })
  })

  it('asks the other subgraphs for their part, by the key that it carries', async () => {
    const query = 'subscription ($id: ID!) { mine: runLog(id: $id) { shardsDone risk } }'
    expect(await pushed(query, () => live.move(3))).toEqual({
      result: { data: { mine: { shardsDone: 3, risk: 0.2 } }, errors: undefined },
      asked: ['portfolios: _entities'],
    })
  })

  it('asks its owner once, by key, for what it lacks, and goes on from there to others', async () => {
    const query = `subscription ($id: ID!) { runLog(id: $id) { ...R scenario { title economy { gdp } } } }
      fragment R on Run { note shardsDone }`
    expect(await pushed(query, () => live.move(4, { without: ['note'] }))).toEqual({
      result: {
        data: { runLog: { note: 'after 4', shardsDone: 4, scenario: { title: 'Cut', economy: { gdp: 27.7 } } } },
        errors: undefined,
      },
      asked: ['scenarios: _entities', 'economies: _entities'],
    })
  })

  it('leaves an error where its owner fails, and the next one is answered again', async () => {
    const query = 'subscription ($id: ID!) { runLog(id: $id) { shardsDone note } }'
    const results = await live.subscribe(query)
    await nextOf(results)
    live.requesters['scenarios']!.down = true
    await live.move(5, { without: ['note'] })
    const failed = await nextOf(results)
    expect(failed).toMatchObject({ errors: [{ path: ['runLog'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] })
    live.requesters['scenarios']!.down = false
    await live.move(6, { without: ['note'] })
    expect(objectOf(await nextOf(results))).toEqual({ shardsDone: 6, note: 'after 6' })
  })

  it('ends the subscription after a final status, also where that is not selected', async () => {
    const results = await live.subscribe('subscription ($id: ID!) { runLog(id: $id) { shardsDone } }')
    await nextOf(results)
    await live.move(16, { status: 'FAILED' })
    expect(objectOf(await nextOf(results))).toEqual({ shardsDone: 16 })
    expect(await nextOf(results)).toBeUndefined()
  })

  it('decides @include and @skip by the variables of its subscriber', async () => {
    const query = `subscription ($id: ID!, $with: Boolean!) {
      runLog(id: $id) { shardsDone note @include(if: $with) risk @skip(if: $with) } }`
    const { result, asked } = await pushed(query, () => live.move(7), { id: 'r1', with: true })
    expect(result).toEqual({ data: { runLog: { shardsDone: 7, note: 'after 7' } }, errors: undefined })
    expect(asked).toEqual([])
  })
})

describe('an event without its object', () => {
  it('of a field that carries payloads makes it read the state', async () => {
    live = await openLiveGateway()
    await live.move(1)
    const results = await live.subscribe('subscription ($id: ID!) { runLog(id: $id) { shardsDone } }')
    await nextOf(results)
    live.world.runs['local'] = { r1: { id: 'r1', status: 'RUNNING', shardsDone: 9 } }
    await live.bus.emit('qz.ev.local.run.r1.state', new TextEncoder().encode('no JSON'))
    expect(objectOf(await nextOf(results))).toEqual({ shardsDone: 9 })
  })
})
