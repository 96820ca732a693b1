import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lower } from '../../../../compute/model/lowering/lower.ts'
import { planHash } from '../../../../compute/model/plan.ts'
import { interpret } from '../../../../compute/reference/interpret.ts'
import { packageFile } from '../../../../infra/paths.ts'
import { type FilingStatus, filingStatusCode } from '../../../../schema/terms/tax.ts'
import { lawOn, type ReformChange, reformedOn } from '../overlay.ts'
import { readTree } from '../read-tree.ts'
import { describeSlice } from './describe.ts'
import { buildSlice, CHANGES, OUTPUTS, resultName, type Side, sliceInputs } from './model.ts'
import { RULES } from './rules.ts'

const tree = readTree(readFileSync(packageFile('subgraphs', 'parameters', 'data', 'us-federal.yaml'), 'utf8'))
const plan = lower(buildSlice())

interface Unit {
  status: FilingStatus
  wages: number
  spouse?: number
  age?: number
  spouseAge?: number
  dependent?: boolean
}

/** Every result of one unit in a year, under the law and under the changes. */
function compute(unit: Unit, year = 2026, changes: readonly ReformChange[] = []) {
  const law = lawOn(tree, `${year}-01-01`)
  const column = (value: number) => Float64Array.of(value)
  const columns = {
    filing_status: column(filingStatusCode(unit.status)),
    age_head: column(unit.age ?? 40),
    age_spouse: column(unit.spouseAge ?? 0),
    is_dependent: column(unit.dependent ? 1 : 0),
    wages_head: column(unit.wages),
    wages_spouse: column(unit.spouse ?? 0),
    weight: column(1),
  }
  const inputs = sliceInputs(law, reformedOn(law, changes, `${year}-01-01`))
  const { values } = interpret({ plan, inputs, series: {} }, columns, { from: 0, to: 1 }, '0')
  return (name: string, side: Side | 'change' = 'baseline') => {
    const index = plan.outputs.findIndex((output) => output.name === resultName(name, side))
    if (index < 0) throw new Error(`no output ${name}@${side}`)
    return values[index]!
  }
}

describe('the slice of US federal tax', () => {
  it('is one plan whatever the reform, the year and the population', () => {
    expect(planHash(lower(buildSlice()))).toBe(planHash(plan))
    expect(plan.tables).toEqual([])
    expect(plan.outputs).toHaveLength(1 + 2 * OUTPUTS.length + CHANGES.length)
  })

  it('cites a statute for every rule, in the model and in its description', () => {
    const { variables } = buildSlice()
    for (const { name } of RULES)
      for (const side of ['baseline', 'reform'] as const)
        expect(variables.find((v) => v.name === resultName(name, side))?.provenance, name).toMatch(/^26 U\.S\.C\. /)
    expect(describeSlice().variables.every((v) => v.reference.startsWith('26 U.S.C. '))).toBe(true)
  })

  it('taxes nothing where there are no wages', () => {
    const result = compute({ status: 'SINGLE', wages: 0 })
    for (const name of ['agi', 'taxable_income', 'income_tax_before_credits', 'payroll_tax', 'net_tax', 'net_income'])
      expect(result(name), name).toBe(0)
  })

  // Worked by hand from the figures of 2026: 100,000 - 16,100 = 83,900; 0.10 * 12,400 + 0.12 * 38,000 + 0.22 * 33,500 = 13,170.
  it('taxes a single person with 100,000 dollars of 2026 as worked by hand', () => {
    const result = compute({ status: 'SINGLE', wages: 100_000 })
    expect(result('taxable_income')).toBe(83_900)
    expect(result('income_tax_before_credits')).toBeCloseTo(13_170, 8)
    expect(result('fica')).toBeCloseTo(15_300, 8)
    expect(result('net_income')).toBeCloseTo(100_000 - 13_170 - 7_650, 8)
  })

  it.each([
    ['SINGLE', 16_100],
    ['JOINT', 32_200],
    ['SEPARATE', 16_100],
    ['HEAD_OF_HOUSEHOLD', 24_150],
    ['SURVIVING_SPOUSE', 32_200],
  ] as const)('gives %s the standard deduction of its status', (status, deduction) => {
    expect(compute({ status, wages: 50_000 })('standard_deduction')).toBe(deduction)
  })

  it('adds to the deduction at 65 and not at 64, and for the spouse on a joint return alone', () => {
    const deduction = (unit: Omit<Unit, 'wages'>) => compute({ wages: 50_000, ...unit })('standard_deduction')
    expect(deduction({ status: 'SINGLE', age: 64 })).toBe(16_100)
    expect(deduction({ status: 'SINGLE', age: 65 })).toBe(16_100 + 2_050)
    expect(deduction({ status: 'JOINT', age: 65, spouseAge: 65 })).toBe(32_200 + 2 * 1_650)
    expect(deduction({ status: 'SEPARATE', age: 65, spouseAge: 70 })).toBe(16_100 + 1_650)
  })

  it('limits the deduction of a dependent to earnings with an addition, between a minimum and the basic deduction', () => {
    const deduction = (wages: number) =>
      compute({ status: 'SINGLE', wages, dependent: true }, 2024)('standard_deduction')
    expect(deduction(0)).toBe(1_300)
    expect(deduction(850)).toBe(1_300)
    expect(deduction(5_000)).toBe(5_450)
    expect(deduction(20_000)).toBe(14_600)
  })

  it('gives seniors 6,000 each from 2025, less 6 cents per dollar above the start, none on a separate return', () => {
    const senior = (unit: Unit, year = 2025) => compute({ age: 70, ...unit }, year)('senior_deduction')
    expect(senior({ status: 'SINGLE', wages: 75_000 })).toBe(6_000)
    expect(senior({ status: 'SINGLE', wages: 75_000 }, 2024)).toBe(0)
    expect(senior({ status: 'SINGLE', wages: 100_000 })).toBeCloseTo(4_500, 8)
    expect(senior({ status: 'SINGLE', wages: 175_000 })).toBe(0)
    expect(senior({ status: 'JOINT', wages: 202_034, spouseAge: 70 })).toBeCloseTo(5_755.92, 8)
    expect(senior({ status: 'SEPARATE', wages: 50_000 })).toBe(0)
  })

  it('holds social security tax to the wage base of each person', () => {
    const fica = (wages: number, spouse: number) => compute({ status: 'JOINT', wages, spouse })('fica')
    const both = 0.124 * 2 * 184_500 + 0.029 * 400_000
    expect(fica(200_000, 200_000)).toBeCloseTo(both, 6)
    expect(fica(400_000, 0)).toBeCloseTo(0.124 * 184_500 + 0.029 * 400_000, 6)
  })

  it('takes additional Medicare tax on the wages of the return above the threshold of its status', () => {
    const additional = (status: FilingStatus, wages: number) => compute({ status, wages })('additional_medicare')
    expect(additional('SINGLE', 200_000)).toBe(0)
    expect(additional('SINGLE', 300_000)).toBeCloseTo(900, 8)
    expect(additional('JOINT', 300_000)).toBeCloseTo(450, 8)
    expect(additional('SEPARATE', 300_000)).toBeCloseTo(1_575, 8)
    expect(additional('SURVIVING_SPOUSE', 300_000)).toBeCloseTo(900, 8)
  })

  it('shows a reform of the top rate as the exact difference for a unit above the bracket, and nothing below', () => {
    const change: ReformChange = {
      parameter: 'us.federal.income_tax.brackets.7.rate',
      from: '2026-01-01',
      to: null,
      values: [0.4],
    }
    const rich = compute({ status: 'SINGLE', wages: 1_000_000 }, 2026, [change])
    expect(rich('net_tax', 'change')).toBeCloseTo(0.03 * (1_000_000 - 16_100 - 640_600), 6)
    expect(rich('net_income', 'change')).toBe(-rich('net_tax', 'change'))
    expect(rich('payroll_tax', 'change')).toBe(0)
    expect(compute({ status: 'SINGLE', wages: 600_000 }, 2026, [change])('net_tax', 'change')).toBe(0)
  })

  it('refuses a law in which a parameter it needs has no value', () => {
    expect(() => sliceInputs(lawOn(tree, '2017-01-01'), lawOn(tree, '2026-01-01'))).toThrow(
      expect.objectContaining({
        code: 'MODEL_INVALID',
        detail: expect.objectContaining({ path: expect.stringMatching(/^us\./) }),
      }),
    )
  })
})
