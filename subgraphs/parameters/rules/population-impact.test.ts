import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LanesResult } from '../../../compute/dispatch/port.ts'
import { decileOf, derivePopulationImpact, netTaxChangeFraction } from './population-impact.ts'
import { weightedSum } from './weighted-sum.ts'

interface Lane {
  weight: number
  wages: number
  incomeTax: readonly [baseline: number, reform: number]
  payrollTax: readonly [baseline: number, reform: number]
  netIncomeChange: number
}

function resultOf(lanes: readonly Lane[]): LanesResult {
  const columns: Record<string, number[]> = {
    weight: lanes.map((l) => l.weight),
    'agi@baseline': lanes.map((l) => l.wages),
    'net_income@change': lanes.map((l) => l.netIncomeChange),
  }
  for (const [i, side] of (['baseline', 'reform'] as const).entries()) {
    columns[`income_tax_before_credits@${side}`] = lanes.map((l) => l.incomeTax[i]!)
    columns[`payroll_tax@${side}`] = lanes.map((l) => l.payrollTax[i]!)
    columns[`net_tax@${side}`] = lanes.map((l) => l.incomeTax[i]! + l.payrollTax[i]!)
  }
  for (const name of ['income_tax_before_credits', 'payroll_tax', 'net_tax'])
    columns[`${name}@change`] = lanes.map((_, i) => columns[`${name}@reform`]![i]! - columns[`${name}@baseline`]![i]!)
  return {
    kind: 'LANES',
    outputs: Object.keys(columns).map((name) => ({ name, unit: 'USD' })),
    times: [0],
    lanes: lanes.length,
    values: Float64Array.from(Object.values(columns).flat()),
  }
}

const lane = (fields: Partial<Lane> = {}): Lane => ({
  weight: 1,
  wages: 0,
  incomeTax: [0, 0],
  payrollTax: [0, 0],
  netIncomeChange: 0,
  ...fields,
})

const TWO = resultOf([
  lane({ weight: 3, wages: 10, incomeTax: [100, 110], payrollTax: [50, 45], netIncomeChange: -5 }),
  lane({ weight: 1, wages: 20, incomeTax: [200, 190], payrollTax: [70, 70], netIncomeChange: 10 }),
])

describe('derivePopulationImpact', () => {
  it('weighs the budget of each programme and of both together', () => {
    const { budget, byProgramme, units, weight } = derivePopulationImpact(TWO)
    expect([units, weight]).toEqual([2, 4])
    expect(byProgramme).toEqual([
      { programme: 'INCOME_TAX', baseline: 500, reform: 520, change: 20 },
      { programme: 'PAYROLL_TAX', baseline: 220, reform: 205, change: -15 },
    ])
    expect(budget).toEqual({ programme: null, baseline: 720, reform: 725, change: 5 })
  })

  it('counts winners and losers by weight', () => {
    const { winners, losers } = derivePopulationImpact(TWO)
    expect(winners).toEqual({ weight: 1, share: 0.25, meanChange: 10 })
    expect(losers).toEqual({ weight: 3, share: 0.75, meanChange: -5 })
  })

  it('counts a change within half a cent as none', () => {
    const { winners, losers } = derivePopulationImpact(
      resultOf([lane({ netIncomeChange: 0.005 }), lane({ netIncomeChange: -0.005 })]),
    )
    expect([winners.weight, losers.weight]).toEqual([0, 0])
  })

  it('puts ten equal units into ten deciles by wages', () => {
    const lanes = Array.from({ length: 10 }, (_, i) =>
      lane({ wages: 1000 - i, incomeTax: [i, i + 1], netIncomeChange: -1 }),
    )
    const { deciles } = derivePopulationImpact(resultOf(lanes))
    expect(deciles.decile).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(deciles.weight).toEqual(Array(10).fill(1))
    expect(deciles.meanWages).toEqual(lanes.map((l) => l.wages).reverse())
    expect(deciles.meanNetTaxBaseline).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    expect(deciles.losersShare).toEqual(Array(10).fill(1))
  })

  it('gives zeros, not NaN, for deciles without units', () => {
    const { deciles } = derivePopulationImpact(TWO)
    const figures = Object.values(deciles).flat()
    expect(figures.every(Number.isFinite)).toBe(true)
    expect(weightedSum(deciles.weight)).toBe(4)
  })

  it('gives zeros for a population that weighs nothing', () => {
    const { budget, winners, deciles } = derivePopulationImpact(
      resultOf([lane({ weight: 0, wages: 5, netIncomeChange: 3 })]),
    )
    expect(budget.change).toBe(0)
    expect(winners).toEqual({ weight: 0, share: 0, meanChange: 0 })
    expect(Object.values(deciles).flat().every(Number.isFinite)).toBe(true)
  })

  it('refuses the result of other rules', () => {
    const other = { ...TWO, outputs: TWO.outputs.map((o) => ({ ...o, name: `x${o.name}` })) }
    expect(() => derivePopulationImpact(other)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'weight' }) }),
    )
  })
})

describe('netTaxChangeFraction', () => {
  it('is the weighted change over the weighted net taxes', () => {
    expect(netTaxChangeFraction(TWO)).toBe(5 / 720)
  })

  it('is 0 where nobody pays', () => {
    expect(netTaxChangeFraction(resultOf([lane()]))).toBe(0)
  })
})

describe('decileOf', () => {
  it('breaks ties by the order of the units', () => {
    expect([...decileOf(Array(10).fill(7), Array(10).fill(1))]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('is empty for nobody', () => {
    expect([...decileOf([], [])]).toEqual([])
  })

  it('never puts lower wages above higher ones, and gives each decile a tenth give or take one unit', () => {
    const unit = fc.record({ wages: fc.integer({ min: -10, max: 50 }), weight: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 60 }), (units) => {
        const deciles = decileOf(
          units.map((u) => u.wages),
          units.map((u) => u.weight),
        )
        const total = units.reduce((sum, u) => sum + u.weight, 0)
        for (const [i, a] of units.entries())
          for (const [j, b] of units.entries())
            if (a.wages < b.wages) expect(deciles[i]).toBeLessThanOrEqual(deciles[j]!)
        const heaviest = Math.max(...units.map((u) => u.weight))
        for (let decile = 0; decile < 10; decile++) {
          const weight = units.reduce((sum, u, i) => (deciles[i] === decile ? sum + u.weight : sum), 0)
          expect(Math.abs(weight - total / 10)).toBeLessThanOrEqual(heaviest)
        }
      }),
    )
  })
})
