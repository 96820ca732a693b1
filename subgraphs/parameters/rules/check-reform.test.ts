import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../infra/paths.ts'
import { type QuesnayError } from '../../../schema/errors.ts'
import { type ChangeInput, checkReform, MAX_CHANGES } from './check-reform.ts'
import { readTree } from './read-tree.ts'
import { ruleSetsOver } from './rule-set/shipped.ts'

const tree = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))

const rules = ruleSetsOver('us-federal')

const TOP_RATE = 'us.federal.income_tax.brackets.7.rate'
const DEDUCTION = 'us.federal.income_tax.standard_deduction.basic'
const TOP = 'us.federal.income_tax.brackets.1.top'
const CREDIT = 'us.federal.income_tax.earned_income_credit.maximum'

const topRate = (change: Partial<ChangeInput> = {}): ChangeInput => ({
  parameter: TOP_RATE,
  from: '2026',
  value: 39.6,
  unit: 'percent',
  ...change,
})

function errorOf(...inputs: ChangeInput[]): QuesnayError {
  try {
    checkReform(tree, inputs, rules)
  } catch (error) {
    return error as QuesnayError
  }
  throw new Error('nothing was thrown')
}

const codesOf = (...inputs: ChangeInput[]) => checkReform(tree, inputs, rules).findings.map((finding) => finding.code)

describe('checkReform', () => {
  it('converts a change to the unit of its parameter', () => {
    expect(checkReform(tree, [topRate()], rules)).toEqual({
      changes: [{ parameter: TOP_RATE, from: '2026-01-01', to: null, values: [0.396] }],
      findings: [],
    })
  })

  it('sets one cell and leaves the others to the law', () => {
    const { changes } = checkReform(
      tree,
      [
        { parameter: DEDUCTION, from: '2026', to: '2027', value: 40_000, status: 'JOINT', unit: 'USD' },
        { parameter: CREDIT, from: '2026', value: 9_000, children: 3, unit: 'USD' },
      ],
      rules,
    )
    expect(changes.map((change) => change.values)).toEqual([
      [null, 40_000, null, null, null],
      [null, null, null, 9_000],
    ])
    expect(changes[0]?.to).toBe('2027-12-31')
  })

  it('takes a list of all cells', () => {
    const values = [20_000, 40_000, 20_000, 30_000, 40_000]
    expect(
      checkReform(tree, [{ parameter: DEDUCTION, from: '2026', values, unit: 'USD' }], rules).changes[0]?.values,
    ).toEqual(values)
  })

  it('answers an unknown parameter with the one spelt most alike', () => {
    expect(errorOf(topRate({ parameter: 'us.federal.income_tax.bracket.7.rate' }))).toMatchObject({
      code: 'NOT_FOUND',
      detail: { path: 'input.changes.0.parameter', suggestion: `did you mean "${TOP_RATE}"?` },
    })
  })

  it('answers a unit that does not fit with UNIT_MISMATCH and the unit wanted', () => {
    expect(errorOf(topRate({ unit: 'USD' }))).toMatchObject({
      code: 'UNIT_MISMATCH',
      detail: { path: 'input.changes.0.unit', given: 'USD', wanted: 'fraction' },
    })
  })

  it.each([
    ['NaN', topRate({ value: Number.NaN }), 'input.changes.0.value'],
    ['infinity', topRate({ value: Number.POSITIVE_INFINITY }), 'input.changes.0.value'],
    ['a date that does not exist', topRate({ from: '2026-02-30' }), 'input.changes.0.from'],
    ['an end before the start', topRate({ to: '2025' }), 'input.changes.0.to'],
    ['neither value nor values', topRate({ value: null }), 'input.changes.0'],
    ['both value and values', topRate({ values: [0.4] }), 'input.changes.0'],
    ['a status of a parameter without', topRate({ status: 'JOINT' }), 'input.changes.0.status'],
    ['children of a parameter without', topRate({ children: 1 }), 'input.changes.0.children'],
    ['too few values', { parameter: DEDUCTION, from: '2026', values: [1, 2], unit: 'USD' }, 'input.changes.0.values'],
    [
      'a number of children that has no cell',
      { parameter: CREDIT, from: '2026', value: 1, children: 4, unit: 'USD' },
      'input.changes.0.children',
    ],
    ['a unit that is none', topRate({ unit: '%%/' }), 'input.changes.0.unit'],
    [
      'half a yes',
      {
        parameter: 'us.federal.income_tax.child_tax_credit.fully_refundable',
        from: '2026',
        value: 0.5,
        unit: 'boolean',
      },
      'input.changes.0.value',
    ],
  ])('refuses %s with BAD_INPUT and the path of the fault', (_, input, path) => {
    const error = errorOf(input as ChangeInput)
    expect(error).toMatchObject({ code: 'BAD_INPUT', detail: { path, suggestion: expect.stringMatching(/\w/) } })
  })

  it('lists every fault of a reform at once', () => {
    const error = errorOf(
      topRate(),
      topRate({ unit: 'USD' }),
      topRate({ parameter: 'us.federal.nothing' }),
      topRate({ from: 'soon' }),
    )
    expect(error.code).toBe('UNIT_MISMATCH')
    expect((error.detail.faults as { code: string; path: string }[]).map(({ code, path }) => [code, path])).toEqual([
      ['UNIT_MISMATCH', 'input.changes.1.unit'],
      ['NOT_FOUND', 'input.changes.2.parameter'],
      ['BAD_INPUT', 'input.changes.3.from'],
    ])
  })

  it('refuses a reform without changes', () => {
    expect(errorOf()).toMatchObject({ code: 'BAD_INPUT', detail: { path: 'input.changes' } })
  })

  it('refuses more changes than it takes', () => {
    expect(errorOf(...Array.from({ length: MAX_CHANGES + 1 }, () => topRate()))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      detail: { limit: MAX_CHANGES },
    })
  })

  it('refuses a bracket that would end below the one before', () => {
    expect(errorOf({ parameter: TOP, from: '2025', value: 60_000, status: 'SINGLE', unit: 'USD' })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('on 2025-01-01 bracket 2'),
      detail: { path: 'input.changes.0', suggestion: expect.stringContaining('brackets.2.top') },
    })
  })

  it('refuses a bracket that a later change of the law would overtake', () => {
    // In 2026 the second bracket ends at 50,400 for single, in 2025 at 48,475: 50,000 fits only 2026.
    expect(() =>
      checkReform(tree, [{ parameter: TOP, from: '2026', value: 50_000, status: 'SINGLE', unit: 'USD' }], rules),
    ).not.toThrow()
    expect(
      errorOf(
        { parameter: TOP, from: '2024', value: 47_000, status: 'SINGLE', unit: 'USD' },
        {
          parameter: 'us.federal.income_tax.brackets.2.top',
          from: '2026',
          value: 46_000,
          status: 'SINGLE',
          unit: 'USD',
        },
      ),
    ).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('on 2026-01-01') })
  })
})

describe('the findings of checkReform', () => {
  it('warn of a percentage given as a fraction', () => {
    const { findings } = checkReform(tree, [topRate({ value: 39.6, unit: 'fraction' })], rules)
    expect(findings).toEqual([
      expect.objectContaining({ severity: 'WARNING', code: 'OUT_OF_RANGE', path: 'input.changes.0' }),
    ])
  })

  it('say where a change equals the law', () => {
    expect(codesOf(topRate({ value: 37 }))).toEqual(['SAME_AS_LAW'])
  })

  it('warn where one value is set for every filing status', () => {
    expect(codesOf({ parameter: DEDUCTION, from: '2026', value: 20_000, unit: 'USD' })).toEqual(['ONE_VALUE_FOR_ALL'])
  })

  it('warn where a change starts within a tax year', () => {
    expect(codesOf(topRate({ from: '2025-07' }))).toEqual(['STARTS_IN_YEAR'])
  })

  it('warn where no figures exist for the span of a change', () => {
    expect(codesOf(topRate({ from: '2030' }))).toEqual(['NOT_COVERED'])
    expect(codesOf(topRate({ from: '2010', to: '2012' }))).toEqual(['NOT_COVERED'])
  })

  it('warn where no rules over the tree use a parameter, and name these', () => {
    const rebate = { parameter: 'us.federal.income_tax.recovery_rebate.amount', from: '2026', value: 1400, unit: 'USD' }
    const { findings } = checkReform(tree, [rebate], rules)
    expect(findings).toEqual([
      expect.objectContaining({ code: 'NOT_IN_RULES', message: expect.stringMatching(/^the rules us-federal do not/) }),
    ])
    expect(checkReform(tree, [rebate], []).findings).toEqual([])
  })

  it('warn by the day of the year whose law counts', () => {
    const april = [{ ...rules[0]!, lawOf: '04-06' }]
    const from = (day: string) => checkReform(tree, [topRate({ from: day })], april).findings
    expect(from('2025-04-06')).toEqual([])
    expect(from('2025-04-01')[0]?.message).toMatch(/law of its 6 April: .* counts from 2025$/)
    expect(from('2025-05-01')[0]?.message).toMatch(/counts from 2026$/)
  })

  it('warn where two changes set the same cell on the same days, and not where they set different cells', () => {
    expect(codesOf(topRate({ from: '2025' }), topRate({ value: 45 }))).toEqual(['OVERLAP'])
    expect(codesOf(topRate({ from: '2025', to: '2025' }), topRate({ value: 45 }))).toEqual([])
    const deduction = { parameter: DEDUCTION, from: '2026', value: 40_000, unit: 'USD' } as const
    expect(codesOf({ ...deduction, status: 'JOINT' }, { ...deduction, status: 'SINGLE' })).toEqual([])
  })
})
