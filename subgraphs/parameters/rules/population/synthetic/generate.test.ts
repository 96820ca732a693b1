// The synthetic population: the same bits everywhere, whole in itself, and about the size and shape of the United States.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../../../infra/paths.ts'
import { requireRuleSet } from '../../rule-set/shipped.ts'
import { readCodeList } from '../code-list.ts'
import { dataShape } from '../data-shape.ts'
import { populationHash } from '../population-hash.ts'
import { deriveSynthetic, openGenerator, type State, SYNTHETIC_UNITS, UNITS_OF_THE_COUNTRY } from './generate.ts'

type StateCode = { value: number; texts: string[]; population: number; incomeTax: boolean }
const list = readCodeList<StateCode>(
  readFileSync(packageFile('subgraphs', 'parameters', 'data', 'codes', 'us-states.yaml'), 'utf8'),
)
const states: State[] = list.codes.map(({ value, population, incomeTax }) => ({ code: value, population, incomeTax }))

const columns = deriveSynthetic(states)
const weights = columns.weight
const units = SYNTHETIC_UNITS
const sum = (of: (lane: number) => number) => {
  let total = 0
  for (let lane = 0; lane < units; lane++) total += weights[lane]! * of(lane)
  return total
}
const share = (holds: (lane: number) => boolean) => sum((lane) => (holds(lane) ? 1 : 0)) / sum(() => 1)
const wages = (lane: number) => columns['wages[head]'][lane]! + columns['wages[spouse]'][lane]!
const status = (lane: number) => columns['filing status'][lane]!
const within = (value: number, least: number, most: number) => {
  expect(value).toBeGreaterThan(least)
  expect(value).toBeLessThan(most)
}

describe('the synthetic population', () => {
  // The bits are part of what is shipped: a run's key holds them. A new value here is another population: count up madeBy.
  it('is the same population everywhere', () => {
    expect(populationHash(columns)).toBe('a3b08f6975c593ff6135ace7bfe37e72da915ae24f08c08c2a5668919d92ca5e')
  })

  it('holds columns of the rule set, within their bounds', () => {
    const shape = new Map(
      dataShape(requireRuleSet('us-federal', 'id')).columns.map((column) => [column.name as string, column]),
    )
    for (const [name, values] of Object.entries(columns)) {
      const { min, max, integer } = shape.get(name)!
      const stray = values.findIndex(
        (v) => !(v >= min && v <= max) || !Number.isFinite(v) || (integer && !Number.isInteger(v)),
      )
      expect(stray, `${name} ${values[stray]}`).toBe(-1)
    }
  })

  it('has units that are whole in themselves', () => {
    const faults: string[] = []
    for (let lane = 0; lane < units; lane++) {
      const of = (name: keyof typeof columns) => columns[name][lane]!
      const [under5, under13, under18] = [of('children under 5'), of('children under 13'), of('children under 18')]
      const checks = {
        'a spouse on joint returns alone': of('age[spouse]') > 0 === (status(lane) === 2),
        'wages of spouses who are there': of('age[spouse]') > 0 || of('wages[spouse]') === 0,
        'children within children': under5 <= under13 && under13 <= under18,
        'every person of one age': under18 + of('persons aged 18 to 20') + of('persons aged 21') === of('persons'),
        'at most three children of the earned income credit':
          of('earned income credit children') <= Math.min(3, of('persons')),
        'credit children among children': of('child tax credit children') <= under18,
        'children for heads of household': status(lane) !== 4 || of('persons') > 1,
        'dependents young and alone': of('is dependent') === 0 || (of('age[head]') < 24 && of('persons') === 1),
        'qualified among ordinary dividends': of('qualified dividends') <= of('ordinary dividends'),
        'taxable among all pensions': of('taxable pensions') <= of('pensions'),
        'tips and overtime within wages': of('tips') + of('overtime') <= of('wages[head]'),
        'care of children': of('care children') <= under13 && (of('care expenses') === 0 || of('care children') > 0),
        'weights above 0': of('weight') > 0,
      }
      for (const [name, holds] of Object.entries(checks)) if (!holds) faults.push(`${lane}: ${name}`)
    }
    expect(faults.slice(0, 5)).toEqual([])
  })

  it('numbers households so that they rise, one unit or two in each, in one state', () => {
    const { household, state } = columns
    let together = 0
    for (let lane = 1; lane < units; lane++) {
      if (household[lane]! < household[lane - 1]!) expect.fail(`falls at ${lane}`)
      if (household[lane] !== household[lane - 1]) continue
      together++
      if (state[lane] !== state[lane - 1] || weights[lane] !== weights[lane - 1]) expect.fail(`parts at ${lane}`)
      if (household[lane - 2] === household[lane]) expect.fail(`three at ${lane}`)
    }
    within(together / units, 0.2, 0.35)
  })

  it('has all its states by their population', () => {
    const total = states.reduce((all, { population }) => all + population, 0)
    for (const { code, population } of states.filter((each) => each.population > 5))
      within(share((lane) => columns.state[lane] === code) / (population / total), 0.9, 1.1)
    expect(new Set(columns.state).size).toBe(51)
  })

  // Round public figures, with wide tolerances. Returns and shares: IRS, Statistics of Income, Individual Income Tax Returns 2022
  // (Publication 1304, tables 1.2 and 1.4). Persons and households: Census Bureau, Current Population Survey 2023. Wages: Bureau of
  // Economic Analysis, national accounts 2024 (12.4 trillion), and what they may be in 2026.
  it.each([
    ['about 190 million units', sum(() => 1) / 1e6, UNITS_OF_THE_COUNTRY / 1.01e6, UNITS_OF_THE_COUNTRY / 0.99e6],
    ['about 131 million households', sum((i) => (columns.household[i] === i + 1 ? 1 : 0)) / 1e6, 120, 145],
    ['about 335 million persons, dependents who file counted twice', sum((i) => columns.persons[i]!) / 1e6, 310, 360],
    ['about 73 million children', sum((i) => columns['children under 18'][i]!) / 1e6, 62, 82],
    ['a third of joint returns', share((i) => status(i) === 2), 0.29, 0.39],
    ['one in eight heads of household', share((i) => status(i) === 4), 0.08, 0.16],
    ['about 10 million dependents who file', sum((i) => columns['is dependent'][i]!) / 1e6, 6, 14],
    ['a fifth to a quarter of aged heads', share((i) => columns['age[head]'][i]! >= 65), 0.17, 0.28],
    ['wages of about 12.5 trillion', sum(wages) / 1e12, 10.5, 14.5],
    ['three in four units with wages', share((i) => wages(i) > 0), 0.65, 0.82],
    ['interest of some 300 billion', sum((i) => columns.interest[i]!) / 1e9, 130, 600],
    ['dividends of some 450 billion', sum((i) => columns['ordinary dividends'][i]!) / 1e9, 300, 750],
    ['gains of some trillion', sum((i) => columns['long term gains'][i]!) / 1e12, 0.7, 1.8],
    [
      'partnerships, rents and S corporations of some trillion',
      sum((i) => columns['rental and partnership income'][i]!) / 1e12,
      0.6,
      1.4,
    ],
    ['social security of some 1.4 trillion', sum((i) => columns['social security benefits'][i]!) / 1e12, 1.1, 1.8],
    ['taxable pensions of some 850 billion', sum((i) => columns['taxable pensions'][i]!) / 1e9, 500, 1_100],
    ['distributions of IRAs of some 450 billion', sum((i) => columns['taxable ira distributions'][i]!) / 1e9, 300, 650],
    [
      'unemployment compensation of some 30 billion',
      sum((i) => columns['unemployment compensation'][i]!) / 1e9,
      15,
      50,
    ],
  ])('has %s', (_, value, least, most) => within(value, least, most))

  it('spreads wages as they are: median, deciles, the tail', () => {
    const earning = Array.from({ length: units }, (_, lane) => lane).filter((lane) => wages(lane) > 0)
    earning.sort((a, b) => wages(a) - wages(b))
    const total = earning.reduce((all, lane) => all + weights[lane]!, 0)
    const quantiles = new Map<number, number>()
    let passed = 0
    for (const lane of earning) {
      passed += weights[lane]!
      for (const p of [0.1, 0.5, 0.9, 0.99]) if (passed >= p * total && !quantiles.has(p)) quantiles.set(p, wages(lane))
    }
    within(quantiles.get(0.1)!, 6_000, 20_000)
    within(quantiles.get(0.5)!, 42_000, 70_000)
    within(quantiles.get(0.9)!, 140_000, 220_000)
    within(quantiles.get(0.99)!, 330_000, 600_000)
  })

  it('has incomes as unequal as they are: Gini, and the share of the top hundredth', () => {
    const parts = [
      'interest',
      'ordinary dividends',
      'long term gains',
      'taxable pensions',
      'taxable ira distributions',
      'rental and partnership income',
      'self employment income[head]',
      'self employment income[spouse]',
    ] as const
    const incomes = Float64Array.from({ length: units }, (_, lane) =>
      parts.reduce((all, name) => all + columns[name][lane]!, wages(lane)),
    )
    const income = (lane: number) => incomes[lane]!
    const lanes = Array.from({ length: units }, (_, lane) => lane).sort((a, b) => income(a) - income(b))
    const [population, total] = [sum(() => 1), sum(income)]
    let [below, area, top, passed] = [0, 0, 0, 0]
    for (const lane of lanes) {
      const part = weights[lane]! * income(lane)
      area += weights[lane]! * (below + part / 2)
      below += part
      passed += weights[lane]!
      if (passed > 0.99 * population) top += part
    }
    within(1 - (2 * area) / (population * total), 0.55, 0.72)
    within(top / total, 0.15, 0.26)
  })

  it('tells much about the top with few lanes', () => {
    const rich = Array.from({ length: units }, (_, lane) => lane).filter((lane) => wages(lane) > 640_600)
    expect(rich.length).toBeGreaterThan(3_000)
    expect(share((lane) => wages(lane) > 640_600)).toBeLessThan(0.01)
  })

  it('is the same unit by unit whatever the size, the weights but for their scale, and whatever pieces it is made in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 700 }), (size, piece) => {
        const generator = openGenerator(states, size)
        for (let from = 0; from < size; from += 2 * piece) generator.make(from, Math.min(size, from + 2 * piece))
        for (const [name, values] of Object.entries(generator.columns))
          for (let lane = 0; lane < size; lane++) {
            const large = columns[name as keyof typeof columns][lane]!
            if (name === 'weight') expect(Math.abs((values[lane]! * size) / (large * units) - 1)).toBeLessThan(0.01)
            else if (values[lane] !== large) expect.fail(`${name} ${lane}`)
          }
      }),
      { numRuns: 10 },
    )
  })
})
