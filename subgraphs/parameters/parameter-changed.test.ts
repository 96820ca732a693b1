// parameterChanged in the whole graph: a write is pushed with what it wrote, to those who watch it and to nobody else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGraph, type TestGraph } from '../../test/support/graph.ts'

const SET = `mutation ($input: SetParameterInput!) { setParameter(input: $input) { saved findings { message } } }`
const WATCH = `subscription ($id: ID!) { parameterChanged(id: $id) { id label unit values { from values } } }`

let graph: TestGraph
beforeAll(async () => {
  graph = await openGraph()
  await graph.ask(
    `mutation { createParameterTree(input: { id: "own", title: "Own", country: "USA", currency: "USD", from: "2000",
      to: "2035", source: "test", licence: "CC0-1.0", author: "tester" }) { tree { id } } }`,
  )
  await set('own.rate', 1, { label: 'The rate', unit: 'USD' })
  await set('own.other', 1, { label: 'Another', unit: 'USD' })
})
afterAll(() => graph.close())

/** @param fields of a parameter that is new */
async function set(id: string, value: number, fields: object = {}): Promise<void> {
  const parameter = { id, ...fields, values: [{ from: String(2020 + value), values: [value] }] }
  const input = { tree: 'own', author: 'tester', message: 'a test', parameter }
  const { setParameter } = await graph.ask<{ setParameter: { saved: boolean; findings: unknown } }>(SET, { input })
  expect(setParameter.saved, JSON.stringify(setParameter.findings)).toBe(true)
}

describe('parameterChanged', () => {
  it('gives the parameter now, then each time it is written, its values with it', async () => {
    const results = graph.client.subscribe(WATCH, { id: 'own.rate' })[Symbol.asyncIterator]()
    const next = async () => (await results.next()).value.data.parameterChanged
    expect(await next()).toMatchObject({ id: 'own.rate', values: [{ values: [1] }] })
    await set('own.other', 7)
    await set('own.rate', 2)
    expect(await next()).toMatchObject({ label: 'The rate', unit: 'USD', values: [{ values: [1] }, { values: [2] }] })
    await results.return?.()
  })

  it('asks the subgraph for nothing where the event carries all that is selected', async () => {
    const results = graph.client
      .subscribe('subscription { parameterChanged(id: "own.rate") { id label kind unit } }', {})
      [Symbol.asyncIterator]()
    await results.next()
    const requests = await graph.requestsOf(async () => {
      await set('own.rate', 3)
      expect((await results.next()).value.data.parameterChanged).toEqual({
        id: 'own.rate',
        label: 'The rate',
        kind: 'NUMBER',
        unit: 'USD',
      })
    })
    // The mutation alone.
    expect(requests).toEqual({ parameters: 1 })
    await results.return?.()
  })

  it('of an unknown parameter ends with NOT_FOUND', async () => {
    const results: unknown[] = []
    for await (const result of graph.client.subscribe(WATCH, { id: 'own.nothing' })) results.push(result)
    expect(results).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
  })
})
