// Enums of the tax domain in the graph.
import { registerEnumType } from 'type-graphql'
import { FilingStatus, ParameterVector, Programme } from '../../../schema/terms/tax.ts'

registerEnumType(FilingStatus, {
  name: 'FilingStatus',
  description: 'Filing status of a tax return (26 U.S.C. 1 and 2).',
  valuesConfig: {
    SINGLE: { description: 'Unmarried.' },
    JOINT: { description: 'Married, on one return together.' },
    SEPARATE: { description: 'Married, on a return of one spouse.' },
    HEAD_OF_HOUSEHOLD: { description: 'Unmarried, keeping a home for a qualifying person.' },
    SURVIVING_SPOUSE: { description: 'Widowed in the last two years, with a dependent child.' },
  },
})

registerEnumType(ParameterVector, {
  name: 'ParameterVector',
  description: 'What the values of a parameter differ by.',
  valuesConfig: {
    NONE: { description: 'One value for all.' },
    FILING_STATUS: { description: 'One value for each filing status.' },
    CHILDREN: { description: 'One value for 0, 1, 2, and 3 or more children.' },
    OWN: { description: 'One value for each cell of a list that the tree names; see vector and cells.' },
  },
})

registerEnumType(Programme, {
  name: 'Programme',
  description: 'A heading of the budget.',
  valuesConfig: {
    INCOME_TAX: { description: 'Individual income tax before credits.' },
    PAYROLL_TAX: {
      description: 'Social security, hospital insurance and additional Medicare tax, of employees and employers.',
    },
  },
})
