import { describe, expect, it } from 'vitest'
import { findingsOf, importFiles, numberOn, numbersOf, parameterOf } from '../../../../test/support/import-files.ts'

const CPI = 'values: { 2020-01-01: 100, 2021-01-01: 104, 2022-01-01: 110.5 }\nmetadata: { unit: /1 }'
const HANDED = 'propagate_metadata_to_children: true'

describe('metadata for children', () => {
  it('is handed down, all but label and breakdown, and the outermost word counts', async () => {
    const imported = await importFiles({
      'a/index.yaml': `metadata: { ${HANDED}, unit: currency-USD, label: Outer, economy: false }`,
      'a/b.yaml': `
metadata: { unit: /1, period: month, label: Inner }
leaf: { values: { 2020-01-01: 1 }, metadata: { period: year, household: true } }
`,
    })
    expect(parameterOf(imported, 'a.b.leaf')).toMatchObject({
      unit: 'USD',
      period: 'month',
      label: 'Inner: leaf',
      metadata: { economy: false, household: true },
    })
    expect(findingsOf(imported)).toContain('INFO OVERRIDDEN a/b.yaml:3')
  })

  it('is not handed down in a tree of OpenFisca', async () => {
    const files = {
      'a/index.yaml': `metadata: { ${HANDED}, economy: false }`,
      'a/b.yaml': 'values: { 2020-01-01: 1 }',
    }
    expect(parameterOf(await importFiles(files, { dialect: 'OPENFISCA' }), 'a.b').metadata).toBeUndefined()
    expect(parameterOf(await importFiles(files, { dialect: 'POLICYENGINE' }), 'a.b').metadata).toEqual({
      economy: false,
    })
  })

  it('counts for unit, period and reference of numbers that have none of their own, the nearest first', async () => {
    const imported = await importFiles({
      'a/index.yaml': 'metadata: { unit: currency-USD, period: year, reference: Act }',
      'a/b.yaml': `
metadata: { unit: /1 }
near: { 2020-01-01: 1 }
own: { values: { 2020-01-01: 1 }, metadata: { unit: child, reference: Code } }
flag: { 2020-01-01: true }
`,
    })
    const of = (id: string) => {
      const { unit, period, references } = parameterOf(imported, id)
      return [unit, period, ...references.map(({ title }) => title)]
    }
    expect(of('a.b.near')).toEqual(['fraction', 'year', 'Act'])
    expect(of('a.b.own')).toEqual(['child', 'year', 'Code'])
    expect(of('a.b.flag')).toEqual(['boolean', 'year', 'Act'])
  })
})

describe('a breakdown', () => {
  it('has 0 since ever in the cells that are not given, level below level', async () => {
    const imported = await importFiles(
      {
        'a.yaml': `
metadata: { breakdown: [region, "range(1,3)"], label: Amount, unit: currency-USD, ${HANDED} }
N: { 1: { 2020-01-01: 5 }, 2: { 2020-01-01: 6 } }
S: { 1: { 2020-01-01: 7 } }
`,
      },
      { enums: { region: ['N', 'S', 'E'] } },
    )
    expect(imported.tree?.parameters.map(({ id, values }) => [id, ...numbersOf(values).flat()])).toEqual([
      ['a.E.1', '0000-01-01', 0],
      ['a.E.2', '0000-01-01', 0],
      ['a.N.1', '2020-01-01', 5],
      ['a.N.2', '2020-01-01', 6],
      ['a.S.1', '2020-01-01', 7],
      ['a.S.2', '0000-01-01', 0],
    ])
    expect(parameterOf(imported, 'a.E.1')).toMatchObject({ unit: 'USD', label: 'Amount: E.1' })
    expect(imported.findings).toContainEqual(
      expect.objectContaining({ code: 'FILLED', message: expect.stringMatching(/^3 cells/) }),
    )
    expect(imported.tree?.nodes[0]?.breakdown).toEqual(['region', 'range(1,3)'])
  })

  it('refuses a child that it does not have, but only warns of a number beyond its range', async () => {
    const text = (name: string) => `metadata: { breakdown: [filing_status] }\n${name}: { 2020-01-01: 5 }`
    const wrong = await importFiles({ 'a.yaml': text('WIDOW') })
    expect(wrong.tree).toBeNull()
    expect(wrong.findings).toContainEqual(
      expect.objectContaining({
        severity: 'ERROR',
        code: 'BREAKDOWN_CHILD',
        path: 'a.yaml:1',
        suggestion: expect.stringContaining('SINGLE'),
      }),
    )
    const beyond = await importFiles({ 'a.yaml': 'metadata: { breakdown: ["range(1,3)"] }\n7: { 2020-01-01: 5 }' })
    expect(beyond.tree?.parameters).toHaveLength(3)
    expect(findingsOf(beyond)).toContain('WARNING BREAKDOWN_CHILD a.yaml:1')
  })

  it('of a variable that is not known is taken as it is, but for the levels below', async () => {
    const imported = await importFiles({
      'a.yaml':
        'metadata: { breakdown: [region, "range(1,3)"] }\nN: { 1: { 2020-01-01: 5 } }\nS: { 2: { 2020-01-01: 7 } }',
    })
    expect(imported.tree?.parameters.map(({ id }) => id)).toEqual(['a.N.1', 'a.N.2', 'a.S.1', 'a.S.2'])
    expect(findingsOf(imported)).toContain('INFO BREAKDOWN_UNKNOWN a.yaml:1')
  })
})

describe('uprating', () => {
  it('carries the last value on by the unrounded growth of the index since its day', async () => {
    const uprating = '{ parameter: cpi, rounding: { type: downwards, interval: 50 } }'
    const imported = await importFiles({
      'cpi.yaml': CPI,
      'a.yaml': `values: { 2019-01-01: 3, 2020-06-01: 1_000 }\nmetadata: { uprating: ${uprating} }`,
    })
    // 1,040 and 1,105, each rounded from there.
    expect(numbersOf(parameterOf(imported, 'a').values)).toEqual([
      ['2019-01-01', 3],
      ['2020-06-01', 1_000],
      ['2021-01-01', 1_000],
      ['2022-01-01', 1_100],
    ])
    expect(parameterOf(imported, 'a').values.map(({ derived }) => derived)).toEqual([undefined, undefined, true, true])
    expect(parameterOf(imported, 'a').indexation).toEqual({
      index: 'cpi',
      rounding: { mode: 'DOWN', interval: 50 },
      chained: false,
    })
  })

  it('rounds halves to the even one where it says nearest, as Python does', async () => {
    const text = (interval: string) =>
      `values: { 2020-01-01: 125 }\nmetadata: { uprating: { parameter: cpi, rounding: ${interval} } }`
    const imported = await importFiles({
      'cpi.yaml': 'values: { 2020-01-01: 1, 2021-01-01: 1, 2022-01-01: 3 }',
      'a.yaml': text('{ type: nearest, interval: 50 }'),
      'b.yaml': text('50.0'),
      'c.yaml': text('{ type: upwards, interval: 50 }'),
    })
    // 2.5 and 7.5 intervals
    for (const id of ['a', 'b'])
      expect(numbersOf(parameterOf(imported, id).values).slice(1)).toEqual([
        ['2021-01-01', 100],
        ['2022-01-01', 400],
      ])
    expect(numberOn(imported, 'c', '2022-01-01')).toBe(400)
    expect(numberOn(imported, 'c', '2021-01-01')).toBe(150)
  })

  it('follows chains of indices in the order in which they hang on each other', async () => {
    const imported = await importFiles({
      'a.yaml': 'values: { 2021-01-01: 10 }\nmetadata: { uprating: wages }',
      'cpi.yaml': CPI,
      'wages.yaml': 'values: { 2020-01-01: 50 }\nmetadata: { uprating: cpi }',
    })
    expect(numberOn(imported, 'wages', '2022-01-01')).toBeCloseTo(55.25, 12)
    expect(numberOn(imported, 'a', '2022-01-01')).toBeCloseTo((10 * 55.25) / 52, 12)
  })

  it('by itself goes on as it grew in its last year, ten years in all', async () => {
    const imported = await importFiles({
      'a.yaml': 'values: { 2020-01-01: 1, 2021-01-01: 2 }\nmetadata: { uprating: self }',
    })
    expect(numberOn(imported, 'a', '2024-01-01')).toBe(16)
    expect(parameterOf(imported, 'a').values.at(-1)?.from).toBe('2030-01-01')
  })

  it('at a defined interval is chained, and keeps its words', async () => {
    const interval = '{ start: 0000-09-01, end: 0001-09-01, enactment: 0002-04-01 }'
    const imported = await importFiles({
      'cpi.yaml': 'values: { 2018-09-01: 100, 2019-09-01: 103, 2020-09-01: 106 }',
      'a.yaml': `values: { 2019-04-01: 100 }\nmetadata: { uprating: { parameter: cpi, rounding: { type: upwards, interval: 10 }, at_defined_interval: ${interval} } }`,
    })
    expect(numbersOf(parameterOf(imported, 'a').values)).toEqual([
      ['2019-04-01', 100],
      ['2020-04-01', 110],
      ['2021-04-01', 120],
    ])
    expect(parameterOf(imported, 'a').metadata).toMatchObject({ uprating: { parameter: 'cpi' } })
  })

  it('takes series from beside the tree, also of parameters that it does not have', async () => {
    const file = (index: string) => `values: { 2020-01-01: 10 }\nmetadata: { uprating: ${index} }`
    const imported = await importFiles(
      { 'a.yaml': file('cpi'), 'b.yaml': file('elsewhere.wages'), 'cpi.yaml': 'values: { 2010-01-01: 1 }' },
      {
        indexSeries: [
          {
            id: 'cpi',
            values: [
              { from: '2020', value: 2 },
              { from: '2021', value: 3 },
            ],
          },
          {
            id: 'elsewhere.wages',
            values: [
              { from: '2020-01-01', value: 1 },
              { from: '2022-01-01', value: 4 },
            ],
          },
        ],
      },
    )
    expect([numberOn(imported, 'a', '2021-01-01'), numberOn(imported, 'b', '2022-01-01')]).toEqual([15, 40])
    expect(numbersOf(parameterOf(imported, 'cpi').values)).toEqual([
      ['2010-01-01', 1],
      ['2020-01-01', 2],
      ['2021-01-01', 3],
    ])
  })

  it('names a circle with its path', async () => {
    const imported = await importFiles({
      'a.yaml': 'values: { 2020-01-01: 1 }\nmetadata: { uprating: b }',
      'b.yaml': 'values: { 2020-01-01: 1 }\nmetadata: { uprating: a }',
    })
    expect(imported.tree).toBeNull()
    expect(imported.findings).toContainEqual(
      expect.objectContaining({
        severity: 'ERROR',
        code: 'INDEX_CYCLE',
        message: expect.stringContaining('a by b by a'),
      }),
    )
  })

  it.each([
    ['that is not there', 'elsewhere', 'INDEX_MISSING'],
    ['that ends before', 'short', 'INDEX_SHORT'],
    ['that begins after', 'cpi', 'INDEX_UNDEFINED'],
  ])('leaves parameters as they are by an index %s, and says so once', async (_, index, code) => {
    const text = `values: { 2015-01-01: 1 }\nmetadata: { uprating: ${index} }`
    const imported = await importFiles({
      'a.yaml': text,
      'b.yaml': text,
      'cpi.yaml': CPI,
      'short.yaml': 'values: { 2010-01-01: 1 }',
    })
    expect(parameterOf(imported, 'a').values).toHaveLength(1)
    expect(imported.findings.filter((finding) => finding.code === code)).toEqual([
      expect.objectContaining({
        severity: 'WARNING',
        path: 'a.yaml:1',
        message: expect.stringMatching(/^2 parameters, such as a,/),
      }),
    ])
  })

  it('of a scale goes to the part that the nearest word names', async () => {
    const bracket = (more = '', threshold = '{ 2020-01-01: 100 }') =>
      `  - { threshold: ${threshold}, amount: { 2020-01-01: 100 }${more} }`
    const scale = (metadata: string, ...brackets: string[]) =>
      `brackets:\n${brackets.join('\n')}\nmetadata: { type: single_amount, ${metadata} }`
    const imported = await importFiles({
      'low.yaml': 'values: { 2020-01-01: 1, 2021-01-01: 2 }',
      'high.yaml': 'values: { 2020-01-01: 1, 2021-01-01: 3 }',
      'bare.yaml': scale('uprating: low', bracket()),
      'flag.yaml': scale('uprating: low, uprate_thresholds: true', bracket()),
      'both.yaml': scale('uprating: high, threshold_uprating: low', bracket()),
      'inner.yaml': scale(
        'threshold_uprating: low',
        bracket(', metadata: { amount: { uprating: high } }'),
        bracket(', metadata: { uprating: low, uprate_thresholds: true }'),
        bracket('', '{ values: { 2020-01-01: 100 }, metadata: { uprating: high } }'),
      ),
    })
    const of = (id: string, n = 1) =>
      [`${id}.${n}.threshold`, `${id}.${n}.amount`].map((part) => numberOn(imported, part, '2021-01-01'))
    expect({ bare: of('bare'), flag: of('flag'), both: of('both') }).toEqual({
      bare: [100, 200],
      flag: [200, 200],
      both: [200, 300],
    })
    expect([of('inner', 1), of('inner', 2), of('inner', 3)]).toEqual([
      [200, 300],
      [200, 200],
      [300, 100],
    ])
  })

  it('may name a part of a bracket, counted from 0', async () => {
    const imported = await importFiles({
      's.yaml': 'brackets:\n  - threshold: { 2020-01-01: 0 }\n    amount: { 2020-01-01: 1, 2021-01-01: 5 }',
      'a.yaml': 'values: { 2020-01-01: 10 }\nmetadata: { uprating: "s[0].amount" }',
    })
    expect(numberOn(imported, 'a', '2021-01-01')).toBe(50)
  })
})
