// runPartialResults over a real fleet: what is done so far is pushed as shards come, and the last state with all draws comes last.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, openGateway } from '../../gateway/gateway.ts'
import { localRequester } from '../../gateway/requesters/local-requester.ts'
import { readSupergraph } from '../../gateway/supergraph-file.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog as log } from '../../infra/log.ts'
import { packageFile } from '../../infra/paths.ts'
import { PROCESS } from '../../schema/caller.ts'
import { ensemble, openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph } from '../shared/subgraph.ts'
import { scenarios } from './subgraph.ts'

const WATCH = `subscription ($id: ID!) { runPartialResults(id: $id) {
  status partialResults { shards complete results { draws } } } }`
const SHARDS = 5

let fleet: TestFleet
let gateway: Gateway
beforeAll(async () => {
  fleet = await openFleet({ workers: 0 })
  const subgraph = await openSubgraph(scenarios, { store: fleet.store, dispatch: fleet.dispatch, clock, log })
  gateway = await openGateway({
    supergraph: {
      sdl: await readSupergraph({ file: packageFile('schema', 'sdl', 'supergraph.graphql'), watch: false }),
    },
    // Nothing of the others is asked for.
    services: () => localRequester(subgraph),
    bus: fleet.bus,
    clock,
    log,
    metrics: fleet.metrics,
  })
})
afterAll(async () => {
  await gateway?.close()
  await fleet?.close()
})

interface State {
  readonly status: string
  readonly partialResults: {
    readonly shards: number[]
    readonly complete: boolean
    readonly results: { draws: number }
  }
}

describe('runPartialResults', () => {
  it('pushes what is done as shards come, never less than before, and all of it at the end', async () => {
    const submission = ensemble({ lanes: 64 * SHARDS, shards: SHARDS })
    const { id } = await fleet.dispatch.submit(submission)
    const caller = { tenant: 'local', requestId: 'test', principal: PROCESS }
    const results = await gateway.subscribe({ query: WATCH, variables: { id }, caller })
    if (!(Symbol.asyncIterator in results)) throw new Error(JSON.stringify(results))
    const states: State[] = []
    for await (const result of results) {
      const { data, errors } = JSON.parse(JSON.stringify(result))
      expect(errors).toBeUndefined()
      states.push(data.runPartialResults)
      // Nobody computes before the first state is there.
      if (states.length === 1) await fleet.startWorker()
    }
    expect(states[0]).toEqual({ status: 'QUEUED', partialResults: null })
    expect(states.length).toBeGreaterThan(2)
    const counts = states.map(({ partialResults }) => partialResults?.shards.length ?? 0)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
    expect(states.at(-1)).toMatchObject({
      status: 'SUCCEEDED',
      partialResults: { complete: true, results: { draws: 64 * SHARDS } },
    })
  })
})
