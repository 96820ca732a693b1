// Enums of the tax domain in the graph.
import { registerEnumType } from 'type-graphql'
import {
  FilingStatus,
  ParameterKind,
  ParameterVector,
  Programme,
  RoundingMode,
  ScaleKind,
  ScaleStyle,
} from '../../../schema/terms/tax.ts'
import { LawSide } from '../rules/household/compile.ts'
import { CompensationBasis } from '../rules/household/rates.ts'
import { OperandKind } from '../rules/household/trace/traced.ts'

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

registerEnumType(ParameterKind, {
  name: 'ParameterKind',
  description: 'What the values of a parameter are.',
  valuesConfig: {
    NUMBER: { description: 'Amounts, rates and counts.' },
    BOOLEAN: { description: 'Yes or no: 1 or 0.' },
    TEXT: { description: 'A text.' },
    LIST: { description: 'A list of texts.' },
  },
})

registerEnumType(ScaleKind, {
  name: 'ScaleKind',
  description: 'How a scale of brackets is applied to an amount.',
  valuesConfig: {
    MARGINAL_RATE: { description: 'Each bracket of the amount at its own rate.' },
    SINGLE_AMOUNT: { description: 'The amount of the bracket that it lies in; 0 below the first.' },
    MARGINAL_AMOUNT: { description: 'The sum of the amounts of all brackets whose threshold it exceeds.' },
    AVERAGE_RATE: { description: 'All of the amount at one rate.' },
  },
})

registerEnumType(ScaleStyle, {
  name: 'ScaleStyle',
  description: 'How a scale names its parameters.',
  valuesConfig: {
    TOPS: { description: '<id>.<n>.rate, and <id>.<n>.top where the bracket ends, for all but the last.' },
    THRESHOLDS: {
      description: '<id>.<n>.threshold where the bracket begins, and <id>.<n>.rate, amount or average_rate.',
    },
  },
})

registerEnumType(RoundingMode, {
  name: 'RoundingMode',
  description: 'To which multiple of an interval an amount is rounded.',
  valuesConfig: {
    NEAREST: { description: 'The nearest; halves go away from zero.' },
    EVEN: { description: 'The nearest; halves go to the even multiple.' },
    UP: { description: 'The least not below it.' },
    DOWN: { description: 'The greatest not above it.' },
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

registerEnumType(LawSide, {
  name: 'LawSide',
  description: 'One of the two laws of a question.',
  valuesConfig: {
    BASELINE: { description: 'The law as it is.' },
    REFORM: { description: 'The law with the reform.' },
  },
})

registerEnumType(CompensationBasis, {
  name: 'CompensationBasis',
  description: 'What a rate is a share of.',
  valuesConfig: {
    WAGES: { description: 'Earnings as the data have them.' },
    FULL_COMPENSATION: { description: 'Earnings and what the employer pays beside them.' },
  },
})

registerEnumType(OperandKind, {
  name: 'OperandKind',
  description: 'What a formula reads.',
  valuesConfig: {
    RULE: { description: 'A variable that another rule computes.' },
    COLUMN: { description: 'A datum of the unit.' },
    PARAMETER: { description: 'A figure of the law.' },
    PART: { description: 'A step within a rule, such as a variable or an argument of a macro.' },
  },
})
