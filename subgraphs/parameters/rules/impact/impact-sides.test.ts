// Marginal rates, behaviour, groups and households, against figures worked by hand.
import { describe, expect, it } from 'vitest'
import {
  askSmall,
  HIGHER_ALLOWANCE,
  HIGHER_RATE,
  SMALL_UNITS,
  type SmallReform,
} from '../../../../test/support/small-population.ts'
import type { ReformImpact } from './impact.ts'
import type { ImpactOptions } from './options.ts'

type Options = { readonly [K in keyof ImpactOptions]?: ImpactOptions[K] }

const ask = (options: Options = {}, ...reforms: SmallReform[]): ReformImpact => {
  const { impact } = askSmall(reforms, options)
  return impact.reforms[0] ?? impact.unchanged
}

describe('marginal rates', () => {
  it('are what is lost of a step of the higher earnings, weighted by these', () => {
    const { marginalRates } = ask({ step: 1000 }, HIGHER_RATE)
    // A 0.2, B 0.4 and 0.5, C 0.2 and 0.02 of the benefit, D has no earnings.
    expect(marginalRates!.baseline).toBeCloseTo((12_000 * 0.2 + 21_000 * 0.4 + 11_000 * 0.22) / 44_000, 12)
    expect(marginalRates!.reform).toBeCloseTo((12_000 * 0.2 + 21_000 * 0.5 + 11_000 * 0.22) / 44_000, 12)
    expect((marginalRates!.decilesReform as number[]).map((rate) => Number(rate.toFixed(9)))).toEqual([
      0, 0, 0, 0, 0.2, 0, 0, 0.22, 0, 0.5,
    ])
  })

  it('are weighted by earners, of the first earner, where that is asked for', () => {
    expect(ask({ step: 1000, marginalWeight: 'EARNERS' }).marginalRates!.baseline).toBeCloseTo(1.02 / 4, 12)
    // The allowance of the spouse is used up by 1000 of wages; that of a head without wages is not.
    const units = [{ 'wages[spouse]': 20_000, region: 1 }]
    const rate = (earner: 'FIRST' | 'HIGHEST') =>
      askSmall([], { step: 500, earner, marginalWeight: 'EARNERS' }, units).impact.unchanged.marginalRates!.baseline
    expect(rate('HIGHEST')).toBeCloseTo(0.4, 12)
    // The first has no earnings, so nobody is counted.
    expect(rate('FIRST')).toBe(0)
  })

  it('raise one of two who earn the same', () => {
    const even = [{ 'wages[head]': 3000, 'wages[spouse]': 3000, region: 1 }]
    expect(askSmall([], { step: 1000 }, even).impact.unchanged.marginalRates!.baseline).toBeCloseTo(0.2, 12)
  })

  it('are none where no step is given', () => {
    expect(ask({}, HIGHER_RATE).marginalRates).toBeNull()
  })
})

describe('behaviour', () => {
  it('changes earnings by the elasticity and the net-of-tax rates', () => {
    const { budget, behaviour, deciles } = ask({ elasticity: 0.5 }, HIGHER_RATE)
    // B: 1 + 0.5 * (0.5 / 0.6 - 1) = 11/12 of 21,000 is 19,250, on which 2000 + 0.5 * 8250 are paid instead of 7000.
    expect(behaviour!.earningsChange).toBeCloseTo(-1750, 8)
    expect(behaviour!.staticChange).toBeCloseTo(1000, 8)
    expect(behaviour!.responseChange).toBeCloseTo(-875, 8)
    expect(budget.all.change).toBeCloseTo(125, 8)
    expect((deciles.meanNetIncomeChange as number[])[9]).toBeCloseTo(-1875, 8)
  })

  it('is none by default, and for an elasticity of 0', () => {
    expect(ask({}, HIGHER_RATE).behaviour).toBeNull()
    expect(ask({ elasticity: 0 }, HIGHER_RATE).behaviour).toBeNull()
  })

  it('takes a rate beyond nine tenths for nine tenths', () => {
    const { behaviour } = ask({ elasticity: 0.5 }, { parameters: { 'small.brackets.2.rate': [3] } })
    expect(behaviour!.earningsChange).toBeCloseTo(21_000 * 0.5 * (0.1 / 0.6 - 1), 8)
  })
})

describe('groups', () => {
  it('have their own budget, changes and winners', () => {
    const group = ask({}, HIGHER_ALLOWANCE).groups('region')
    expect(group).toMatchObject({
      by: 'region',
      code: [1, 2],
      units: [2, 2],
      weight: [3, 2],
      netTaxBaseline: [3000, 6000],
      netTaxChange: [-620, -400],
      meanNetIncomeChange: [620 / 3, 200],
      winnersShare: [1, 0.5],
      losersShare: [0, 0],
    })
    expect(group.byProgramme[1]).toEqual({
      name: 'child benefit',
      kind: 'BENEFIT',
      baseline: [1000, 0],
      change: [20, 0],
    })
  })
})

describe('households', () => {
  const units = SMALL_UNITS.map((unit, i) => ({
    ...unit,
    weight: 1,
    number: i < 2 ? 1 : i,
    all: i < 2 ? 2 : (unit['persons'] ?? 1),
  }))
  const { impact } = askSmall([HIGHER_ALLOWANCE], { level: 'HOUSEHOLD', povertyLine: 7000 }, units, {
    household: { link: 'number', persons: 'all' },
  })

  it('rank and compare the income of all of their units', () => {
    const [reform] = impact.reforms
    expect(impact.households).toBe(3)
    // D with 0, C with 11,000, A and B together with 20,000.
    expect(reform!.deciles.least).toEqual([0, 0, 0, 0, 0, 11_000, 11_000, 11_000, 20_000, 20_000])
    expect((reform!.deciles.weight as number[]).filter((w) => w > 0)).toEqual([1, 1, 2])
    expect(reform!.inequality.baseline.mean).toBeCloseTo((0 + 4 * 5500 + 2 * (20_000 / Math.SQRT2)) / 7, 9)
    expect(reform!.poverty[2]).toMatchObject({ measure: 'ABSOLUTE', baseline: { persons: 5 } })
  })
})
