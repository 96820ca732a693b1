// What of a run is listed and drawn.
import { describe, expect, it } from 'vitest'
import { type Column, describeRun, type WatchedRun } from './describe-run.ts'

const column = (variable: string, ...mean: number[]): Column => ({
  ...{ variable, unit: 'USD', mean, p05: mean, p50: mean, p95: mean },
})

const runOf = (columns: readonly Column[], times = [0, 1]): WatchedRun => ({
  ...{ id: 'r', status: 'SUCCEEDED', cached: false, inputHash: 'in', resultHash: 'out', computeSeconds: 0 },
  progress: { fraction: 1, shardsDone: 1, shardsTotal: 1 },
  results: { times, timeUnit: 'year', draws: 1, columns },
})

const rowsOf = (text: string) => [...text.matchAll(/^(\w+) +USD +\S+$/gm)].map(([, name]) => name)
const many = (count: number, ...values: number[]) =>
  Array.from({ length: count }, (_, i) => column(`v${i}`, ...(values.length > 0 ? values : [0, i])))

describe('describeRun', () => {
  it('lists a few variables all, those that move most first, and draws those that move', () => {
    const text = describeRun(runOf([column('still', 5, 5), column('little', 1, 2), column('much', 1, 9)]))
    expect(rowsOf(text)).toEqual(['much', 'little', 'still'])
    expect(text).not.toContain('more move less')
    expect(text).not.toContain('still, USD')
  })

  it('lists a few variables also where nothing moves', () => {
    expect(rowsOf(describeRun(runOf([column('a', 1, 1), column('b', 2, 2)])))).toEqual(['a', 'b'])
  })

  it('lists of many only the twenty that move most', () => {
    const text = describeRun(runOf([...many(30), column('still', 1, 1)]))
    expect(rowsOf(text)).toEqual(Array.from({ length: 20 }, (_, i) => `v${29 - i}`))
    expect(text).toContain('11 more move less')
  })

  it('lists the first of many where nothing moves', () => {
    expect(rowsOf(describeRun(runOf(many(30, 1, 1))))).toHaveLength(20)
  })

  it('lists all that are asked for, in that order', () => {
    const columns = many(30).map(({ variable }) => variable)
    expect(rowsOf(describeRun(runOf(many(30)), columns)).toSorted()).toEqual(columns.toSorted())
    expect(rowsOf(describeRun(runOf(many(30, 3), [0]), columns))).toHaveLength(30)
  })
})
