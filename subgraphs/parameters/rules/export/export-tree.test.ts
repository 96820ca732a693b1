import { describe, expect, it } from 'vitest'
import { importFiles } from '../../../../test/support/import-files.ts'
import type { Tree } from '../tree.ts'
import { type ExportOptions, exportTree } from './export-tree.ts'

async function exported(
  files: Record<string, string>,
  options: Partial<ExportOptions> = {},
): Promise<Record<string, string>> {
  const { tree, findings } = await importFiles(files)
  if (!tree) throw new Error(JSON.stringify(findings))
  return written(tree, options)
}

const written = (tree: Tree, options: Partial<ExportOptions> = {}) =>
  Object.fromEntries(exportTree(tree, { dialect: 'POLICYENGINE', ...options }).map(({ path, text }) => [path, text]))

const INDEXED = {
  'gov/cpi.yaml': 'values: { 2020-01-01: 100, 2021-01-01: 110 }',
  'gov/a.yaml':
    'values: { 2020-01-01: 50 }\nmetadata: { uprating: { parameter: gov.cpi, rounding: { type: downwards, interval: 10 } } }',
}

describe('exportTree', () => {
  it('writes a parameter as a person would', async () => {
    const files = await exported({
      'a.yaml':
        'description: It\nvalues: { 2020-01-01: 9_525, 2021-01-01: { value: .inf, reference: Act of 2021 } }\nmetadata: { unit: USD, period: year, reference: Act }',
    })
    expect(files['a.yaml']).toBe(`description: It
values:
  2020-01-01: 9525
  2021-01-01:
    value: .inf
    metadata:
      reference: Act of 2021
metadata:
  unit: currency-USD
  period: year
  reference:
    - Act
`)
  })

  it('writes brackets with dates alone, and cells in the file of their breakdown', async () => {
    const files = await exported({
      's.yaml':
        'brackets: [{ threshold: { 0000-01-01: 0 }, amount: { 2020-01-01: 5 } }]\nmetadata: { amount_unit: currency-USD, threshold_unit: child }',
      'b.yaml': 'metadata: { breakdown: ["range(1,3)"], unit: /1 }\n1: { 2020-01-01: 5 }\n2: { 2020-01-01: 6 }',
    })
    expect(files['s.yaml']).toContain('  - threshold:\n      0000-01-01: 0\n    amount:\n      2020-01-01: 5\n')
    expect(files['b.yaml']).toBe(
      '1:\n  values:\n    2020-01-01: 5\n2:\n  values:\n    2020-01-01: 6\nmetadata:\n  unit: /1\n  breakdown:\n    - range(1,3)\n',
    )
  })

  it('leaves what is carried on to PolicyEngine where the index is there, and writes it otherwise', async () => {
    const whole = await exported(INDEXED)
    expect(whole['gov/a.yaml']).toContain('parameter: gov.cpi')
    expect(whole['gov/a.yaml']).not.toContain('2021-01-01')
    const part = await exported({ ...INDEXED, 'x/b.yaml': INDEXED['gov/a.yaml'] }, { prefix: 'x' })
    expect(part['b.yaml']).toMatch(/2021-01-01: 50[\s\S]+parameter: gov\.cpi/)
    const openfisca = await exported(INDEXED, { dialect: 'OPENFISCA' })
    expect(openfisca['gov/a.yaml']).toContain('2021-01-01: 50')
    expect(openfisca['gov/a.yaml']).not.toContain('uprating')
  })

  it('begins paths and ids of indices below the prefix', async () => {
    const files = await exported(INDEXED, { prefix: 'gov' })
    expect(Object.keys(files)).toEqual(['a.yaml', 'cpi.yaml'])
    expect(files['a.yaml']).toContain('parameter: cpi')
    expect(Object.keys(await exported(INDEXED, { prefix: 'gov.a' }))).toEqual(['a.yaml'])
    expect(await exported(INDEXED, { prefix: 'go' })).toEqual({})
  })

  it('writes what was known on a day', () => {
    const value = (known: string, one: number) => ({ from: '2020-01-01', known, values: [one] })
    const source = { name: 'test', licence: 'CC0-1.0', retrieved: '2026-01-01' }
    const tree: Tree = {
      id: 't',
      title: 'T',
      country: 'USA',
      currency: 'USD',
      from: '2020-01-01',
      to: '9999-12-31',
      source,
      nodes: [],
      scales: [],
      parameters: [
        {
          id: 'a',
          label: 'a',
          kind: 'NUMBER',
          unit: 'USD',
          period: null,
          by: 'NONE',
          references: [],
          source,
          origin: null,
          expected: [0, 1],
          values: [value('2020-01-01', 1), value('2020-06-01', 2)],
        },
      ],
    }
    expect(written(tree)['a.yaml']).toContain('2020-01-01: 2\n')
    expect(written(tree, { knownAt: '2020-03-01' })['a.yaml']).toContain('2020-01-01: 1\n')
  })

  it('keeps a child called index in the file of its parent, and says where no file can hold it', async () => {
    const child = (name: string) => ({ [`a/${name}.yaml`]: 'values: { 2020-01-01: 1 }' })
    const { tree } = await importFiles({ 'a.yaml': 'index: { 2020-01-01: 1 }\nb: { 2020-01-01: 2 }' })
    expect(Object.keys(written(tree!))).toEqual(['a.yaml'])
    const both = await importFiles({ 'p.yaml': 'q: { 2020-01-01: 1 }', ...child('values') })
    expect(Object.keys(written(both.tree!))).toEqual(['a/values.yaml', 'p/q.yaml'])
    const stuck: Tree = {
      ...both.tree!,
      parameters: both.tree!.parameters.flatMap((one) =>
        one.id === 'a.values' ? [one, { ...one, id: 'a.index' }] : [one],
      ),
    }
    expect(() => written(stuck)).toThrow(expect.objectContaining({ code: 'CONSTRUCT_UNSUPPORTED' }))
  })
})
