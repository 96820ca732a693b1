// The parameters that the slice of US federal tax uses, by the names its rules have for them.

const income = 'us.federal.income_tax'
const payroll = 'us.federal.payroll_tax'
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

export const BRACKETS = 7

/** By filing status. */
export const BY_STATUS = {
  bracketTops: numbers(BRACKETS - 1).map((n) => `${income}.brackets.${n}.top`),
  basicDeduction: `${income}.standard_deduction.basic`,
  agedAddition: `${income}.standard_deduction.aged_or_blind`,
  seniorStart: `${income}.senior_deduction.phase_out_start`,
  additionalMedicareThreshold: `${payroll}.additional_medicare.threshold`,
} as const

/** The same for everyone. */
export const FOR_ALL = {
  bracketRates: numbers(BRACKETS).map((n) => `${income}.brackets.${n}.rate`),
  dependentMinimum: `${income}.standard_deduction.dependent_minimum`,
  dependentAddition: `${income}.standard_deduction.dependent_earned_income_addition`,
  seniorAmount: `${income}.senior_deduction.amount`,
  seniorRate: `${income}.senior_deduction.phase_out_rate`,
  wageBase: `${payroll}.social_security.wage_base`,
  socialSecurityEmployee: `${payroll}.social_security.employee_rate`,
  socialSecurityEmployer: `${payroll}.social_security.employer_rate`,
  medicareEmployee: `${payroll}.medicare.employee_rate`,
  medicareEmployer: `${payroll}.medicare.employer_rate`,
  additionalMedicareRate: `${payroll}.additional_medicare.rate`,
} as const

export const STATUS_PARAMETERS: readonly string[] = Object.values(BY_STATUS).flat()
export const PLAIN_PARAMETERS: readonly string[] = Object.values(FOR_ALL).flat()

/** Ids of all parameters that the slice uses. */
export const SLICE_PARAMETERS: ReadonlySet<string> = new Set([...STATUS_PARAMETERS, ...PLAIN_PARAMETERS])
