// Writing to trees, asked as the gateway asks it, over a real PostgreSQL.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageFile } from '../../infra/paths.ts'
import { openParameters, type ParametersFixture } from '../../test/support/parameters.ts'
import { cursorOf } from '../shared/connection.ts'
import { readTree } from './rules/read-tree.ts'
import { snapshotHashOf } from './rules/tree.ts'
import { ParametersStore } from './store.ts'

let graph: ParametersFixture
beforeAll(async () => {
  graph = await openParameters()
})
afterAll(() => graph.close())

const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'
const DEDUCTION = 'us.federal.income_tax.standard_deduction.basic'

const SAVE = `mutation ($input: SaveParametersInput!) { saveParameters(input: $input) {
  saved tree { snapshotHash to } parameters { id kind unit values { from values text list ceased } }
  findings { severity code path message suggestion } } }`
const CREATE = `mutation ($input: CreateParameterTreeInput!) { createParameterTree(input: $input) {
  tree { id title country currency from to idPrefix snapshotHash parameters(first: 1) { totalCount } } } }`

/** Parameters of the shipped tree. */
const shipped = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))
  .parameters.length

const by = { message: 'a test', author: 'tester' }
const save = async (input: Record<string, unknown>, tenant?: string) =>
  (await graph.ask(SAVE, { input: { tree: 'own', ...by, ...input } }, tenant)).saveParameters
const codesOf = (payload: { findings: { code: string; path: string }[] }) =>
  payload.findings.map(({ code, path }) => [code, path])
const hashOf = async (tree: string) =>
  (await graph.ask(`{ parameterTree(id: "${tree}") { snapshotHash } }`)).parameterTree.snapshotHash

const allowance = (values: unknown[], fields: Record<string, unknown> = {}) => ({
  parameters: [
    {
      id: 'allowance',
      label: 'Allowance',
      unit: 'USD',
      references: [{ title: 'A law', href: 'https://example.org/law' }],
      values,
      ...fields,
    },
  ],
})

describe('createParameterTree', () => {
  it('makes an empty tree of a tenant’s own', async () => {
    const input = {
      id: 'own',
      title: 'Our own',
      country: 'NZL',
      currency: 'NZD',
      from: '2020',
      to: '2030',
      source: 'us',
      licence: 'CC0-1.0',
      author: 'tester',
    }
    const { createParameterTree } = await graph.ask(CREATE, { input })
    expect(createParameterTree.tree).toMatchObject({
      id: 'own',
      country: 'NZL',
      from: '2020-01-01',
      to: '2030-12-31',
      idPrefix: '',
      parameters: { totalCount: 0 },
    })
    expect(await graph.refuse(CREATE, { input })).toMatchObject({
      code: 'ALREADY_EXISTS',
      detail: { path: 'input.id' },
    })
  })

  it('copies a tree whose parameters then have ids of their own in the graph', async () => {
    const { createParameterTree } = await graph.ask(CREATE, {
      input: { id: 'us-copy', title: 'A copy', copyOf: 'us-federal', author: 'tester' },
    })
    expect(createParameterTree.tree).toMatchObject({
      idPrefix: 'us-copy/',
      currency: 'USD',
      parameters: { totalCount: shipped },
    })
    const { parameter, parameterTree } = await graph.ask(`{
      parameter(id: "us-copy/${TOP_RATE}") { id tree { id } valueAt(date: "2026") { value } }
      parameterTree(id: "us-copy") { scale(id: "us.federal.income_tax.brackets") { at(date: "2026") { rates } }
        node { id label children { edges { node { id } } } } } }`)
    expect(parameter).toEqual({ id: `us-copy/${TOP_RATE}`, tree: { id: 'us-copy' }, valueAt: { value: 0.37 } })
    expect(parameterTree.scale.at.rates).toHaveLength(7)
    expect(parameterTree.node).toEqual({
      id: 'us-copy/',
      label: 'A copy',
      children: { edges: [{ node: { id: 'us-copy/us' } }] },
    })
  })

  it.each([
    ['no country', { country: null }, 'input.country'],
    ['a country of two letters', { country: 'NZ' }, 'input.country'],
    ['an end before the beginning', { from: '2030', to: '2020' }, 'input.to'],
    ['a taken word for an id', { id: 'Our Own' }, 'input.id'],
    ['no licence', { licence: null }, 'input.licence'],
  ])('refuses %s with the place', async (_, fields, path) => {
    const input = {
      id: 'other',
      title: 'T',
      country: 'NZL',
      currency: 'NZD',
      from: '2020',
      to: '2030',
      source: 's',
      licence: 'l',
      author: 'a',
      ...fields,
    }
    expect(await graph.refuse(CREATE, { input })).toMatchObject({ code: 'BAD_INPUT', detail: { path } })
  })
})

describe('saveParameters', () => {
  it('adds a parameter with its values, and gives the tree another snapshot', async () => {
    const before = await hashOf('own')
    const payload = await save(
      allowance([
        { from: '2020', value: 1_000 },
        { from: '2021', known: '2020-11', value: 1_100, source: 'Act 1' },
      ]),
    )
    expect(payload).toMatchObject({ saved: true, findings: [] })
    expect(payload.tree.snapshotHash).not.toBe(before)
    const { parameter } = await graph.ask(
      '{ parameter(id: "allowance") { label unit referenceLinks { title href } history { from known values source } source { name } } }',
    )
    expect(parameter).toEqual({
      label: 'Allowance',
      unit: 'USD',
      referenceLinks: [{ title: 'A law', href: 'https://example.org/law' }],
      history: [
        { from: '2020-01-01', known: '2020-01-01', values: [1_000], source: null },
        { from: '2021-01-01', known: '2020-11-01', values: [1_100], source: 'Act 1' },
      ],
      source: { name: 'us' },
    })
  })

  it('adds values to a parameter that there is, in another unit too, and leaves the others', async () => {
    const payload = await save({
      parameters: [{ id: 'allowance', values: [{ from: '2022', value: 1.2, unit: 'thousand USD' }] }],
    })
    expect(payload.saved).toBe(true)
    expect(payload.parameters[0].values.map((v: { values: number[] }) => v.values[0])).toEqual([1_000, 1_100, 1_200])
  })

  it('takes a value from a later day of knowledge beside the one there is', async () => {
    await save({
      parameters: [{ id: 'allowance', values: [{ from: '2022', known: '2022-06-15', value: 1_250, source: 'Act 2' }] }],
    })
    const { parameter } = await graph.ask(`{ parameter(id: "allowance") {
      before: valueAt(date: "2022-03", knownAt: "2022-03") { value } now: valueAt(date: "2022-03") { value source } } }`)
    expect(parameter).toEqual({ before: { value: 1_200 }, now: { value: 1_250, source: 'Act 2' } })
  })

  it('refuses a second value of the same two days, unless it corrects the first', async () => {
    const value = { from: '2020', value: 999 }
    const refused = await save({ parameters: [{ id: 'allowance', values: [value] }] })
    expect([refused.saved, codesOf(refused)]).toEqual([false, [['DUPLICATE_DATE', 'input.parameters.0.values.0']]])
    const corrected = await save({ parameters: [{ id: 'allowance', values: [{ ...value, replace: true }] }] })
    expect(corrected.parameters[0].values[0]).toMatchObject({ from: '2020-01-01', values: [999] })
    const twice = await save({
      parameters: [
        {
          id: 'allowance',
          values: [
            { from: '2029', value: 1 },
            { from: '2029-01-01', value: 2 },
          ],
        },
      ],
    })
    expect(codesOf(twice)).toEqual([['DUPLICATE_DATE', 'input.parameters.0.values.1']])
  })

  it('stores texts, lists, flags, unlimited values and ends', async () => {
    const references = [{ title: 'A law' }]
    const payload = await save({
      parameters: [
        { id: 'office', label: 'Office', kind: 'TEXT', references, values: [{ from: '2020', text: 'Wellington' }] },
        {
          id: 'regions',
          label: 'Regions',
          kind: 'LIST',
          references,
          values: [{ from: '2020', list: ['north', 'south'] }],
        },
        {
          id: 'open',
          label: 'Open',
          kind: 'BOOLEAN',
          unit: 'boolean',
          references,
          values: [{ from: '2020', flag: true }],
        },
        {
          id: 'cap',
          label: 'Cap',
          unit: 'NZD',
          references,
          values: [
            { from: '0000-01-01', value: Number.MAX_VALUE },
            { from: '2025', ceased: true },
          ],
        },
      ],
    })
    expect(payload.findings).toEqual([])
    const { office, regions, open, cap } = await graph.ask(`{
      office: parameter(id: "office") { kind valueAt(date: "2021") { text list value values } }
      regions: parameter(id: "regions") { valueAt(date: "2021") { text list } }
      open: parameter(id: "open") { valueAt(date: "2021") { flag value } }
      cap: parameter(id: "cap") { valueAt(date: "2021") { value from flag } ended: valueAt(date: "2025") { value } values { from values ceased } } }`)
    expect(office).toEqual({ kind: 'TEXT', valueAt: { text: 'Wellington', list: null, value: null, values: [] } })
    expect(regions.valueAt).toEqual({ text: null, list: ['north', 'south'] })
    expect(open.valueAt).toEqual({ flag: true, value: 1 })
    expect(cap).toEqual({
      valueAt: { value: Number.MAX_VALUE, from: '0000-01-01', flag: null },
      ended: null,
      values: [
        { from: '0000-01-01', values: [Number.MAX_VALUE], ceased: false },
        { from: '2025-01-01', values: [], ceased: true },
      ],
    })
  })

  it('stores a scale with its parameters, and calculates it', async () => {
    const part = (id: string, value: number, unit: string) => ({
      id,
      label: id,
      unit,
      references: [{ title: 'A law' }],
      values: [{ from: '2020', value }],
    })
    const payload = await save({
      parameters: [
        part('scale.1.threshold', 0, 'NZD'),
        part('scale.1.rate', 0.1, 'fraction'),
        part('scale.2.threshold', 100, 'NZD'),
        part('scale.2.rate', 0.2, 'fraction'),
      ],
      scales: [{ id: 'scale', label: 'Scale', kind: 'MARGINAL_RATE', count: 2 }],
    })
    expect(payload).toMatchObject({ saved: true, findings: [] })
    const { parameterTree } = await graph.ask(
      '{ parameterTree(id: "own") { scale(id: "scale") { kind style count calculate(base: [50, 150], date: "2021") } } }',
    )
    expect(parameterTree.scale).toEqual({ kind: 'MARGINAL_RATE', style: 'THRESHOLDS', count: 2, calculate: [5, 20] })
  })

  it('extends the days that the tree covers', async () => {
    const late = { parameters: [{ id: 'allowance', values: [{ from: '2032', value: 2_000 }] }] }
    expect(codesOf(await save({ ...late, dryRun: true }))).toEqual([['NOT_COVERED', 'input.parameters.0']])
    const payload = await save({ ...late, to: '2035' })
    expect(payload).toMatchObject({ saved: true, findings: [], tree: { to: '2035-12-31' } })
  })

  const fresh = (fields: Record<string, unknown> = {}) => ({
    id: 'fresh',
    label: 'Fresh',
    unit: 'USD',
    values: [{ from: '2020', value: 1 }],
    ...fields,
  })
  it.each([
    ['an id with a blank', fresh({ id: 'two words' }), 'BAD_ID', 'id'],
    ['no label', fresh({ label: null }), 'MISSING', 'label'],
    ['no unit', fresh({ unit: null }), 'MISSING', 'unit'],
    ['a unit that is none', fresh({ unit: '%%/' }), 'BAD_INPUT', 'unit'],
    ['no value', fresh({ values: [] }), 'MISSING', 'values'],
    ['a date that is none', fresh({ values: [{ from: '2020-02-30', value: 1 }] }), 'BAD_INPUT', 'values.0.from'],
    [
      'a day of knowledge that is none',
      fresh({ values: [{ from: '2020', known: 'soon', value: 1 }] }),
      'BAD_INPUT',
      'values.0.known',
    ],
    ['a text for a number', fresh({ values: [{ from: '2020', text: 'much' }] }), 'BAD_INPUT', 'values.0'],
    ['two things at once', fresh({ values: [{ from: '2020', value: 1, ceased: true }] }), 'BAD_INPUT', 'values.0'],
    [
      'too few cells',
      fresh({ by: 'FILING_STATUS', values: [{ from: '2020', values: [1, 2] }] }),
      'BAD_INPUT',
      'values.0.values',
    ],
    ['half a yes', fresh({ unit: 'boolean', values: [{ from: '2020', value: 0.5 }] }), 'BAD_INPUT', 'values.0.value'],
    [
      'a unit that does not fit',
      fresh({ values: [{ from: '2020', value: 1, unit: 'year' }] }),
      'UNIT_MISMATCH',
      'values.0.unit',
    ],
    ['another unit for one there is', { id: 'allowance', unit: 'NZD' }, 'CHANGES_MEANING', 'unit'],
    ['another kind for one there is', { id: 'allowance', kind: 'TEXT' }, 'CHANGES_MEANING', 'kind'],
    ['bounds out of order', fresh({ expected: [2, 1] }), 'BAD_INPUT', 'expected'],
    [
      'an interval of 0',
      fresh({ indexation: { index: 'self', rounding: { mode: 'DOWN', interval: 0 } } }),
      'BAD_INPUT',
      'indexation.rounding.interval',
    ],
    ['a parameter below a parameter', fresh({ id: 'allowance.more' }), 'ID_TAKEN', 'id'],
    ['a parameter where others stand below', fresh({ id: 'scale.1' }), 'ID_TAKEN', 'id'],
    ['an id of another tree', fresh({ id: TOP_RATE }), 'ID_TAKEN', 'id'],
  ])('refuses %s and stores nothing', async (_, parameter, code, field) => {
    const before = await hashOf('own')
    const payload = await save({
      parameters: [{ id: 'beside', label: 'b', unit: 'USD', values: [{ from: '2020', value: 1 }] }, parameter],
    })
    expect(payload.saved).toBe(false)
    expect(payload.findings).toContainEqual(
      expect.objectContaining({
        severity: 'ERROR',
        code,
        path: `input.parameters.1.${field}`,
        suggestion: expect.stringMatching(/\w/),
      }),
    )
    expect(await hashOf('own')).toBe(before)
    expect(await graph.refuse('{ parameter(id: "beside") { id } }')).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('lists every fault at once', async () => {
    const payload = await save({ parameters: [fresh({ label: null, unit: '%%/' }), fresh({ id: 'x y' }), fresh()] })
    expect(
      payload.findings
        .filter((f: { severity: string }) => f.severity === 'ERROR')
        .map((f: { code: string }) => f.code)
        .sort(),
    ).toEqual(['BAD_ID', 'BAD_INPUT', 'DUPLICATE_ID', 'MISSING'])
  })

  it('refuses thresholds that fall, and rates above all that there is', async () => {
    const falling = await save({ parameters: [{ id: 'scale.2.threshold', values: [{ from: '2023', value: -5 }] }] })
    expect(falling.findings).toContainEqual(
      expect.objectContaining({ code: 'NOT_RISING', message: expect.stringContaining('on 2023-01-01') }),
    )
    const greedy = await save({ parameters: [{ id: 'scale.2.rate', values: [{ from: '2023', value: 39.6 }] }] })
    expect(greedy.findings).toContainEqual(expect.objectContaining({ code: 'RATE_OUT_OF_RANGE', severity: 'ERROR' }))
    const lacking = await save({ scales: [{ id: 'ladder', label: 'l', kind: 'SINGLE_AMOUNT', count: 1 }] })
    expect(codesOf(lacking).map(([code]) => code)).toEqual(['MISSING', 'MISSING'])
    const endless = await save({ scales: [{ id: 'ladder', label: 'l', kind: 'SINGLE_AMOUNT', count: 2_000_000_000 }] })
    expect(codesOf(endless)).toEqual([['BAD_INPUT', 'input.scales.0.count']])
  })

  it('refuses parameters that index each other, and an index that is not there', async () => {
    const indexed = (id: string, index: string) => fresh({ id, indexation: { index } })
    const circle = await save({ parameters: [indexed('one', 'two'), indexed('two', 'one')] })
    expect(codesOf(circle)).toContainEqual(['INDEXATION_CYCLE', 'input.parameters'])
    const stranger = await save({ parameters: [indexed('one', 'elsewhere')] })
    expect(codesOf(stranger)).toContainEqual(['NOT_FOUND', 'input.parameters.0.indexation.index'])
  })

  it('warns of what is odd and stores it', async () => {
    const payload = await save({
      parameters: [fresh({ id: 'odd', expected: [0, 10], values: [{ from: '2020', value: 50 }] })],
    })
    expect([payload.saved, codesOf(payload)]).toEqual([
      true,
      [
        ['OUT_OF_RANGE', 'input.parameters.0'],
        ['NO_REFERENCE', 'input.parameters.0'],
      ],
    ])
  })

  it('is refused as a whole where it is too large, empty or for no tree', async () => {
    const many = Array.from({ length: 5_001 }, (_, i) => fresh({ id: `p${i}` }))
    expect(await graph.refuse(SAVE, { input: { tree: 'own', ...by, parameters: many } })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    })
    expect(await graph.refuse(SAVE, { input: { tree: 'own', ...by } })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.parameters' },
    })
    expect(await graph.refuse(SAVE, { input: { tree: 'mars', ...by, parameters: [fresh()] } })).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(
      await graph.refuse(SAVE, { input: { tree: 'own', parameters: [fresh()], message: ' ', author: 'a' } }),
    ).toMatchObject({ detail: { path: 'input.message' } })
  })
})

describe('setParameter', () => {
  it('writes one', async () => {
    const { setParameter } = await graph.ask(
      `mutation ($input: SetParameterInput!) { setParameter(input: $input) { saved parameters { id } } }`,
      {
        input: {
          tree: 'own',
          ...by,
          parameter: {
            id: 'levy',
            label: 'Levy',
            unit: 'percent',
            references: [{ title: 'A law' }],
            values: [{ from: '2020', value: 1.5 }],
          },
        },
      },
    )
    expect(setParameter).toEqual({ saved: true, parameters: [{ id: 'levy' }] })
  })
})

describe('the history of a tree', () => {
  it('names every write, newest first, and pages', async () => {
    const query = `query ($after: String) { parameterTree(id: "own") { snapshotHash log(first: 2, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { author message before after parameters parameterCount valueCount at } } } } }`
    const first = (await graph.ask(query)).parameterTree
    expect(first.log.edges[0].node).toMatchObject({
      author: 'tester',
      message: 'a test',
      after: first.snapshotHash,
      before: first.log.edges[1].node.after,
      parameters: ['levy'],
      parameterCount: 1,
      valueCount: 1,
    })
    const second = (await graph.ask(query, { after: first.log.pageInfo.endCursor })).parameterTree
    expect(second.log.edges).toHaveLength(2)
    expect(second.log.totalCount).toBe(first.log.totalCount)
    expect(second.log.edges[0].node.after).toBe(first.log.edges[1].node.before)
    expect(await graph.refuse(query, { after: cursorOf('no number') })).toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'after' },
    })
  })
})

describe('the shipped tree of a tenant', () => {
  it('is its own: what one writes another does not see', async () => {
    await graph.subgraph.seed('other')
    const value = [{ from: '2027', value: 0.4 }]
    const payload = (
      await graph.ask(SAVE, {
        input: { tree: 'us-federal', ...by, to: '2027', parameters: [{ id: TOP_RATE, values: value }] },
      })
    ).saveParameters
    expect(payload.saved).toBe(true)
    const rate = `{ parameter(id: "${TOP_RATE}") { history(from: "2027") { values } } parameterTree(id: "us-federal") { snapshotHash } }`
    const [mine, theirs] = [await graph.ask(rate), await graph.ask(rate, {}, 'other')]
    expect(mine.parameter.history.at(-1).values).toEqual([0.4])
    expect(theirs.parameter.history.at(-1).values).toEqual([0.37])
    expect(mine.parameterTree.snapshotHash).not.toBe(theirs.parameterTree.snapshotHash)
  })

  it('is seen as it is at once, also where it was in memory', async () => {
    const query = `{ parameterTree(id: "us-federal") { scale(id: "us.federal.income_tax.brackets") { at(date: "2027") { rates } } }
      diff(base: { date: "2026" }, changed: { date: "2027" }) { parameters(prefix: "${TOP_RATE}") { edges { node { after { values } } } } } }`
    const rateOf = (data: { diff: { parameters: { edges: { node: { after: { values: number[] } } }[] } } }) =>
      data.diff.parameters.edges[0]?.node.after.values
    expect(rateOf(await graph.ask(query))).toEqual([0.4])
    await graph.ask(SAVE, {
      input: {
        tree: 'us-federal',
        ...by,
        parameters: [{ id: TOP_RATE, values: [{ from: '2027', value: 0.41, replace: true }] }],
      },
    })
    expect(rateOf(await graph.ask(query))).toEqual([0.41])
  })

  it('keeps what was written when a newer file of it is loaded', async () => {
    await graph.sql.store.query(
      `update parameters.tree set file_sha256 = 'older' where tenant = 'local' and id = 'us-federal'`,
    )
    await graph.subgraph.seed('local')
    const { parameter, parameterTree } = await graph.ask(
      `{ parameter(id: "${TOP_RATE}") { history(from: "2026") { from values } } parameterTree(id: "us-federal") { to parameters(first: 1) { totalCount } } }`,
    )
    expect(parameter.history.at(-1)).toEqual({ from: '2027-01-01', values: [0.41] })
    expect(parameterTree).toEqual({ to: '2027-12-31', parameters: { totalCount: shipped } })
  })

  it('has the snapshot hash of its content, whichever way it came about', async () => {
    const store = await ParametersStore.open(graph.sql.store)
    for (const id of ['us-federal', 'own']) {
      const [tree] = await store.fullTrees('local', [id])
      expect(tree!.snapshotHash, id).toBe(snapshotHashOf(tree!))
    }
  })

  it('changes the standard deduction of a single cell by all of them', async () => {
    const payload = (
      await graph.ask(SAVE, {
        input: { tree: 'us-federal', ...by, parameters: [{ id: DEDUCTION, values: [{ from: '2027', value: 1 }] }] },
      })
    ).saveParameters
    expect(codesOf(payload)).toEqual([['BAD_INPUT', 'input.parameters.0.values.0.value']])
  })
})
