// Properties of the rules of the United Kingdom over random families: what rises with income, what never falls, and what is nobody else's.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requireRuleSet } from '../../subgraphs/parameters/rules/rule-set/shipped.ts'
import { ruleResults, type Unit } from '../support/rule-results.ts'

/** Pounds and pence, often none, and often near a threshold of the law. */
const amount = fc
  .oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 6_000_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 30_000_000 }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(12_570, 37_700, 50_000, 50_270, 60_000, 80_000, 100_000, 125_140, 150_000),
          fc.integer({ min: -300, max: 300 }),
        )
        .map(([threshold, pence]) => threshold * 100 + pence),
    },
  )
  .map((pence) => pence / 100)
const small = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 2_000_000 }).map((pence) => pence / 100),
)
const flag = fc.integer({ min: 0, max: 1 })

const adult = (who: string) => ({
  [`employment income[${who}]`]: amount,
  [`other income[${who}]`]: small,
  [`savings income[${who}]`]: small,
  [`dividends[${who}]`]: small,
  [`over pension age[${who}]`]: flag,
})
const families: readonly Unit[] = fc.sample(
  fc.record({
    ...adult('head'),
    ...adult('partner'),
    married: flag,
    nation: fc.integer({ min: 1, max: 3 }),
    children: fc.integer({ min: 0, max: 5 }),
  }),
  { numRuns: 1_000, seed: 20_250_406 },
)
const YEARS = [2022, 2023, 2024, 2025]
const INCOMES = ['employment income', 'other income', 'savings income', 'dividends']
const CLOSE = 1e-6

const more = (unit: Unit, column: string, by: number): Unit => ({ ...unit, [column]: (unit[column] ?? 0) + by })
const lone = (unit: Unit): Unit => ({ ...unit, married: 0, children: 0 })

describe.each(YEARS)('in %i, of random families', (year) => {
  const compute = (units: readonly Unit[]) => ruleResults('uk', units, { year })
  const results = compute(families)
  const failing = (holds: (of: (name: string) => number, unit: Unit) => boolean) =>
    families.filter((unit, i) => !holds((name) => results(name)[i]!, unit))

  it('no tax, contribution or benefit is less than nothing, and the charge is at most the benefit', () => {
    const names = requireRuleSet('uk', 'ruleSet').rules.flatMap(({ name, elements }) =>
      name === 'net income' ? [] : elements,
    )
    expect(failing((of) => names.every((name) => of(name) >= 0))).toEqual([])
    expect(failing((of) => of('high income child benefit charge') <= of('child benefit'))).toEqual([])
    expect(failing((of) => of('personal allowance[head]') <= 12_570)).toEqual([])
  })

  it.each(INCOMES)('income tax and the charge rise with the %s of either adult', (income) => {
    for (const who of ['head', 'partner'])
      for (const by of [0.5, 1, 250, 20_000]) {
        const richer = compute(families.map((unit) => more(unit, `${income}[${who}]`, by)))
        for (const name of ['income tax', 'high income child benefit charge', 'employees national insurance'])
          expect(
            families.filter((_, i) => richer(name)[i]! < results(name)[i]! - CLOSE),
            `${name} of ${who} with ${by}`,
          ).toEqual([])
      }
  })

  it('net income never falls with pay, but where the law has a step: in the charge, the nil rates and marriage allowance', () => {
    for (const by of [0.5, 1, 3]) {
      const plain = families.map(({ 'employment income[head]': pay = 0 }): Unit => ({ 'employment income[head]': pay }))
      const [poorer, richer] = [compute(plain), compute(plain.map((unit) => more(unit, 'employment income[head]', by)))]
      expect(plain.filter((_, i) => richer('net income')[i]! < poorer('net income')[i]! - 0.4 - CLOSE)).toEqual([])

      const all = compute(families.map((unit) => more(unit, 'employment income[head]', by)))
      const steps = (i: number) => {
        const children = 0.01 * results('child benefit')[i]! * (Math.floor(by / 100) + 1) + 1
        // Of a savings allowance 500 go at a time, at 40 or 45 per cent; of an allowance 1,260 at 20.
        return children + 500 * 0.45 + 252 + by + 0.4
      }
      expect(families.filter((_, i) => all('net income')[i]! < results('net income')[i]! - steps(i))).toEqual([])
    }
  })

  it('a pound of pay leaves at least 37 pence to one who has nothing else, over 200 pounds', () => {
    const plain = families.map(({ 'employment income[head]': pay = 0 }): Unit => ({ 'employment income[head]': pay }))
    const [poorer, richer] = [compute(plain), compute(plain.map((unit) => more(unit, 'employment income[head]', 200)))]
    // 40 per cent twice while the allowance is reduced by a half, and 2 or 2.73 of contributions; an allowance is a whole pound.
    const least = 200 * (1 - 0.6 - (year === 2022 ? 0.0273 : 0.02)) - 0.4
    expect(plain.filter((_, i) => richer('net income')[i]! - poorer('net income')[i]! < least - CLOSE)).toEqual([])
  })

  it('the tax of an unmarried adult is that of the adult alone', () => {
    const both = compute(families.map(lone))
    for (const [who, other] of [
      ['head', 'partner'],
      ['partner', 'head'],
    ] as const) {
      const alone = compute(
        families.map((unit) =>
          Object.fromEntries(Object.entries(lone(unit)).filter(([name]) => !name.includes(other))),
        ),
      )
      for (const name of ['income tax of adult', 'primary contributions'])
        expect([...both(`${name}[${who}]`)]).toEqual([...alone(`${name}[${who}]`)])
    }
  })

  it('marriage costs nobody, and saves at most 252', () => {
    const single = compute(families.map((unit) => ({ ...unit, married: 0 })))
    const married = compute(families.map((unit) => ({ ...unit, married: 1 })))
    const saved = families.map((_, i) => single('income tax')[i]! - married('income tax')[i]!)
    expect(saved.filter((pounds) => pounds < 0 || pounds > 252 + CLOSE)).toEqual([])
    expect(saved.filter((pounds) => pounds > 0).length).toBeGreaterThan(10)
  })

  it('it does not matter who is the head', () => {
    const exchanged = families.map(
      (unit): Unit =>
        Object.fromEntries(
          Object.entries(unit).map(([name, value]) => [
            name.replace(/\[(head|partner)\]/, (_, who) => (who === 'head' ? '[partner]' : '[head]')),
            value,
          ]),
        ),
    )
    const other = compute(exchanged)
    for (const name of ['income tax', 'high income child benefit charge', 'net income', 'employees national insurance'])
      expect(families.filter((_, i) => Math.abs(other(name)[i]! - results(name)[i]!) > CLOSE)).toEqual([])
  })

  it('the nation changes nothing while Wales has the rates of England, and neither does the weight', () => {
    const elsewhere = compute(families.map((unit) => ({ ...unit, nation: 2, weight: 7 })))
    expect([...elsewhere('net income')]).toEqual([...results('net income')])
  })

  it('what comes in is what is left and what is paid', () => {
    const whole = failing((of) => {
      const paid = of('income tax') + of('high income child benefit charge') + of('employees national insurance')
      return Math.abs(of('market income') + of('child benefit') - paid - of('net income')) < CLOSE
    })
    expect(whole).toEqual([])
  })
})
