// Names as people write them, and what reads what.
import { describe, expect, it } from 'vitest'
import { littleRules } from '../../../../test/support/little-rules.ts'
import { dependenciesOf } from './dependencies.ts'
import { findColumn, findVariable, findVariables } from './find-variables.ts'

const rules = littleRules()

describe('a name', () => {
  it('is found whatever its case and blanks, an array by its elements, each once', () => {
    const names = findVariables(rules, ['INCOME_TAX', 'taxable', 'Taxable[ head ]', 'wages[spouse]'], 'names')
    expect(names.map(({ name, kind }) => [name, kind])).toEqual([
      ['income tax', 'RULE'],
      ['taxable[head]', 'RULE'],
      ['taxable[spouse]', 'RULE'],
      ['wages[spouse]', 'COLUMN'],
    ])
    expect(findColumn(rules, 'Filing status', 'over')).toMatchObject({ name: 'filing status', max: 5 })
  })

  it.each([
    ['of nothing', () => findVariables(rules, ['grant', 'grnt'], 'names'), 'NOT_FOUND', 'names.1', /"grant"/],
    ['of an array', () => findVariable(rules, 'taxable', 'of'), 'BAD_INPUT', 'of', /taxable\[spouse\]/],
    ['of a rule, as a column', () => findColumn(rules, 'grant', 'over'), 'NOT_FOUND', 'over', /./],
    ['of an array of columns', () => findColumn(rules, 'wages', 'over'), 'BAD_INPUT', 'over', /wages\[head\]/],
    ['of no column', () => findColumn(rules, 'wages[haed]', 'over'), 'NOT_FOUND', 'over', /wages\[head\]/],
  ])('%s is a fault with its place', (_, find, code, path, suggestion) => {
    expect(find).toThrow(
      expect.objectContaining({
        code,
        detail: expect.objectContaining({ path, suggestion: expect.stringMatching(suggestion) }),
      }),
    )
  })
})

describe('dependencies', () => {
  it('go through macros and brackets to rules, data and parameters', () => {
    expect(dependenciesOf(rules, 'child credit')).toEqual({
      dependsOn: ['children', 'market income'],
      parameters: ['little.credit', 'little.withdrawal_rate', 'little.withdrawal_start'],
      usedBy: ['income tax'],
    })
    expect(dependenciesOf(rules, 'tax before credit')).toMatchObject({
      dependsOn: ['filing status', 'taxable'],
      parameters: ['little.brackets.1.rate', 'little.brackets.2.rate', 'little.brackets.1.top'],
    })
  })

  it('of a datum are the rules that read it, of arrays each once', () => {
    expect(dependenciesOf(rules, 'wages[spouse]')).toEqual({
      dependsOn: [],
      parameters: [],
      usedBy: ['market income', 'taxable'],
    })
    expect(dependenciesOf(rules, 'none')).toEqual({ dependsOn: [], parameters: [], usedBy: [] })
  })
})
