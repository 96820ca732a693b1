// Two tenants of one graph: whatever the ids, cursors and hashes, neither sees anything of the other.

import type { ExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROCESS } from '../../schema/caller.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

let graph: TestGraph
/** Ids that the tenant `local` has, by the query field that reads them. */
let owned: Record<string, string>
let runId: string

beforeAll(async () => {
  graph = await openGraph()
  const { createScenario } = await graph.ask<{
    createScenario: { scenario: { run: { id: string } } }
  }>(`mutation {
    createReform(input: { id: "mine", title: "Mine", changes: [{ parameter: "us.federal.income_tax.brackets.7.rate", from: "2025", value: 50, unit: "percent" }] }) { findings { code } }
    createScenario(input: { id: "mine", title: "Mine", economyId: "USA", reformId: "mine", bankId: "us-health@1.0.0", portfolioId: "balanced-demo", horizonYears: 1, draws: 64 }) {
      scenario { run { id } }
    }
  }`)
  runId = createScenario.scenario.run.id
  const { mechanismBank } = await graph.ask<{
    mechanismBank: { mechanisms: { edges: { node: { id: string; from: { id: string } } }[] } }
  }>('{ mechanismBank(id: "us-health@1.0.0") { mechanisms(first: 1) { edges { node { id from { id } } } } } }')
  const mechanism = mechanismBank.mechanisms.edges[0]!.node
  owned = {
    run: runId,
    scenario: 'mine',
    reform: 'mine',
    parameter: 'us.federal.income_tax.brackets.7.rate',
    parameterTree: 'us-federal',
    economy: 'USA',
    dataset: 'us-circular-flow@2024-q4',
    series: 'us-circular-flow@2024-q4/gdp',
    portfolio: 'balanced-demo',
    instrument: 'us-equity',
    mechanismBank: 'us-health@1.0.0',
    mechanism: mechanism.id,
    node: mechanism.from.id,
  }
})
afterAll(() => graph?.close())

const stranger = { tenant: 'stranger', requestId: 'test', principal: PROCESS }
/** As it goes on the wire. */
const askAsStranger = async (query: string, variables: Record<string, unknown> = {}) =>
  JSON.parse(
    JSON.stringify(await graph.embedded.gateway.execute({ query, variables, caller: stranger })),
  ) as ExecutionResult<Record<string, never>>
const codesOf = ({ errors = [] }: ExecutionResult) => errors.map(({ extensions }) => extensions?.['code'])

describe('another tenant', () => {
  it('finds no object by the ids of the first, which finds them all', async () => {
    for (const [field, id] of Object.entries(owned)) {
      const query = `query ($id: ID!) { ${field}(id: $id) { __typename } }`
      expect((await graph.ask<Record<string, object | null>>(query, { id }))[field], field).not.toBeNull()
      const answer = await askAsStranger(query, { id })
      expect(answer.data?.[field] ?? null, field).toBeNull()
      for (const code of codesOf(answer)) expect(code, field).toBe('NOT_FOUND')
    }
  })

  it('finds empty lists, also behind the cursors of the first', async () => {
    for (const list of [
      'runs',
      'scenarios',
      'reforms',
      'parameters',
      'economies',
      'datasets',
      'portfolios',
      'instruments',
      'mechanismBanks',
    ]) {
      const query = `query ($after: String) { ${list}(first: 1, after: $after) { totalCount edges { cursor } } }`
      type Page = Record<string, { totalCount: number; edges: { cursor: string }[] }>
      const mine = (await graph.ask<Page>(query))[list]!
      expect(mine.totalCount, list).toBeGreaterThan(0)
      const nothing = { data: { [list]: { totalCount: 0, edges: [] } } }
      expect(await askAsStranger(query), list).toEqual(nothing)
      const behind = await askAsStranger(query, { after: mine.edges[0]!.cursor })
      if (behind.errors) expect(codesOf(behind), list).toEqual(['BAD_INPUT'])
      else expect(behind, list).toEqual(nothing)
    }
  })

  it('cannot cancel, verify or redrive a run of the first, nor run its scenario again', async () => {
    for (const [field, input] of [
      ['cancelRun', { id: runId }],
      ['verifyRun', { id: runId }],
      ['redriveShard', { id: runId }],
      ['runScenario', { scenarioId: 'mine' }],
    ] as const) {
      const type =
        { runScenario: 'RunScenarioInput', redriveShard: 'RedriveShardInput' }[field as string] ?? 'RunIdInput'
      const answer = await askAsStranger(`mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`, {
        input,
      })
      expect(codesOf(answer), field).toEqual(['NOT_FOUND'])
    }
  })

  it('cannot build a scenario on the reform, bank and portfolio of the first, and nothing is computed for it', async () => {
    const answer = await askAsStranger(`mutation {
      createScenario(input: { id: "mine", title: "Theirs", economyId: "USA", reformId: "mine", bankId: "us-health@1.0.0", portfolioId: "balanced-demo", horizonYears: 1, draws: 64 }) {
        findings { code }
        scenario {
          title run { id } model { hash } netTaxChange { fraction } macroPath { times } portfolioImpact { baseline }
          populationRun { id } portfolioRun { id } circularFlowImpact { change { Y } } runs { totalCount }
        }
      }
    }`)
    expect(answer.data).toEqual({
      createScenario: {
        findings: [],
        scenario: {
          title: 'Theirs',
          run: null,
          model: null,
          netTaxChange: null,
          macroPath: null,
          portfolioImpact: null,
          populationRun: null,
          portfolioRun: null,
          circularFlowImpact: null,
          runs: { totalCount: 0 },
        },
      },
    })
    for (const code of codesOf(answer)) expect(['NOT_FOUND', 'INPUT_FAILED']).toContain(code)
    expect(await askAsStranger('{ runs { totalCount } }')).toEqual({ data: { runs: { totalCount: 0 } } })
  })

  it('is not pushed a run of the first', async () => {
    const query = 'subscription ($id: ID!) { runUpdated(id: $id) { id status } }'
    const results = await graph.embedded.gateway.subscribe({ query, variables: { id: runId }, caller: stranger })
    if (!(Symbol.asyncIterator in results)) return expect(codesOf(results)).toEqual(['NOT_FOUND'])
    const seen: ExecutionResult[] = []
    for await (const result of results) {
      seen.push(result)
      if (seen.length > 2) break
    }
    expect(seen.flatMap(codesOf)).toEqual(['NOT_FOUND'])
    expect(JSON.stringify(seen.map(({ data }) => data))).not.toContain(runId)
    return undefined
  })
})
