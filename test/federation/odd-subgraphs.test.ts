// Subgraphs whose answers are not what was asked for, or no answers: what clients get of it, and that the rest is there.
import type { FormattedExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composeSupergraph } from '../../gateway/compose.ts'
import { type Gateway, openGateway } from '../../gateway/gateway.ts'
import { localRequester } from '../../gateway/requesters/local-requester.ts'
import { openMemoryBus } from '../../infra/bus/memory.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { createMetrics } from '../../infra/metrics.ts'
import { PROCESS } from '../../schema/caller.ts'

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])'
const SDLS = {
  a: `${LINK} type Query { nodes: [Node] hard: [Node!]! any: [Any] count: Int! level: Level grid: [[Int!]] }
    union Any = Node | Leaf type Leaf { x: Int } enum Level { LOW HIGH } type Node @key(fields: "id") { id: ID! title: String }`,
  b: `${LINK} type Node @key(fields: "id") { id: ID! note: String must: String! n: Int deep: Deep } type Deep { x: Int! }`,
}

let gateway: Gateway
const answers: Record<string, unknown> = {}
beforeAll(async () => {
  gateway = await openGateway({
    supergraph: {
      sdl: composeSupergraph(Object.entries(SDLS).map(([name, sdl]) => ({ name, url: 'http://127.0.0.1:1/', sdl }))),
    },
    services: (name) => localRequester({ execute: async () => answers[name] as FormattedExecutionResult }),
    errors: 'pass',
    ...{ bus: openMemoryBus(clock), clock, log: silentLog, metrics: createMetrics('test') },
  })
})
afterAll(() => gateway?.close())

const node = (id: string) => ({ __typename: 'Node', id })
const TWO = { data: { nodes: [node('1'), node('2')] } }
const caller = { tenant: 'local', requestId: 'req-1', principal: PROCESS }

/** The data, and of each error its place, and its code or what it says. */
async function told(query: string, a: unknown, b: unknown = {}) {
  Object.assign(answers, { a, b })
  const { data, errors = [] } = await gateway.execute({ query, variables: {}, caller })
  const shown = errors.map(
    ({ path, extensions, message }) => `${path?.join('.') ?? '-'} ${extensions['code'] ?? message}`,
  )
  return { data: JSON.parse(JSON.stringify(data)) as unknown, errors: shown }
}

describe('a subgraph asked for entities', () => {
  const nothing = { nodes: [{ note: null }, { note: null }] }
  it.each([
    ['fewer of them', { data: { _entities: [{ note: 'x' }] } }],
    ['more of them', { data: { _entities: [{ note: 'x' }, { note: 'y' }, { note: 'z' }] } }],
    ['no list', { data: { _entities: { note: 'x' } } }],
    ['null for the list, and no error', { data: { _entities: null } }],
    ['data without the list', { data: {} }],
    ['null for the data, and no error', { data: null }],
    ['an empty object', {}],
    ['a list', []],
    ['text', 'no'],
    ['an empty list of errors', { errors: [] }],
  ])('that answers %s is said to be unavailable, and the rest is there', async (_, answer) => {
    expect(await told('{ nodes { note } }', TWO, answer)).toEqual({
      data: nothing,
      errors: ['nodes.0 SUBGRAPH_UNAVAILABLE'],
    })
  })

  it('that gives null for one of them, and says why, is told at its place', async () => {
    const answer = { data: { _entities: [{ must: 'm' }, null] }, errors: [{ message: 'gone', path: ['_entities', 1] }] }
    expect(await told('{ nodes { must } }', TWO, answer)).toEqual({
      data: { nodes: [{ must: 'm' }, null] },
      errors: ['nodes.1 gone'],
    })
  })

  it('keeps its data where its errors are odd', async () => {
    const errors = [
      { message: 5, path: 'x' },
      null,
      'text',
      { message: 'far', path: ['_entities', 9] },
      { extensions: 'no' },
    ]
    const answer = { data: { _entities: [{ note: 'x' }, { note: null }] }, errors }
    const { data, errors: shown } = await told('{ nodes { note } }', TWO, answer)
    expect(data).toEqual({ nodes: [{ note: 'x' }, { note: null }] })
    expect(shown).toEqual(['nodes.0 far', ...Array(2).fill('- the subgraph b gave an error without a message')])
  })

  it('takes along only what may not be null', async () => {
    const answer = { data: { _entities: [{ must: null }, { must: 'm' }] } }
    expect(await told('{ nodes { must } }', TWO, answer)).toEqual({
      data: { nodes: [null, { must: 'm' }] },
      errors: ['nodes.0.must INVALID_GRAPHQL'],
    })
    expect(await told('{ hard { must } count }', { data: { hard: TWO.data.nodes, count: 1 } }, answer)).toEqual({
      data: null,
      errors: ['hard.0.must INVALID_GRAPHQL'],
    })
  })

  it('cannot make an object one of another type', async () => {
    const answer = {
      data: {
        _entities: [
          { __typename: 'Leaf', note: 'x' },
          { __typename: 'Nobody', note: 'y' },
        ],
      },
    }
    expect(await told('{ nodes { note } }', TWO, answer)).toEqual({
      data: { nodes: [null, { note: 'y' }] },
      errors: ['nodes.0 INVALID_GRAPHQL'],
    })
  })
})

describe('a value of another type', () => {
  it('is null with its place', async () => {
    const answer = {
      data: {
        _entities: [
          { n: 'x', note: 5, deep: [{ x: 1 }] },
          { n: 1.5, note: {}, deep: {} },
        ],
      },
    }
    const { data, errors } = await told('{ nodes { n note deep { x } } }', TWO, answer)
    expect(data).toEqual({ nodes: Array(2).fill({ n: null, note: null, deep: null }) })
    expect(errors.map((error) => error.split(' ')[0])).toEqual(
      ['0.n', '0.note', '0.deep', '1.n', '1.note', '1.deep.x'].map((place) => `nodes.${place}`),
    )
    expect(await told('{ level grid }', { data: { level: 'MIDDLE', grid: [[1, null], [2], 'x'] } })).toEqual({
      data: { level: null, grid: [null, [2], null] },
      errors: ['level', 'grid.0.1', 'grid.2'].map((place) => `${place} INVALID_GRAPHQL`),
    })
  })

  it('of an abstract one is null with its place: of no type, of one that is none of it, or of one that is not told', async () => {
    const any = [
      { __typename: 'Nobody' },
      { __typename: 'Deep', x: 1 },
      { x: 1 },
      { __typename: 'Leaf', x: 1 },
      7,
      null,
    ]
    expect(await told('{ any { __typename ... on Leaf { x } } }', { data: { any } })).toEqual({
      data: { any: [null, null, null, { __typename: 'Leaf', x: 1 }, null, null] },
      errors: ['any.0', 'any.1', 'any.2', 'any.4'].map((place) => `${place} INVALID_GRAPHQL`),
    })
  })

  it('of a list is null, and an object for it too', async () => {
    expect(await told('{ nodes { title } }', { data: { nodes: node('1') } })).toEqual({
      data: { nodes: null },
      errors: ['nodes INVALID_GRAPHQL'],
    })
  })
})

it('fields of the root of a subgraph that answers without data are null, and it is said', async () => {
  for (const answer of [{}, { data: 'text' }, { data: [1] }])
    expect(await told('{ level }', answer)).toEqual({ data: { level: null }, errors: ['- SUBGRAPH_UNAVAILABLE'] })
})
