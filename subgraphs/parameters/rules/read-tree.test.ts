import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../infra/paths.ts'
import { readTree } from './read-tree.ts'
import { ruleSetsOver } from './rule-set/shipped.ts'
import { snapshotHashOf } from './tree.ts'

const text = readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8')

describe('the shipped file', () => {
  const tree = readTree(text)

  it('holds 129 parameters, each with a source, a licence, a day of retrieval, a law and values from 2018 on', () => {
    expect(tree.parameters).toHaveLength(129)
    for (const parameter of tree.parameters) {
      expect(parameter.source, parameter.id).toMatchObject({
        name: expect.stringMatching(/\w/),
        licence: expect.stringMatching(/\w/),
        retrieved: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      })
      expect(parameter.references.length, parameter.id).toBeGreaterThan(0)
      expect(parameter.values[0]?.from, parameter.id).toBe('2018-01-01')
    }
  })

  it('holds every parameter that the rules use', () => {
    const ids = tree.parameters.map((p) => p.id)
    const [rules] = ruleSetsOver(tree.id)
    expect(rules!.parameters.filter(({ id }) => !ids.includes(id))).toEqual([])
  })

  it('has a snapshot hash that an equal text repeats and another figure changes', () => {
    expect(snapshotHashOf(readTree(text))).toBe(snapshotHashOf(tree))
    const other = readTree(text.replace('value: 0.37', 'value: 0.396'))
    expect(snapshotHashOf(other)).not.toBe(snapshotHashOf(tree))
  })
})

const file = (parameters: string) => `
id: t
title: T
country: USA
currency: USD
from: 2018
to: 2026
source: { name: test, licence: CC0-1.0, retrieved: 2026-11-01 }
scales: []
parameters:
${parameters}`

const one = (lines: string) => file(`  - id: a.b\n    label: l\n    unit: USD\n    references: []\n${lines}`)

describe('readTree', () => {
  it('takes a value as known from the day it holds where the file says nothing else', () => {
    const tree = readTree(one('    values: [{ from: 2018, value: 5 }, { from: 2020, known: 2019-07, value: 6 }]'))
    expect(tree.parameters[0]?.values).toEqual([
      { from: '2018-01-01', known: '2018-01-01', values: [5] },
      { from: '2020-01-01', known: '2019-07-01', values: [6] },
    ])
    expect([tree.from, tree.to]).toEqual(['2018-01-01', '2026-12-31'])
  })

  it.each([
    ['no value', one('    values: []'), /no value/],
    [
      'a vector of the wrong length',
      one('    by: FILING_STATUS\n    values: [{ from: 2018, value: [1, 2] }]'),
      /2 values where 5/,
    ],
    ['a text for a number', one('    values: [{ from: 2018, value: many }]'), /not a number/],
    ['NaN', one('    values: [{ from: 2018, value: .nan }]'), /not a number/],
    ['an impossible date', one('    values: [{ from: 2018-02-30, value: 1 }]'), /no date/],
    [
      'two values of one day',
      one('    values: [{ from: 2018, value: 1 }, { from: 2018-01-01, value: 2 }]'),
      /two values/,
    ],
    ['an unknown vector', one('    by: HEIGHT\n    values: [{ from: 2018, value: 1 }]'), /by is none of/],
  ])('refuses %s with IMPORT_REJECTED, naming the parameter', (_, bad, message) => {
    expect(() => readTree(bad)).toThrow(
      expect.objectContaining({ code: 'IMPORT_REJECTED', message: expect.stringMatching(message) }),
    )
    expect(() => readTree(bad)).toThrow(/a\.b/)
  })

  it('lists every fault of a file at once', () => {
    const bad = file(
      ['a.b', 'a.b', 'BAD']
        .map((id) => `  - { id: ${id}, label: l, unit: USD, references: [], values: [] }`)
        .join('\n'),
    )
    try {
      readTree(bad)
      expect.unreachable()
    } catch (error) {
      expect((error as { detail: { faults: unknown[] } }).detail.faults).toHaveLength(4)
    }
  })

  it('takes vectors that the file names, and has the range of amounts in its own currency', () => {
    const text = one('    by: NATION\n    values: [{ from: 2018, value: [1, 2] }]').replaceAll('USD', 'GBP')
    const tree = readTree(text.replace('scales: []', 'vectors: { NATION: [england, wales] }\nscales: []'))
    expect(tree.vectors).toEqual({ NATION: ['england', 'wales'] })
    expect(tree.parameters[0]).toMatchObject({
      by: 'OWN',
      vector: { name: 'NATION', cells: ['england', 'wales'] },
      expected: [0, 100_000],
    })
    const other = readTree(text.replace('scales: []', 'vectors: { NATION: [england, scotland] }\nscales: []'))
    expect(snapshotHashOf(other)).not.toBe(snapshotHashOf(tree))
  })

  it('refuses a vector with faults, and a value too many for one', () => {
    const text = one('    by: NATION\n    values: [{ from: 2018, value: [1, 2, 3] }]')
    const named = (vectors: string) => () => readTree(text.replace('scales: []', `vectors: ${vectors}\nscales: []`))
    expect(named('{ NATION: [england, wales] }')).toThrow(/3 values where 2/)
    expect(named('{ NATION: [england, wales, 1] }')).toThrow(/vectors\.NATION: the cell "1" is no word/)
    expect(named('{ REGION: [england] }')).toThrow(/by is none of NONE, FILING_STATUS, CHILDREN, REGION/)
  })

  it('refuses a scale whose parameters are missing', () => {
    const bad = one('    values: [{ from: 2018, value: 1 }]').replace(
      'scales: []',
      'scales: [{ id: a.scale, label: s, count: 2 }]',
    )
    expect(() => readTree(bad)).toThrow(/a\.scale\.1\.rate/)
  })
})
