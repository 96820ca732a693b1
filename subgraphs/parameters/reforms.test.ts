// Reforms made and listed, asked as the gateway asks them, over a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { ask, askForErrors } from '../../test/support/ask.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { noDispatch } from '../../test/support/no-dispatch.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { parameters } from './subgraph.ts'

let database: TestStore
let subgraph: Subgraph

beforeAll(async () => {
  database = await freshStore()
  subgraph = await openSubgraph(parameters, {
    store: database.store,
    dispatch: noDispatch,
    clock: systemClock,
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => database.drop())

const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'
const DEDUCTION = 'us.federal.income_tax.standard_deduction.basic'

const CREATE = `mutation ($input: CreateReformInput!) { createReform(input: $input) {
  reform { id title snapshotHash changes { parameter { id label } from to values cells unit } tree { id } }
  findings { severity code path message suggestion } } }`

const topRate = (input: Record<string, unknown> = {}, change: Record<string, unknown> = {}) => ({
  title: 'Raise the top rate',
  changes: [{ parameter: TOP_RATE, from: '2026', value: 39.6, unit: 'percent', ...change }],
  ...input,
})

const create = (input: Record<string, unknown>) => ask(subgraph, CREATE, { variables: { input } })
const refuse = async (input: Record<string, unknown>) =>
  (await askForErrors(subgraph, CREATE, { variables: { input } }))[0]

describe('createReform', () => {
  it('stores the changes in the units of their parameters', async () => {
    const { createReform } = await create(topRate({ id: 'raise-top-rate' }))
    expect(createReform).toEqual({
      reform: {
        id: 'raise-top-rate',
        title: 'Raise the top rate',
        snapshotHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        tree: { id: 'us-federal' },
        changes: [
          {
            parameter: { id: TOP_RATE, label: 'Rate of bracket 7' },
            from: '2026-01-01',
            to: null,
            values: [0.396],
            cells: ['ALL'],
            unit: 'fraction',
          },
        ],
      },
      findings: [],
    })
    const { reform } = await ask(subgraph, '{ reform(id: "raise-top-rate") { title changes { values } } }')
    expect(reform).toEqual({ title: 'Raise the top rate', changes: [{ values: [0.396] }] })
  })

  it('gives the reform that stands where the same content comes again, in another unit or form of date too', async () => {
    const first = await create(topRate({ id: 'again' }))
    const second = await create(topRate({ id: 'again' }, { value: 0.396, unit: 'fraction', from: '2026-01-01' }))
    expect(second.createReform.reform).toEqual(first.createReform.reform)
    expect(second.createReform.findings).toEqual([expect.objectContaining({ severity: 'INFO', code: 'EXISTED' })])
  })

  it('makes an id where none is given, and equal hashes for equal changes', async () => {
    const [a, b] = [await create(topRate()), await create(topRate({ title: 'The same by another name' }))]
    expect(a.createReform.reform.id).toMatch(/^[0-9a-z]{26}$/)
    expect(a.createReform.reform.id).not.toBe(b.createReform.reform.id)
    expect(a.createReform.reform.snapshotHash).toBe(b.createReform.reform.snapshotHash)
  })

  it('shows null for the cells that it leaves to the law', async () => {
    const change = { parameter: DEDUCTION, from: '2026', value: 40_000, status: 'JOINT', unit: 'USD' }
    const { createReform } = await create({ title: 'Joint', changes: [change] })
    expect(createReform.reform.changes[0].values).toEqual([null, 40_000, null, null, null])
  })

  it.each([
    ['a taken id', topRate({ id: 'raise-top-rate', title: 'Another' }), 'ALREADY_EXISTS', 'input.id'],
    ['an id that is no slug', topRate({ id: 'Raise Top!' }), 'BAD_INPUT', 'input.id'],
    ['an empty title', topRate({ title: '  ' }), 'BAD_INPUT', 'input.title'],
    ['an unknown tree', topRate({ tree: 'mars' }), 'NOT_FOUND', 'input.tree'],
    [
      'an unknown parameter',
      topRate({}, { parameter: 'us.federal.income_tax.top_rate' }),
      'NOT_FOUND',
      'input.changes.0.parameter',
    ],
    ['a wrong unit', topRate({}, { unit: 'USD' }), 'UNIT_MISMATCH', 'input.changes.0.unit'],
    ['a date that is none', topRate({}, { from: 'soon' }), 'BAD_INPUT', 'input.changes.0.from'],
    ['no change at all', { title: 'Nothing', changes: [] }, 'BAD_INPUT', 'input.changes'],
  ])('refuses %s, naming the place and the fix', async (_, input, code, path) => {
    expect(await refuse(input)).toMatchObject({ code, detail: { path, suggestion: expect.stringMatching(/\w/) } })
  })

  it('refuses infinity written as a literal, and NaN and infinity as variables', async () => {
    const literal = `mutation { createReform(input: { title: "x", changes: [{ parameter: "${TOP_RATE}", from: "2026", value: 1e999, unit: "fraction" }] }) { reform { id } } }`
    expect((await askForErrors(subgraph, literal))[0]).toMatchObject({ code: 'BAD_INPUT' })
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(await refuse(topRate({}, { value }))).toMatchObject({ code: 'BAD_INPUT' })
  })

  it('stores nothing where it refuses', async () => {
    await refuse(topRate({ id: 'refused' }, { unit: 'USD' }))
    expect(await askForErrors(subgraph, '{ reform(id: "refused") { id } }')).toEqual([
      expect.objectContaining({ code: 'NOT_FOUND', detail: expect.objectContaining({ path: 'id' }) }),
    ])
  })
})

describe('the list of reforms', () => {
  it('is the tenant’s own, newest first, and pages', async () => {
    await subgraph.seed('pager')
    for (const id of ['one', 'two', 'three'])
      await ask(subgraph, CREATE, { tenant: 'pager', variables: { input: topRate({ id }) } })
    const query =
      'query ($after: String) { reforms(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }'
    const first = (await ask(subgraph, query, { tenant: 'pager' })).reforms
    const second = (await ask(subgraph, query, { tenant: 'pager', variables: { after: first.pageInfo.endCursor } }))
      .reforms
    const ids = [...first.edges, ...second.edges].map((edge: { node: { id: string } }) => edge.node.id)
    expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([3, true, false])
    expect(ids).toEqual(['three', 'two', 'one'])
  })
})
