// Units of a question: by rows, by columns, by bytes; and what is wrong with them.
import { describe, expect, it } from 'vitest'
import { LITTLE_FILES, littleRules } from '../../../../test/support/little-rules.ts'
import { axisGrid, axisPoints } from './axis.ts'
import { together, unitsOfLanes } from './lanes.ts'
import { MAX_UNITS, unitsOfColumns, unitsOfRows } from './units.ts'

const rules = littleRules()
const base64 = (...values: number[]) => Buffer.from(Float64Array.from(values).buffer).toString('base64')
const columns = (...given: Parameters<typeof unitsOfColumns>[1]) => unitsOfColumns(rules, given, 'columns')

describe('units', () => {
  it('are the same by columns, by bytes and by rows', () => {
    const expected = {
      count: 2,
      columns: { children: Float64Array.of(1, 0), 'wages[head]': Float64Array.of(0.1, 5) },
    }
    const [children, wages] = [{ name: 'Children', values: [1, 0] }, { name: 'wages[head]' }]
    expect(columns(children, { ...wages, values: [0.1, 5] })).toEqual(expected)
    expect(columns(children, { ...wages, base64: base64(0.1, 5) })).toEqual(expected)
    const rows = [
      [
        { name: 'children', value: 1 },
        { name: 'wages[head]', value: 0.1 },
      ],
      [{ name: 'wages[head]', value: 5 }],
    ]
    expect(unitsOfRows(rules, rows, 'units', (i) => `units.${i}`)).toEqual(expected)
  })

  it.each([
    ['none', [], 'BAD_INPUT', 'columns'],
    [
      'of unlike length',
      [
        { name: 'children', values: [1] },
        { name: 'persons', values: [1, 2] },
      ],
      'BAD_INPUT',
      'columns.1.values',
    ],
    [
      'of a column twice',
      [
        { name: 'children', values: [1] },
        { name: 'CHILDREN', values: [1] },
      ],
      'BAD_INPUT',
      'columns.1.name',
    ],
    ['of a column that there is not', [{ name: 'childs', values: [1] }], 'NOT_FOUND', 'columns.0.name'],
    ['out of range', [{ name: 'filing status', values: [1, 6] }], 'BAD_INPUT', 'columns.0.values.1'],
    ['not whole', [{ name: 'children', base64: base64(1, 1.5) }], 'BAD_INPUT', 'columns.0.base64.1'],
    ['no numbers', [{ name: 'persons', base64: base64(1, Number.NaN) }], 'BAD_INPUT', 'columns.0.base64.1'],
    ['half a number', [{ name: 'persons', base64: 'AAAA' }], 'BAD_INPUT', 'columns.0'],
    ['given twice', [{ name: 'persons', values: [1], base64: base64(1) }], 'BAD_INPUT', 'columns.0'],
    ['not given', [{ name: 'persons' }], 'BAD_INPUT', 'columns.0'],
    ['too many', [{ name: 'persons', values: new Array(MAX_UNITS + 1).fill(1) }], 'LIMIT_EXCEEDED', 'columns'],
  ])('%s are refused at their place', (_, given, code, path) => {
    expect(() => columns(...given)).toThrow(
      expect.objectContaining({ code, detail: expect.objectContaining({ path }) }),
    )
  })

  it('lack a datum that has no default', () => {
    const [head, file] = LITTLE_FILES as [(typeof LITTLE_FILES)[number], (typeof LITTLE_FILES)[number]]
    const strict = littleRules([{ ...head, text: head.text.replace('doc: Persons, default: 1', 'doc: Persons') }, file])
    const missing = { code: 'BAD_INPUT', message: 'the tax unit has no persons' }
    expect(() => unitsOfColumns(strict, [{ name: 'children', values: [1] }], 'columns')).toThrow(
      expect.objectContaining(missing),
    )
    expect(() => unitsOfRows(strict, [[]], 'units', (i) => `units.${i}`)).toThrow(
      expect.objectContaining({ ...missing, detail: expect.objectContaining({ path: 'units.0' }) }),
    )
  })
})

describe('lanes', () => {
  it('of several requests stand once', () => {
    const first = { lanes: [{}, { children: 1 }], outputs: ['a', 'b'] }
    const second = {
      lanes: [{ children: 1 }, { persons: 2, children: 1 }, { children: 1, persons: 2 }],
      outputs: ['b', 'c'],
    }
    const { lanes, outputs, placesOf } = together([first, second])
    expect(lanes).toEqual([{}, { children: 1 }, { persons: 2, children: 1 }])
    expect(outputs).toEqual(['a', 'b', 'c'])
    expect([placesOf(first), placesOf(second)]).toEqual([
      [0, 1],
      [1, 2, 2],
    ])
    const { columns: all } = unitsOfLanes(rules, { count: 1, columns: { children: Float64Array.of(3) } }, lanes)
    expect(all).toMatchObject({ children: Float64Array.of(3, 1, 1), persons: Float64Array.of(1, 1, 2) })
  })
})

describe('an axis', () => {
  const wages = rules.columns.find(({ name }) => name === 'wages[head]')!
  const children = rules.columns.find(({ name }) => name === 'children')!

  it('has both ends and points evenly between', () => {
    expect(axisPoints(wages, 1, 2, 5)).toEqual([1, 1.25, 1.5, 1.75, 2])
    expect(axisPoints(children, 0, 3, 4)).toEqual([0, 1, 2, 3])
    expect(axisGrid(wages, 0, 2.5, 1)).toEqual([0, 1, 2, 2.5])
  })

  it.each([
    ['half children', () => axisPoints(children, 0, 1, 3), 'BAD_INPUT', 'points'],
    ['more than the column takes', () => axisPoints(wages, 0, 1e7, 3), 'BAD_INPUT', 'to'],
    ['an end that is no number', () => axisGrid(wages, 0, Number.NaN, 3), 'BAD_INPUT', 'to'],
    ['a distance of nothing', () => axisGrid(wages, 0, 1, 0), 'BAD_INPUT', 'resolution'],
  ])('refuses %s', (_, make, code, path) => {
    expect(make).toThrow(expect.objectContaining({ code, detail: expect.objectContaining({ path }) }))
  })
})
