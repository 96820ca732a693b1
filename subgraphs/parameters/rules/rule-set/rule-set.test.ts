// Rule sets: read from their files, compiled under several laws, refused where something is missing.
import { describe, expect, it } from 'vitest'
import { call, expression } from '../../../../compute/model/build.ts'
import { lower } from '../../../../compute/model/lowering/lower.ts'
import { interpret } from '../../../../compute/reference/interpret.ts'
import { SMALL_FILES, smallRules, smallTree } from '../../../../test/support/small-rules.ts'
import { lawOn } from '../overlay.ts'
import { checkFormulaChanges } from './formula-changes.ts'
import { dayOf, ruleInputs } from './rule-inputs.ts'
import { type OtherLaw, ruleModel, type Side, withOutputs } from './rule-model.ts'

const rules = smallRules()
const law = lawOn(smallTree(), '2024-01-01')

/** One unit's results by name. */
function compute(unit: Record<string, number>, outputs: readonly [string, string?][], sides: Side[] = [], other = law) {
  const { model, resultOf } = ruleModel(rules, sides)
  const names = outputs.map(([name, side]) => resultOf(name, side))
  const plan = lower(withOutputs(model, names, 'outputs'))
  const laws = [
    { name: null, values: law },
    ...sides.flatMap((s) => (s.law ? [{ name: s.law.name, values: other }] : [])),
  ]
  const columns = Object.fromEntries(
    rules.columns.map(({ name, default: usual }) => [name, Float64Array.of(unit[name] ?? usual ?? 0)]),
  )
  const { values } = interpret(
    { plan, inputs: ruleInputs(rules, plan, laws), series: {} },
    columns,
    { from: 0, to: 1 },
    '0',
  )
  return names.map((name) => values[plan.outputs.findIndex((output) => output.name === name)]!)
}

const changed = (id: string, values: readonly number[]) => new Map([...law, [id, values]])
const reform = (more: Partial<OtherLaw> = {}): Side => ({
  name: 'reform',
  law: { name: 'reform', parameters: [], formulas: [], ...more },
})

describe('a rule set', () => {
  it('names its columns, parameters and rules, of arrays the elements', () => {
    expect(rules.columns.map(({ name }) => name)).toContain('wages[spouse]')
    expect(rules.parameters.find(({ name }) => name === 'brackets top 1')).toMatchObject({
      id: 'small.brackets.1.top',
      inputs: expect.arrayContaining(['brackets top 1[single]', 'brackets top 1[head of household]']),
    })
    expect(rules.rules.find(({ name }) => name === 'taxable')).toEqual({
      name: 'taxable',
      unit: 'USD',
      label: 'Wages above the allowance',
      reference: 's. 2',
      formula: 'max(0, wages - allowance)',
      file: 'rules.yaml',
      elements: ['taxable[head]', 'taxable[spouse]'],
    })
    expect(rules.population.earnings).toEqual(['wages[head]', 'wages[spouse]'])
  })

  it('computes a unit by the parameters of its status', () => {
    const unit = { 'wages[head]': 21_000, 'wages[spouse]': 6000, children: 2 }
    // 20,000 + 5,000 taxable; single: 2,000 + 0.4 * 15,000, joint: 4,000 + 0.4 * 5,000.
    expect(compute(unit, [['tax'], ['benefit'], ['net income']])).toEqual([8000, 400, 27_000 - 8000 + 400])
    expect(compute({ ...unit, 'filing status': 2 }, [['tax']])).toEqual([6000])
  })

  it('computes a reform of a parameter beside the law, and what it does not touch once', () => {
    const side = reform({ parameters: ['small.allowance'] })
    const { model, resultOf } = ruleModel(rules, [side])
    expect(resultOf('tax', 'reform')).toBe('tax @ reform')
    expect(resultOf('market income', 'reform')).toBe('market income')
    expect(model.variables.filter(({ name }) => name.startsWith('market income'))).toHaveLength(1)
    const unit = { 'wages[head]': 9000 }
    expect(compute(unit, [['tax'], ['tax', 'reform']], [side], changed('small.allowance', [4000]))).toEqual([
      1600, 1000,
    ])
  })

  it('computes a reform that replaces a formula', () => {
    const formulas = [{ ruleSet: 'small', variable: 'Benefit', formula: 'children * benefit_per_child / one_child' }]
    checkFormulaChanges(rules, formulas, 'input.formulas')
    const unit = { 'wages[head]': 9000, children: 1 }
    expect(compute(unit, [['benefit'], ['benefit', 'reform'], ['tax', 'reform']], [reform({ formulas })])).toEqual([
      600 - 160,
      600,
      1600,
    ])
  })

  it('computes the same law with other data, which may read another side', () => {
    const more = call('add', 'wages[head]', 100)
    const step: Side = { name: 'step', law: null, data: { 'wages[head]': more } }
    const twice: Side = { name: 'twice', law: null, data: { 'wages[head]': call('add', 'wages[head]', 'tax @ step') } }
    const unit = { 'wages[head]': 9000 }
    expect(compute(unit, [['tax'], ['tax', 'step'], ['wages[head]', 'twice']], [step, twice])).toEqual([
      1600, 1620, 10_620,
    ])
  })

  it('folds a column that is the same for every unit', () => {
    const { model } = ruleModel(rules, [], { children: 0, 'wages[spouse]': 0 })
    const plan = lower(withOutputs(model, ['net income'], 'outputs'))
    expect(plan.columns.map(({ name }) => name).sort()).toEqual(['filing status', 'wages[head]'])
  })

  it('refuses a year that it is not for, a parameter without a value and an unknown output', () => {
    expect(() => dayOf(rules, 2031, 'year')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    const { model } = ruleModel(rules, [])
    const plan = lower(withOutputs(model, ['tax'], 'outputs'))
    const without = new Map([...law].filter(([id]) => id !== 'small.allowance'))
    expect(() => ruleInputs(rules, plan, [{ name: null, values: without }])).toThrow(/small\.allowance/)
    expect(() => withOutputs(model, ['net incom'], 'outputs')).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ suggestion: 'did you mean "net income"?' }) }),
    )
  })

  it('holds the largest number for an infinite threshold', () => {
    const side = reform({ parameters: ['small.brackets.1.top'] })
    const infinite = changed('small.brackets.1.top', new Array(5).fill(Number.POSITIVE_INFINITY))
    expect(compute({ 'wages[head]': 21_000 }, [['tax', 'reform']], [side], infinite)).toEqual([4000])
  })
})

describe('a fault of a rule set', () => {
  const withRules = (text: string) => () => smallRules([SMALL_FILES[0]!, { path: 'rules.yaml', text }])
  const rest = SMALL_FILES[1]!.text

  it.each([
    ['a rule without its statute', rest.replace(', provenance: s. 5', ''), /rules\.yaml: net income: .* no provenance/],
    [
      'an unknown parameter',
      rest.replace('allowance: allowance', 'allowance: allowanc'),
      /no parameter small\.allowanc/,
    ],
    ['an unknown scale', rest.replace('brackets: brackets', 'brackets: bracket'), /no scale small\.bracket/],
    ['a name that stands for nothing', rest.replace('- tax + benefit', '- taxes + benefit'), /taxes is not declared/],
    [
      'units that do not fit',
      rest.replace('market_income - tax', 'market_income - children'),
      /they do not go together/,
    ],
  ])('is %s', (_, text, message) => {
    expect(withRules(text)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(message) }),
    )
  })

  it.each([
    ['an unknown rule', { variable: 'taxx', formula: '1' }, 'NOT_FOUND', 'f.0.variable'],
    ['a formula that is none', { variable: 'tax', formula: '1 +' }, 'BAD_INPUT', 'f.0.formula'],
    ['a circle', { variable: 'tax', formula: 'benefit' }, 'BAD_INPUT', 'f.0.formula'],
    ['another unit', { variable: 'tax', formula: 'children' }, 'BAD_INPUT', 'f.0.formula'],
  ])('of a replaced formula is %s', (_, change, code, path) => {
    expect(() => checkFormulaChanges(rules, [{ ruleSet: 'small', ...change }], 'f')).toThrow(
      expect.objectContaining({ code, detail: expect.objectContaining({ path }) }),
    )
  })

  it('is two sides of one name', () => {
    const side: Side = { name: 'a', law: null, data: { children: expression(1) } }
    expect(() => ruleModel(rules, [side, side])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  })
})
