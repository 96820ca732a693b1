// Propensities and base flows read from figures.
import { describe, expect, it } from 'vitest'
import { frameOf, frameWith } from '../../../test/support/flow-frame.ts'
import { readShipped } from '../seed.ts'
import { baseFlows, estimatePropensities } from './propensities.ts'

/** Years in which each flow is exactly the given share of another, with growth that is not even. */
function yearsOf(n: number, { c = 0.8, m = 0.2, d = 0.75 } = {}) {
  return frameWith(
    Object.fromEntries(
      Array.from({ length: n }, (_, i) => {
        const GDP = 100 + 3 * i + (i % 3)
        const DISPOSABLE_INCOME = d * GDP
        const C = c * DISPOSABLE_INCOME
        const final = GDP / (1 - m)
        return [String(2000 + i), { GDP, DISPOSABLE_INCOME, C, I: final - C - 25, G: 15, X: 10, M: m * final }]
      }),
    ),
  )
}

describe('estimatePropensities', () => {
  it('finds the shares that figures were made with', () => {
    const p = estimatePropensities(yearsOf(20), 2019)
    expect(p.consumption).toBeCloseTo(0.8, 12)
    expect(p.imports).toBeCloseTo(0.2, 12)
    expect(p.disposable).toBeCloseTo(0.75, 12)
    expect(p).toMatchObject({ from: '2001', to: '2019', observations: 19 })
  })

  it('does not look past the base year', () => {
    expect(estimatePropensities(yearsOf(20), 2010)).toMatchObject({ to: '2010', observations: 10 })
  })

  it.each([
    // Computed apart from this code, from ../shared/data.
    ['us-circular-flow', 2024, 224, [0.608911698292157, 0.18978931063009696, 0.4775170625322169]],
    ['au-circular-flow', 2018, 234, [0.7625113166793418, 0.21665200562114897, 0.5752561752649685]],
  ] as const)('gives the shares of %s', async (name, year, observations, shares) => {
    const p = estimatePropensities(frameOf(await readShipped(name)), year)
    expect(p.observations).toBe(observations)
    for (const [i, share] of [p.consumption, p.imports, p.disposable].entries())
      expect(share).toBeCloseTo(shares[i]!, 11)
  })

  it('refuses fewer than eight changes', () => {
    expect(() => estimatePropensities(yearsOf(8), 2007)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    expect(estimatePropensities(yearsOf(9), 2008).observations).toBe(8)
  })

  it('passes over a change across a gap in the figures', () => {
    const frame = yearsOf(20)
    for (const { values } of frame.series.values()) (values as Map<string, number>).delete('2010')
    expect(estimatePropensities(frame, 2019).observations).toBe(17)
  })

  it('refuses figures that give a propensity outside 0 to 1, such as a sign turned round', () => {
    expect(() => estimatePropensities(yearsOf(20, { c: 1.2 }), 2019)).toThrow(/propensity of consumption/)
    expect(() => estimatePropensities(yearsOf(20, { d: -0.5 }), 2019)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    )
  })

  it('names the roles that figures lack', () => {
    const frame = frameWith({ 2024: { GDP: 100, C: 60 } })
    expect(() => estimatePropensities(frame, 2024)).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({ missing: ['I', 'G', 'X', 'M', 'DISPOSABLE_INCOME'] }),
      }),
    )
  })
})

describe('baseFlows', () => {
  it('takes the last complete year that is not after the one asked for', () => {
    expect(baseFlows(yearsOf(10), 2030)).toMatchObject({ year: 2009, personalTax: null })
    expect(baseFlows(yearsOf(10), 2005).year).toBe(2005)
  })

  it('refuses a year before all figures and says which is the first', () => {
    expect(() => baseFlows(yearsOf(10), 1999)).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        detail: expect.objectContaining({ path: 'year', suggestion: 'choose a year from 2000 on' }),
      }),
    )
  })

  it('passes over a year that is cut short: Australia in 2025 starts from 2018', async () => {
    expect(baseFlows(frameOf(await readShipped('au-circular-flow')), 2025).year).toBe(2018)
  })
})
