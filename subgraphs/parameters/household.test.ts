// Households and calculations, asked as the gateway asks them, over a real PostgreSQL with workers that compute a little law.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../infra/clock.ts'
import { silentLog } from '../../infra/log.ts'
import { PROCESS } from '../../schema/caller.ts'
import { type Answer, ask, askForErrors } from '../../test/support/ask.ts'
import { openFleet, type TestFleet } from '../../test/support/fleet.ts'
import { littleRules, littleTree } from '../../test/support/little-rules.ts'
import { openSubgraph, type Subgraph } from '../shared/subgraph.ts'
import { ParametersStore } from './store.ts'
import { parameters } from './subgraph.ts'

vi.mock('./rules/rule-set/shipped.ts', () => {
  const rules = littleRules()
  const one = () => rules
  return {
    requireRuleSet: one,
    ruleSetOver: one,
    ruleSetsOver: () => [rules],
    ruleSetIds: () => ['little'],
    mappingsOf: () => [],
  }
})

let fleet: TestFleet
let subgraph: Subgraph

beforeAll(async () => {
  fleet = await openFleet()
  subgraph = await openSubgraph(parameters, {
    store: fleet.store,
    dispatch: fleet.dispatch,
    clock: systemClock,
    log: silentLog,
  })
  const store = await ParametersStore.open(fleet.store)
  await store.saveTree('local', littleTree(), 'little')
  await ask(
    subgraph,
    `mutation { createReform(input: { id: "no-grant", tree: "little", title: "No grant", changes: [
       { parameter: "little.grant", from: "2024", value: 0, unit: "USD" },
       { parameter: "little.brackets.2.rate", from: "2024", value: 50, unit: "percent" }
     ] }) { reform { id } } }`,
  )
})
afterAll(() => fleet.close())

const question = (values: Record<string, number>, fields: string, more: string) => {
  const list = Object.entries(values).map(([name, value]) => `{ name: "${name}", value: ${value} }`)
  return `{ household(input: { ruleSet: "little", ${more}, values: [${list.join(' ')}] }) { ${fields} } }`
}
const household = async (values: Record<string, number>, fields: string, more = 'year: 2024'): Promise<Answer> =>
  (await ask(subgraph, question(values, fields, more))).household

/** A couple with two children: 20,000 + 5,000 taxable, so 4,000 + 2,000 of tax; 900 - 0.1 * 22,000 of credit is none; no grant. */
const COUPLE = { 'wages[head]': 21_000, 'Wages[ spouse ]': 6000, 'filing status': 2, children: 2 }
/** A single parent of one: 8,000 taxable, 1,600 of tax, 500 - 0.1 * 4,000 of credit, the grant of 300. */
const PARENT = { 'wages[head]': 9000, children: 1 }
const REFORM = 'year: 2024, reform: "no-grant"'

describe('a household', () => {
  it('has every variable that is asked for, an array by its elements, and no other is computed', async () => {
    const { variables, one, runs } = await household(
      COUPLE,
      `variables(names: ["TAXABLE", "net_income", "wages[spouse]"]) { name unit label reference law value }
       one: variable(name: "income tax") { value } runs { id }`,
    )
    expect(variables).toEqual([
      {
        ...{ name: 'taxable[head]', unit: 'USD', label: 'Wages above the allowance', reference: 's. 2' },
        ...{ law: 'BASELINE', value: 20_000 },
      },
      expect.objectContaining({ name: 'taxable[spouse]', value: 5000 }),
      // 27,000 - 6,000 - 0.05 * 27,000
      expect.objectContaining({ name: 'net income', value: 19_650 }),
      expect.objectContaining({ name: 'wages[spouse]', reference: null, value: 6000 }),
    ])
    expect(one.value).toBe(6000)
    expect(runs).toHaveLength(1)
    const result = await fleet.dispatch.result('local', runs[0].id)
    expect(result.outputs.map(({ name }) => name)).toEqual([
      ...['income tax', 'net income', 'taxable[head]', 'taxable[spouse]', 'wages[spouse]'],
    ])
  })

  it('is computed under the law and under a reform in one job', async () => {
    const { before, after, change, tax, runs } = await household(
      PARENT,
      `before: variable(name: "net income", law: BASELINE) { value law } after: variable(name: "net income") { value law }
       change(names: ["net income", "grant", "income tax"]) { name value law }
       tax: variables(names: ["income tax"]) { value } runs { id }`,
      REFORM,
    )
    // 9,000 - (1,600 - 100) - 450 + 300
    expect(before).toEqual({ value: 7350, law: 'BASELINE' })
    expect(after).toEqual({ value: 7050, law: 'REFORM' })
    expect(change).toEqual([
      { name: 'net income', value: -300, law: null },
      { name: 'grant', value: -300, law: null },
      { name: 'income tax', value: 0, law: null },
    ])
    expect(tax).toEqual([{ value: 1500 }])
    expect(runs).toHaveLength(1)
  })

  it('loses what a step more of earnings does not bring, by programme, per wages or per full compensation', async () => {
    const { rate, tax, full, spouse, effective, programmes } = await household(
      COUPLE,
      `rate: marginalRate { rate of over step per law change earnings }
       tax: marginalRate(of: "income tax", step: 1000) { rate of step }
       full: marginalRate(per: FULL_COMPENSATION) { rate per earnings }
       spouse: marginalRate(over: "wages[spouse]", step: 0.01) { rate over }
       effective: effectiveRate { rate netIncome marketIncome per }
       programmes: programmeRates { programme kind variable rate }`,
    )
    expect(rate).toMatchObject({ of: 'net income', over: 'wages[head]', step: 1, per: 'WAGES', law: 'BASELINE' })
    expect(rate.rate).toBeCloseTo(0.45, 9)
    expect([rate.change, rate.earnings]).toEqual([expect.closeTo(0.55, 9), 1])
    expect(tax).toEqual({ rate: expect.closeTo(0.4, 9), of: 'income tax', step: 1000 })
    // Of 1.10 that the employer pays 0.55 arrives.
    expect(full).toEqual({ rate: expect.closeTo(0.5, 9), per: 'FULL_COMPENSATION', earnings: expect.closeTo(1.1, 9) })
    expect(spouse).toEqual({ rate: expect.closeTo(0.45, 6), over: 'wages[spouse]' })
    expect(effective).toEqual({
      ...{ rate: 1 - 19_650 / 27_000, netIncome: 19_650, marketIncome: 27_000, per: 'WAGES' },
    })
    expect(programmes).toEqual([
      { programme: 'income tax', kind: 'TAX', variable: 'income tax', rate: expect.closeTo(0.4, 9) },
      { programme: 'contributions', kind: 'TAX', variable: 'employee contribution', rate: expect.closeTo(0.05, 9) },
      { programme: 'grant', kind: 'BENEFIT', variable: 'grant', rate: 0 },
    ])
  })

  it('has no effective rate without market income', async () => {
    const { effectiveRate, full } = await household(
      {},
      'effectiveRate { rate netIncome } full: effectiveRate(per: FULL_COMPENSATION) { rate }',
    )
    expect(effectiveRate).toEqual({ rate: null, netIncome: 300 })
    expect(full).toEqual({ rate: null })
  })

  it('has marginal rates at a cliff that depend on the step, which is told', async () => {
    const { cent, one, thousand } = await household(
      { 'wages[head]': 15_000 },
      `cent: marginalRate(step: 0.01) { rate step } one: marginalRate(step: 1) { rate step }
       thousand: marginalRate(step: 1000) { rate step }`,
    )
    // 0.4 of tax and 0.05 of contribution, and the 300 of the grant over the step.
    expect(cent).toEqual({ rate: expect.closeTo(30_000.45, 3), step: 0.01 })
    expect(one).toEqual({ rate: expect.closeTo(300.45, 9), step: 1 })
    expect(thousand).toEqual({ rate: expect.closeTo(0.75, 9), step: 1000 })
  })
})

describe('a curve', () => {
  it('holds variables and rates at evenly spread incomes, under both laws, in one job', async () => {
    const { curve, runs } = await household(
      {},
      `curve(to: 20000, points: 5) { over unit x
         now: variables(names: ["net income", "grant"], law: BASELINE) { name unit law values }
         then: variables(names: ["net income"]) { law values }
         marginalRates { rates of step per law } effectiveRates(law: BASELINE) { rates of step } }
       runs { id }`,
      REFORM,
    )
    expect(curve).toMatchObject({ over: 'wages[head]', unit: 'USD', x: [0, 5000, 10_000, 15_000, 20_000] })
    // At 15,000: 2,000 + 0.4 * 4,000 of tax and 750 of contribution; with half the brackets' rest taken 400 more.
    expect(curve.now).toEqual([
      { name: 'net income', unit: 'USD', law: 'BASELINE', values: [300, 4250, 8000, 10_950, 13_400] },
      { name: 'grant', unit: 'USD', law: 'BASELINE', values: [300, 300, 300, 300, 0] },
    ])
    expect(curve.then).toEqual([{ law: 'REFORM', values: [0, 3950, 7700, 10_250, 12_500] }])
    expect(curve.marginalRates).toEqual({
      rates: [0.05, 0.25, 0.25, 0.55, 0.55].map((rate) => expect.closeTo(rate, 9)),
      ...{ of: 'net income', step: 1, per: 'WAGES', law: 'REFORM' },
    })
    expect(curve.effectiveRates).toMatchObject({ of: 'net income', step: null })
    expect(curve.effectiveRates.rates).toEqual([null, 0.15, 0.2, 0.27, 0.33].map((r) => r && expect.closeTo(r, 9)))
    expect(runs).toHaveLength(1)
  })

  it('is found to have a cliff where the grant ends, to the cent', async () => {
    const { law, reformed } = await household(
      { 'wages[spouse]': 2000.5 },
      `law: cliffs(to: 30000, law: BASELINE) { over from to resolution threshold law cliffs {
         at until netIncomeBefore netIncomeAfter loss widthToRecover programmes { programme kind change } } }
       reformed: cliffs(to: 30000) { law cliffs { at } }`,
      REFORM,
    )
    expect(reformed).toEqual({ law: 'REFORM', cliffs: [] })
    const { cliffs, ...search } = law
    expect(search).toEqual({
      ...{ over: 'wages[head]', from: 0, to: 30_000, resolution: 100, threshold: 1, law: 'BASELINE' },
    })
    expect(cliffs).toEqual([
      {
        at: 12_999.5,
        until: 12_999.51,
        // 15,000 - (2,000 + 0.4 * 3,000) of tax (on 11,999.50 and 1,000.50) - 750 + 300
        netIncomeBefore: expect.closeTo(11_350, 6),
        netIncomeAfter: expect.closeTo(11_050.0055, 6),
        loss: expect.closeTo(299.9945, 6),
        widthToRecover: expect.closeTo(300 / 0.55, 6),
        programmes: [{ programme: 'grant', kind: 'BENEFIT', change: -300 }],
      },
    ])
  })
})

const TRACE = `id kind name label value unit formula reference macros depth
  operands { kind name label value unit used node parameter { parameter { id references } cell value valueFrom source reformed } }
  schedules { name readAt at bracket thresholds values unit parameters { cell value reformed parameter { id } } }`

describe('a trace', () => {
  it('goes from a number back to its rule, the figures of the law and the data', async () => {
    const { trace } = await household(PARENT, `trace(variable: "child credit") { ${TRACE} }`)
    const byId = new Map(trace.map((node: { id: string }) => [node.id, node]))
    expect(trace[0]).toMatchObject({
      ...{ id: 'child credit', kind: 'RULE', value: 100, unit: 'USD', label: 'Credit for children', reference: 's. 4' },
      formula: 'withdrawn(credit_of_children[min(children, 3) + 1], market_income, withdrawal_start, withdrawal_rate)',
      macros: ['withdrawn(amount, income, start, rate) = max(0, amount - rate * excess)'],
      depth: 0,
    })
    expect(byId.get('child credit.withdrawn#1.excess')).toMatchObject({
      ...{ kind: 'PART', value: 4000, formula: 'max(0, income - start)', label: 'Income above the start', depth: 0 },
    })
    expect(byId.get('child credit.withdrawn#1.amount')).toMatchObject({
      formula: 'credit_of_children[min(children, 3) + 1]',
      operands: [
        { kind: 'COLUMN', name: 'children', value: 1, node: null },
        {
          ...{ kind: 'PARAMETER', name: 'credit of children[one]', value: 500, unit: 'USD', label: 'The credit' },
          parameter: {
            parameter: { id: 'little.credit', references: ['Act 1 s. 1'] },
            ...{ cell: '1', value: 500, valueFrom: '2020-01-01', source: 'Act 1', reformed: false },
          },
        },
      ],
    })
    expect(byId.get('market income')).toMatchObject({
      depth: 1,
      operands: [
        { kind: 'COLUMN', name: 'wages[head]', value: 9000 },
        { kind: 'COLUMN', name: 'wages[spouse]', value: 0 },
      ],
    })
  })

  it('says which brackets were read, and under a reform what it sets', async () => {
    const { trace } = await household(COUPLE, `trace(variable: "tax before credit", depth: 0) { ${TRACE} }`, REFORM)
    expect(trace.map((node: { id: string }) => node.id)).toEqual(['tax before credit', 'tax before credit.marginal#1'])
    // 0.2 * 20,000 + 0.5 * 5,000
    expect(trace[0]).toMatchObject({ value: 6500, formula: 'marginal(brackets[filing_status], sum(taxable[*]))' })
    expect(trace[0].operands.map((operand: { name: string }) => operand.name)).toEqual([
      'filing status',
      'tax before credit.marginal#1',
    ])
    expect(trace[0].schedules).toEqual([
      {
        ...{
          name: 'brackets[joint]',
          readAt: 'tax before credit.marginal#1',
          at: 25_000,
          bracket: 2,
          unit: 'fraction',
        },
        thresholds: [0, 20_000],
        values: [0.2, 0.5],
        parameters: [
          { cell: 'JOINT', value: 20_000, reformed: false, parameter: { id: 'little.brackets.1.top' } },
          { cell: 'ALL', value: 0.2, reformed: false, parameter: { id: 'little.brackets.1.rate' } },
          { cell: 'ALL', value: 0.5, reformed: true, parameter: { id: 'little.brackets.2.rate' } },
        ],
      },
    ])
    expect(trace[1]).toMatchObject({
      formula: 'taxable[head] + taxable[spouse]',
      operands: [
        { name: 'taxable[head]', value: 20_000, node: null },
        { name: 'taxable[spouse]', value: 5000, node: null },
      ],
    })
  })

  it('shows the formula that a reform puts in the place of a rule', async () => {
    await ask(
      subgraph,
      `mutation { createReform(input: { id: "half-grant", tree: "little", title: "Half", formulas: [
         { ruleSet: "little", variable: "grant", formula: "grant_amount / 2" } ] }) { reform { id } } }`,
    )
    const { trace, change } = await household(
      COUPLE,
      'trace(variable: "grant") { id value formula reference } change(names: ["net income"]) { value }',
      'year: 2024, reform: "half-grant"',
    )
    expect(trace).toEqual([{ id: 'grant', value: 150, formula: 'grant_amount / 2', reference: 's. 6' }])
    expect(change).toEqual([{ value: 150 }])
  })

  it('shows the branch of a choice that was not taken as not used', async () => {
    const { trace, law } = await household(
      COUPLE,
      `trace(variable: "grant", depth: 0) { ${TRACE} } law: trace(variable: "grant", depth: 0, law: BASELINE) { ${TRACE} }`,
      REFORM,
    )
    expect(trace[0].operands).toMatchObject([
      { name: 'market income', used: true, value: 27_000, node: null },
      { name: 'grant limit', used: true },
      {
        ...{ name: 'grant amount', used: false, value: 0 },
        parameter: { reformed: true, valueFrom: '2024-01-01', source: 'reform no-grant: No grant' },
      },
    ])
    expect(law[0].operands[2]).toMatchObject({ value: 300, parameter: { reformed: false } })
  })
})

describe('a calculation', () => {
  const calculate = (input: object, fields: string) =>
    ask(subgraph, `query ($input: CalculateInput!) { calculate(input: $input) { ${fields} } }`, {
      variables: { input: { ruleSet: 'little', year: 2024, ...input } },
    }).then(({ calculate: answer }) => answer)
  const values = (unit: Record<string, number>) => ({
    values: Object.entries(unit).map(([name, value]) => ({ name, value })),
  })

  it('of units one by one or by columns gives columns, defaults where nothing is given', async () => {
    const rows = await calculate(
      { units: [values(COUPLE), values(PARENT), values({})] },
      'year lawOf knownAt units ruleSet { id } reform { id } run { id } variables(names: ["income tax", "children"]) { name unit law values }',
    )
    expect(rows).toMatchObject({ year: 2024, lawOf: '2024-01-01', knownAt: null, units: 3, ruleSet: { id: 'little' } })
    expect(rows.reform).toBeNull()
    expect(rows.variables).toEqual([
      { name: 'income tax', unit: 'USD', law: 'BASELINE', values: [6000, 1500, 0] },
      { name: 'children', unit: 'fraction', law: 'BASELINE', values: [2, 1, 0] },
    ])
    const columns = await calculate(
      {
        columns: [
          { name: 'wages[head]', values: [21_000, 9000, 0] },
          { name: 'wages[spouse]', values: [6000, 0, 0] },
          { name: 'filing status', values: [2, 1, 1] },
          { name: 'children', values: [2, 1, 0] },
        ],
        reform: 'no-grant',
        knownAt: '2024-06',
      },
      'knownAt reform { title } change(names: ["net income"]) { values law } variables(names: ["income tax"], law: BASELINE) { values }',
    )
    expect(columns).toMatchObject({ knownAt: '2024-06-30', reform: { title: 'No grant' } })
    expect(columns.change).toEqual([{ values: [-500, -300, -300], law: null }])
    expect(columns.variables).toEqual([{ values: rows.variables[0].values }])
  })

  it('of many units leaves what none of them gives out of the plan, with the same results', async () => {
    const wages = Array.from({ length: 300 }, (_, i) => 100 * i)
    const { run, variables } = await calculate(
      { columns: [{ name: 'wages[head]', values: wages }] },
      'run { id } variables(names: ["net income", "children"]) { values }',
    )
    const { curve } = await household(
      {},
      'curve(to: 29900, points: 300) { variables(names: ["net income"]) { values } }',
    )
    expect(variables[0].values).toEqual(curve.variables[0].values)
    expect(variables[1].values).toEqual(wages.map(() => 0))
    const [record] = await fleet.dispatch.load('local', [run.id])
    expect(record).toMatchObject({ kind: 'CALCULATION', subject: { type: 'RuleSet', id: 'little' }, lanes: 300 })
  })

  it('asked again is the result that is stored', async () => {
    const input = { columns: [{ name: 'wages[head]', values: [1, 2, 3] }] }
    const fields = 'run { id } variables(names: ["grant"]) { values }'
    const [first, second] = [await calculate(input, fields), await calculate(input, fields)]
    expect(second.variables).toEqual(first.variables)
    const [, again] = await fleet.dispatch.load('local', [first.run.id, second.run.id])
    expect(again).toMatchObject({ cached: true })
  })
})

describe('a fault', () => {
  const fails = (values: Record<string, number>, fields: string, more = 'year: 2024') =>
    askForErrors(subgraph, question(values, fields, more))

  it.each([
    [
      'an unknown variable',
      {},
      'variable(name: "net incom") { value }',
      'NOT_FOUND',
      'name',
      'did you mean "net income"?',
    ],
    ['a whole array', {}, 'variable(name: "taxable") { value }', 'BAD_INPUT', 'name', /taxable\[head\]/],
    ['a variable as an axis', {}, 'curve(over: "grant", to: 1) { x }', 'NOT_FOUND', 'over', /see the columns/],
    ['a step of nothing', {}, 'marginalRate(step: 0) { rate }', 'BAD_INPUT', 'step', /above 0/],
    ['a step beyond the range', { 'wages[head]': 1e6 }, 'marginalRate { rate }', 'BAD_INPUT', 'step', /1000000/],
    ['half a child more', {}, 'marginalRate(over: "children", step: 0.5) { rate }', 'BAD_INPUT', 'step', /whole/],
    ['an axis of one point', {}, 'curve(to: 10, points: 1) { x }', 'BAD_INPUT', 'points', /from 2/],
    ['an axis of too many', {}, 'curve(to: 10, points: 30000) { x }', 'LIMIT_EXCEEDED', 'points', /fewer/],
    ['an axis backwards', {}, 'curve(from: 10, to: 10) { x }', 'BAD_INPUT', 'to', /above 10/],
    ['a reform where there is none', {}, 'change(names: ["grant"]) { value }', 'BAD_INPUT', 'law', /input.reform/],
    ['a trace forwards', {}, 'trace(variable: "grant", depth: -1) { id }', 'BAD_INPUT', 'depth', /0 or more/],
    ['a fall of nothing', {}, 'cliffs(to: 10, threshold: 0) { cliffs { at } }', 'BAD_INPUT', 'threshold', /above 0/],
    [
      'a grid too fine',
      {},
      'cliffs(to: 1e6, resolution: 1) { cliffs { at } }',
      'LIMIT_EXCEEDED',
      'resolution',
      /coarser/,
    ],
  ])('of the question is %s', async (_, values, fields, code, path, suggestion) => {
    const [error] = await fails(values as Record<string, number>, fields)
    expect(error).toMatchObject({ code, detail: { path } })
    expect(error!.detail['suggestion']).toMatch(suggestion)
  })

  it.each([
    ['an unknown column', { wage: 1 }, 'NOT_FOUND', 'input.values.0.name'],
    ['a value below the range', { 'wages[head]': -1 }, 'BAD_INPUT', 'input.values.0.value'],
    ['a fraction of a status', { 'filing status': 1.5 }, 'BAD_INPUT', 'input.values.0.value'],
    ['a value twice', { children: 1, Children: 2 }, 'BAD_INPUT', 'input.values.1.name'],
  ])('of the unit is %s', async (_, values, code, path) => {
    expect(await fails(values as Record<string, number>, 'year')).toMatchObject([{ code, detail: { path } }])
  })

  it.each([
    ['a year that the rules are not for', 'year: 2031', 'BAD_INPUT', 'input.year'],
    ['an unknown reform', 'year: 2024, reform: "none"', 'NOT_FOUND', 'input.reform'],
    ['a day that is none', 'year: 2024, knownAt: "soon"', 'BAD_INPUT', 'input.knownAt'],
  ])('of the law is %s', async (_, law, code, path) => {
    expect(await fails({}, 'year', law)).toMatchObject([{ code, detail: { path } }])
  })

  it('of one field leaves the others', async () => {
    const { data, errors } = await subgraph.execute({
      query: question(
        {},
        'bad: variable(name: "none") { value } good: variable(name: "grant") { value }',
        'year: 2024',
      ),
      caller: { tenant: 'local', requestId: 'test', principal: PROCESS },
    })
    expect(data).toEqual({ household: { bad: null, good: { value: 300 } } })
    expect(errors).toHaveLength(1)
  })
})
