import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../infra/paths.ts'
import { importFiles } from '../../../test/support/import-files.ts'
import { type CompareOptions, compareTrees, countSpans } from './compare-trees.ts'
import { exportTree } from './export/export-tree.ts'
import { importTree } from './import/import-tree.ts'
import { readTree } from './read-tree.ts'
import type { Tree } from './tree.ts'

const OPTIONS: CompareOptions = { mapping: [], from: '2020-01-01', to: '2030-12-31', tolerance: 0 }

async function treeOf(files: Record<string, string>): Promise<Tree> {
  const { tree, findings } = await importFiles(files)
  if (!tree) throw new Error(JSON.stringify(findings))
  return tree
}

async function compared(here: string, there: string, options: Partial<CompareOptions> = {}) {
  const [one, two] = await Promise.all([treeOf({ 'a.yaml': here }), treeOf({ 'a.yaml': there })])
  const spans = compareTrees({ tree: one }, { tree: two }, { ...OPTIONS, ...options })
  return spans.map(({ kind, from, to, hereState, thereState }) => [
    kind,
    from,
    to,
    hereState?.values[0],
    thereState?.values[0],
  ])
}

describe('compareTrees', () => {
  it('says span by span what is equal, differs, or is only in one of them', async () => {
    const here = 'values: { 2021-01-01: 1, 2023-01-01: 2, 2025-01-01: null }'
    const there = 'values: { 2022-07-01: 1, 2023-01-01: 3 }'
    expect(await compared(here, there)).toEqual([
      ['ONLY_HERE', '2021-01-01', '2022-06-30', 1, undefined],
      ['EQUAL', '2022-07-01', '2022-12-31', 1, 1],
      ['DIFFERS', '2023-01-01', '2024-12-31', 2, 3],
      ['ONLY_THERE', '2025-01-01', '2030-12-31', undefined, 3],
    ])
  })

  it('takes numbers for equal within the tolerance, and infinities', async () => {
    const [here, there] = [
      'values: { 2020-01-01: 100, 2021-01-01: .inf }',
      'values: { 2020-01-01: 100.4, 2021-01-01: .inf }',
    ]
    const kinds = async (tolerance: number) => (await compared(here, there, { tolerance })).map(([kind]) => kind)
    expect(await kinds(0.5)).toEqual(['EQUAL', 'EQUAL'])
    expect(await kinds(0.3)).toEqual(['DIFFERS', 'EQUAL'])
  })

  it('compares in the unit of the first where they fit, and texts and lists as they are', async () => {
    const rate = (value: string, unit: string) => `values: { 2020-01-01: ${value} }\nmetadata: { unit: ${unit} }`
    expect(await compared(rate('0.5', '/1'), rate('50', 'percent'))).toEqual([
      ['EQUAL', '2020-01-01', '2030-12-31', 0.5, 0.5],
    ])
    expect(await compared(rate('5', 'year'), rate('5', 'child'))).toEqual([['EQUAL', '2020-01-01', '2030-12-31', 5, 5]])
    const list = (items: string) => `values: { 2020-01-01: ${items} }`
    expect((await compared(list('[a, b]'), list('[a, b]')))[0]?.[0]).toBe('EQUAL')
    expect((await compared(list('[a, b]'), list('[b, a]')))[0]?.[0]).toBe('DIFFERS')
  })

  it('maps ids by the longest node that they lie below', async () => {
    const one = 'values: { 2020-01-01: 1 }'
    const here = await treeOf({ 'x/a.yaml': one, 'x/y/b.yaml': one, 'z.yaml': one })
    const there = await treeOf({ 'p/a.yaml': one, 'q/b.yaml': one, 'r.yaml': one })
    const spans = compareTrees(
      { tree: here },
      { tree: there },
      {
        ...OPTIONS,
        mapping: [
          { here: 'x', there: 'p' },
          { here: 'x.y', there: 'q' },
        ],
      },
    )
    expect(spans.map((span) => [span.here, span.there, span.kind])).toEqual([
      ['x.a', 'p.a', 'EQUAL'],
      ['x.y.b', 'q.b', 'EQUAL'],
      ['z', null, 'ONLY_HERE'],
      [null, 'r', 'ONLY_THERE'],
    ])
    const twice = [
      { here: 'x', there: 'p' },
      { here: 'x', there: 'q' },
    ]
    expect(() => compareTrees({ tree: here }, { tree: there }, { ...OPTIONS, mapping: twice })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'mapping.1.here' }) }),
    )
  })

  it('finds the shipped tree equal to itself exported and imported, cell by cell and bracket by bracket', async () => {
    const shipped = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))
    const files = exportTree(shipped, { dialect: 'POLICYENGINE', prefix: 'us.federal' })
    const { id, title, country, currency, source } = shipped
    const { tree } = await importTree(files, { id, title, country, currency, source, dialect: 'AUTO', prefix: 'usa' })
    const mapping = [{ here: 'us.federal', there: 'usa' }]
    const spans = compareTrees({ tree: shipped }, { tree: tree! }, { ...OPTIONS, from: '2018-01-01', mapping })
    expect(countSpans(spans)).toMatchObject({ DIFFERS: 0, ONLY_HERE: 0, ONLY_THERE: 0 })
    expect(spans.length).toBeGreaterThan(1_000)
    expect(
      spans.find((span) => span.from >= '2026' && span.there === 'usa.income_tax.brackets.JOINT.2.threshold'),
    ).toMatchObject({
      here: 'us.federal.income_tax.brackets.JOINT.2.threshold',
      hereState: { values: [24_800] },
    })
  })
})
