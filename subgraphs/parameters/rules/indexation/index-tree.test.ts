import { describe, expect, it } from 'vitest'
import type { DatedValue, Parameter } from '../tree.ts'
import { indexationOrder, indexParameters } from './index-tree.ts'

const value = (from: string, one: number): DatedValue => ({ from, known: from, values: [one] })

function parameter(id: string, values: DatedValue[], index?: string): Parameter {
  return {
    id,
    label: id,
    kind: 'NUMBER',
    unit: 'USD',
    period: null,
    by: 'NONE',
    references: [],
    source: { name: 'test', licence: 'CC0-1.0', retrieved: '2026-11-01' },
    origin: null,
    expected: [0, 1],
    values,
    ...(index === undefined ? {} : { indexation: { index, rounding: null, chained: false } }),
  }
}

const ids = (parameters: readonly Parameter[]) => parameters.map(({ id }) => id)
const seriesOf = (parameters: ReadonlyMap<string, Parameter>, id: string) =>
  parameters.get(id)!.values.map((v) => v.values[0])

const CPI = parameter('cpi', [value('2020-01-01', 100), value('2021-01-01', 110), value('2022-01-01', 120)])

describe('indexationOrder', () => {
  it('puts an index before what it moves, and leaves the rest as it comes', () => {
    const all = [parameter('z', []), parameter('a', [], 'b'), parameter('b', [], 'cpi'), CPI, parameter('y', [])]
    expect(ids(indexationOrder(all))).toEqual(['z', 'cpi', 'b', 'a', 'y'])
  })

  it('does not wait for an index that is not there, nor for a parameter itself', () => {
    expect(ids(indexationOrder([parameter('a', [], 'elsewhere'), parameter('b', [], 'self')]))).toEqual(['a', 'b'])
  })

  it('names the circle in which parameters index each other', () => {
    const circle = [
      parameter('start', [], 'a'),
      parameter('a', [], 'b'),
      parameter('b', [], 'c'),
      parameter('c', [], 'a'),
    ]
    expect(() => indexationOrder(circle)).toThrow(
      expect.objectContaining({
        code: 'INDEXATION_CYCLE',
        message: expect.stringContaining('a by b by c by a'),
        detail: expect.objectContaining({ circle: ['a', 'b', 'c'] }),
      }),
    )
    expect(() => indexationOrder([parameter('a', [], 'a')])).toThrow(/a by a/)
  })

  it('takes a chain of ten thousand', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => parameter(`p${i}`, [], `p${i + 1}`))
    expect(indexationOrder(chain)[0]?.id).toBe('p9999')
  })
})

describe('indexParameters', () => {
  it('carries on along a chain of indices', () => {
    const wages = parameter('wages', [value('2020-01-01', 50)], 'cpi')
    const base = parameter('base', [value('2021-01-01', 1_000)], 'wages')
    const done = indexParameters([base, wages, CPI], { through: '2030-12-31' })
    expect(seriesOf(done, 'wages')).toEqual([50, 55, 60])
    expect(seriesOf(done, 'base')).toEqual([1_000, (1_000 * 60) / 55])
    expect(done.get('base')?.values.map((v) => v.derived ?? false)).toEqual([false, true])
    expect(done.get('cpi')).toBe(CPI)
  })

  it('takes a series in place of the values of the tree', () => {
    const series = new Map([['cpi', [value('2020-01-01', 1), value('2025-01-01', 3)]]])
    const options = { through: '2030', series }
    expect(seriesOf(indexParameters([CPI, parameter('a', [value('2020-01-01', 10)], 'cpi')], options), 'a')).toEqual([
      10, 30,
    ])
  })

  it('refuses an index that is not there, and one that begins too late', () => {
    const stranger = parameter('a', [value('2020-01-01', 10)], 'elsewhere')
    expect(() => indexParameters([stranger], { through: '2030' })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', detail: expect.objectContaining({ path: 'a' }) }),
    )
    const early = parameter('b', [value('2010-01-01', 10)], 'cpi')
    expect(() => indexParameters([CPI, early], { through: '2030' })).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: expect.objectContaining({ path: expect.stringContaining('b') }),
      }),
    )
  })

  it('gives the same when it is done again', () => {
    const once = indexParameters([CPI, parameter('a', [value('2020-01-01', 10)], 'cpi')], { through: '2030' })
    expect(indexParameters([...once.values()], { through: '2030' })).toEqual(once)
  })
})
