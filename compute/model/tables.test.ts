// Table functions: between the points, at them, outside them, and of one point alone.
import { describe, expect, it } from 'vitest'
import type { Table, TableFunction } from './model.ts'
import { TABLE_MEANING } from './tables.ts'

const TABLE: Table = { xs: [-1, 0, 2, 3], ys: [4, 2, 3, 3] }
const ONE: Table = { xs: [5], ys: [0.25] }

function values(how: TableFunction, table: Table, xs: readonly number[]): number[] {
  const { prepare, value } = TABLE_MEANING[how]
  const prepared = prepare(table)
  return xs.map((x) => value(x, prepared))
}

describe('lookup', () => {
  it('is linear between the points and holds the ends', () => {
    expect(values('lookup', TABLE, [-1, -0.5, 0, 1, 2, 2.5, 3])).toEqual([4, 3, 2, 2.5, 3, 3, 3])
    expect(values('lookup', TABLE, [-9, -Infinity, 9, Infinity])).toEqual([4, 4, 3, 3])
  })
})

describe('extrapolate', () => {
  it('is the table itself at its points and between them', () => {
    expect(values('extrapolate', TABLE, [-1, -0.5, 0, 1, 2, 2.5, 3])).toEqual([4, 3, 2, 2.5, 3, 3, 3])
  })

  it('goes on with the first and the last segment', () => {
    expect(values('extrapolate', TABLE, [-2, -11])).toEqual([6, 24])
    expect(values('extrapolate', { xs: [0, 1, 3], ys: [0, 5, 6] }, [-1, 5, 103])).toEqual([-5, 7, 56])
  })

  it('of one point is its value everywhere', () => {
    expect(values('extrapolate', ONE, [-3, 5, 1e300, Infinity])).toEqual([0.25, 0.25, 0.25, 0.25])
  })

  it('is infinite at an infinity, but for a level segment', () => {
    expect(values('extrapolate', TABLE, [-Infinity, Infinity])).toEqual([Infinity, 3])
  })
})

describe('stepLookup', () => {
  it('is the value of the last point at or below', () => {
    expect(values('stepLookup', TABLE, [-1, -0.5, 0, 1.999, 2, 2.5, 3, 99, Infinity])).toEqual([
      4, 4, 2, 2, 3, 3, 3, 3, 3,
    ])
  })

  it('is the first value below all points', () => {
    expect(values('stepLookup', TABLE, [-1.0001, -Infinity])).toEqual([4, 4])
  })

  it('of one point is its value everywhere', () => {
    expect(values('stepLookup', ONE, [-3, 5, 7])).toEqual([0.25, 0.25, 0.25])
  })
})

describe('every table', () => {
  it.each(['lookup', 'extrapolate', 'stepLookup'] as const)('%s keeps NaN', (how) => {
    expect([...values(how, TABLE, [NaN]), ...values(how, ONE, [NaN])]).toEqual([NaN, NaN])
  })

  it.each(['lookup', 'extrapolate', 'stepLookup'] as const)('%s takes -0 as 0', (how) => {
    expect(values(how, TABLE, [-0])).toEqual([2])
  })
})
