// The first slice of US federal tax: wages, the standard and senior deductions, the brackets, and payroll tax. One rule, one statute.

import { call, sum, type Term } from '../../../../compute/model/build.ts'
import type { Expression } from '../../../../compute/model/model.ts'
import { FilingStatus } from '../../../../schema/terms/tax.ts'
import { BRACKETS, BY_STATUS, FOR_ALL } from './parameters.ts'

/** Data of a tax unit, one number per lane. */
export interface ColumnRule {
  readonly name: string
  readonly unit: string
  readonly label: string
}

export const COLUMNS: readonly ColumnRule[] = [
  {
    name: 'filing_status',
    unit: 'fraction',
    label: '1 single, 2 joint, 3 separate, 4 head of household, 5 surviving spouse',
  },
  { name: 'age_head', unit: 'year', label: 'Age of the head at the end of the year' },
  { name: 'age_spouse', unit: 'year', label: 'Age of the spouse at the end of the year; 0 without a joint return' },
  { name: 'is_dependent', unit: 'boolean', label: '1 where another may claim the head as a dependent' },
  { name: 'wages_head', unit: 'USD', label: 'Wages of the head' },
  { name: 'wages_spouse', unit: 'USD', label: 'Wages of the spouse; 0 without a joint return' },
  { name: 'weight', unit: 'tax_unit', label: 'Number of tax units that the lane stands for' },
]

/** Names as one law has them: a parameter's value for this unit, and another rule's result under the same law. */
interface Law {
  parameter(id: string): Term
  result(name: string): Term
}

export interface Rule {
  readonly name: string
  readonly unit: string
  readonly label: string
  readonly statute: string
  readonly equation: (law: Law) => Expression
}

/** 26 U.S.C. 63(f)(1) and 151(d)(5)(C)(ii): attained age 65 before the close of the taxable year. */
const AGED = 65

/** Name of the variable that is 1 for a unit of this filing status. */
export const flagName = (status: FilingStatus) => `filing_status/${status}`

const aged = (age: Term) => call('le', AGED, age)
const excess = (x: Term, over: Term) => call('max', 0, call('sub', x, over))

/** min(x, top) - bottom, never less than 0: the part of x inside a bracket. */
const within = (x: Term, bottom: Term, top: Term) => call('max', 0, call('sub', call('min', x, top), bottom))

const rate = (law: Law, n: number) => law.parameter(FOR_ALL.bracketRates[n - 1]!)
const top = (law: Law, n: number) => law.parameter(BY_STATUS.bracketTops[n - 1]!)

/** Tax of bracket n on taxable income. */
function bracketTax(law: Law, n: number): Expression {
  const income = law.result('taxable_income')
  const bottom = n === 1 ? 0 : top(law, n - 1)
  return call('mul', rate(law, n), n === BRACKETS ? excess(income, bottom) : within(income, bottom, top(law, n)))
}

/** Wages of each person up to the wage base. */
const baseWages = (law: Law) =>
  call(
    'add',
    call('min', 'wages_head', law.parameter(FOR_ALL.wageBase)),
    call('min', 'wages_spouse', law.parameter(FOR_ALL.wageBase)),
  )

export const RULES: readonly Rule[] = [
  {
    name: 'agi',
    unit: 'USD',
    label: 'Adjusted gross income: of wages alone',
    statute: '26 U.S.C. 61(a)(1), 62(a)',
    equation: () => call('add', 'wages_head', 'wages_spouse'),
  },
  {
    name: 'aged_persons',
    unit: 'person',
    label: 'Head and, on a joint return, spouse aged 65 or more',
    statute: '26 U.S.C. 63(f)(1)',
    equation: () => call('add', aged('age_head'), call('and', flagName(FilingStatus.JOINT), aged('age_spouse'))),
  },
  {
    name: 'basic_deduction',
    unit: 'USD',
    label: 'Basic standard deduction, limited for a dependent of another',
    statute: '26 U.S.C. 63(c)(2), (5)',
    equation: (law) => {
      const basic = law.parameter(BY_STATUS.basicDeduction)
      const withEarnings = call('add', law.result('agi'), law.parameter(FOR_ALL.dependentAddition))
      const limit = call('max', law.parameter(FOR_ALL.dependentMinimum), withEarnings)
      return call('select', 'is_dependent', call('min', basic, limit), basic)
    },
  },
  {
    name: 'standard_deduction',
    unit: 'USD',
    label: 'Standard deduction with the additions for age',
    statute: '26 U.S.C. 63(c)(1), (f)(1)',
    equation: (law) =>
      call(
        'add',
        law.result('basic_deduction'),
        call('mul', law.result('aged_persons'), law.parameter(BY_STATUS.agedAddition)),
      ),
  },
  {
    name: 'senior_deduction',
    unit: 'USD',
    label: 'Deduction for persons aged 65 or more, 2025 to 2028; none on a separate return',
    statute: '26 U.S.C. 151(d)(5)(C)',
    equation: (law) => {
      const over = excess(law.result('agi'), law.parameter(BY_STATUS.seniorStart))
      const each = excess(law.parameter(FOR_ALL.seniorAmount), call('mul', law.parameter(FOR_ALL.seniorRate), over))
      return call('select', flagName(FilingStatus.SEPARATE), 0, call('mul', law.result('aged_persons'), each))
    },
  },
  {
    name: 'taxable_income',
    unit: 'USD',
    label: 'Taxable income',
    statute: '26 U.S.C. 63(b)',
    equation: (law) =>
      excess(law.result('agi'), call('add', law.result('standard_deduction'), law.result('senior_deduction'))),
  },
  {
    name: 'income_tax_before_credits',
    unit: 'USD',
    label: 'Income tax by the brackets, before credits',
    statute: '26 U.S.C. 1(a)-(d), (j)',
    equation: (law) => sum(Array.from({ length: BRACKETS }, (_, i) => bracketTax(law, i + 1))),
  },
  {
    name: 'social_security_employee',
    unit: 'USD',
    label: 'Social security tax on employees',
    statute: '26 U.S.C. 3101(a), 3121(a)(1)',
    equation: (law) => call('mul', law.parameter(FOR_ALL.socialSecurityEmployee), baseWages(law)),
  },
  {
    name: 'social_security_employer',
    unit: 'USD',
    label: 'Social security tax on employers',
    statute: '26 U.S.C. 3111(a), 3121(a)(1)',
    equation: (law) => call('mul', law.parameter(FOR_ALL.socialSecurityEmployer), baseWages(law)),
  },
  {
    name: 'medicare_employee',
    unit: 'USD',
    label: 'Hospital insurance tax on employees',
    statute: '26 U.S.C. 3101(b)(1)',
    equation: (law) => call('mul', law.parameter(FOR_ALL.medicareEmployee), law.result('agi')),
  },
  {
    name: 'medicare_employer',
    unit: 'USD',
    label: 'Hospital insurance tax on employers',
    statute: '26 U.S.C. 3111(b)',
    equation: (law) => call('mul', law.parameter(FOR_ALL.medicareEmployer), law.result('agi')),
  },
  {
    name: 'fica',
    unit: 'USD',
    label: 'Social security and hospital insurance tax, both halves',
    statute: '26 U.S.C. 3101, 3111',
    equation: (law) =>
      sum(
        ['social_security_employee', 'social_security_employer', 'medicare_employee', 'medicare_employer'].map(
          law.result,
        ),
      ),
  },
  {
    name: 'additional_medicare',
    unit: 'USD',
    label: 'Additional Medicare tax on the wages of the return',
    statute: '26 U.S.C. 3101(b)(2)',
    equation: (law) =>
      call(
        'mul',
        law.parameter(FOR_ALL.additionalMedicareRate),
        excess(law.result('agi'), law.parameter(BY_STATUS.additionalMedicareThreshold)),
      ),
  },
  {
    name: 'payroll_tax',
    unit: 'USD',
    label: 'Payroll tax: both halves and additional Medicare tax',
    statute: '26 U.S.C. 3101, 3111',
    equation: (law) => call('add', law.result('fica'), law.result('additional_medicare')),
  },
  {
    name: 'net_tax',
    unit: 'USD',
    label: 'Income tax before credits and payroll tax',
    statute: '26 U.S.C. 1, 3101, 3111',
    equation: (law) => call('add', law.result('income_tax_before_credits'), law.result('payroll_tax')),
  },
  {
    name: 'net_income',
    unit: 'USD',
    label: 'Wages less income tax before credits and less what employees pay of payroll tax',
    statute: '26 U.S.C. 1, 3101',
    equation: (law) =>
      call(
        'sub',
        law.result('agi'),
        sum(
          ['income_tax_before_credits', 'social_security_employee', 'medicare_employee', 'additional_medicare'].map(
            law.result,
          ),
        ),
      ),
  },
]
