// A family under the shipped rules of the United States, asked over a real PostgreSQL with workers, against figures worked by hand.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { type Answer, ask } from '../../test/support/ask.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { parameters } from './subgraph.ts'

let fleet: TestFleet
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  const deps = { store: fleet.store, dispatch: fleet.dispatch, clock: systemClock, log: silentLog }
  subgraph = await openSubgraph(parameters, deps)
  await subgraph.seed('local')
})
afterAll(() => fleet.close())

/** A couple of 40 and 38 with two children under 17. */
const FAMILY = {
  ...{ 'filing status': 2, 'age[head]': 40, 'age[spouse]': 38, persons: 4, 'children under 18': 2 },
  ...{ 'child tax credit children': 2, 'earned income credit children': 2 },
  ...{ 'wages[head]': 48_000, 'wages[spouse]': 9000 },
}

async function household(fields: string, more = 'year: 2025'): Promise<Answer> {
  const values = Object.entries(FAMILY).map(([name, value]) => `{ name: "${name}", value: ${value} }`)
  return (await ask(subgraph, `{ household(input: { ${more}, values: [${values.join(' ')}] }) { ${fields} } }`))
    .household
}

const TRACE = `id value formula reference depth operands { kind name value used parameter { parameter { id references } cell valueFrom } }
  schedules { name readAt at bracket thresholds values }`

describe('a family of 57,000 of wages in 2025', () => {
  it('has the taxes, the credits and the net income of the law', async () => {
    const { variables, effectiveRate } = await household(
      `variables(names: ["standard deduction claimed", "taxable income", "income tax before credits", "child tax credit total",
         "earned income credit", "income tax", "employee payroll tax", "net income"]) { name value }
       effectiveRate { rate }`,
    )
    const value = Object.fromEntries(variables.map((one: { name: string; value: number }) => [one.name, one.value]))
    expect(value).toEqual({
      'standard deduction claimed': 31_500,
      'taxable income': 25_500,
      // 0.10 * 23,850 + 0.12 * 1,650
      'income tax before credits': 2583,
      // 2 * 2,200, of which 1,817 are paid out
      'child tax credit total': 4400,
      // 7,152 - 0.2106 * (57,000 - 23,350 - 7,120)
      'earned income credit': expect.closeTo(1564.782, 9),
      'income tax': expect.closeTo(2583 - 4400 - 1564.782, 9),
      'employee payroll tax': expect.closeTo(0.0765 * 57_000, 9),
      'net income': expect.closeTo(57_000 + 3381.782 - 4360.5, 9),
    })
    expect(effectiveRate.rate).toBeCloseTo(1 - 56_021.282 / 57_000, 12)
  })

  it('keeps 59 of the next 100 that it earns: bracket, payroll tax and the end of the earned income credit', async () => {
    const { rate, full, programmeRates } = await household(
      'rate: marginalRate { rate } full: marginalRate(per: FULL_COMPENSATION) { rate } programmeRates { programme rate }',
    )
    expect(rate.rate).toBeCloseTo(0.12 + 0.2106 + 0.0765, 9)
    expect(full.rate).toBeCloseTo(1 - (1 - 0.4071) / 1.0765, 9)
    expect(programmeRates.filter((one: { rate: number }) => one.rate !== 0)).toEqual([
      { programme: 'income tax before child and earned income credits', rate: expect.closeTo(0.12, 9) },
      // Of both halves.
      { programme: 'payroll tax', rate: expect.closeTo(0.153, 9) },
      { programme: 'earned income credit', rate: expect.closeTo(0.2106, 9) },
    ])
  })

  it('is told how its earned income credit came about', async () => {
    const { trace } = await household(`trace(variable: "earned income credit") { ${TRACE} }`)
    const node = (id: string) => trace.find((one: { id: string }) => one.id === id)
    expect(trace[0]).toMatchObject({ id: 'earned income credit', reference: '26 U.S.C. 32(a)', depth: 0 })
    const limit = node('earned income credit limit')
    expect(limit).toMatchObject({ depth: 1, reference: '26 U.S.C. 32(a)(2), (b)(2)' })
    expect(limit.value).toBeCloseTo(1564.782, 9)
    const figures = limit.operands.filter((one: { kind: string }) => one.kind === 'PARAMETER')
    expect(
      figures.map(({ name, value, parameter }: Answer) => [name, value, parameter.cell, parameter.valueFrom]),
    ).toEqual([
      ['earned income credit maximum[two]', 7152, '2', '2025-01-01'],
      ['earned income credit phase out rate[two]', 0.2106, '2', expect.any(String)],
      ['earned income credit phase out start[two]', 23_350, '2', '2025-01-01'],
      ['earned income credit joint addition[two]', 7120, '2', '2025-01-01'],
    ])
    for (const { parameter } of figures) expect(parameter.parameter.references.join()).toMatch(/26 U\.S\.C\. 32/)
    expect(node('earned income')).toMatchObject({ value: 57_000 })
    expect(node('total wages').operands).toMatchObject([
      { kind: 'COLUMN', name: 'wages[head]', value: 48_000 },
      { kind: 'COLUMN', name: 'wages[spouse]', value: 9000 },
    ])
  })

  it('is told which bracket its income lies in, and that it does not itemize', async () => {
    const { trace } = await household(`trace(variable: "income tax before credits", depth: 1) { ${TRACE} }`)
    expect(trace.map((one: { id: string }) => one.id)).toEqual([
      ...['income tax before credits', 'itemizes', 'regular tax by choice[standard]'],
    ])
    expect(trace[1]).toMatchObject({ value: 0 })
    expect(trace[2].schedules).toContainEqual({
      ...{ name: 'income tax brackets[joint]', readAt: 'ordinary income by choice[standard]', at: 25_500, bracket: 2 },
      thresholds: [0, 23_850, 96_950, 206_700, 394_600, 501_050, 751_600],
      values: [0.1, 0.12, 0.22, 0.24, 0.32, 0.35, 0.37],
    })
  })

  it('has every intermediate variable in a trace of its net income', async () => {
    const { trace, variables } = await household(`trace(variable: "net income") { ${TRACE} } variables { name value }`)
    const values = new Map(variables.map((one: { name: string; value: number }) => [one.name, one.value]))
    expect(trace.length).toBeGreaterThan(100)
    for (const { id, value, operands } of trace) {
      if (values.has(id)) expect(value, id).toBe(values.get(id))
      for (const operand of operands) if (values.has(operand.name)) expect(operand.value).toBe(values.get(operand.name))
    }
  })

  it('loses 50 of child tax credit at each 1,000 above 400,000, and nothing else at once', async () => {
    const { cliffs } = await household(
      'cliffs(from: 380000, to: 400000) { cliffs { at until loss programmes { programme change } } }',
    )
    // The spouse's 9,000 count too; the last is found at the end of the axis, from which on there is nothing to see.
    expect(cliffs.cliffs.map(({ at }: { at: number }) => at)).toEqual([
      ...[391_000, 392_000, 393_000, 394_000, 395_000, 396_000, 397_000, 398_000, 399_000],
    ])
    for (const cliff of cliffs.cliffs) {
      expect(cliff.until - cliff.at).toBeCloseTo(0.01, 6)
      expect(cliff.loss).toBeCloseTo(50, 1)
      expect(cliff.programmes).toEqual([{ programme: 'child tax credit', change: -50 }])
    }
  })
})

describe('a reform of one figure', () => {
  it('is seen in the trace beside the law as it is', async () => {
    await ask(
      subgraph,
      `mutation { createReform(input: { id: "larger-credit", title: "A larger credit", changes: [
         { parameter: "us.federal.income_tax.child_tax_credit.amount", from: "2025", value: 3000, unit: "USD/person" }
       ] }) { reform { id } findings { message } } }`,
    )
    const { change, trace } = await household(
      `change(names: ["child tax credit total", "net income"]) { value }
       trace(variable: "child tax credit total", depth: 9) { operands { parameter { value reformed source parameter { id } } } }`,
      'year: 2025, reform: "larger-credit"',
    )
    // 800 a child more of credit, none of it lost: 2,583 against the tax, and 3,417 paid out, at most 1,700 a child.
    expect(change).toEqual([{ value: 2583 + 3400 - 4400 }, { value: expect.closeTo(2583 + 3400 - 4400, 9) }])
    const reformed = trace
      .flatMap(({ operands }: Answer) => operands)
      .filter(({ parameter }: Answer) => parameter?.reformed)
    expect(reformed).toContainEqual({
      parameter: {
        ...{ value: 3000, reformed: true, source: 'reform larger-credit: A larger credit' },
        parameter: { id: 'us.federal.income_tax.child_tax_credit.amount' },
      },
    })
  })
})
