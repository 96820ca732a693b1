// Properties of the rules of the United States over random units of every kind: what holds whatever the data.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Row, taxUnits } from '../support/tax-units.ts'

/** Amounts at all scales, often none. */
const amount = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 1_000_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_000_000_000 }) },
)
const signed = fc.tuple(amount, fc.boolean()).map(([x, isLoss]) => (isLoss ? -x : x))
const age = fc.integer({ min: 0, max: 100 })
const flag = fc.integer({ min: 0, max: 1 })
const count = fc.integer({ min: 0, max: 5 })

const unit: fc.Arbitrary<Row> = fc
  .record({
    'filing status': fc.integer({ min: 1, max: 5 }),
    'age[head]': age,
    'age[spouse]': age,
    'blind[head]': flag,
    'blind[spouse]': flag,
    'is dependent': flag,
    'lives apart': flag,
    'child tax credit children': count,
    'earned income credit children': count,
    'care children': count,
    dependents: count,
    'wages[head]': amount,
    'wages[spouse]': amount,
    'self employment income[head]': signed,
    'self employment income[spouse]': signed,
    interest: amount,
    'tax exempt interest': amount,
    'qualified dividends': amount,
    'short term gains': signed,
    'long term gains': signed,
    'taxable pensions': amount,
    'social security benefits': amount,
    'unemployment compensation': amount,
    'rental and partnership income': signed,
    'qualified partnership income': signed,
    'specified service trade': flag,
    'business wages': amount,
    tips: amount,
    'medical expenses': amount,
    'real estate taxes': amount,
    'mortgage interest': amount,
    'cash charity': amount,
    'noncash charity': amount,
    'care expenses': amount,
  })
  .map(({ dependents, ...row }) => ({
    ...row,
    persons: 1 + row['child tax credit children'] + dependents,
    'ordinary dividends': row['qualified dividends'],
  }))

const rows = fc.sample(unit, { numRuns: 1_000, seed: 20_261_129 })
const years = [2022, 2024, 2025, 2026]

describe.each(years)('in %i, of random units', (year) => {
  const results = taxUnits(year, rows)
  const all = (holds: (of: (name: string) => number) => boolean) =>
    rows.flatMap((row, i) => (holds((name) => results(name)[i]!) ? [] : [row]))
  /** The larger an amount, the more of it is rounded off. */
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-7 * Math.max(1, Math.abs(a), Math.abs(b))

  it('no tax and no credit is less than nothing, and none exceeds what it is taken from', () => {
    const least = [
      'taxable income',
      'income tax before credits',
      'alternative minimum tax',
      'net investment income tax',
    ]
    const credits = ['dependent care credit', 'elderly credit', 'child tax credit', 'other dependent credit']
    const others = ['additional child tax credit', 'earned income credit', 'qualified business income deduction']
    for (const name of [...least, ...credits, ...others, 'payroll tax', 'itemized deductions claimed'])
      expect(all((of) => of(name) >= -1e-6)).toEqual([])
    expect(
      all((of) => of('nonrefundable credits') <= of('income tax before credits with alternative minimum tax') + 1e-6),
    ).toEqual([])
    const taxable = results('taxable social security benefits')
    expect(rows.filter((row, i) => taxable[i]! > 0.85 * row['social security benefits']!)).toEqual([])
  })

  it('the deduction that leads to less tax is taken', () => {
    expect(
      all((of) => {
        const [standard, itemized] = [of('tax by choice[standard]'), of('tax by choice[itemized]')]
        const taken = of('income tax before credits with alternative minimum tax')
        return taken === (itemized < standard - 0.01 ? itemized : standard)
      }),
    ).toEqual([])
    const itemizing = rows.filter((_, i) => results('itemizes')[i] === 1).length
    expect(itemizing).toBeGreaterThan(100)
    expect(itemizing).toBeLessThan(900)
  })

  it('what comes in is what is left and what is paid', () => {
    expect(
      rows.filter((row, i) => {
        const of = (name: string) => results(name)[i]!
        const transfers = row['social security benefits']! + row['unemployment compensation']!
        const paid = of('income tax') + of('payroll tax of persons')
        return !near(of('net income') + paid, of('market income') + transfers)
      }),
    ).toEqual([])
    expect(all((of) => near(of('combined tax'), of('income tax') + of('payroll tax')))).toEqual([])
  })

  it('it does not matter on a joint return who is the head', () => {
    const joint = rows.map((row): Row => ({ ...row, 'filing status': 2 }))
    const swapped = joint.map(
      (row): Row =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name.replace(/\[(head|spouse)\]/, (_, who) => (who === 'head' ? '[spouse]' : '[head]')),
            value,
          ]),
        ),
    )
    const [one, other] = [taxUnits(year, joint), taxUnits(year, swapped)]
    for (const name of ['income tax', 'payroll tax', 'net income'])
      expect(joint.filter((_, i) => !near(one(name)[i]!, other(name)[i]!))).toEqual([])
  })

  it('the state, the household and the weight change nothing', () => {
    const elsewhere = taxUnits(
      year,
      rows.map((row) => ({ ...row, state: 6, household: 12, weight: 3 })),
    )
    for (const name of ['income tax', 'payroll tax', 'net income'])
      expect([...elsewhere(name)]).toEqual([...results(name)])
  })
})
