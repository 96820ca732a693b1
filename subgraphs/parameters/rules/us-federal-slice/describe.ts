// The slice in words: its id, what it leaves out, its variables with their statutes.
import { SLICE_ID, SLICE_YEARS } from './model.ts'
import { COLUMNS, RULES } from './rules.ts'

export function describeSlice() {
  return {
    id: SLICE_ID,
    title: 'US federal tax on wages: first slice',
    description:
      'Wages, standard deduction with the additions for age and the limit for dependents, senior deduction, income tax brackets, social security, ' +
      'hospital insurance and additional Medicare tax. Left out: other income, itemized deductions, blindness, credits and the alternative minimum tax. ' +
      'Amounts are not rounded. Checked to the cent against an independent engine for wage earners, 2022 to 2026.',
    firstYear: SLICE_YEARS.first,
    lastYear: SLICE_YEARS.last,
    data: COLUMNS.map((column) => ({ ...column, reference: null })),
    variables: RULES.map(({ name, unit, label, statute }) => ({ name, unit, label, reference: statute })),
  }
}
