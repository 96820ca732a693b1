import { describe, expect, it } from 'vitest'
import type { DatedValue, Parameter } from '../tree.ts'
import { indexationOrder, indexTree } from './index-tree.ts'

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
const seriesOf = (parameters: readonly Parameter[], id: string) =>
  parameters.find((p) => p.id === id)!.values.map((v) => v.values[0])

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

describe('indexTree', () => {
  it('carries on along a chain of indices', () => {
    const wages = parameter('wages', [value('2020-01-01', 50)], 'cpi')
    const base = parameter('base', [value('2021-01-01', 1_000)], 'wages')
    const { tree, findings } = indexTree({ parameters: [base, wages, CPI] }, { through: '2030-12-31' })
    expect(findings).toEqual([])
    expect(ids(tree.parameters)).toEqual(['base', 'wages', 'cpi'])
    expect(seriesOf(tree.parameters, 'wages')).toEqual([50, 55, 60])
    expect(seriesOf(tree.parameters, 'base')).toEqual([1_000, (1_000 * 60) / 55])
    expect(tree.parameters[0]?.values.map((v) => v.derived ?? false)).toEqual([false, true])
  })

  it('takes a series in place of the values of the tree', () => {
    const series = new Map([['cpi', [value('2020-01-01', 1), value('2025-01-01', 3)]]])
    const { tree } = indexTree(
      { parameters: [CPI, parameter('a', [value('2020-01-01', 10)], 'cpi')] },
      { through: '2030', series },
    )
    expect(seriesOf(tree.parameters, 'a')).toEqual([10, 30])
  })

  it('leaves alone what cannot be carried on, and says why', () => {
    const stranger = parameter('a', [value('2020-01-01', 10)], 'elsewhere')
    const early = parameter('b', [value('2010-01-01', 10)], 'cpi')
    const { tree, findings } = indexTree({ parameters: [CPI, stranger, early] }, { through: '2030' })
    expect(tree.parameters).toEqual([CPI, stranger, early])
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ['NOT_INDEXED', 'a'],
      ['NOT_INDEXED', 'b'],
    ])
  })

  it('gives the same when it is done again', () => {
    const once = indexTree({ parameters: [CPI, parameter('a', [value('2020-01-01', 10)], 'cpi')] }, { through: '2030' })
    expect(indexTree(once.tree, { through: '2030' }).tree).toEqual(once.tree)
  })
})
