// What others call columns and rules: read with its place in the file, held to the names of the rule set.
import { describe, expect, it } from 'vitest'
import { littleRules } from '../../../../test/support/little-rules.ts'
import { readMapping } from './mappings.ts'
import { mappingsOf, requireRuleSet, ruleSetIds } from './shipped.ts'

const read = (text: string) => readMapping('theirs', text, littleRules())

it('maps names to elements, in another unit by a factor', () => {
  expect(
    read(`
identifier: ID
totals: { W: [w1, w2] }
inputs: { MARS: Filing_Status, w1: "wages[head]", w2: { ours: "wages[spouse]", factor: 1000 } }
outputs: { tax: income tax, t1: "taxable[head]" }
`),
  ).toEqual({
    name: 'theirs',
    identifier: 'ID',
    totals: [{ total: 'W', parts: ['w1', 'w2'] }],
    inputs: [
      { theirs: 'MARS', ours: 'filing status', factor: 1 },
      { theirs: 'w1', ours: 'wages[head]', factor: 1 },
      { theirs: 'w2', ours: 'wages[spouse]', factor: 1000 },
    ],
    outputs: [
      { theirs: 'tax', ours: 'income tax' },
      { theirs: 't1', ours: 'taxable[head]' },
    ],
  })
})

it('may map nothing', () => {
  expect(read('inputs: {}')).toEqual({ name: 'theirs', identifier: null, totals: [], inputs: [], outputs: [] })
})

describe('a fault of a mapping', () => {
  it.each([
    ['a column that there is not', 'inputs: { w: "wages[heed]" }', /line 1, column 14: .*wages\[heed\]/],
    ['a rule as a column', 'inputs: { t: income tax }', /income tax is computed/],
    ['a whole array', 'outputs: { t: taxable }', /taxable is an array/],
    ['a factor of nothing', 'inputs: { w: { ours: "wages[head]", factor: 0 } }', /leaves nothing/],
    ['a factor of nobody', 'inputs: { w: { factor: 2 } }', /does not say which column/],
    ['an unknown key', 'input: {}', /"input" is not known/],
  ])('is %s', (_, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(message) }),
    )
  })
})

it('is read of every shipped rule set', () => {
  for (const id of ruleSetIds())
    for (const { inputs } of mappingsOf(requireRuleSet(id, 'id'))) expect(inputs).not.toEqual([])
})
