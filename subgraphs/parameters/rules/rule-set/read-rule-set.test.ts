// What rule sets may have beside the usual, and where their faults are said to stand.
import { describe, expect, it } from 'vitest'
import { SMALL_FILES, SMALL_TREE_TEXT, smallTree } from '../../../../test/support/small-rules.ts'
import { readTree } from '../read-tree.ts'
import { readRuleSet, type TextFile } from './read-rule-set.ts'

const [HEAD, RULES] = SMALL_FILES as [TextFile, TextFile]
const changed = ({ path, text }: TextFile, from: string, to: string): TextFile => {
  if (!text.includes(from)) throw new Error(`there is no ${from} in ${path}`)
  return { path, text: text.replace(from, to) }
}
const more = (variables: string, rest = ''): TextFile => ({
  path: 'more.yaml',
  text: `doc: More of it.\n${rest}variables:\n${variables}`,
})
const faultOf = (files: readonly TextFile[], tree = smallTree()) => {
  try {
    readRuleSet(files, tree)
  } catch (error) {
    return error as { code: string; message: string; detail: Record<string, unknown> }
  }
  throw new Error('there is no fault')
}

const OWN_TREE = readTree(
  SMALL_TREE_TEXT.replace('scales:', 'vectors: { REGION: [north, south] }\nscales:').replace(
    'parameters:\n',
    'parameters:\n  - { id: small.levy, label: Levy, unit: USD, by: REGION, references: [Act 1], values: [{ from: 2020-01-01, value: [5, 7] }] }\n',
  ),
)
const LEVY = more(
  '  regional levy: { formula: "levy[region + 1]", unit: USD, doc: Levy of the region, provenance: s. 6 }',
  'parameters: { levy: levy }\n',
)

describe('a rule set', () => {
  it('has dimensions for the vectors that its tree names', () => {
    const head = changed(HEAD, 'vectors: { FILING', 'vectors: { REGION: part, FILING')
    const rules = readRuleSet([changed(head, 'dimensions: {', 'dimensions: { part: [n, s],'), RULES, LEVY], OWN_TREE)
    expect(rules.parameters.find(({ name }) => name === 'levy')).toEqual({
      name: 'levy',
      id: 'small.levy',
      unit: 'USD',
      inputs: ['levy[n]', 'levy[s]'],
    })
  })

  it('may have schedules and tables of its own, which are read by rules and are none', () => {
    const file = more(
      [
        'two rates: { schedule: [[0, 0.1], [allowance, 0.2]], unit: fraction, doc: Rates, provenance: s. 7 }',
        'other tax: { formula: "marginal(two_rates, market_income)", unit: USD, doc: Tax, provenance: s. 7 }',
      ]
        .map((line) => `  ${line}`)
        .join('\n'),
    )
    const { rules, model } = readRuleSet([HEAD, RULES, file], smallTree())
    expect(rules.map(({ name }) => name)).toContain('other tax')
    expect(rules.map(({ name }) => name)).not.toContain('two rates')
    expect(model.outputs).not.toContain('two rates')
  })
})

describe('a fault of rule files', () => {
  it('stands in the file of the rule, with line and column', () => {
    const file = more('  a: { formula: "1 + taxes", unit: USD, doc: A, provenance: s. 8 }')
    expect(faultOf([HEAD, RULES, file])).toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('more.yaml: a: '),
      detail: { file: 'more.yaml', line: 3, column: 22, path: 'a' },
    })
  })

  it('of an element of an array stands in the file of the array', () => {
    const file = more('  a: { formula: wages + children, dimensions: [adult], unit: USD, doc: A, provenance: s. 8 }')
    const { detail } = faultOf([HEAD, RULES, file])
    expect(detail['faults']).toEqual(expect.arrayContaining([expect.objectContaining({ file: 'more.yaml' })]))
  })

  it('is told with those of the other files', () => {
    const files = [HEAD, changed(RULES, 'allowance: allowance', 'allowance: none'), more('  a: { formula: "1 +" }')]
    const { message, detail } = faultOf(files)
    expect(message).toMatch(/^rules\.yaml: .* \(and 1 more\)$/)
    expect((detail['faults'] as { file: string }[]).map(({ file }) => file)).toEqual(['rules.yaml', 'more.yaml'])
  })

  it.each([
    ['another tree', changed(HEAD, 'tree: small', 'tree: large'), /rule-set\.yaml: .*the tree is large, .* small/],
    ['another currency', changed(HEAD, 'currency: USD', 'currency: GBP'), /the currency is GBP, .* USD/],
  ])('is %s than that of the parameters', (_, head, message) => {
    expect(faultOf([head, RULES]).message).toMatch(message)
  })

  it.each([
    ['no dimension for a vector', HEAD, /differs by REGION, for which the rule set names no dimension/],
    [
      'a dimension that is not there',
      changed(HEAD, 'vectors: { FILING', 'vectors: { REGION: part, FILING'),
      /no dimension part, which is to stand for REGION/,
    ],
    [
      'a dimension of another length',
      changed(HEAD, 'vectors: { FILING', 'vectors: { REGION: status, FILING'),
      /has 2 values by REGION, the dimension status 5 elements/,
    ],
  ])('is %s', (_, head, message) => {
    const fault = faultOf([head, RULES, LEVY], OWN_TREE)
    expect(fault.message).toMatch(message)
    expect(fault.detail).toMatchObject({
      file: 'more.yaml',
      line: 2,
      suggestion: expect.stringMatching(/REGION|part|north/),
    })
  })
})
