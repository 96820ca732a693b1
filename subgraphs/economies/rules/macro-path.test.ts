// The macro path: multiplier, shocks, and what must hold of any linear model.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ADJUSTMENT_PER_QUARTER,
  deriveMacroPath,
  type MacroInput,
  type MacroShock,
  OKUN_COEFFICIENT,
} from './macro-path.ts'

const INPUT: MacroInput = {
  base: { year: 2024, Y: 1000, C: 600, disposableIncome: 700, final: 1200, M: 200, personalTax: 100 },
  propensities: { consumption: 0.6, imports: 0.2, disposable: 0.5, from: '2000', to: '2024', observations: 24 },
  taxChange: 0,
  shocks: [],
  horizonYears: 10,
  unemploymentRatePct: 4,
}

const shock = (more: Partial<MacroShock>): MacroShock => ({ variable: 'gdp', mode: 'ADD', value: 1, from: 0, ...more })
const run = (more: Partial<MacroInput> = {}) => deriveMacroPath({ ...INPUT, ...more })
const column = (name: string, more: Partial<MacroInput> = {}) =>
  run(more).path.columns.find((c) => c.variable === name)!
const refusal = (code: string, path: string) =>
  expect.objectContaining({ code, detail: expect.objectContaining({ path }) })

describe('deriveMacroPath without any change', () => {
  it('is its baseline bit for bit, with no negative zero', () => {
    for (const shocks of [
      [],
      [shock({ value: 0 })],
      [shock({ mode: 'MULTIPLY', value: 1 }), shock({ variable: 'consumption', value: 0 })],
    ])
      for (const { variable, baseline, scenario } of run({ shocks }).path.columns)
        expect(
          scenario.every((value, i) => Object.is(value, baseline[i])),
          variable,
        ).toBe(true)
  })

  it('gives one value a quarter over the whole horizon, its end included', () => {
    const { times, columns } = run({ horizonYears: 2 }).path
    expect(times).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2])
    expect(columns.map(({ variable }) => variable)).toEqual([
      'gdp',
      'disposable_income',
      'consumption',
      'unemployment_rate',
    ])
    for (const { baseline, scenario } of columns) expect([baseline.length, scenario.length]).toEqual([9, 9])
  })

  it('rounds a horizon of a part of a quarter up', () => {
    expect(run({ horizonYears: 0.1 }).path.times).toEqual([0, 0.25])
  })
})

describe('a change in taxes', () => {
  it('moves output by the multiplier of the textbook in the long run', () => {
    // dY = -(1 - m) c T / (1 - (1 - m) c d) with m = .2, c = .6, d = .5 and T = 10.
    const longRun = (-0.8 * 0.6 * 10) / (1 - 0.8 * 0.6 * 0.5)
    expect(run({ taxChange: 10, horizonYears: 100 }).deviations.Y.at(-1)).toBeCloseTo(longRun, 9)
  })

  it('moves consumption in the first quarter by the share that adjusts at once', () => {
    const a = ADJUSTMENT_PER_QUARTER
    const first = (-a * 0.6 * 10) / (1 - a * 0.6 * 0.5 * 0.8)
    expect(run({ taxChange: 10 }).deviations.C[0]).toBeCloseTo(first, 12)
  })

  it('lowers output, income and consumption and raises unemployment by Okun', () => {
    const gdp = column('gdp', { taxChange: 10 }).scenario
    expect(gdp.every((value, i) => value < 0 && (i === 0 || value < gdp[i - 1]!))).toBe(true)
    expect(column('consumption', { taxChange: 10 }).scenario.at(-1)).toBeLessThan(0)
    expect(column('disposable_income', { taxChange: 10 }).scenario.at(-1)).toBeLessThan(-100 * (10 / 700))
    const unemployment = column('unemployment_rate', { taxChange: 10 }).scenario
    for (const [i, rate] of unemployment.entries()) expect(rate).toBeCloseTo(4 - OKUN_COEFFICIENT * gdp[i]!, 12)
  })

  it('keeps Y + M = C + I in every quarter, where I, G and X do not answer', () => {
    const { Y, C, M, I } = run({ taxChange: 10 }).deviations
    for (const [i, y] of Y.entries()) expect(y + M[i]! - C[i]! - I[i]!).toBeCloseTo(0, 12)
    expect(I.every((value) => value === 0)).toBe(true)
  })

  it('never makes unemployment negative', () => {
    expect(Math.min(...column('unemployment_rate', { taxChange: -500, horizonYears: 20 }).scenario)).toBe(0)
  })
})

describe('a shock', () => {
  it('SET holds its variable at the value while it lasts, and what depends on it follows', () => {
    const shocks = [shock({ mode: 'SET', value: -3, from: 1, to: 2 })]
    const { times } = run().path
    const gdp = column('gdp', { shocks }).scenario
    times.forEach((time, i) => {
      if (time >= 1 && time < 2) expect(gdp[i]).toBeCloseTo(-3, 12)
    })
    expect(gdp[times.indexOf(0.75)]).toBe(0)
    expect(gdp[times.indexOf(2)]).toBeLessThan(0)
    expect(gdp[times.indexOf(2)]).toBeGreaterThan(-3)
    expect(column('disposable_income', { shocks }).scenario[4]).toBeLessThan(0)
    expect(column('unemployment_rate', { shocks }).scenario[4]).toBeCloseTo(4 + 3 * OKUN_COEFFICIENT, 12)
  })

  it('ADD on gdp works through the multiplier, and is booked as investment', () => {
    const { Y, C, M, I } = run({ shocks: [shock({ value: 1 })] }).deviations
    expect(Y[0]).toBeGreaterThan(10)
    expect(I[0]).toBeCloseTo(10, 10)
    for (const [i, y] of Y.entries()) expect(y + M[i]! - C[i]! - I[i]!).toBeCloseTo(0, 10)
  })

  it('MULTIPLY scales the level: income times 0.9 is 10 % less income', () => {
    const shocks = [shock({ variable: 'disposable_income', mode: 'MULTIPLY', value: 0.9 })]
    const income = column('disposable_income', { shocks }).scenario
    expect(income[0]).toBeLessThan(-10)
    expect(income[0]).toBeGreaterThan(-11)
  })

  it('on unemployment acts on the rate and on nothing else', () => {
    const shocks = [shock({ variable: 'unemployment_rate', mode: 'MULTIPLY', value: 1.5 })]
    expect(column('unemployment_rate', { shocks }).scenario[0]).toBe(6)
    expect(column('gdp', { shocks }).scenario.every((value) => value === 0)).toBe(true)
  })

  it('acts in order: SET then ADD is the sum', () => {
    const shocks = [shock({ mode: 'SET', value: 2 }), shock({ mode: 'ADD', value: 1 })]
    expect(column('gdp', { shocks }).scenario[0]).toBeCloseTo(3, 12)
  })

  it('MULTIPLY acts on the level that the shocks before it left', () => {
    const shocks = [shock({ mode: 'SET', value: 2 }), shock({ mode: 'MULTIPLY', value: 0.5 })]
    // 102 % of the baseline, halved.
    expect(column('gdp', { shocks }).scenario[0]).toBeCloseTo(-49, 12)
  })

  it('on a name that is no macro variable belongs to the network and changes nothing', () => {
    expect(run({ shocks: [shock({ variable: 'air_quality', value: 50 })] })).toEqual(run())
  })

  it('without an end lasts to the horizon', () => {
    const shocks = [shock({ variable: 'unemployment_rate', mode: 'SET', value: 9, from: 5, to: null })]
    expect(column('unemployment_rate', { shocks }).scenario.at(-1)).toBe(9)
  })
})

describe('what cannot be', () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a horizon of %s years', (horizonYears) => {
    expect(() => run({ horizonYears })).toThrow(refusal('BAD_INPUT', 'horizonYears'))
  })

  it('refuses a horizon of more than 100 years', () => {
    expect(() => run({ horizonYears: 100.25 })).toThrow(refusal('LIMIT_EXCEEDED', 'horizonYears'))
  })

  it('refuses a shock or a tax change that is not finite', () => {
    expect(() => run({ shocks: [shock({}), shock({ value: Number.NaN })] })).toThrow(
      refusal('BAD_INPUT', 'shocks.1.value'),
    )
    expect(() => run({ taxChange: Number.NaN })).toThrow(refusal('BAD_INPUT', 'netTaxChange.fraction'))
  })

  it('refuses a level below nothing', () => {
    expect(() => run({ shocks: [shock({ mode: 'SET', value: -150 })] })).toThrow(refusal('BAD_INPUT', 'shocks'))
  })

  it('refuses more unemployed than there are, and a level beyond a hundredfold', () => {
    const unemployed = shock({ variable: 'unemployment_rate', mode: 'ADD', value: 1000 })
    expect(() => run({ shocks: [unemployed] })).toThrow(/unemployment_rate rises above 100 percent of the labour force/)
    expect(() => run({ shocks: [shock({ mode: 'ADD', value: 1e308 })] })).toThrow(refusal('BAD_INPUT', 'shocks'))
    expect(() => run({ shocks: [shock({ mode: 'SET', value: 1e6 })] })).toThrow(/gdp rises above/)
  })

  it('refuses shocks that make income and spending raise each other without end', () => {
    expect(() => run({ shocks: [shock({ mode: 'MULTIPLY', value: 20 })] })).toThrow(/without end/)
  })
})

describe('the model is linear', () => {
  /** Thousandths: halves and doubles of them are exact, which those of the smallest numbers are not. */
  const thousandths = (most: number) => fc.integer({ min: -1000 * most, max: 1000 * most }).map((n) => n / 1000)
  const additive = fc.record({
    variable: fc.constantFrom('gdp', 'disposable_income', 'consumption'),
    mode: fc.constant('ADD' as const),
    value: thousandths(3),
    from: fc.double({ min: 0, max: 5, noNaN: true }),
    to: fc.constantFrom(null, 6),
  })
  const doubled = (shocks: readonly MacroShock[]) => shocks.map((one) => ({ ...one, value: 2 * one.value }))

  it('doubling what is changed doubles every response, to the bit', () => {
    fc.assert(
      fc.property(fc.array(additive, { maxLength: 4 }), thousandths(20), (shocks, taxChange) => {
        const twice = run({ shocks: doubled(shocks), taxChange: 2 * taxChange }).path.columns
        // Unemployment is its baseline plus the response, which a doubling does not reach to the last bit.
        for (const [i, { variable, scenario }] of run({ shocks, taxChange }).path.columns.entries())
          if (variable !== 'unemployment_rate') expect(twice[i]!.scenario).toEqual(scenario.map((value) => 2 * value))
      }),
      { numRuns: 50 },
    )
  })

  it('the response to two changes is the sum of the responses', () => {
    fc.assert(
      fc.property(additive, thousandths(20), (one, taxChange) => {
        const both = run({ shocks: [one], taxChange }).deviations.Y
        const apart = [run({ shocks: [one] }).deviations.Y, run({ taxChange }).deviations.Y]
        for (const [i, value] of both.entries()) expect(value).toBeCloseTo(apart[0]![i]! + apart[1]![i]!, 9)
      }),
      { numRuns: 50 },
    )
  })
})
