import { describe, expect, it } from 'vitest'
import { requireRuleSet } from '../rule-set/shipped.ts'
import { weightedSum } from '../weighted-sum.ts'
import { deriveExamplePopulation, EXAMPLE_UNITS } from './example-population.ts'
import { populationHash } from './population-hash.ts'
import { EXAMPLE_POPULATION_ID, shippedPopulation } from './shipped.ts'

const { make, units } = shippedPopulation(EXAMPLE_POPULATION_ID)!
const columns = await make([])
const weightsTotal = weightedSum(columns['weight']!)
const dataVersion = populationHash(columns)
const column = (name: string) => [...columns[name]!]
const weightWhere = (holds: (lane: number) => boolean) =>
  weightedSum(column('weight').map((w, lane) => (holds(lane) ? w : 0)))

describe('the example population', () => {
  it('has 1,000 units in columns of the rule set', () => {
    expect(units).toBe(EXAMPLE_UNITS)
    const names = requireRuleSet('us-federal', 'id').columns.map(({ name }) => name)
    for (const name of Object.keys(columns)) expect(names).toContain(name)
    for (const name of Object.keys(columns)) expect(columns[name], name).toHaveLength(1000)
    for (const name of Object.keys(columns)) expect(column(name).every(Number.isFinite), name).toBe(true)
  })

  // The bits are part of what is shipped: a run's key holds them. A new value here is another population.
  it('is the same population everywhere', () => {
    expect(dataVersion).toBe('b89ae14b2e7aabc0a7c193acf5e1a7e1f8f21bc3e9a76b59c3542dc56d54ac7b')
  })

  it('is another one with other numbers', () => {
    expect(populationHash(deriveExamplePopulation(() => 0.5).columns)).not.toBe(dataVersion)
  })

  it('is whole in itself: spouses on joint returns alone, whole dollars, adult heads, no dependents but young singles', () => {
    for (let lane = 0; lane < units; lane++) {
      const of = (name: string) => columns[name]![lane]!
      const joint = of('filing status') === 2
      expect(of('age[spouse]') > 0).toBe(joint)
      if (!joint) expect(of('wages[spouse]')).toBe(0)
      expect(Number.isInteger(of('wages[head]')) && Number.isInteger(of('wages[spouse]'))).toBe(true)
      expect(of('age[head]')).toBeGreaterThanOrEqual(18)
      if (of('is dependent') === 1) expect([of('filing status'), of('age[head]') < 24]).toEqual([1, true])
      if (of('filing status') === 4) expect(of('children under 18')).toBeGreaterThan(0)
      expect(of('weight')).toBeGreaterThan(0)
    }
  })

  it('is about the size of the United States, in units and in wages', () => {
    const wages = weightedSum(
      column('wages[head]').map((w, i) => w + column('wages[spouse]')[i]!),
      column('weight'),
    )
    expect(weightsTotal).toBeGreaterThan(140e6)
    expect(weightsTotal).toBeLessThan(170e6)
    expect(wages).toBeGreaterThan(9e12)
    expect(wages).toBeLessThan(13e12)
  })

  it('has units above the top bracket, with small weights, so that a top rate matters', () => {
    const rich = (lane: number) => columns['wages[head]']![lane]! > 700_000
    const lanes = column('wages[head]').filter((_, lane) => rich(lane)).length
    expect(lanes).toBeGreaterThanOrEqual(15)
    expect(weightWhere(rich) / weightsTotal).toBeLessThan(0.005)
  })

  it('has singles, couples and heads of household, with and without wages', () => {
    const share = (status: number) => weightWhere((lane) => columns['filing status']![lane] === status) / weightsTotal
    expect(share(1)).toBeGreaterThan(0.35)
    expect(share(2)).toBeGreaterThan(0.3)
    expect(share(4)).toBeGreaterThan(0.08)
    const without =
      weightWhere((lane) => columns['wages[head]']![lane]! + columns['wages[spouse]']![lane]! === 0) / weightsTotal
    expect(without).toBeGreaterThan(0.1)
    expect(without).toBeLessThan(0.3)
  })
})
