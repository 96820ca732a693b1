import { describe, expect, it } from 'vitest'
import {
  findingsOf,
  IMPORT_OPTIONS,
  importFiles,
  numberOn,
  parameterOf,
} from '../../../../test/support/import-files.ts'
import { importTree } from './import-tree.ts'

const idsOf = ({ tree }: Awaited<ReturnType<typeof importFiles>>) => tree?.parameters.map(({ id }) => id)

describe('importTree', () => {
  it('reads a parameter with its unit, period, references, label and dated values', async () => {
    const imported = await importFiles({
      'gov/tax/rate.yaml': `
description: What a household pays of each dollar.
values:
  0000-01-01: 0.1
  2021: 0.12
  2022-07: 1_0.5
metadata:
  unit: /1
  period: year
  label: Rate
  reference:
    - title: Tax Act, section 1
      href: https://law.example/1
    - https://law.example/2
`,
    })
    expect(imported.findings).toEqual([])
    expect(imported.counts).toEqual({ files: 1, parameters: 1, values: 3, scales: 0, nodes: 0 })
    expect(parameterOf(imported, 'gov.tax.rate')).toEqual({
      id: 'gov.tax.rate',
      label: 'Rate',
      description: 'What a household pays of each dollar.',
      kind: 'NUMBER',
      unit: 'fraction',
      period: 'year',
      by: 'NONE',
      references: [
        { title: 'Tax Act, section 1', href: 'https://law.example/1' },
        { title: 'https://law.example/2', href: 'https://law.example/2' },
      ],
      source: IMPORT_OPTIONS.source,
      origin: 'gov.tax.rate',
      expected: [0, 105],
      values: [
        { from: '0000-01-01', known: '0000-01-01', values: [0.1] },
        { from: '2021-01-01', known: '2021-01-01', values: [0.12] },
        { from: '2022-07-01', known: '2022-07-01', values: [10.5] },
      ],
    })
  })

  it('keeps yes and no, infinities, texts, lists and the end of a parameter', async () => {
    const imported = await importFiles({
      'yes.yaml': 'values: { 2020-01-01: true, 2021-01-01: no }',
      'cap.yaml': 'values: { 2020-01-01: .inf, 2021-01-01: -.inf, 2022-01-01: null }',
      'text.yaml': 'values: { 2020-01-01: 2019-12-31 }',
      'list.yaml': 'values:\n  2020-01-01:\n    - wages\n    - 3\n    - true\n  2021-01-01: []',
    })
    expect(parameterOf(imported, 'yes')).toMatchObject({
      kind: 'BOOLEAN',
      unit: 'boolean',
      values: [{ values: [1] }, { values: [0] }],
    })
    expect(parameterOf(imported, 'cap').values).toEqual([
      { from: '2020-01-01', known: '2020-01-01', values: [Number.POSITIVE_INFINITY] },
      { from: '2021-01-01', known: '2021-01-01', values: [Number.NEGATIVE_INFINITY] },
      { from: '2022-01-01', known: '2022-01-01', values: [], ceased: true },
    ])
    expect(parameterOf(imported, 'text')).toMatchObject({
      kind: 'TEXT',
      values: [{ values: [], content: '2019-12-31' }],
    })
    expect(parameterOf(imported, 'list')).toMatchObject({
      kind: 'LIST',
      values: [
        { values: [], content: ['wages', 3, true] },
        { values: [], content: [] },
      ],
    })
  })

  it('tells parameters from nodes in one file, with dates alone, beside keys, and as names of children', async () => {
    const imported = await importFiles({
      'file.yaml': `
description: A file of many
bare: { 2020-01-01: 1 }
beside:
  metadata: { unit: /1 }
  2020-01-01: { value: 2 }
deeper:
  below: { values: { 2020-01-01: 3 } }
years:
  2019: { values: { 2020-01-01: 4 } }
`,
    })
    expect(idsOf(imported)).toEqual(['file.bare', 'file.beside', 'file.deeper.below', 'file.years.2019'])
    expect(parameterOf(imported, 'file.beside').unit).toBe('fraction')
    expect(parameterOf(imported, 'file.deeper.below').label).toBe('A file of many: deeper.below')
    expect(imported.tree?.nodes).toEqual([{ id: 'file', label: 'A file of many', description: 'A file of many' }])
  })

  it('reads the unit and reference beside metadata, and the source of each value', async () => {
    const imported = await importFiles({
      'old.yaml': `
unit: currency:EUR
reference: The old law
values:
  2019-01-01: { value: 1, reference: https://law.example/2019 }
  2020-01-01: { value: 2, metadata: { reference: [{ title: Law of 2020, href: https://law.example/2020 }], unit: currency-EUR } }
  2021-01-01: { value: 3 }
`,
      'dated.yaml':
        'values: { 2019-01-01: 1, 2020-01-01: 2 }\nmetadata:\n  reference:\n    2019-01-01: { title: Law of 2019, href: https://law.example }',
    })
    const old = parameterOf(imported, 'old')
    expect(old).toMatchObject({ unit: 'EUR', references: [{ title: 'The old law' }] })
    expect(old.values.map(({ source }) => source)).toEqual(['https://law.example/2019', 'Law of 2020', undefined])
    expect(old.metadata).toEqual({
      values: {
        '2020-01-01': { reference: [{ title: 'Law of 2020', href: 'https://law.example/2020' }], unit: 'currency-EUR' },
      },
    })
    expect(parameterOf(imported, 'dated').values.map(({ source }) => source)).toEqual(['Law of 2019', undefined])
  })

  it('reads scales: kind, unit of each part, and brackets that exist only together', async () => {
    const imported = await importFiles({
      'marginal.yaml': `
brackets:
  - threshold: { 2020-01-01: 0 }
    rate: { 2020-01-01: 0.1 }
  - threshold: { 2020-01-01: { value: 1_000 } }
    rate: { values: { 2021-01-01: 0.2 }, metadata: { label: Upper rate } }
metadata: { threshold_unit: currency-USD, rate_unit: /1, label: Income tax }
`,
      'single.yaml':
        'brackets: [{ threshold: { 2020-01-01: 0 }, amount: { 2020-01-01: 5 } }]\nmetadata: { type: single_amount }',
      'amounts.yaml': 'unit: currency:USD\nbrackets: [{ threshold: { 2020-01-01: 0 }, amount: { 2020-01-01: 5 } }]',
      'average.yaml':
        'brackets: [{ threshold: { 2020-01-01: 0 }, average_rate: { 2020-01-01: 5 } }, { threshold: { 2020-01-01: 9 } }]',
    })
    expect(imported.tree?.scales.map(({ id, kind, style, count, unit }) => [id, kind, style, count, unit])).toEqual([
      ['amounts', 'MARGINAL_AMOUNT', 'THRESHOLDS', 1, 'USD'],
      ['average', 'AVERAGE_RATE', 'THRESHOLDS', 2, undefined],
      ['marginal', 'MARGINAL_RATE', 'THRESHOLDS', 2, 'USD'],
      ['single', 'SINGLE_AMOUNT', 'THRESHOLDS', 1, undefined],
    ])
    expect(parameterOf(imported, 'marginal.2.threshold')).toMatchObject({
      unit: 'USD',
      label: 'Income tax: 2.threshold',
      origin: 'marginal.brackets[1].threshold',
    })
    expect(parameterOf(imported, 'marginal.2.rate')).toMatchObject({ unit: 'fraction', label: 'Upper rate' })
    expect(parameterOf(imported, 'amounts.1.amount').unit).toBe('USD')
  })

  it('takes labels of folders from README.md and index.yaml, and passes other files over', async () => {
    const imported = await importFiles({
      'gov/README.md': '# The government\n\nAll of it.\n',
      'gov/tax/index.yaml': 'description: Taxes\nmetadata: { order: [a] }',
      'gov/tax/notes.txt': 'nothing: [',
      'gov/tax/a.yml': 'values: { 2020-01-01: 1 }',
    })
    expect(imported.counts.files).toBe(3)
    expect(imported.tree?.nodes).toEqual([
      { id: 'gov', label: 'The government', description: 'All of it.' },
      { id: 'gov.tax', label: 'Taxes', description: 'Taxes', metadata: { order: ['a'] } },
    ])
    expect(parameterOf(imported, 'gov.tax.a').label).toBe('Taxes: a')
  })

  it('puts the prefix before ids and before what they are indexed by', async () => {
    const imported = await importFiles(
      {
        'index.yaml': 'description: The root',
        'a.yaml': 'values: { 2020-01-01: 1 }\nmetadata: { uprating: { parameter: cpi } }',
        'cpi.yaml': 'values: { 2020-01-01: 1, 2021-01-01: 2 }',
      },
      { prefix: 'us.copy' },
    )
    expect(idsOf(imported)).toEqual(['us.copy.a', 'us.copy.cpi'])
    expect(imported.tree?.nodes[0]).toMatchObject({ id: 'us.copy', label: 'The root' })
    expect(numberOn(imported, 'us.copy.a', '2021-06-01')).toBe(2)
  })

  it('takes values as known since they began, since the source was retrieved, or since the day given', async () => {
    const files = { 'a.yaml': 'values: { 2020-01-01: 1, 2035-01-01: 2 }' }
    const known = async (options: { known?: string }) =>
      parameterOf(await importFiles(files, options), 'a').values.map((value) => value.known)
    expect(await known({})).toEqual(['2020-01-01', '2026-11-01'])
    expect(await known({ known: '2024-05-01' })).toEqual(['2024-05-01', '2024-05-01'])
  })

  it('gives the same tree whatever the order of the files', async () => {
    const files = Object.entries({
      'a/index.yaml': 'metadata: { unit: currency-USD, propagate_metadata_to_children: true }',
      'a/b.yaml': 'values: { 2020-01-01: 1 }',
      'a/c.yaml': 'values: { 2020-01-01: 2 }\nmetadata: { uprating: a.b }',
      'a/README.md': '# A',
    }).map(([path, text]) => ({ path, text }))
    const [forwards, backwards] = await Promise.all([
      importTree(files, IMPORT_OPTIONS),
      importTree(files.toReversed(), IMPORT_OPTIONS),
    ])
    expect(backwards.tree).toEqual(forwards.tree)
  })

  it('takes the currency that most units name, and asks for one where none does', async () => {
    const currency = undefined
    const files = { 'a.yaml': 'values: { 2020-01-01: 1 }\nmetadata: { unit: currency-GBP }' }
    expect((await importFiles(files, { currency })).tree?.currency).toBe('GBP')
    await expect(importFiles({ 'a.yaml': 'values: { 2020-01-01: 1 }' }, { currency })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      detail: { path: 'input.currency' },
    })
  })

  it('lets others have their turn after every file', async () => {
    let turns = 0
    const files = Array.from({ length: 20 }, (_, i) => ({ path: `p${i}.yaml`, text: 'values: { 2020-01-01: 1 }' }))
    await importTree(files, IMPORT_OPTIONS, async () => void turns++)
    expect(turns).toBeGreaterThanOrEqual(20)
  })
})

describe('faults of the files', () => {
  it.each([
    ['a key that stands twice', 'values:\n  2020-01-01: 1\n  2020-01-01: 2', 'ERROR DUPLICATE_KEY a.yaml:3:3'],
    ['one day written in two ways', 'values:\n  2020: 1\n  2020-01-01: 2', 'ERROR DUPLICATE_KEY a.yaml:3'],
    ['syntax', 'values: [', 'ERROR YAML_BROKEN a.yaml:1:10'],
    ['a list for a file', '- 1', 'ERROR NOT_A_PARAMETER a.yaml:1'],
    ['values that are no map', 'values: 5', 'ERROR NOT_A_PARAMETER a.yaml:1'],
    ['brackets that are no list', 'brackets: { a: 1 }', 'ERROR NOT_A_SCALE a.yaml:1'],
    ['a bracket of a word', 'brackets: [5]', 'ERROR NOT_A_SCALE a.yaml:1'],
    ['a threshold without dates', 'brackets: [{ threshold: 5 }]', 'ERROR NOT_A_PARAMETER a.yaml:1'],
    ['a date without value', 'values:\n  2020-01-01: { unit: /1 }', 'ERROR NO_VALUE a.yaml:2'],
    ['a map in a list', 'values:\n  2020-01-01:\n    - { a: 1 }', 'ERROR NO_VALUE a.yaml:3'],
    ['what is not a number', 'values:\n  2020-01-01: .nan', 'ERROR NOT_A_NUMBER a.yaml:2'],
  ])('%s: nothing is imported, and the place is named', async (_, text, finding) => {
    const imported = await importFiles({ 'a.yaml': text, 'b.yaml': 'values: { 2020-01-01: 1 }' })
    expect(imported.tree).toBeNull()
    expect(findingsOf(imported)).toContain(finding)
  })

  it('two files for one id, a folder that is a parameter', async () => {
    const one = 'values: { 2020-01-01: 1 }'
    expect(findingsOf(await importFiles({ 'a.yaml': one, 'a.yml': one }))).toContain('ERROR DUPLICATE_ID a.yml:1')
    expect(findingsOf(await importFiles({ 'a.yaml': one, 'a/b.yaml': one }))).toContain('ERROR DUPLICATE_ID a/b.yaml')
  })
})
