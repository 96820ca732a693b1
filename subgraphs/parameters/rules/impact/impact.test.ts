// What reforms do to a population, against figures worked by hand.
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
const plain: Options = { equivalence: 'NONE' }

describe('the impact of a reform', () => {
  it('counts units, and the persons in them', () => {
    const { impact } = askSmall([])
    expect([impact.units, impact.households, impact.weight, impact.persons]).toEqual([4, 4, 5, 8])
  })

  it('weighs each programme, and takes benefits from taxes', () => {
    expect(ask({}, HIGHER_ALLOWANCE).budget).toEqual({
      all: { name: null, kind: null, baseline: 9000, reform: 7980, change: -1020 },
      byProgramme: [
        { name: 'income tax', kind: 'TAX', baseline: 10_000, reform: 9000, change: -1000 },
        { name: 'child benefit', kind: 'BENEFIT', baseline: 1000, reform: 1020, change: 20 },
      ],
    })
  })

  it('counts winners and losers by weight, with what they win and lose on the mean', () => {
    const higher = ask({}, HIGHER_ALLOWANCE)
    expect(higher.winners).toEqual({ weight: 4, share: 0.8, meanChange: 255 })
    expect(higher.losers).toEqual({ weight: 0, share: 0, meanChange: 0 })
    expect(ask({}, HIGHER_RATE).losers).toEqual({ weight: 1, share: 0.2, meanChange: -1000 })
  })

  it('counts a change within half a cent as none', () => {
    const { winners, losers } = ask({}, { parameters: { 'small.allowance': [1000.01] } })
    // A and C have 0.2 cents more, B 0.4.
    expect([winners.weight, losers.weight]).toEqual([0, 0])
  })

  it('is nothing for a reform that touches nothing, and for none', () => {
    for (const { budget, winners, inequality, poverty } of [ask({}, {}), ask()]) {
      expect(budget.all).toMatchObject({ baseline: 9000, reform: 9000, change: 0 })
      expect(winners.weight).toBe(0)
      expect(inequality.reform).toEqual(inequality.baseline)
      for (const { baseline, reform } of poverty) expect(reform).toEqual(baseline)
    }
  })

  it('takes a formula in the place of a rule', () => {
    const formulas = [{ ruleSet: 'small', variable: 'benefit', formula: 'children * benefit_per_child / one_child' }]
    expect(ask({}, { formulas }).budget.byProgramme[1]).toMatchObject({ baseline: 1000, change: 200 })
  })
})

describe('deciles', () => {
  it('are tenths of the units by net income, the heaviest last of ties', () => {
    const { deciles } = ask({}, HIGHER_ALLOWANCE)
    // By weight D, A, A, C, B: each stands in the middle of its fifth.
    const of = (values: unknown) => (values as number[]).map((value, i) => [i + 1, value]).filter(([, v]) => v !== 0)
    expect(of(deciles.weight)).toEqual(
      [
        [2, 1],
        [5, 2],
        [8, 1],
        [10, 1],
      ].map(([d, w]) => [d, w]),
    )
    expect(of(deciles.persons)).toEqual([
      [2, 1],
      [5, 2],
      [8, 4],
      [10, 1],
    ])
    expect(of(deciles.meanNetTaxBaseline)).toEqual([
      [5, 1000],
      [8, 1000],
      [10, 6000],
    ])
    expect(of(deciles.meanNetTaxChange)).toEqual([
      [5, -200],
      [8, -220],
      [10, -400],
    ])
    expect(of(deciles.meanNetIncomeChange)).toEqual([
      [5, 200],
      [8, 220],
      [10, 400],
    ])
    expect(of(deciles.meanEarnings)).toEqual([
      [5, 6000],
      [8, 12_000],
      [10, 21_000],
    ])
    expect(of(deciles.winnersShare)).toEqual([
      [5, 1],
      [8, 1],
      [10, 1],
    ])
    expect(deciles.least).toEqual([0, 0, 0, 0, 5000, 5000, 5000, 11_000, 11_000, 15_000])
  })

  it('are of persons, by income per equivalent adult, where that is asked for', () => {
    const { deciles } = ask({ decileIncome: 'EQUIVALISED_NET_INCOME', decilesOf: 'PERSONS' })
    // D 0, A 5000, C 11,000 / 2, B 15,000: the middles of their persons are at 0.5, 2, 5 and 7.5 of 8.
    expect((deciles.persons as number[]).flatMap((p, i) => (p ? [[i + 1, p]] : []))).toEqual([
      [1, 1],
      [3, 2],
      [7, 4],
      [10, 1],
    ])
  })

  it('have those with negative income in the lowest, or leave them out where that is asked for', () => {
    const units = [...SMALL_UNITS, { 'wages[head]': -100 }]
    const weights = (negativeIncomes: 'KEPT' | 'LEFT_OUT') =>
      askSmall([], { negativeIncomes }, units).impact.unchanged.deciles.weight as number[]
    expect(weights('KEPT').filter((w) => w > 0)).toEqual([1, 1, 2, 1, 1])
    expect(weights('LEFT_OUT').filter((w) => w > 0)).toEqual([1, 2, 1, 1])
  })
})

describe('poverty', () => {
  const rates = (options: Options) =>
    ask({ ...plain, ...options }, HIGHER_ALLOWANCE).poverty.map(({ measure, baseline, reform }) => ({
      measure,
      line: [baseline.line, reform.line],
      persons: [baseline.persons, reform.persons],
      rate: [baseline.rate, reform.rate],
      gap: [baseline.gap, reform.gap],
    }))

  it('is below 60 % of the median of each law, and below that of the law as it stands', () => {
    // Half of the eight persons have less than C: the median is 11,000, and 11,220 by the reform.
    const [relative, anchored] = rates({})
    expect(relative).toEqual({
      measure: 'RELATIVE',
      line: [6600, 6732],
      persons: [3, 3],
      rate: [3 / 8, 3 / 8],
      gap: [(6600 + 2 * 1600) / 6600 / 8, (6732 + 2 * 1532) / 6732 / 8],
    })
    expect(anchored).toEqual({
      measure: 'ANCHORED',
      line: [6600, 6600],
      persons: [3, 3],
      rate: [3 / 8, 3 / 8],
      gap: [(6600 + 2 * 1600) / 6600 / 8, (6600 + 2 * 1400) / 6600 / 8],
    })
  })

  it('is below another share of the median, and below a line in money', () => {
    expect(rates({ povertyShare: 0.4 }).map(({ persons }) => persons)).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(rates({ povertyLine: 5100 })[2]).toMatchObject({ measure: 'ABSOLUTE', line: [5100, 5100], persons: [3, 1] })
  })

  it('compares incomes by the square root of persons by default', () => {
    const [relative] = ask({}, HIGHER_ALLOWANCE).poverty
    // C has 5500 for each of its two equivalents: the median; nobody but D is below 3300.
    expect(relative!.baseline).toMatchObject({ line: 3300, persons: 1 })
  })
})

describe('inequality', () => {
  it('is the Gini coefficient over persons, and the shares of the top', () => {
    const { baseline } = ask(plain, HIGHER_ALLOWANCE).inequality
    // Persons 1, 2, 4, 1 with 0, 5000, 11,000, 15,000: 69,000 in all.
    const pairs = 2 * (1 * 2 * 5 + 1 * 4 * 11 + 1 * 1 * 15 + 2 * 4 * 6 + 2 * 1 * 10 + 4 * 1 * 4) * 1000
    expect(baseline.mean).toBe(8625)
    expect(baseline.gini).toBeCloseTo(pairs / (2 * 64) / 8625, 14)
    expect(baseline.giniNormalised).toBeCloseTo(baseline.gini as number, 14)
    // The top tenth is 0.8 of the one person who has most.
    expect((baseline.topShares as number[])[3]).toBeCloseTo((0.8 * 15_000) / 69_000, 14)
    expect((baseline.quantiles as number[])[3]).toBe(11_000)
  })

  it('has no value where nobody has any income', () => {
    const { impact } = askSmall([], {}, [{}])
    expect(impact.unchanged.inequality.baseline).toMatchObject({ mean: 0, gini: null, giniNormalised: 0 })
    expect(impact.unchanged.poverty[0]!.baseline).toMatchObject({ line: 0, rate: 0, gap: null })
  })
})

describe('several reforms in one pass', () => {
  it('have the figures that each has alone, to the bit', () => {
    const options: Options = { step: 1000, elasticity: 0.3, povertyLine: 5100 }
    const reforms = [HIGHER_ALLOWANCE, {}, HIGHER_RATE, { parameters: { 'small.benefit': [900] } }]
    const together = askSmall(reforms, options).impact.reforms
    for (const [i, reform] of reforms.entries()) {
      const alone = askSmall([reform], options).impact.reforms[0]!
      const { groups, ...rest } = together[i]!
      const { groups: own, ...wanted } = alone
      expect(rest).toEqual(wanted)
      expect(groups('region')).toEqual(own('region'))
    }
  })

  it('share one plan with the reforms of the same parameters', () => {
    const planOf = (allowance: number) => askSmall([{ parameters: { 'small.allowance': [allowance] } }]).plan.plan
    expect(planOf(1500)).toEqual(planOf(2500))
    expect(planOf(1500).inputs.map(({ name }) => name)).toContain('allowance @ reform 1')
  })
})

describe('an output that fails', () => {
  const formula = (variable: string, text: string): SmallReform => ({
    formulas: [{ ruleSet: 'small', variable, formula: text }],
  })
  /** Not a number for C alone, the third unit, which has children. */
  const broken = formula('benefit', 'ln(1 - children / one_child) * benefit_per_child')
  const fault = (output: string) =>
    expect.objectContaining({
      code: 'NOT_A_NUMBER',
      detail: expect.objectContaining({ output, lane: 2, count: 1, reason: 'NOT_A_NUMBER' }),
    })

  it('spoils the figures that need it, each in its own place, and no other', () => {
    const { impact } = askSmall([broken, HIGHER_ALLOWANCE], { step: 1000 })
    const [reform, other] = impact.reforms
    const { budget, winners, deciles, poverty, inequality, marginalRates } = reform!
    expect(budget.byProgramme[0]).toMatchObject({ baseline: 10_000, reform: 10_000, change: 0 })
    const change = fault('impact: change of child benefit @ reform 1')
    expect(budget.byProgramme[1]).toMatchObject({ baseline: 1000, reform: change, change })
    expect(budget.all).toMatchObject({ baseline: 9000, change: fault('impact: change of net taxes @ reform 1') })
    expect(winners.weight).toEqual(fault('impact: gain @ reform 1'))
    expect(deciles.weight).toEqual(expect.arrayContaining([2]))
    expect(deciles.meanNetIncomeChange).toEqual(fault('impact: change of net income @ reform 1'))
    expect(deciles.winnersShare).toEqual(fault('impact: change of net income @ reform 1'))
    expect(poverty[0]).toMatchObject({
      baseline: { line: 3300 },
      reform: { rate: fault('impact: equivalised income @ reform 1') },
    })
    expect(inequality.baseline.gini).toBeGreaterThan(0)
    expect(inequality.reform.gini).toEqual(fault('impact: equivalised income @ reform 1'))
    expect(marginalRates).toMatchObject({ baseline: expect.any(Number), reform: expect.any(Error) })
    expect(reform!.groups('region')).toMatchObject({ code: [1, 2], netTaxChange: expect.any(Error) })
    expect(other!.budget.all).toMatchObject({ change: -1020 })
    expect(other!.winners.share).toBe(0.8)
  })

  it('spoils every figure where it is the weight', () => {
    const units = [...SMALL_UNITS, { weight: Number.POSITIVE_INFINITY, region: 1 }]
    const { impact } = askSmall([HIGHER_ALLOWANCE], {}, units)
    for (const figure of [impact.weight, impact.persons, impact.reforms[0]!.budget.all.baseline])
      expect(figure).toMatchObject({ code: 'NOT_A_NUMBER', detail: { output: 'weight', lane: 4 } })
  })
})
