// Reforms that replace formulas of shipped rules: compiled beside the law and computed with it, as a policy maker would write them.
import { describe, expect, it } from 'vitest'
import { type Unit, unitResults } from '../../../../test/support/rule-results.ts'
import { checkFormulaChanges } from './formula-changes.ts'
import { requireRuleSet } from './shipped.ts'

const YEAR = 2024
const family = (unit: Unit, formulas: Readonly<Record<string, string>>, values: Record<string, number[]> = {}) =>
  unitResults('uk', unit, { year: YEAR, reform: { formulas, values } })
const earner = (pay: number, more: Unit = {}): Unit => ({ 'employment income[head]': pay, ...more })

describe('a reform of the United Kingdom that replaces a formula', () => {
  it('leaves everyone the personal allowance', () => {
    const untapered = { 'personal allowance': 'full_personal_allowance' }
    const rich = family(earner(125_140), untapered)
    expect(rich('income tax')).toBeCloseTo(42_516, 8)
    expect(rich('income tax', true)).toBeCloseTo(7_540 + (125_140 - 12_570 - 37_700) * 0.4, 8)
    const poor = family(earner(90_000), untapered)
    expect(poor('income tax', true)).toBe(poor('income tax'))
  })

  it('taxes all general income at one rate above an allowance that is a number', () => {
    const flat = {
      'personal allowance': '15_000',
      'tax on general income': 'max(0, 0.25 * general_income - 0.25 * 15_000)',
    }
    for (const pay of [10_000, 15_000, 40_000, 200_000]) {
      const result = family(earner(pay), flat)
      expect(result('income tax', true), String(pay)).toBeCloseTo(0.25 * Math.max(0, pay - 15_000), 8)
      expect(result('employees national insurance', true)).toBe(result('employees national insurance'))
    }
  })

  it('splits the income of a couple, so that two are taxed as one and one', () => {
    const shared = '(sum(employment_income[*]) - sum(pension_contributions[*]) + sum(other_income[*])) / 2'
    const couple = family(earner(80_000, { persons: 2 }), { 'general income': shared })
    const single = family(earner(40_000), { 'general income': shared })
    expect(couple('income tax', true)).toBeCloseTo(2 * single('income tax'), 8)
    expect(couple('income tax')).toBeCloseTo(19_432, 8)
  })

  it('charges child benefit on the income of both, smoothly, above another threshold', () => {
    const formulas = {
      'charge percentage': 'clamp((sum(adjusted_net_income[*]) - charge_threshold) / charge_step, 0, 100)',
      'high income child benefit charge': 'charge_percentage * child_benefit / 100',
    }
    const unit = { 'employment income[head]': 50_000, 'employment income[partner]': 49_150, children: 2 }
    const result = family(unit, formulas, { 'uk.child_benefit.charge.threshold': [90_000] })
    expect(result('high income child benefit charge')).toBe(0)
    expect(result('charge percentage', true)).toBe(45.75)
    expect(result('high income child benefit charge', true)).toBeCloseTo(0.4575 * 2_212.6, 8)
    expect(result('net income', true)).toBeCloseTo(result('net income') - 0.4575 * 2_212.6, 8)
  })

  it('changes one element of an array and leaves the others', () => {
    const formulas = { 'primary contributions[partner]': '0' }
    const unit = { 'employment income[head]': 30_000, 'employment income[partner]': 30_000 }
    const result = family(unit, formulas)
    expect(result('primary contributions[head]', true)).toBe(result('primary contributions[head]'))
    expect(result('primary contributions[partner]', true)).toBe(0)
    expect(result('employees national insurance', true)).toBeCloseTo(0.08 * (30_000 - 12_570), 8)
  })

  it('changes one element of an array over two dimensions, in another spelling', () => {
    const result = family(
      { married: 1, 'employment income[head]': 5_000, 'employment income[partner]': 30_000 },
      { 'allowance by election[Head, head_gives]': 'personal_allowance[head] - 2000' },
    )
    expect([result('chosen election'), result('income tax')]).toEqual([2, 17_430 * 0.2 - 252])
    expect(result('allowance by election[head,head gives]', true)).toBe(10_570)
    expect(result('allowance by election[head,partner gives]', true)).toBe(12_570)
    expect(result('income tax', true)).toBe(result('income tax'))
  })

  it('changes one element of an array whose elements have formulas of their own', () => {
    const unit = { 'filing status': 2, 'age[head]': 70, 'age[spouse]': 70 }
    const conditions = { 'aged or blind conditions[spouse]': '0' }
    const result = unitResults('us-federal', unit, { year: YEAR, reform: { formulas: conditions } })
    expect(result('standard deduction') - result('standard deduction', true)).toBe(1_550)
  })
})

describe('a formula that cannot take the place of a rule of the United Kingdom', () => {
  const uk = requireRuleSet('uk', 'ruleSet')

  it.each([
    ['speaks of money of another country', 'personal allowance', 'standard_deduction', /standard_deduction is not/],
    ['is in another unit', 'charge percentage', 'adjusted_net_income[head]', /adjusted_net_income\[head\] is in gbp/],
    ['adds persons to money', 'child benefit', 'weeks * child_benefit_rate[eldest]', /child benefit is in gbp/],
    ['names no element of an array', 'income tax', 'income_tax_of_adult', /say which element/],
    ['leads back to itself', 'adjusted net income', 'general_income - high_income_child_benefit_charge', /circle/],
  ])('%s', (_, variable, formula, message) => {
    expect(() => checkFormulaChanges(uk, [{ ruleSet: 'uk', variable, formula }], 'input.formulas')).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        message: expect.stringMatching(message),
        detail: expect.objectContaining({ path: 'input.formulas.0.formula' }),
      }),
    )
  })

  it.each([
    ['an element that is not there', 'general income[partners]', 'did you mean "general income[partner]"?'],
    ['an element of a rule that is no array', 'income tax[head]', undefined],
  ])('is of %s', (_, variable, suggestion) => {
    expect(() => checkFormulaChanges(uk, [{ ruleSet: 'uk', variable, formula: '1' }], 'f')).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        detail: { path: 'f.0.variable', suggestion: suggestion ?? expect.stringMatching(/\w/) },
      }),
    )
  })

  it('is told with the change that it is of, where there are several', () => {
    const changes = [
      { ruleSet: 'uk', variable: 'personal allowance', formula: 'full_personal_allowance' },
      { ruleSet: 'uk', variable: 'primary contributions[head]', formula: 'persons' },
    ]
    expect(() => checkFormulaChanges(uk, changes, 'f')).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ path: 'f.1.formula' }) }),
    )
  })

  it('is of an element that is changed twice, in another spelling', () => {
    const changes = ['general income[head]', 'General_income[ HEAD ]'].map((variable) => ({
      ruleSet: 'uk',
      variable,
      formula: '1',
    }))
    expect(() => checkFormulaChanges(uk, changes, 'f')).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', detail: expect.objectContaining({ path: 'f.1.variable' }) }),
    )
  })
})
