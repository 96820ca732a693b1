// A scenario in the circular flow: the identity holds with it as without it.
import { describe, expect, it } from 'vitest'
import { frameOf } from '../../../test/support/flow-frame.ts'
import { readShipped } from '../seed.ts'
import { compareYear, listAssumptions } from './circular-flow-impact.ts'
import { deriveMacroPath } from './macro-path.ts'
import { baseFlows, estimatePropensities } from './propensities.ts'

const frame = frameOf(await readShipped('us-circular-flow'))
const base = baseFlows(frame, 2025)
const propensities = estimatePropensities(frame, base.year)
const play = (taxChange: number, horizonYears = 3, value = 0) =>
  deriveMacroPath({
    base,
    propensities,
    taxChange,
    shocks: [{ variable: 'gdp', mode: 'ADD', value, from: 0 }],
    horizonYears,
    unemploymentRatePct: 4,
  }).deviations

describe('compareYear', () => {
  it('starts from the flows of the last complete year', () => {
    const { year, baseline } = compareYear(frame, base, play(0), 2025, 0)!
    expect([year, base.year, baseline.period]).toEqual([2025, 2024, '2025'])
    expect(baseline.components.Y).toBe(base.Y)
  })

  it('gives the baseline itself without any change, bit for bit', () => {
    const { baseline, scenario } = compareYear(frame, base, play(0), 2025, 2)!
    expect(scenario).toEqual(baseline)
  })

  it.each([
    [300, 0],
    [-300, 0],
    [0, -2],
    [300, 1.5],
  ])('closes the identity to rounding with taxes %s and gdp %s %%', (tax, gdp) => {
    for (const index of [0, 2]) {
      const { baseline, scenario } = compareYear(frame, base, play(tax, 3, gdp), 2025, index)!
      expect(scenario.components.Y).not.toBe(baseline.components.Y)
      expect(Math.abs(scenario.gap! - baseline.gap!)).toBeLessThan(1e-9)
      expect(scenario.unexplained).toBe(0)
    }
  })

  it('lowers consumption, income and imports when taxes rise, and leaves the injections alone', () => {
    const { baseline, scenario } = compareYear(frame, base, play(300), 2025, 2)!
    for (const name of ['Y', 'C', 'M'] as const)
      expect(scenario.components[name]!).toBeLessThan(baseline.components[name]!)
    for (const name of ['I', 'G', 'X'] as const) expect(scenario.components[name]).toBe(baseline.components[name])
  })

  it('is null for a year that the horizon does not hold in full', () => {
    expect(compareYear(frame, base, play(300, 2.75), 2025, 1)).not.toBeNull()
    expect(compareYear(frame, base, play(300, 2.75), 2025, 2)).toBeNull()
    expect(compareYear(frame, base, play(300, 0.5), 2025, 0)).toBeNull()
    expect(compareYear(frame, base, play(300, 0.5), 2025, -1)).toBeNull()
  })
})

describe('listAssumptions', () => {
  const input = { unit: 'USD bn', base, propensities, startYear: 2025, netTaxFraction: 0.1, unemploymentRatePct: 4 }

  it('tells figures, estimates and assumptions apart', () => {
    const basis = Object.fromEntries(listAssumptions(input).map((a) => [a.name, a.basis]))
    expect(basis).toMatchObject({
      base_year: 'FIGURE',
      propensity_to_consume: 'ESTIMATE',
      okun_coefficient: 'ASSUMPTION',
    })
    expect(basis).toMatchObject({ baseline_unemployment: 'ASSUMPTION', tax_base: 'FIGURE' })
  })

  it('says what the reform is scaled to, and nothing of taxes where there is no reform', () => {
    expect(listAssumptions(input).find((a) => a.name === 'net_tax_change')!.value).toBeCloseTo(
      0.1 * base.personalTax!,
      9,
    )
    const names = listAssumptions({ ...input, netTaxFraction: null }).map((a) => a.name)
    expect(names).not.toContain('tax_base')
    expect(names).not.toContain('net_tax_change')
  })
})
