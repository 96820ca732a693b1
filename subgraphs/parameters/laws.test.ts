// The law as data: kinds of scales, nodes, search, history, indexation and differences, asked as the gateway asks them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aParameter, aTree, dated, openParameters, type ParametersFixture } from '../../test/support/parameters.ts'
import type { Scale, Tree } from './rules/tree.ts'
import { ParametersStore } from './store.ts'

let graph: ParametersFixture

const scale = (id: string, kind: Scale['kind'], unit?: string): Scale => ({
  id,
  label: `Scale of ${kind}`,
  kind,
  style: 'THRESHOLDS',
  count: 3,
  ...(unit ? { unit } : {}),
})
const brackets = (id: string, word: string, thresholds: number[], values: number[]) =>
  thresholds.flatMap((threshold, i) => [
    aParameter(`${id}.${i + 1}.threshold`, [dated('2020-01-01', threshold)]),
    aParameter(`${id}.${i + 1}.${word}`, [dated('2020-01-01', values[i]!)], { unit: 'fraction' }),
  ])

/** A tree as an import brings it: texts, lists, nodes, infinite values, all kinds of scales. */
const WORLD: Tree = aTree(
  'world',
  [
    ...brackets('gov.marginal', 'rate', [0, 100, 200], [0.1, 0.2, 0.4]),
    ...brackets('gov.single', 'amount', [10, 100, 200], [1, 5, 9]),
    ...brackets('gov.sums', 'amount', [10, 100, Number.POSITIVE_INFINITY], [1, 5, 9]),
    ...brackets('gov.average', 'average_rate', [0, 100, 200], [0.125, 0.25, 0.5]),
    aParameter('gov.index', [dated('2020-01-01', 100), dated('2021-01-01', 104), dated('2022-01-01', 110)], {
      unit: 'fraction',
    }),
    aParameter('gov.allowance', [dated('2018-01-01', 900), dated('2020-01-01', 1_000)], {
      label: 'Personal allowance',
      description: 'Deducted from Earned Income',
      indexation: { index: 'gov.index', rounding: { mode: 'DOWN', interval: 50 }, chained: false },
    }),
    aParameter('gov.states', [{ from: '2020-01-01', known: '2020-01-01', values: [], content: ['CA', 'NY'] }], {
      kind: 'LIST',
    }),
    aParameter('gov.limit', [dated('0000-01-01', Number.POSITIVE_INFINITY), { ...dated('2024-01-01'), ceased: true }]),
  ].sort((a, b) => (a.id < b.id ? -1 : 1)),
  {
    nodes: [
      { id: 'gov', label: 'Government', description: 'Of the world' },
      { id: 'gov.marginal', label: 'Tax by brackets', unit: 'fraction', breakdown: ['range(1,4)'] },
    ],
    scales: [
      scale('gov.average', 'AVERAGE_RATE'),
      scale('gov.marginal', 'MARGINAL_RATE', 'EUR'),
      scale('gov.single', 'SINGLE_AMOUNT'),
      scale('gov.sums', 'MARGINAL_AMOUNT'),
    ],
  },
)

beforeAll(async () => {
  graph = await openParameters()
  const store = await ParametersStore.open(graph.sql.store)
  await store.saveTree('local', WORLD, 'world')
})
afterAll(() => graph.close())

const world = async (fields: string) => (await graph.ask(`{ parameterTree(id: "world") { ${fields} } }`)).parameterTree
const DEDUCTION = 'us.federal.income_tax.standard_deduction.basic'
const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'

describe('scales of all kinds', () => {
  it('are what they are on a day: rates or amounts, in their unit', async () => {
    const fields = 'kind style at(date: "2021") { thresholds rates amounts unit }'
    expect(await world(`a: scale(id: "gov.marginal") { ${fields} } b: scale(id: "gov.sums") { ${fields} }`)).toEqual({
      a: {
        kind: 'MARGINAL_RATE',
        style: 'THRESHOLDS',
        at: { thresholds: [0, 100, 200], rates: [0.1, 0.2, 0.4], amounts: [], unit: 'EUR' },
      },
      b: {
        kind: 'MARGINAL_AMOUNT',
        style: 'THRESHOLDS',
        at: { thresholds: [10, 100, Number.MAX_VALUE], rates: [], amounts: [1, 5, 9], unit: 'USD' },
      },
    })
  })

  it('calculate many amounts at once', async () => {
    const of = (id: string, base: number[], more = '') =>
      `scale(id: "${id}") { calculate(base: ${JSON.stringify(base)}, date: "2021"${more}) }`
    expect(
      await world(`marginal: ${of('gov.marginal', [50, 150, 300])} single: ${of('gov.single', [9, 10, 100])}
        right: ${of('gov.single', [10, 100, 101], ', right: true')} sums: ${of('gov.sums', [10, 11, 1e9])}
        average: ${of('gov.average', [50, 150, 400])} stepped: ${of('gov.average', [50, 150], ', interpolate: false')}`),
    ).toEqual({
      marginal: { calculate: [5, 20, 70] },
      single: { calculate: [0, 1, 5] },
      right: { calculate: [0, 1, 5] },
      sums: { calculate: [0, 1, 6] },
      average: { calculate: [9.375, 56.25, 200] },
      stepped: { calculate: [6.25, 37.5] },
    })
  })

  it('are nothing before they exist, and the shipped ones go by filing status', async () => {
    expect(
      await world('scale(id: "gov.marginal") { at(date: "2019") { rates } calculate(base: [1], date: "2019") }'),
    ).toEqual({
      scale: { at: null, calculate: null },
    })
    const { parameterTree } =
      await graph.ask(`{ parameterTree(id: "us-federal") { scale(id: "us.federal.income_tax.brackets") {
      single: calculate(base: [50000], date: "2025") joint: calculate(base: [50000], date: "2025", status: JOINT) } } }`)
    // 26 U.S.C. 1(j) for 2025: 10 % to 11,925, 12 % to 48,475, 22 % above; joint 10 % to 23,850, 12 % above.
    expect(parameterTree.scale.single[0]).toBeCloseTo(1_192.5 + 4_386 + 335.5, 9)
    expect(parameterTree.scale.joint[0]).toBeCloseTo(2_385 + 3_138, 9)
  })

  it('are NOT_FOUND by another name, and refuse too many amounts', async () => {
    expect(await graph.refuse('{ parameterTree(id: "world") { scale(id: "gov.margnal") { id } } }')).toMatchObject({
      code: 'NOT_FOUND',
      detail: { suggestion: 'did you mean "gov.marginal"?' },
    })
    const query =
      'query ($base: [Float!]!) { parameterTree(id: "world") { scale(id: "gov.marginal") { calculate(base: $base, date: "2021") } } }'
    expect(await graph.refuse(query, { base: Array.from({ length: 100_001 }, () => 1) })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    })
  })
})

describe('nodes', () => {
  it('are walked from the tree down to parameters', async () => {
    const { node } =
      await world(`node { id label parameterCount children { totalCount edges { node { id label description parameterCount
      children(first: 3) { totalCount pageInfo { hasNextPage } edges { node { id label parameterCount parameter { kind } scale { kind } } } } } } } }`)
    expect(node).toMatchObject({ id: '', label: 'world', parameterCount: 28, children: { totalCount: 1 } })
    const gov = node.children.edges[0].node
    expect(gov).toMatchObject({ id: 'gov', label: 'Government', description: 'Of the world', parameterCount: 28 })
    expect(gov.children).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: true } })
    expect(gov.children.edges.map((e: { node: object }) => e.node)).toEqual([
      {
        id: 'gov.allowance',
        label: 'Personal allowance',
        parameterCount: 1,
        parameter: { kind: 'NUMBER' },
        scale: null,
      },
      {
        id: 'gov.average',
        label: 'Scale of AVERAGE_RATE',
        parameterCount: 6,
        parameter: null,
        scale: { kind: 'AVERAGE_RATE' },
      },
      { id: 'gov.index', label: 'gov.index', parameterCount: 1, parameter: { kind: 'NUMBER' }, scale: null },
    ])
  })

  it('say their unit and what the levels below them run over', async () => {
    expect(await world('node(id: "gov.marginal") { label unit breakdown children { edges { node { id } } } }')).toEqual(
      {
        node: {
          label: 'Tax by brackets',
          unit: 'fraction',
          breakdown: ['range(1,4)'],
          children: { edges: [1, 2, 3].map((n) => ({ node: { id: `gov.marginal.${n}` } })) },
        },
      },
    )
  })

  it('page without a gap, numbers by their size', async () => {
    const store = await ParametersStore.open(graph.sql.store)
    const ids = [10, 2, 1, 100, 20].map((n) => `m.${n}.rate`)
    await store.saveTree(
      'local',
      aTree(
        'numbers',
        [...ids, 'm.base'].sort().map((id) => aParameter(id, [dated('2020-01-01', 1)])),
      ),
      'numbers',
    )
    const page = async (after: string | null) =>
      (
        await graph.ask(
          'query ($after: String) { parameterTree(id: "numbers") { node(id: "m") { children(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } } } }',
          { after },
        )
      ).parameterTree.node.children
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const { edges, pageInfo, totalCount } = await page(after)
      expect(totalCount).toBe(6)
      seen.push(...edges.map((e: { node: { id: string } }) => e.node.id))
      after = pageInfo.endCursor
      if (!pageInfo.hasNextPage) break
    }
    expect(seen).toEqual(['m.1', 'm.2', 'm.10', 'm.20', 'm.100', 'm.base'])
  })

  it('cost as many queries for many children as for one', async () => {
    const query = (first: number) =>
      `{ parameterTree(id: "world") { node(id: "gov") { children(first: ${first}) { edges { node { label description children { edges { node { label } } } } } } } } }`
    graph.sql.take()
    await graph.ask(query(1))
    const one = graph.sql.take().length
    await graph.ask(query(8))
    expect(graph.sql.take().length).toBeLessThanOrEqual(one + 1)
  })

  it('are NOT_FOUND where nothing stands', async () => {
    expect(await graph.refuse('{ parameterTree(id: "world") { node(id: "gov.marg") { id } } }')).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'id' },
    })
  })
})

describe('search', () => {
  const found = async (search: string, prefix?: string) =>
    (
      await graph.ask(
        'query ($search: String, $prefix: String) { parameters(search: $search, prefix: $prefix) { totalCount edges { node { id } } } }',
        { search, prefix },
      )
    ).parameters.edges.map((e: { node: { id: string } }) => e.node.id)

  it('finds every word in id, label or description, whatever the case', async () => {
    expect(await found('PERSONAL earned')).toEqual(['gov.allowance'])
    expect(await found('allow gov')).toEqual(['gov.allowance'])
    expect(await found('personal nowhere')).toEqual([])
  })

  it('takes underscores and dots for blanks, and wild cards for letters', async () => {
    expect(await found('average_rate', 'gov.')).toEqual([
      'gov.average.1.average_rate',
      'gov.average.2.average_rate',
      'gov.average.3.average_rate',
    ])
    expect(await found('%')).toEqual([])
    expect(await found('\\')).toEqual([])
  })

  it('stays within a tree and counts', async () => {
    const { parameterTree } = await graph.ask(
      '{ parameterTree(id: "us-federal") { parameters(search: "standard deduction", first: 1) { totalCount edges { node { id } } } } }',
    )
    const { totalCount, edges } = parameterTree.parameters
    expect([totalCount > 1, edges.length]).toEqual([true, 1])
    expect(edges[0].node.id).toMatch(/^us\.federal\..*standard_deduction/)
    expect(await graph.refuse(`{ parameters(search: "${'x'.repeat(201)}") { totalCount } }`)).toMatchObject({
      code: 'BAD_INPUT',
    })
  })
})

describe('values of every kind', () => {
  it('are given as the graph can: lists as texts, unlimited ones as the greatest number, ends as null', async () => {
    const { states, limit } = await graph.ask(`{
      states: parameter(id: "gov.states") { kind valueAt(date: "2021") { list values } values { list } }
      limit: parameter(id: "gov.limit") { valueAt(date: "1492") { value from } ended: valueAt(date: "2024") { value } } }`)
    expect(states).toEqual({
      kind: 'LIST',
      valueAt: { list: ['CA', 'NY'], values: [] },
      values: [{ list: ['CA', 'NY'] }],
    })
    expect(limit).toEqual({ valueAt: { value: Number.MAX_VALUE, from: '0000-01-01' }, ended: null })
  })

  it('are stored and read to the last bit', async () => {
    const store = await ParametersStore.open(graph.sql.store)
    const [tree] = await store.fullTrees('local', ['world'])
    const { snapshotHash: _hash, ...stored } = tree!
    expect({ ...stored, parameters: stored.parameters.map(({ treeId: _tree, ...rest }) => rest) }).toEqual(WORLD)
  })
})

describe('the history of a parameter', () => {
  it('between days has every version that begins there, and those that hold at the start', async () => {
    const { parameter } = await graph.ask(`{ parameter(id: "${DEDUCTION}") {
      span: history(from: "2025-03", to: "2025") { from known } then: history(from: "2025-03", to: "2025", knownAt: "2025-06") { from known source } } }`)
    expect(parameter.span).toEqual([
      { from: '2025-01-01', known: '2024-10-22' },
      { from: '2025-01-01', known: '2025-07-04' },
    ])
    expect(parameter['then']).toEqual([
      { from: '2025-01-01', known: '2024-10-22', source: expect.stringContaining('2024-40') },
    ])
  })
})

describe('indexed', () => {
  const indexed = async (args: string, id = 'gov.allowance') =>
    (
      await graph.ask(`{ parameter(id: "${id}") { indexed(${args}) { from known values derived } } }`)
    ).parameter.indexed.map((v: { from: string; values: number[]; derived: boolean }) => [
      v.from.slice(0, 4),
      v.values[0],
      v.derived,
    ])

  it('carries a parameter on by its own index and rounding, after the values of the law', async () => {
    expect(await indexed('through: "2035"')).toEqual([
      ['2018', 900, false],
      ['2020', 1_000, false],
      ['2021', 1_000, true],
      ['2022', 1_100, true],
    ])
    const { parameter } = await graph.ask(
      '{ parameter(id: "gov.allowance") { indexation { index chained rounding { mode interval } } } }',
    )
    expect(parameter.indexation).toEqual({
      index: 'gov.index',
      chained: false,
      rounding: { mode: 'DOWN', interval: 50 },
    })
  })

  it('takes a series, another index, another rounding or the growth of its own', async () => {
    expect(
      await indexed('through: "2021", series: [{ from: "2020", value: 2 }, { from: "2021", value: 3 }]'),
    ).toContainEqual(['2021', 1_500, true])
    expect(await indexed('through: "2021", rounding: { mode: UP, interval: 100 }')).toContainEqual([
      '2021',
      1_100,
      true,
    ])
    expect(
      (await indexed('through: "2022", index: "self", rounding: { mode: NEAREST, interval: 1 }')).slice(2),
    ).toEqual([
      // From 900 in 2019 to 1,000 in 2020: by a ninth each year.
      ['2021', 1_111, true],
      ['2022', 1_235, true],
    ])
  })

  it.each([
    ['an index by itself', 'gov.index', 'index: "gov.index"', 'INDEXATION_CYCLE'],
    ['an index and a series', 'gov.allowance', 'index: "self", series: [{ from: "2020", value: 1 }]', 'BAD_INPUT'],
    ['no index where there is none', TOP_RATE, '', 'BAD_INPUT'],
    ['a series that begins too late', 'gov.allowance', 'series: [{ from: "2021", value: 1 }]', 'BAD_INPUT'],
    [
      'a series with a day twice',
      'gov.allowance',
      'series: [{ from: "2020", value: 1 }, { from: "2020-01", value: 2 }]',
      'BAD_INPUT',
    ],
    ['an unknown index', 'gov.allowance', 'index: "gov.nothing"', 'NOT_FOUND'],
  ])('refuses %s', async (_, id, args, code) => {
    expect(
      await graph.refuse(`{ parameter(id: "${id}") { indexed(through: "2030", ${args}) { from } } }`),
    ).toMatchObject({ code })
  })
})

describe('diff', () => {
  const differences = async (base: string, changed: string, args = '') =>
    (
      await graph.ask(`{ diff(base: ${base}, changed: ${changed}) { parameters${args} { totalCount pageInfo { hasNextPage endCursor } edges { node {
      id kind cells from to before { values text list } after { values text list } parameter { id } } } } } }`)
    ).diff.parameters

  it('of two days names what changed from the one to the other', async () => {
    const { edges, totalCount } = await differences('{ date: "2025" }', '{ date: "2026" }')
    expect(totalCount).toBeGreaterThan(20)
    const deduction = edges.find((e: { node: { id: string } }) => e.node.id === DEDUCTION).node
    expect(deduction).toMatchObject({ kind: 'CHANGED', from: null, to: null, parameter: { id: DEDUCTION } })
    expect([deduction.before.values[1], deduction.after.values[1]]).toEqual([31_500, 32_200])
    expect(edges.some((e: { node: { id: string } }) => e.node.id === TOP_RATE)).toBe(false)
  })

  it('of two days of knowledge names what a law changed backwards', async () => {
    const { edges } = await differences('{ date: "2025-04-15", knownAt: "2025-04-15" }', '{ date: "2025-04-15" }')
    const ids = edges.map((e: { node: { id: string } }) => e.node.id)
    expect(ids).toContain(DEDUCTION)
    // All that has a value for a day before it, known only after it.
    const store = await ParametersStore.open(graph.sql.store)
    const [tree] = await store.fullTrees('local', ['us-federal'])
    const late = tree!.parameters.filter(({ values }) =>
      values.some(({ from, known }) => from <= '2025-04-15' && known > '2025-04-15'),
    )
    expect(ids).toEqual(late.map(({ id }) => id))
  })

  it('of a reform and the law names what the reform changes, on a day or on all days', async () => {
    const input = {
      id: 'raise',
      title: 'r',
      changes: [{ parameter: TOP_RATE, from: '2025', to: '2026', value: 39.6, unit: 'percent' }],
    }
    await graph.ask('mutation ($input: CreateReformInput!) { createReform(input: $input) { reform { id } } }', {
      input,
    })
    expect((await differences('{ date: "2026" }', '{ date: "2026", reform: "raise" }')).edges).toMatchObject([
      { node: { id: TOP_RATE, cells: ['ALL'], before: { values: [0.37] }, after: { values: [0.396] }, from: null } },
    ])
    expect((await differences('{ date: "2027" }', '{ date: "2027", reform: "raise" }')).totalCount).toBe(0)
    expect((await differences('{}', '{ reform: "raise" }')).edges).toMatchObject([
      { node: { from: '2025-01-01', to: '2026-12-31' } },
    ])
  })

  it('of two trees names what the one lacks and what is other', async () => {
    const store = await ParametersStore.open(graph.sql.store)
    const other = aTree('world-2', [
      ...WORLD.parameters
        .filter(({ id }) => id !== 'gov.index')
        .map((each) =>
          each.id === 'gov.states' ? { ...each, values: [{ ...each.values[0]!, content: ['CA'] }] } : each,
        ),
      aParameter('gov.new', [dated('2020-01-01', 7)]),
    ])
    await store.saveTree('local', other, 'world-2')
    const found = await differences('{ tree: "world", date: "2021" }', '{ tree: "world-2", date: "2021" }')
    expect(found.edges.map((e: { node: object }) => e.node)).toEqual([
      {
        id: 'gov.index',
        kind: 'REMOVED',
        cells: ['ALL'],
        from: null,
        to: null,
        before: { values: [104], text: null, list: null },
        after: null,
        parameter: { id: 'gov.index' },
      },
      {
        id: 'gov.new',
        kind: 'ADDED',
        cells: ['ALL'],
        from: null,
        to: null,
        before: null,
        after: { values: [7], text: null, list: null },
        parameter: { id: 'world-2/gov.new' },
      },
      {
        id: 'gov.states',
        kind: 'CHANGED',
        cells: [],
        from: null,
        to: null,
        before: { values: [], text: null, list: ['CA', 'NY'] },
        after: { values: [], text: null, list: ['CA'] },
        parameter: { id: 'world-2/gov.states' },
      },
    ])
  })

  it('pages, and keeps to a prefix', async () => {
    const laws = ['{ date: "2025" }', '{ date: "2026" }'] as const
    const prefix = 'us.federal.income_tax.brackets.'
    const all = (await differences(...laws, `(prefix: "${prefix}")`)).edges.map(
      (e: { node: { id: string } }) => e.node.id,
    )
    expect(all).toEqual([1, 2, 3, 4, 5, 6].map((n) => `${prefix}${n}.top`))
    const first = await differences(...laws, `(prefix: "${prefix}", first: 4)`)
    const second = await differences(...laws, `(prefix: "${prefix}", first: 4, after: "${first.pageInfo.endCursor}")`)
    expect([...first.edges, ...second.edges].map((e: { node: { id: string } }) => e.node.id)).toEqual(all)
    expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([6, true, false])
  })

  it.each([
    ['a day and all days', '{ date: "2025" }', '{}', 'BAD_INPUT', 'changed.date'],
    ['a reform and a commit at once', '{}', '{ reform: "raise", commit: "law" }', 'BAD_INPUT', 'changed.commit'],
    ['a reform of another tree', '{}', '{ tree: "world", reform: "raise" }', 'BAD_INPUT', 'changed.reform'],
    ['an unknown tree', '{ tree: "mars" }', '{}', 'NOT_FOUND', 'base.tree'],
    ['an unknown commit', '{}', '{ commit: "nowhere" }', 'NOT_FOUND', 'changed.commit'],
  ])('refuses %s with the place', async (_, base, changed, code, path) => {
    const query = `{ diff(base: ${base}, changed: ${changed}) { formulas { variable } } }`
    expect(await graph.refuse(query)).toMatchObject({ code, detail: { path } })
  })
})

describe('what is kept in memory', () => {
  it('is counted, and a tree is read once', async () => {
    const reads = async () =>
      Object.fromEntries(
        (await graph.metrics.cacheReads.get()).values.map((v) => [`${v.labels.cache} ${v.labels.outcome}`, v.value]),
      )
    const query =
      '{ diff(base: { tree: "world-2", date: "2021" }, changed: { tree: "world-2", date: "2022" }) { parameters { totalCount } } }'
    await graph.ask(query)
    const before = await reads()
    await graph.ask(query)
    const after = await reads()
    expect(after['tree hit']).toBe(before['tree hit']! + 1)
    expect(after['tree miss']).toBe(before['tree miss'])
  })
})
