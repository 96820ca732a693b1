// Traces of a little law: replaced formulas, schedules of each kind, elements and depths, over values that the interpreter gives.
import { describe, expect, it } from 'vitest'
import { interpret } from '../../../../../compute/reference/interpret.ts'
import { LITTLE_FILES, littleRules, littleTree } from '../../../../../test/support/little-rules.ts'
import type { RuleSet } from '../../rule-set/rule-set.ts'
import { compile, inputsOf, LawSide, planOf } from '../compile.ts'
import { lawsOf, type ReformContent } from '../laws.ts'
import { lawView } from './law-view.ts'
import { traceOf, variablesOfTrace } from './trace.ts'

interface Question {
  readonly rules?: RuleSet
  readonly unit?: Readonly<Record<string, number>>
  readonly reform?: ReformContent
  readonly side?: LawSide
  readonly depth?: number
}

function trace(variable: string, { rules = littleRules(), unit = {}, reform, side, depth }: Question = {}) {
  const laws = lawsOf(rules, littleTree(), { year: 2024, reform }, 'year')
  const compiled = compile(laws)
  const view = lawView(laws, compiled, side ?? (reform ? LawSide.REFORM : LawSide.BASELINE))
  const names = variablesOfTrace(view, variable, depth)
  const core = (name: string) => view.variableOf(name)!.name
  const plan = planOf(compiled, names.map(core))
  const columns = Object.fromEntries(
    rules.columns.map(({ name, default: usual }) => [name, Float64Array.of(unit[name] ?? usual ?? 0)]),
  )
  const binding = { plan, inputs: inputsOf(laws, plan), series: {} }
  const { values } = interpret(binding, columns, { from: 0, to: 1 }, '0')
  const at = (name: string) => values[plan.outputs.findIndex((output) => output.name === core(name))]!
  return traceOf(view, variable, at, depth)
}

const withRule = (from: string, to: string) => {
  const [head, { path, text }] = LITTLE_FILES as [(typeof LITTLE_FILES)[number], (typeof LITTLE_FILES)[number]]
  expect(text).toContain(from)
  return littleRules([head, { path, text: text.replace(from, to) }])
}

const EARNER = { 'wages[head]': 21_000 }

describe('a trace under a reform', () => {
  const formulas = [
    { ruleSet: 'little', variable: 'grant', formula: 'grant_amount + 0.01 * tax_before_credit' },
    { ruleSet: 'other', variable: 'income tax', formula: '0' },
  ]
  const reform = { id: 'r', title: 'Another grant', changes: [], formulas }

  it('shows the formula that the reform puts in the place of the rule', () => {
    const [node] = trace('grant', { unit: EARNER, reform })
    expect(node).toMatchObject({
      // 2,000 + 0.4 * 10,000 of tax
      value: 360,
      formula: 'grant_amount + 0.01 * tax_before_credit',
      reference: 's. 6',
      operands: [
        { kind: 'PARAMETER', name: 'grant amount', value: 300, parameter: { reformed: false } },
        { kind: 'RULE', name: 'tax before credit', value: 6000 },
      ],
    })
    expect(trace('grant', { unit: EARNER, reform, side: LawSide.BASELINE })[0]).toMatchObject({
      value: 0,
      formula: 'if market_income <= grant_limit then grant_amount else 0',
    })
  })

  it('goes on by names without the reform, also where both laws have a variable of their own', () => {
    const nodes = trace('net income', { unit: EARNER, reform })
    expect(nodes.map(({ id }) => id).filter((id) => id.includes('@'))).toEqual([])
    expect(nodes.find(({ id }) => id === 'grant')).toMatchObject({ value: 360 })
  })

  it('shows the last of two changes of a figure, and none that does not hold yet', () => {
    const change = (from: string, value: number) => ({ parameter: 'little.grant', from, to: null, values: [value] })
    const changes = [change('2023-01-01', 1), change('2024-01-01', 2), change('2025-01-01', 3)]
    const [node] = trace('grant', { reform: { id: 'r', title: 'T', changes } })
    expect(node!.operands.at(-1)).toMatchObject({
      value: 2,
      parameter: { value: 2, from: '2024-01-01', source: 'reform r: T', reformed: true },
    })
  })
})

/** The rules with another formula for the tax, whatever its unit. */
const withTax = (formula: string) =>
  withRule('formula: "marginal(brackets[filing_status], sum(taxable[*]))"', `formula: "${formula}", unchecked: true`)

describe('a trace of a schedule', () => {
  it.each([
    ['singleAmount', 12_000, 2, 0.4],
    ['average', 8000, 1, 1600],
    ['marginalAmount', 12_000, 2, 0.2 + 0.4],
  ])('read by %s names the bracket', (how, taxable, bracket, value) => {
    const rules = withTax(`${how}(brackets[filing_status], sum(taxable[*]))`)
    const [node] = trace('tax before credit', { rules, unit: { 'wages[head]': taxable + 1000 }, depth: 0 })
    expect(node!.value).toBeCloseTo(value, 12)
    expect(node!.schedules).toMatchObject([
      { name: 'brackets[single]', at: taxable, bracket, thresholds: [0, 10_000], values: [0.2, 0.4] },
    ])
  })

  it('that is read twice tells of both, and of none in a branch that was not taken', () => {
    const rules = withTax(
      'if market_income > 1e6 then marginal(brackets[joint], market_income) else marginal(brackets[single], taxable[head]) + marginal(brackets[joint], taxable[spouse])',
    )
    const [node] = trace('tax before credit', { rules, unit: { 'wages[head]': 12_000, 'wages[spouse]': 4000 } })
    expect(node!.schedules.map(({ name, readAt, at, bracket }) => [name, readAt, at, bracket])).toEqual([
      ['brackets[single]', 'taxable[head]', 11_000, 2],
      ['brackets[joint]', 'taxable[spouse]', 3000, 1],
    ])
  })

  it('below its first bracket has none', () => {
    const rules = withTax('marginal(brackets[filing_status], sum(taxable[*]) - 5)')
    expect(trace('tax before credit', { rules })[0]!.schedules).toMatchObject([{ at: -5, bracket: 0 }])
  })

  it('with a limit that is none has null for it', () => {
    const change = {
      parameter: 'little.brackets.1.top',
      from: '2024-01-01',
      to: null,
      values: new Array(5).fill(Infinity),
    }
    const reform = { id: 'r', title: 'One bracket', changes: [change] }
    const [node] = trace('tax before credit', { reform, unit: EARNER })
    expect(node).toMatchObject({ value: 4000, schedules: [{ bracket: 1, thresholds: [0, null], values: [0.2, 0.4] }] })
  })
})

describe('a trace of an array', () => {
  it('shows the formula of its element and no other element', () => {
    const rules = withRule(
      'formula: "max(0, wages - allowance)"',
      'formula: { head: "max(0, wages - allowance)", spouse: wages }',
    )
    const [head] = trace('taxable[head]', { rules, unit: EARNER, depth: 0 })
    expect(head).toMatchObject({ formula: 'max(0, wages - allowance)', value: 20_000 })
    expect(head!.operands.map(({ name }) => name)).toEqual(['wages[head]', 'allowance'])
    expect(trace('taxable[spouse]', { rules, depth: 0 })[0]).toMatchObject({ formula: 'wages' })
  })

  it('ends at a datum that is asked for itself', () => {
    expect(trace('wages[head]', { unit: EARNER })).toEqual([
      {
        ...{ id: 'wages[head]', name: 'wages[head]', kind: 'COLUMN', label: 'Wages', unit: 'USD', value: 21_000 },
        ...{ formula: null, reference: null, macros: [], depth: 0, operands: [], schedules: [] },
      },
    ])
  })
})

describe('the depth of a trace', () => {
  it('counts rules, the parts of a rule with it', () => {
    const depths = (depth?: number) =>
      Object.fromEntries(
        trace('income tax', { unit: EARNER, ...(depth === undefined ? {} : { depth }) }).map((n) => [n.id, n.depth]),
      )
    expect(depths(0)).toEqual({ 'income tax': 0 })
    expect(depths(1)).toMatchObject({ 'tax before credit': 1, 'tax before credit.marginal#1': 1, 'child credit': 1 })
    expect(depths(1)).not.toHaveProperty('market income')
    expect(depths()).toMatchObject({ 'taxable[head]': 2, 'market income': 2 })
  })

  it('asks for no more values than its nodes and what they read', () => {
    const laws = lawsOf(littleRules(), littleTree(), { year: 2024 }, 'year')
    const view = lawView(laws, compile(laws), LawSide.BASELINE)
    expect(variablesOfTrace(view, 'income tax', 0)).toEqual(['income tax', 'tax before credit', 'child credit'])
    expect(variablesOfTrace(view, 'grant', 1)).toEqual(['grant', 'market income', 'wages[head]', 'wages[spouse]'])
  })
})
