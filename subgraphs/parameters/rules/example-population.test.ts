import { describe, expect, it } from 'vitest'
import { deriveExamplePopulation, EXAMPLE_UNITS, populationHash } from './example-population.ts'
import { populations } from './populations.ts'
import { COLUMNS } from './us-federal-slice/rules.ts'
import { weightedSum } from './weighted-sum.ts'

const [example] = populations()
const { columns, units, weightsTotal, dataVersion } = example!
const column = (name: string) => [...columns[name]!]
const weightWhere = (holds: (lane: number) => boolean) =>
  weightedSum(column('weight').map((w, lane) => (holds(lane) ? w : 0)))

describe('the example population', () => {
  it('has 1,000 units with every datum that the rules read', () => {
    expect(units).toBe(EXAMPLE_UNITS)
    for (const { name } of COLUMNS) expect(columns[name], name).toHaveLength(1000)
    for (const name of Object.keys(columns)) expect(column(name).every(Number.isFinite), name).toBe(true)
  })

  // The bits are part of what is shipped: a run's key holds them. A new value here is another population.
  it('is the same population everywhere', () => {
    expect(dataVersion).toBe('f04d609985019acaad1167bdab473ff54b60c4961ddeb45e1c447f0bd7c14103')
  })

  it('is another one with other numbers', () => {
    expect(populationHash(deriveExamplePopulation(() => 0.5))).not.toBe(dataVersion)
  })

  it('is whole in itself: spouses on joint returns alone, whole dollars, adult heads, no dependents but young singles', () => {
    for (let lane = 0; lane < units; lane++) {
      const of = (name: string) => columns[name]![lane]!
      const joint = of('filing_status') === 2
      expect(of('age_spouse') > 0).toBe(joint)
      if (!joint) expect(of('wages_spouse')).toBe(0)
      expect(Number.isInteger(of('wages_head')) && Number.isInteger(of('wages_spouse'))).toBe(true)
      expect(of('age_head')).toBeGreaterThanOrEqual(18)
      if (of('is_dependent') === 1) expect([of('filing_status'), of('age_head') < 24]).toEqual([1, true])
      if (of('filing_status') === 4) expect(of('children')).toBeGreaterThan(0)
      expect(of('weight')).toBeGreaterThan(0)
    }
  })

  it('is about the size of the United States, in units and in wages', () => {
    const wages = weightedSum(
      column('wages_head').map((w, i) => w + column('wages_spouse')[i]!),
      column('weight'),
    )
    expect(weightsTotal).toBeGreaterThan(140e6)
    expect(weightsTotal).toBeLessThan(170e6)
    expect(wages).toBeGreaterThan(9e12)
    expect(wages).toBeLessThan(13e12)
  })

  it('has units above the top bracket, with small weights, so that a top rate matters', () => {
    const rich = (lane: number) => columns.wages_head![lane]! > 700_000
    const lanes = column('wages_head').filter((_, lane) => rich(lane)).length
    expect(lanes).toBeGreaterThanOrEqual(15)
    expect(weightWhere(rich) / weightsTotal).toBeLessThan(0.005)
  })

  it('has singles, couples and heads of household, with and without wages', () => {
    const share = (status: number) => weightWhere((lane) => columns.filing_status![lane] === status) / weightsTotal
    expect(share(1)).toBeGreaterThan(0.35)
    expect(share(2)).toBeGreaterThan(0.3)
    expect(share(4)).toBeGreaterThan(0.08)
    const without =
      weightWhere((lane) => columns.wages_head![lane]! + columns.wages_spouse![lane]! === 0) / weightsTotal
    expect(without).toBeGreaterThan(0.1)
    expect(without).toBeLessThan(0.3)
  })
})
