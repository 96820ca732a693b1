// The classes of federation that other routers are audited by: each a small graph, answered as by one schema of all.
import type { FormattedExecutionResult } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { type Case, type CaseGraph, openCase } from '../support/federation/case-graph.ts'
import { ABSTRACT_TYPES } from './classes/abstract-types.ts'
import { ENTITIES, NULL_KEYS } from './classes/entities.ts'
import { KEYS } from './classes/keys.ts'
import { REQUIRED_WAYS } from './classes/required-ways.ts'
import { REQUIREMENTS } from './classes/requirements.ts'
import { MUTATIONS, ROOTS } from './classes/roots.ts'
import { FAILURES, VALUES } from './classes/values.ts'

let graph: CaseGraph | undefined
afterEach(() => graph?.gateway.close())

const asked = (query: Case['queries'][number]) => (typeof query === 'string' ? ([query, {}] as const) : query)

const SUBJECTS: readonly (readonly [string, readonly Case[]])[] = [
  ['an entity', ENTITIES],
  ['an entity', KEYS],
  ['a subgraph', REQUIREMENTS],
  ['a subgraph', REQUIRED_WAYS],
  ['an abstract type', ABSTRACT_TYPES],
  ['a field', ROOTS],
  ['a value', VALUES],
]

describe.each(SUBJECTS)('%s', (_, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    graph = await openCase(one)
    for (const query of one.queries) {
      const want = await graph.oracle(...asked(query))
      expect(want.errors, `the oracle on ${query}`).toBeUndefined()
      expect(await graph.ask(...asked(query)), String(query)).toEqual(want)
    }
  })
})

describe('an entity in a list', () => {
  it(NULL_KEYS.name, async () => {
    graph = await openCase(NULL_KEYS)
    expect(await graph.ask(String(NULL_KEYS.queries[0]))).toEqual({
      data: {
        books: [
          { upc: 'u1', id: 'b1', title: 'One' },
          { upc: null, id: null, title: null },
        ],
      },
    })
  })
})

describe('a failure', () => {
  it(FAILURES.name, async () => {
    graph = await openCase(FAILURES)
    const placed = ({ data, errors }: FormattedExecutionResult) => ({ data, paths: errors?.map(({ path }) => path) })
    for (const query of FAILURES.queries)
      expect(placed(await graph.ask(...asked(query))), String(query)).toEqual(
        placed(await graph.oracle(...asked(query))),
      )
  })
})

it.each([
  ['percent(0)', ['a', 'b']],
  ['percent(100)', ['a']],
])('an override in progress at %s asks %j', async (label, subgraphs) => {
  const one = ROOTS.find(({ name }) => name.includes('come to its end'))!
  const a = one.subgraphs['a']!.replace('percent(100)', label)
  graph = await openCase({ ...one, subgraphs: { ...one.subgraphs, a } })
  await graph.ask('{ nodes { title } }')
  expect(graph.asked.map(({ subgraph }) => subgraph)).toEqual(subgraphs)
})

describe('a mutation', () => {
  it(MUTATIONS.name, async () => {
    for (const query of MUTATIONS.queries) {
      const [got, want] = [await answer('ask', query), await answer('oracle', query)]
      expect(want.errors).toBeUndefined()
      expect(got).toEqual(want)
    }
  })

  /** Over a journal of its own. */
  async function answer(by: 'ask' | 'oracle', query: Case['queries'][number]) {
    graph = await openCase({ ...MUTATIONS, roots: MUTATIONS.newRoots() })
    const answered = await graph[by](...asked(query))
    await graph.gateway.close()
    return answered
  }
})
