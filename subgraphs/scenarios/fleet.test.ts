// Query.fleet and Run.shards: what a tenant sees of the fleet through the graph.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askForErrors } from '../../test/support/ask.ts'
import { ensemble, openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { scenarios } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet({ workers: 1 })
  subgraph = await openSubgraph(scenarios, { store: fleet.store, dispatch: fleet.dispatch, clock, log: silentLog })
})
afterAll(() => fleet?.close())

const FLEET = `query Fleet($runs: Int) { fleet(runs: $runs) {
  at backlogSeconds
  workers { id version host slots busy draining kernels rssBytes startedAt heartbeatSeconds }
  queues { class own { waiting running costSeconds } total { waiting } }
  runs { id status shards { index status from to sent deaths workerId computeSeconds } }
} }`

describe('Query.fleet', () => {
  it('shows workers, queues and the tenant’s runs with their shards', async () => {
    const mine = await fleet.dispatch.submit(ensemble({ shards: 2 }))
    await fleet.dispatch.submit(ensemble({ shards: 2, tenant: 'other', seed: '5' }))
    await fleet.dispatch.settled('local', mine.id)
    const { fleet: seen } = await ask(subgraph, FLEET)
    expect(seen.workers).toMatchObject([{ host: 'host-1', slots: 1, draining: false }])
    expect(seen.queues.map((queue: { class: string }) => queue.class)).toEqual(['INTERACTIVE', 'NORMAL', 'BATCH'])
    expect(seen.backlogSeconds).toBeGreaterThanOrEqual(0)
    expect(seen.runs).toMatchObject([
      {
        id: mine.id,
        status: 'SUCCEEDED',
        shards: [
          { index: 0, status: 'SUCCEEDED', from: 0, sent: 1, deaths: 0, workerId: seen.workers[0].id },
          { index: 1, status: 'SUCCEEDED', to: 1000, sent: 1, deaths: 0 },
        ],
      },
    ])
  })

  it('shows another tenant its own', async () => {
    const { fleet: seen } = await ask(subgraph, FLEET, { tenant: 'nobody' })
    expect([seen.runs, seen.workers.length]).toEqual([[], 1])
  })

  it('refuses more runs than it shows', async () => {
    for (const runs of [-1, 201])
      expect(await askForErrors(subgraph, FLEET, { variables: { runs } })).toMatchObject([
        { code: 'BAD_INPUT', detail: { path: 'runs' } },
      ])
  })
})
