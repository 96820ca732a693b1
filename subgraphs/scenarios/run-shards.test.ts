// A run by its shards, as the graph shows it: estimates, dead letters, partial results and redrive.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failShard } from '../../compute/dispatch/isolate.ts'
import type { Model } from '../../compute/model/model.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog as log } from '../../infra/log.ts'
import { canonicalJson } from '../../schema/hash.ts'
import { ask, askEntity, askForErrors } from '../../test/support/ask.ts'
import { eventsUntilEnd, openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { viewRun } from './rules/run-view.ts'
import { scenarios } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph
let hash: string

const model: Model = {
  name: 'drift',
  tables: {},
  variables: [
    { kind: 'random', name: 'rate', unit: '1/year', distribution: { kind: 'uniform', min: 0.1, max: 0.2 } },
    {
      kind: 'stock',
      name: 'level',
      unit: '1',
      initial: { op: 'number', value: 1 },
      flow: { op: 'ref', name: 'rate' },
    },
  ],
  outputs: [],
}

beforeAll(async () => {
  fleet = await openFleet({ workers: 0 })
  subgraph = await openSubgraph(scenarios, { store: fleet.store, dispatch: fleet.dispatch, clock, log })
  hash = await fleet.dispatch.saveBlob('local', new TextEncoder().encode(canonicalJson(model)))
  await ask(subgraph, 'mutation($input: CreateScenarioInput!) { createScenario(input: $input) { scenario { id } } }', {
    variables: { input: { id: 'drift', title: 'Drift', bankId: 'b@1', horizonYears: 2, draws: 640 } },
  })
})
afterAll(() => fleet?.close())

const planned = () => ({ __typename: 'Scenario', id: 'drift', model: { hash } })

const RUN = `query($id: ID!) { run(id: $id) {
  status estimatedComputeSeconds progress { shardsDone shardsFailed shardsTotal etaSeconds }
  deadLetters { shard at reason { code message detail } }
  partialResults(variables: ["level"]) { shards complete results { draws times columns { variable mean } } } } }`
const runOf = async (id: string) =>
  ((await ask(subgraph, RUN, { variables: { id } })) as { run: Record<string, never> }).run

describe('a run by its shards', () => {
  let id = ''

  it('is estimated before it is submitted, and what was estimated stays with it', async () => {
    const ESTIMATE = 'estimate { computeSeconds shards slots shared refusal { code } }'
    const { estimate } = (await askEntity(subgraph, planned(), ESTIMATE)) as { estimate: Record<string, number> }
    expect(estimate).toMatchObject({ shards: 1, slots: 0, shared: false, refusal: null })
    expect(estimate['computeSeconds']).toBeGreaterThan(0)
    expect((await fleet.dispatch.list('local', {}, 1)).totalCount).toBe(0)
    const { run } = (await askEntity(subgraph, planned(), 'run(shards: 5) { id estimatedComputeSeconds }')) as {
      run: { id: string; estimatedComputeSeconds: number }
    }
    id = run.id
    expect(run.estimatedComputeSeconds).toBe(estimate['computeSeconds'])
    expect(await askEntity(subgraph, planned(), ESTIMATE)).toMatchObject({ estimate: { shared: true } })
  })

  it('has no partial results and no dead letters before the first shard is through', async () => {
    expect(await runOf(id)).toMatchObject({
      status: 'QUEUED',
      progress: { shardsFailed: 0, etaSeconds: null },
      deadLetters: [],
      partialResults: null,
    })
  })

  it('shows what failed, without what is inside, and the statistics over the rest', async () => {
    const [row] = await fleet.store.query<{ job_id: string }>('select job_id from fleet.run where run_id = $1', [id])
    const reason = {
      code: 'KERNEL_FAILED',
      message: 'shard 3 ended 2 workers',
      detail: { reason: 'poison', shard: 3 },
    } as const
    const culprit = { shard: 3, body: new TextEncoder().encode('secret') }
    await failShard({ ...fleet, clock, log }, { tenant: 'local', jobId: row!.job_id }, reason, culprit)
    await fleet.startWorker()
    await eventsUntilEnd(fleet.bus, 'local', id)
    const run = await runOf(id)
    expect(run).toMatchObject({
      status: 'FAILED',
      progress: { shardsDone: 4, shardsFailed: 1, shardsTotal: 5 },
      deadLetters: [{ shard: 3, reason }],
      partialResults: { shards: [0, 1, 2, 4], complete: false, results: { draws: 512 } },
    })
    expect(JSON.stringify(run)).not.toContain('secret')
    await expect(ask(subgraph, RUN, { variables: { id }, tenant: 'acme' })).rejects.toThrow()
  })

  it('is sent once more and ends as it would have; then nothing has failed', async () => {
    const REDRIVE =
      'mutation($input: RedriveShardInput!) { redriveShard(input: $input) { run { status } findings { code } } }'
    const errors = await askForErrors(subgraph, REDRIVE, { variables: { input: { id, shard: 0 } } })
    expect(errors).toMatchObject([{ code: 'BAD_INPUT', detail: { path: 'shard' } }])
    expect(await ask(subgraph, REDRIVE, { variables: { input: { id } } })).toMatchObject({
      redriveShard: { findings: [] },
    })
    await fleet.dispatch.settled('local', id)
    expect(await runOf(id)).toMatchObject({
      status: 'SUCCEEDED',
      partialResults: { shards: [0, 1, 2, 3, 4], complete: true, results: { draws: 640 } },
    })
    expect(await ask(subgraph, REDRIVE, { variables: { input: { id } } })).toMatchObject({
      redriveShard: { run: { status: 'SUCCEEDED' }, findings: [{ code: 'NOTHING_FAILED' }] },
    })
  })
})

describe('the time left', () => {
  const at = new Date(1_000_000)
  const eta = async (more: object) => {
    const [record] = (await fleet.dispatch.list('local', {}, 1)).runs
    const run = {
      ...record!,
      status: 'RUNNING',
      shardsDone: 0,
      shardsTotal: 10,
      startedAt: at,
      estimatedComputeSeconds: 60,
      slots: 4,
      ...more,
    }
    return viewRun(run as never, at.getTime() + 5000).progress.etaSeconds
  }

  it('is by the estimate over the threads that share it, until a shard is done, and by the pace from then on', async () => {
    expect(await eta({})).toBe(60 / 4 - 5)
    expect(await eta({ shardsTotal: 2 })).toBe(60 / 2 - 5)
    expect(await eta({ status: 'QUEUED', startedAt: null })).toBe(60 / 4)
    expect(await eta({ shardsDone: 1 })).toBeCloseTo(45, 9)
  })

  it('is unknown where the estimate is used up before a shard is done, where nobody computes, and where the run has ended', async () => {
    expect(await eta({ estimatedComputeSeconds: 1 })).toBeNull()
    expect(await eta({ slots: 0 })).toBeNull()
    expect(await eta({ status: 'FAILED' })).toBeNull()
  })
})
