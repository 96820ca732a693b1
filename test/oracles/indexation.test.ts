// Indexation against published thresholds: one index a year, found from one bracket, gives all others as the Internal Revenue Service published them.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { indexedValues } from '../../subgraphs/parameters/rules/indexation/index-values.ts'
import type { DatedValue } from '../../subgraphs/parameters/rules/tree.ts'
import { lacksSharedData, sharedData } from '../support/shared-data.ts'

const FILE = ['parameters', 'us-federal-2018-2026.json']

type Figures = Record<string, Record<string, number[]>>

// 26 U.S.C. 1(f)(7): down to a multiple of $50, of separate returns $25; single is half of joint, and so rounded to $25 too.
const COLUMNS = [
  { column: 0, name: 'single', interval: 25 },
  { column: 1, name: 'joint', interval: 50 },
  { column: 2, name: 'separate', interval: 25 },
  { column: 3, name: 'head of household', interval: 50 },
] as const

describe.skipIf(lacksSharedData(...FILE))('brackets of the income tax, carried on from 2018', () => {
  let figures: Figures
  beforeAll(() => {
    figures = JSON.parse(readFileSync(sharedData(...FILE), 'utf8')).params
  })
  const day = (year: number) => `${year}-01-01`
  const value = (year: number, one: number): DatedValue => ({ from: day(year), known: day(year), values: [one] })
  const published = (bracket: number, column: number, year: number) => figures[`II_brk${bracket}`]![year]![column]!

  /** The index that puts the widest bracket (6, joint) in the middle of the interval that its published value allows. */
  const indexOf = (year: number, bracket = 6, column = 1) =>
    (published(bracket, column, year) + 25) / published(bracket, column, 2018)

  /** The value of 2018 carried on to the year by the index of that year alone. */
  function carried(bracket: number, column: number, interval: number, year: number, index: number): number {
    const parameter = {
      id: `brackets.${bracket}.top`,
      kind: 'NUMBER' as const,
      values: [value(2018, published(bracket, column, 2018))],
    }
    const rule = { rounding: { mode: 'DOWN', interval }, chained: false } as const
    return indexedValues(parameter, [value(2018, 1), value(year, index)], rule, day(year))[0]!.values[0]!
  }

  /** The greatest lower and the least upper bound that the published values of some brackets set to the index. */
  function bounds(year: number, brackets: readonly number[]): [number, number] {
    const pairs = brackets.flatMap((bracket) => COLUMNS.map((each) => ({ bracket, ...each })))
    return [
      Math.max(...pairs.map((p) => published(p.bracket, p.column, year) / published(p.bracket, p.column, 2018))),
      Math.min(
        ...pairs.map((p) => (published(p.bracket, p.column, year) + p.interval) / published(p.bracket, p.column, 2018)),
      ),
    ]
  }

  it.each([2019, 2020, 2021, 2022, 2023, 2024, 2025])('one index gives all 24 thresholds of %s', (year) => {
    const [least, greatest] = bounds(year, [1, 2, 3, 4, 5, 6])
    const index = (least + greatest) / 2
    for (const { column, name, interval } of COLUMNS)
      for (let bracket = 1; bracket <= 6; bracket++)
        expect(carried(bracket, column, interval, year, index), `${year} ${name} ${bracket}`).toBe(
          published(bracket, column, year),
        )
  })

  // Public Law 119-21, section 70101: from 2026 the lowest two brackets have one more year of the index.
  it.each([
    ['the lowest two', [1, 2]],
    ['the other four', [3, 4, 5, 6]],
  ] as const)('in 2026 one index gives %s', (_, brackets) => {
    const [least, greatest] = bounds(2026, brackets)
    for (const { column, name, interval } of COLUMNS)
      for (const bracket of brackets)
        expect(carried(bracket, column, interval, 2026, (least + greatest) / 2), `${name} ${bracket}`).toBe(
          published(bracket, column, 2026),
        )
  })

  it('would not come from the rounded value of the year before', () => {
    const years = [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025]
    const index = years.map((year) => value(year, year === 2018 ? 1 : indexOf(year)))
    const parameter = { id: 'a', kind: 'NUMBER' as const, values: [value(2018, published(1, 1, 2018))] }
    const rounding = { mode: 'DOWN', interval: 50 } as const
    const last = (chained: boolean) =>
      indexedValues(parameter, index, { rounding, chained }, day(2025)).at(-1)!.values[0]
    expect(last(false)).toBe(published(1, 1, 2025))
    expect(last(true)).toBeLessThan(published(1, 1, 2025))
  })
})
