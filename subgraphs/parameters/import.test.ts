// Import, export and comparison of trees, asked as the gateway asks them, over a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { type Answer, ask, askForErrors } from '../../test/support/ask.ts'
import { freshStore, type TestStore } from '../../test/support/database.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { noDispatch } from '../../test/support/no-dispatch.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { writeArchive } from './rules/export/write-archive.ts'
import { parameters } from './subgraph.ts'

let database: TestStore
let subgraph: Subgraph

beforeAll(async () => {
  database = await freshStore()
  subgraph = await openSubgraph(parameters, {
    store: database.store,
    dispatch: noDispatch,
    clock: manualClock(),
    log: silentLog,
  })
  await subgraph.seed('local')
})
afterAll(() => database.drop())

const IMPORT = `mutation ($input: ImportParametersInput!) { outcome: importParameters(input: $input) {
  imported tree { id title country currency from to source { name licence retrieved } }
  counts { files parameters values scales nodes }
  findingCounts { severity code count }
  findings { totalCount pageInfo { hasNextPage endCursor } edges { node { severity code path message suggestion } } } } }`

const FILES = {
  'README.md': '# Law of the test\n',
  'gov/cpi.yaml':
    'description: Prices\nvalues: { 2020-01-01: 100, 2025-01-01: 110 }\nmetadata: { unit: /1, reference: Statistics Act }',
  'gov/cap.yaml': `
description: The most that is paid
SINGLE: { 2020-01-01: 1_000, 2021-01-01: .inf }
JOINT: { 2020-01-01: 2_000, 2022-01-01: null }
metadata: { unit: currency-USD, period: monthly, breakdown: [filing_status], reference: { title: Act, href: https://law.example } }
`,
  'gov/rate.yaml': `
brackets:
  - { threshold: { 0000-01-01: 0 }, rate: { 2020-01-01: 0.1 } }
  - { threshold: { 2020-01-01: 5_000 }, rate: { 2020-01-01: 0.2 } }
metadata: { threshold_unit: currency-USD, label: Rates, reference: Act }
`,
  'gov/amount.yaml':
    'description: Paid\nvalues: { 2020-01-01: 500 }\nmetadata: { unit: currency-USD, uprating: gov.cpi, reference: Act }',
  'gov/sources.yaml':
    'description: Counted\nvalues: { 2020-01-01: [wages, rent] }\nmetadata: { unit: list, reference: Act }',
}

const filesOf = (files: Record<string, string>) => Object.entries(files).map(([path, text]) => ({ path, text }))

async function importing(input: Record<string, unknown>, tenant?: string): Promise<Answer> {
  const variables = { input: { treeId: 'test', files: filesOf(FILES), ...input } }
  return (await ask(subgraph, IMPORT, { variables, ...(tenant ? { tenant } : {}) })).outcome
}

describe('importParameters', () => {
  it('stores a tree that is read as every other', async () => {
    const outcome = await importing({ source: { name: 'Test', licence: 'CC0-1.0', retrieved: '2026-10-01' } })
    expect(outcome).toMatchObject({
      imported: true,
      tree: {
        id: 'test',
        title: 'Law of the test',
        country: 'USA',
        currency: 'USD',
        from: '0000-01-01',
        to: '9999-12-31',
      },
      counts: { files: 6, parameters: 12, values: 16, scales: 1, nodes: 1 },
    })
    expect(outcome.findingCounts).toEqual([
      { severity: 'WARNING', code: 'PERIOD_MISSPELT', count: 1 },
      { severity: 'INFO', code: 'FILLED', count: 1 },
    ])
    const { cap, joint, filled, amount, list, tree } = await ask(
      subgraph,
      `{ cap: parameter(id: "gov.cap.SINGLE") { label unit period references valueAt(date: "2021") { value unit } values { from values } }
         joint: parameter(id: "gov.cap.JOINT") { valueAt(date: "2023") { value } history { from ceased } }
         filled: parameter(id: "gov.cap.SEPARATE") { valueAt(date: "1990") { value from } }
         amount: parameter(id: "gov.amount") { valueAt(date: "2026") { value } history { from derived } }
         list: parameter(id: "gov.sources") { history { list } }
         tree: parameterTree(id: "test") { scales { id kind style count } log { edges { node { author message } } } } }`,
    )
    expect(cap).toMatchObject({
      label: 'The most that is paid: SINGLE',
      unit: 'USD',
      period: 'month',
      references: ['Act'],
      valueAt: { value: Number.MAX_VALUE },
    })
    expect(joint.history).toEqual([
      { from: '2020-01-01', ceased: false },
      { from: '2022-01-01', ceased: true },
    ])
    expect(filled.valueAt).toEqual({ value: 0, from: '0000-01-01' })
    expect(amount.valueAt.value).toBeCloseTo(550, 12)
    expect(amount.history.map(({ derived }: { derived: boolean }) => derived)).toEqual([false, true])
    expect(list.history).toEqual([{ list: ['wages', 'rent'] }])
    expect(tree.scales).toEqual([{ id: 'gov.rate', kind: 'MARGINAL_RATE', style: 'THRESHOLDS', count: 2 }])
    expect(tree.log.edges[0].node).toEqual({ author: 'import', message: 'Imported 6 files of Test' })
  })

  it('does nothing where the very files stand already, and replaces the tree by others', async () => {
    await importing({ treeId: 'again' })
    const second = await importing({ treeId: 'again' })
    expect(second).toMatchObject({ imported: false, tree: { id: 'again' } })
    expect(second.findings.edges.at(-1).node).toMatchObject({ severity: 'INFO', code: 'EXISTED' })
    const third = await importing({
      treeId: 'again',
      files: filesOf({ 'a.yaml': 'values: { 2020-01-01: 1 }' }),
      currency: 'USD',
    })
    expect(third).toMatchObject({ imported: true, counts: { parameters: 1 } })
  })

  it('takes an archive, and begins below its folder parameters', async () => {
    const files = filesOf(FILES).map(({ path, text }) => ({ path: `pkg/parameters/${path}`, text }))
    const archive = (await writeArchive(files)).toString('base64')
    const outcome = await importing({ treeId: 'packed', archive, files: null, prefix: 'packed' })
    expect(outcome).toMatchObject({ imported: true, tree: { title: 'Law of the test' } })
    const { parameter } = await ask(subgraph, '{ parameter(id: "packed.gov.amount") { indexation { index } } }')
    expect(parameter.indexation.index).toBe('packed.gov.cpi')
  })

  it('changes nothing where a file has a fault, and names every fault with its place', async () => {
    const before = await ask(subgraph, '{ parameterTrees { id snapshotHash } }')
    const broken = { ...FILES, 'gov/cpi.yaml': 'values: { 2020-01-01: 1, 2020-01-01: 2 }', 'x.yaml': 'values: [' }
    const outcome = await importing({ files: filesOf(broken) })
    expect(outcome).toMatchObject({ imported: false, tree: null })
    const faults = outcome.findings.edges
      .map(({ node }: Answer) => node)
      .filter(({ severity }: Answer) => severity === 'ERROR')
    expect(faults.map(({ code, path }: Answer) => [code, path])).toEqual([
      ['DUPLICATE_KEY', 'gov/cpi.yaml:1:26'],
      ['YAML_BROKEN', 'x.yaml:1:10'],
    ])
    expect(await ask(subgraph, '{ parameterTrees { id snapshotHash } }')).toEqual(before)
  })

  it('stores nothing on a dry run', async () => {
    expect(await importing({ treeId: 'dry', dryRun: true })).toMatchObject({
      imported: false,
      tree: null,
      counts: { parameters: 12 },
    })
    const { parameterTrees } = await ask(subgraph, '{ parameterTrees { id } }')
    expect(parameterTrees.map(({ id }: Answer) => id)).not.toContain('dry')
  })

  it('gives findings in pages, by gravity and by code', async () => {
    const files = filesOf({
      'a.yaml': `b: { 2020-01-01: 1 }\n${Array.from({ length: 9 }, (_, i) => `k${i}: 1`).join('\n')}`,
    })
    const { outcome } = await ask(
      subgraph,
      `mutation ($input: ImportParametersInput!) { outcome: importParameters(input: $input) {
         first: findings(code: "UNKNOWN_KEY", first: 4) { totalCount pageInfo { hasNextPage endCursor } edges { node { path } } }
         rest: findings(code: "UNKNOWN_KEY", after: "${Buffer.from('k:3').toString('base64url')}") { edges { node { path } } }
         grave: findings(severity: ERROR) { totalCount } } }`,
      { variables: { input: { treeId: 'dry', files, currency: 'USD', dryRun: true } } },
    )
    expect(outcome.first).toMatchObject({
      totalCount: 9,
      pageInfo: { hasNextPage: true, endCursor: Buffer.from('k:3').toString('base64url') },
    })
    expect([...outcome.first.edges, ...outcome.rest.edges].map(({ node }: Answer) => node.path)).toEqual(
      Array.from({ length: 9 }, (_, i) => `a.yaml:${i + 2}`),
    )
    expect(outcome.grave.totalCount).toBe(0)
  })

  it('keeps trees of tenants apart', async () => {
    await subgraph.seed('other')
    await importing({ treeId: 'mine' }, 'other')
    const trees = async (tenant: string) =>
      (await ask(subgraph, '{ parameterTrees { id } }', { tenant })).parameterTrees.map(({ id }: Answer) => id)
    expect(await trees('other')).toContain('mine')
    expect(await trees('local')).not.toContain('mine')
  })

  it.each([
    ['an id that is none', { treeId: 'No Id' }, 'BAD_INPUT', 'input.treeId'],
    ['the id of a shipped tree', { treeId: 'us-federal' }, 'ALREADY_EXISTS', 'input.treeId'],
    ['no files', { files: [] }, 'BAD_INPUT', 'input.files'],
    ['files and an archive', { archive: 'x' }, 'BAD_INPUT', 'input.files'],
    ['neither', { files: null }, 'BAD_INPUT', 'input.files'],
    ['no archive', { files: null, archive: 'bm9uc2Vuc2U=' }, 'BAD_INPUT', 'input.archive'],
    ['one path twice', { files: [...filesOf(FILES), { path: 'README.md', text: '' }] }, 'BAD_INPUT', 'input.files'],
    ['a prefix that is none', { prefix: 'a..b' }, 'BAD_INPUT', 'input.prefix'],
    ['a country that is none', { country: 'usa' }, 'BAD_INPUT', 'input.country'],
    ['a currency of many countries', { currency: 'EUR' }, 'BAD_INPUT', 'input.country'],
    ['no currency', { files: filesOf({ 'a.yaml': 'values: { 2020-01-01: 1 }' }) }, 'BAD_INPUT', 'input.currency'],
    ['a day that is none', { known: 'soon' }, 'BAD_INPUT', 'input.known'],
  ])('refuses %s', async (_, input, code, path) => {
    const variables = { input: { treeId: 'wrong', files: filesOf(FILES), ...input } }
    expect(await askForErrors(subgraph, IMPORT, { variables })).toEqual([
      expect.objectContaining({ code, detail: expect.objectContaining({ path, suggestion: expect.any(String) }) }),
    ])
  })
})

describe('exportParameters', () => {
  const EXPORT = `query ($tree: ID!, $dialect: ExportDialect!, $prefix: String) { exportParameters(tree: $tree, dialect: $dialect, prefix: $prefix) {
    fileCount archive files(first: 500) { edges { node { path text } } } } }`
  const exported = async (variables: Record<string, unknown>) =>
    (await ask(subgraph, EXPORT, { variables })).exportParameters

  it('gives files that are the tree again, in both forms', async () => {
    const hashes = []
    for (const dialect of ['POLICYENGINE', 'POLICYENGINE', 'OPENFISCA']) {
      const { files, fileCount } = await exported({ tree: 'test', dialect })
      expect(fileCount).toBe(5)
      const treeId = `again-${dialect.toLowerCase()}-${hashes.length}`
      await importing({ treeId, dialect, files: files.edges.map(({ node }: Answer) => node) })
      const { compareTrees } = await ask(
        subgraph,
        `{ compareTrees(here: { tree: "test" }, there: { tree: "${treeId}" }) { counts { kind count } } }`,
      )
      hashes.push(compareTrees.counts.filter(({ count }: Answer) => count > 0).map(({ kind }: Answer) => kind))
    }
    expect(hashes).toEqual([['EQUAL'], ['EQUAL'], ['EQUAL']])
  })

  it('gives a part of our own tree: a file for each parameter, one for each scale, cells and brackets in it', async () => {
    const { files, archive } = await exported({
      tree: 'us-federal',
      dialect: 'POLICYENGINE',
      prefix: 'us.federal.income_tax',
    })
    const byPath = Object.fromEntries(files.edges.map(({ node }: Answer) => [node.path, node.text]))
    expect(byPath['standard_deduction/basic.yaml']).toContain('JOINT:\n  values:\n    2018-01-01: 24000')
    expect(byPath['brackets.yaml']).toContain('breakdown:\n    - filing_status')
    expect(Buffer.from(archive, 'base64').subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
  })

  it('answers a tree or a path that is not there', async () => {
    const errors = async (variables: Record<string, unknown>) =>
      (await askForErrors(subgraph, EXPORT, { variables }))[0]
    expect(await errors({ tree: 'none', dialect: 'OPENFISCA' })).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'tree' },
    })
    expect(await errors({ tree: 'test', dialect: 'OPENFISCA', prefix: 'none' })).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'prefix' },
    })
  })
})

describe('compareTrees', () => {
  const COMPARE = `query ($there: ComparedTreeInput!, $mapping: [IdPairInput!], $tolerance: Float!, $from: String, $to: String, $kinds: [SpanKind!]) {
    compareTrees(here: { tree: "us-federal" }, there: $there, mapping: $mapping, tolerance: $tolerance, from: $from, to: $to) {
      counts { kind count }
      spans(kinds: $kinds, first: 3) { totalCount edges { node { here there kind from to unit hereState { values } thereState { values list text } } } } } }`

  beforeAll(async () => {
    const rate = (value: string) => `values: { 2018-01-01: ${value} }\nmetadata: { unit: /1, reference: Code }`
    const files = filesOf({
      'tax/top.yaml': rate('0.37'),
      'tax/first.yaml': rate('0.11'),
      'other.yaml': 'values: { 2018-01-01: [a] }',
    })
    await importing({ treeId: 'source', files, currency: 'USD' })
  })

  const mapping = [
    { here: 'us.federal.income_tax.brackets.SINGLE.7.rate', there: 'tax.top' },
    { here: 'us.federal.income_tax.brackets.SINGLE.1.rate', there: 'tax.first' },
  ]
  const comparing = async (more: Record<string, unknown> = {}) =>
    (
      await ask(subgraph, COMPARE, {
        variables: { there: { tree: 'source' }, mapping, tolerance: 0, from: '2025', to: '2025', ...more },
      })
    ).compareTrees

  it('counts what is equal, differs, and is only in one', async () => {
    const { counts } = await comparing()
    const count = Object.fromEntries(counts.map((one: Answer) => [one.kind, one.count]))
    expect(count).toMatchObject({ EQUAL: 1, DIFFERS: 1, ONLY_THERE: 1 })
    expect(count.ONLY_HERE).toBeGreaterThan(80)
  })

  it('shows both values of what differs', async () => {
    const { spans } = await comparing({ kinds: ['DIFFERS', 'ONLY_THERE'] })
    expect(spans.totalCount).toBe(2)
    expect(spans.edges.map(({ node }: Answer) => node)).toEqual([
      {
        here: 'us.federal.income_tax.brackets.SINGLE.1.rate',
        there: 'tax.first',
        kind: 'DIFFERS',
        from: '2025-01-01',
        to: '2025-12-31',
        unit: 'fraction',
        hereState: { values: [0.1] },
        thereState: { values: [0.11], list: null, text: null },
      },
      expect.objectContaining({
        here: null,
        there: 'other',
        kind: 'ONLY_THERE',
        thereState: { values: [], list: ['a'], text: null },
      }),
    ])
  })

  it('takes a tolerance, and refuses one below 0 and days out of order', async () => {
    const { counts } = await comparing({ tolerance: 0.011 })
    expect(counts).toContainEqual({ kind: 'EQUAL', count: 2 })
    const errors = async (variables: object) =>
      (
        await askForErrors(subgraph, COMPARE, { variables: { there: { tree: 'source' }, tolerance: 0, ...variables } })
      )[0]
    expect(await errors({ tolerance: -1 })).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'tolerance' } })
    expect(await errors({ from: '2026', to: '2025' })).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'to' } })
    expect(await errors({ there: { tree: 'none' } })).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'there.tree' },
    })
  })
})
