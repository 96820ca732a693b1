// What must hold of the impact of a reform on any population.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { askSmall, HIGHER_ALLOWANCE, HIGHER_RATE, type SmallReform, type Unit } from '../support/small-population.ts'

const unit = fc.record({
  'filing status': fc.integer({ min: 1, max: 5 }),
  'wages[head]': fc.integer({ min: 0, max: 40_000 }),
  'wages[spouse]': fc.integer({ min: 0, max: 20_000 }),
  children: fc.integer({ min: 0, max: 3 }),
  persons: fc.integer({ min: 1, max: 6 }),
  weight: fc.integer({ min: 1, max: 9 }),
  region: fc.integer({ min: 0, max: 3 }),
})
const population = fc.array(unit, { minLength: 1, maxLength: 40 })
const reform = fc.constantFrom<SmallReform>(HIGHER_ALLOWANCE, HIGHER_RATE, {
  parameters: { 'small.benefit': [300], 'small.withdrawal': [0.2] },
})

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const product = (a: readonly number[], b: readonly number[]) => sum(a.map((value, i) => value * b[i]!))
const near = (value: number) => expect.closeTo(value, 5)
const holds = (check: (units: readonly Unit[], reform: SmallReform) => void) =>
  fc.assert(fc.property(population, reform, check), { numRuns: 40 })

it('deciles and groups add up to the whole', () => {
  holds((units, reform) => {
    const { impact } = askSmall([reform], {}, units)
    const { budget, deciles, winners, losers, groups } = impact.reforms[0]!
    const change = near(budget.all.change as number)
    const weight = deciles.weight as number[]
    expect(sum(weight)).toEqual(near(impact.weight as number))
    expect(sum(deciles.persons as number[])).toEqual(near(impact.persons as number))
    expect(product(weight, deciles.meanNetTaxChange as number[])).toEqual(change)
    expect(product(weight, deciles.winnersShare as number[])).toEqual(near(winners.weight as number))
    expect(product(weight, deciles.losersShare as number[])).toEqual(near(losers.weight as number))
    const regions = groups('region')
    expect(sum(regions.netTaxChange as number[])).toEqual(change)
    expect(sum(regions.units as number[])).toBe(units.length)
  })
})

it('what units lose is what the budget gains, before anyone behaves differently', () => {
  holds((units, reform) => {
    const { impact } = askSmall([reform], {}, units)
    const { budget, winners, losers } = impact.reforms[0]!
    const gained = (winners.weight as number) * (winners.meanChange as number)
    const lost = (losers.weight as number) * (losers.meanChange as number)
    // Changes within half a cent a unit are in neither.
    const within = 0.005 * (impact.weight as number)
    expect(Math.abs(gained + lost + (budget.all.change as number))).toBeLessThanOrEqual(within + 1e-5)
  })
})

it('the anchored line is the relative one of the law as it stands, and a rate is a share', () => {
  holds((units, reform) => {
    const [relative, anchored] = askSmall([reform], {}, units).impact.reforms[0]!.poverty
    expect(anchored!.baseline).toEqual(relative!.baseline)
    expect(anchored!.reform.line).toBe(relative!.baseline.line)
    for (const { rate } of [relative!.baseline, relative!.reform, anchored!.reform])
      expect(rate).toBeGreaterThanOrEqual(0)
    // Not everybody lies below a part of the median; below that of another law everybody may.
    for (const { rate } of [relative!.baseline, relative!.reform]) expect(rate).toBeLessThan(1)
    expect(anchored!.reform.rate).toBeLessThanOrEqual(1)
  })
})

it('everybody may lie below the line of the law before, where a reform takes from all', () => {
  const unit = {
    'filing status': 1,
    'wages[head]': 0,
    'wages[spouse]': 0,
    children: 1,
    persons: 1,
    weight: 1,
    region: 0,
  }
  const parameters = { 'small.benefit': [300], 'small.withdrawal': [0.2] }
  const [relative, anchored] = askSmall([{ parameters }], {}, [unit]).impact.reforms[0]!.poverty
  expect([relative!.reform.rate, anchored!.reform.rate]).toEqual([0, 1])
})

it('twice the weights are twice the sums, and the same means, shares and rates', () => {
  holds((units, reform) => {
    const answer = (of: readonly Unit[]) => askSmall([reform], { step: 1000 }, of).impact.reforms[0]!
    const once = answer(units)
    const twice = answer(units.map((one) => ({ ...one, weight: 2 * one['weight']! })))
    expect(twice.budget.all.change).toEqual(near(2 * (once.budget.all.change as number)))
    expect(twice.deciles.meanNetIncomeChange).toEqual((once.deciles.meanNetIncomeChange as number[]).map(near))
    expect(twice.winners.share).toEqual(near(once.winners.share as number))
    expect(twice.inequality.reform.gini ?? 0).toEqual(near((once.inequality.reform.gini as number) ?? 0))
    expect(twice.marginalRates!.reform).toEqual(near(once.marginalRates!.reform as number))
    expect(twice.poverty[0]!.reform.rate).toEqual(near(once.poverty[0]!.reform.rate as number))
  })
})

it('reforms in one pass, in any order, are to the bit what each is alone', () => {
  fc.assert(
    fc.property(population, fc.array(reform, { minLength: 2, maxLength: 4 }), (units, reforms) => {
      const options = { step: 500, elasticity: 0.4 }
      const together = askSmall(reforms, options, units).impact.reforms
      for (const [i, one] of reforms.entries()) {
        const { groups: _own, ...alone } = askSmall([one], options, units).impact.reforms[0]!
        expect(together[i]).toMatchObject(alone)
      }
    }),
    { numRuns: 15 },
  )
})
