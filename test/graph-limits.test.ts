// The limits over the graph of this product: what is stated in its SDL, and what a large question costs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kind, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newReply } from '../gateway/edge/step.ts'
import { costOf } from '../gateway/limits/cost/operation-cost.ts'
import { readWeights } from '../gateway/limits/cost/weights.ts'
import { DEFAULT_LIMITS } from '../gateway/limits/limits-config.ts'
import { packageFile } from '../infra/paths.ts'
import { PROCESS, type Tier } from '../schema/caller.ts'
import { openGraph, type TestGraph } from './support/graph.ts'

const LIMIT_OF_PRO = 2
const directory = mkdtempSync(join(tmpdir(), 'quesnay-limits-'))

let graph: TestGraph
beforeAll(async () => {
  const config = join(directory, 'gateway.yaml')
  writeFileSync(config, `limits: { computeSeconds: { pro: ${LIMIT_OF_PRO} } }`)
  graph = await openGraph({ QUESNAY_GATEWAY_CONFIG: config })
}, 120_000)
afterAll(async () => {
  await graph?.close()
  rmSync(directory, { recursive: true, force: true })
})

const SCENARIO = `mutation Ask($draws: Int!, $years: Float!, $steps: Int! = 12) {
  createScenario(input: { title: "t", economyId: "USA", bankId: "us-health@1.0.0", draws: $draws, horizonYears: $years, stepsPerYear: $steps }) {
    scenario { estimate { computeSeconds } }
  }
}`

async function ask(query: string, variables: Record<string, unknown>, tier: Tier) {
  const reply = newReply()
  const caller = { tenant: graph.embedded.tenant, requestId: 'r', principal: { ...PROCESS, tier } }
  const result = await graph.embedded.gateway.execute({ query, variables, caller, reply })
  const [, points, seconds] =
    /^points=(\d+), computeSeconds=(.+)$/.exec(reply.headers.get('x-quesnay-cost') ?? '') ?? []
  return { ...result, points: Number(points), seconds: Number(seconds) }
}

describe('a question of the graph', () => {
  it('states about as many seconds of computing as its plan is estimated to take', async () => {
    for (const [draws, years] of [
      [1_000, 10],
      [5_000, 20],
    ] as const) {
      const { data, errors, seconds } = await ask(SCENARIO, { draws, years }, 'pro')
      expect(errors).toBeUndefined()
      const { scenario } = (data as { createScenario: { scenario: { estimate: { computeSeconds: number } } } })
        .createScenario
      expect(seconds / scenario.estimate.computeSeconds).toBeGreaterThan(0.5)
      expect(seconds / scenario.estimate.computeSeconds).toBeLessThan(2)
    }
  })

  it('that would have more computed than its tier may ask for is refused before anything is made', async () => {
    const large = { draws: 100_000, years: 100, steps: 365 }
    const { data, errors, seconds } = await ask(SCENARIO, large, 'free')
    expect(data).toBeUndefined()
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { rule: 'computeSeconds', limit: 60, found: seconds, suggestion: expect.stringContaining('draws') },
    })
    const { scenarios } = await graph.ask<{ scenarios: { totalCount: number } }>('{ scenarios { totalCount } }')
    expect(scenarios.totalCount).toBe(2)
  })

  it('about a scenario that is stored is held to what the scenario is estimated to take, by the tier of who asks', async () => {
    const id = 'long-run'
    const create = `mutation { createScenario(input: { id: "${id}", title: "t", economyId: "USA", bankId: "us-health@1.0.0", draws: 10000, horizonYears: 50, savesPerYear: 1 }) { scenario { id } } }`
    expect((await ask(create, {}, 'enterprise')).errors).toBeUndefined()
    const read = `{ scenario(id: "${id}") { estimate { computeSeconds refusal { code } } run { id } } }`
    const { data, errors, seconds } = await ask(read, {}, 'pro')
    expect(seconds).toBeLessThan(LIMIT_OF_PRO)
    const { estimate, run } = (data as { scenario: { estimate: { computeSeconds: number }; run: null } }).scenario
    expect(estimate).toMatchObject({ refusal: { code: 'LIMIT_EXCEEDED' } })
    expect(run).toBeNull()
    expect(errors).toMatchObject([
      {
        path: ['scenario', 'run'],
        extensions: { code: 'LIMIT_EXCEEDED', detail: { rule: 'computeSeconds', limit: LIMIT_OF_PRO } },
      },
    ])
    const { found } = (errors![0]!.extensions as { detail: { found: number } }).detail
    expect(found / estimate.computeSeconds).toBeCloseTo(1, 2)
    const { runs } = await graph.ask<{ runs: { totalCount: number } }>('{ runs { totalCount } }')
    expect(runs.totalCount).toBe(0)
    const estimated = `{ scenario(id: "${id}") { estimate { refusal { code } } } }`
    expect((await ask(estimated, {}, 'enterprise')).data).toEqual({ scenario: { estimate: { refusal: null } } })
  })

  it('costs as many points as its pages are long', async () => {
    const query = 'query ($n: Int) { parameters(first: $n) { edges { node { id } } } }'
    expect((await ask(query, { n: 100 }, 'free')).points).toBe(1 + 100 * 2)
    expect((await ask(query, {}, 'free')).points).toBe(1 + 50 * 2)
    const nested = '{ economies(first: 500) { edges { node { mechanisms(first: 500) { edges { node { id } } } } } } }'
    expect((await ask(nested, {}, 'pro')).errors?.[0]?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { rule: 'cost' },
    })
  })

  it.each(['first-query', 'flagship', 'household', 'population'])(
    'of examples/%s.graphql is within what the tier free may ask',
    (name) => {
      const document = parse(readFileSync(packageFile('examples', `${name}.graphql`), 'utf8'))
      const sdl = readFileSync(packageFile('schema', 'sdl', 'supergraph.graphql'), 'utf8')
      const rules = {
        schema: graph.embedded.gateway.schema,
        weights: readWeights(sdl),
        listSize: DEFAULT_LIMITS.listSize,
      }
      const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
      for (const operation of operations) {
        const { points, computeSeconds } = costOf(rules, { document, operation })({ draws: 1000 })
        expect(points).toBeGreaterThan(0)
        expect(points).toBeLessThan(DEFAULT_LIMITS.cost.free)
        expect(computeSeconds).toBeLessThan(DEFAULT_LIMITS.computeSeconds.free)
      }
    },
  )
})
