// Answers of our own graph that are kept: lists of versioned data too, until one of its own is imported, through the graph or beside it.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { freshStore, type TestStore } from '../support/database.ts'
import { openGraph, type TestGraph } from '../support/graph.ts'

let database: TestStore
let graph: TestGraph
beforeAll(async () => {
  database = await freshStore()
  graph = await openGraph({ DATABASE_URL: database.url })
  // What the start has written tells of itself too, within seconds.
  await vi.waitFor(async () => expect(await database.store.query('select from events.outbox')).toEqual([]))
  await vi.waitFor(async () => expect(await isKept(BANKS)).toBe(true))
})
afterAll(async () => {
  await graph?.close()
  await database?.drop()
})

const isKept = async (query: string) => Object.keys(await graph.requestsOf(() => graph.ask(query))).length === 0

const BANKS = '{ mechanismBanks { edges { node { id origin { title } } } pageInfo { hasNextPage } totalCount } }'
const BANK = `{ mechanismBank(id: "us-health@1.0.0") {
  nodes(first: 2) { edges { cursor node { id range { min } } } }
  mechanisms(first: 2) { edges { node { id evidence { grade } form { parameters { name } } effect { value } assumptions { code } } } }
} }`
const DATASETS = '{ datasets { edges { node { id series { id } } } totalCount } }'
const PARAMETER = `{ parameter(id: "us.federal.income_tax.brackets.7.rate") {
  label source { name } values { from } valueAt(date: "2024-01-01") { value } tree { id title }
} }`
const PARAMETERS = '{ parameterTree(id: "us-federal") { parameters(first: 3) { edges { node { id label } } } } }'

const importOf = (version: string) => `mutation {
  importSeries(input: {
    datasetId: "own@${version}", economyId: "OWN", economyName: "Own", currency: "EUR", title: "Own", frequency: ANNUAL, governmentScope: CONSUMPTION
    origin: "me", licence: "CC0", retrieved: "2026-01-01", series: [{ name: "c", unit: "EUR bn" }], csv: "period,c\\n2020,1\\n"
  }) { imported findings { message } }
}`

describe('answers of our own graph', () => {
  it.each([BANKS, BANK, DATASETS, PARAMETER, PARAMETERS])('are kept: %s', async (query) => {
    await graph.ask(query)
    expect(await isKept(query)).toBe(true)
  })

  it('show what a mutation has imported at once; others stay', async () => {
    for (const query of [DATASETS, BANKS]) await graph.ask(query)
    expect(await graph.ask(importOf('1'))).toMatchObject({ importSeries: { imported: true } })
    const { datasets } = await graph.ask<{ datasets: { edges: { node: { id: string } }[] } }>(DATASETS)
    expect(datasets.edges.map(({ node }) => node.id)).toContain('own@1')
    expect(await isKept(BANKS)).toBe(true)
  })

  it('show what is written past the graph, as soon as its event is heard', async () => {
    await graph.ask(PARAMETER)
    await database.store.query(
      `update parameters.parameter set label = 'written past the graph' where id = 'us.federal.income_tax.brackets.7.rate'`,
    )
    await vi.waitFor(
      async () => expect(await graph.ask(PARAMETER)).toMatchObject({ parameter: { label: 'written past the graph' } }),
      { timeout: 30_000, interval: 200 },
    )
    expect(await isKept(BANKS)).toBe(true)
  })
})
