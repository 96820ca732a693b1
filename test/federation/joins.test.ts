// Fields by which subgraphs meet, asked through the gateway: the answer, and that a list costs no more requests than one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGraph, type TestGraph } from '../support/graph.ts'

let graph: TestGraph
const BANK = 'us-health@1.0.0'

beforeAll(async () => {
  graph = await openGraph()
  await graph.ask(
    `mutation { createReform(input: { id: "higher", title: "Higher", changes: [
      { parameter: "us.federal.income_tax.brackets.7.rate", from: "2025", value: 45, unit: "percent" }] }) { reform { id } } }`,
  )
  for (const id of ['one', 'two', 'three'])
    await graph.ask(`mutation($input: CreateScenarioInput!) { createScenario(input: $input) { scenario { id } } }`, {
      input: {
        id,
        title: id,
        economyId: 'USA',
        reformId: 'higher',
        bankId: BANK,
        portfolioId: 'balanced-demo',
        draws: 64,
        horizonYears: 2,
      },
    })
})
afterAll(() => graph?.close())

type Node = { node: Record<string, unknown> }

describe('fields of one subgraph on the entity of another', () => {
  it('Reform.scenarios (scenarios on parameters) lists the scenarios that ask for a reform', async () => {
    const work = () => graph.ask<Reforms>('{ reform(id: "higher") { scenarios { totalCount edges { node { id } } } } }')
    interface Reforms {
      reform: { scenarios: { totalCount: number; edges: Node[] } }
    }
    const { reform } = await work()
    expect(reform.scenarios.edges.map(({ node }) => node['id'])).toEqual(['three', 'two', 'one'])
    expect(reform.scenarios.totalCount).toBe(3)
    expect(await graph.requestsOf(work)).toEqual({ parameters: 1, scenarios: 1 })
  })

  it('Scenario.reform (parameters on scenarios) resolves the reforms of a list in one request', async () => {
    const work = () =>
      graph.ask<{ scenarios: { edges: Node[] } }>('{ scenarios { edges { node { reform { title } } } } }')
    expect((await work()).scenarios.edges.map(({ node }) => node)).toEqual(
      Array(3).fill({ reform: { title: 'Higher' } }),
    )
    expect(await graph.requestsOf(work)).toEqual({ scenarios: 1, parameters: 1 })
  })

  it('Economy.mechanisms (mechanisms on economies) finds mechanisms by geography', async () => {
    const work = () =>
      graph.ask<{ economy: { mechanisms: { totalCount: number } } }>(
        '{ economy(id: "USA") { mechanisms { totalCount } } }',
      )
    expect((await work()).economy.mechanisms.totalCount).toBeGreaterThanOrEqual(220)
    expect(await graph.requestsOf(work)).toEqual({ economies: 1, mechanisms: 1 })
  })

  it('Economy.instruments and exposedPortfolios (portfolios on economies) come in one request for all economies', async () => {
    const work = () =>
      graph.ask<{ economies: { edges: Node[] } }>(
        '{ economies { edges { node { id instruments { totalCount } exposedPortfolios { totalCount edges { node { id } } } } } } }',
      )
    const usa = (await work()).economies.edges.map(({ node }) => node).find(({ id }) => id === 'USA')
    expect(usa).toMatchObject({ exposedPortfolios: { edges: [{ node: { id: 'balanced-demo' } }] } })
    expect(await graph.requestsOf(work)).toEqual({ economies: 1, portfolios: 1 })
  })

  it('Scenario.macroPath (economies) takes the tax change of parameters, for a list at one request each', async () => {
    const work = () =>
      graph.ask<{ scenarios: { edges: Node[] } }>(
        '{ scenarios { edges { node { netTaxChange { fraction } macroPath { columns { variable } } } } } }',
      )
    for (const { node } of (await work()).scenarios.edges)
      expect(node).toMatchObject({ netTaxChange: { fraction: expect.any(Number) }, macroPath: expect.anything() })
    expect(await graph.requestsOf(work)).toEqual({ scenarios: 1, parameters: 1, economies: 1 })
  })

  it('Scenario.run takes the model of mechanisms and the path of economies', async () => {
    const work = () =>
      graph.ask<{ scenario: Record<string, unknown> }>('{ scenario(id: "one") { run { id inputHash } } }')
    const first = (await work()).scenario
    expect(first).toEqual({ run: { id: expect.any(String), inputHash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    expect((await work()).scenario).toEqual(first)
    const requests = await graph.requestsOf(work)
    expect(requests).toEqual({ scenarios: 2, parameters: 1, economies: 1, mechanisms: 1 })
  })

  it('Run.populationImpact (parameters) is there for a run of its kind and null for another', async () => {
    const { scenario } = await graph.ask<{ scenario: Record<string, Record<string, unknown>> }>(
      `{ scenario(id: "one") { run { populationImpact { units } } populationRun { kind populationImpact { units } } } }`,
    )
    expect(scenario['run']).toEqual({ populationImpact: null })
    expect(scenario['populationRun']).toEqual({ kind: 'POPULATION', populationImpact: { units: 1000 } })
  })

  it('Run.risk and Scenario.portfolioImpact (portfolios) revalue the portfolio along the path of economies', async () => {
    const { scenario } = await graph.ask<{ scenario: Record<string, Record<string, unknown>> }>(
      `{ scenario(id: "one") { portfolioImpact { times value } portfolioRun { kind status } } }`,
    )
    const { times, value } = scenario['portfolioImpact'] as { times: number[]; value: number[] }
    expect(value).toHaveLength(times.length)
    expect(scenario['portfolioRun']).toMatchObject({ kind: 'RISK' })
  })
})
