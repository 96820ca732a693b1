// Tax unit, filing status and programme: the words of tax rules on the wire, in tables and in the graph.

/** Filing statuses of 26 U.S.C. 1 and 2, in the order of vectors by filing status. */
export const FilingStatus = {
  SINGLE: 'SINGLE',
  JOINT: 'JOINT',
  SEPARATE: 'SEPARATE',
  HEAD_OF_HOUSEHOLD: 'HEAD_OF_HOUSEHOLD',
  SURVIVING_SPOUSE: 'SURVIVING_SPOUSE',
} as const
export type FilingStatus = (typeof FilingStatus)[keyof typeof FilingStatus]

export const FILING_STATUSES = Object.values(FilingStatus)

/** The number that stands for a status in a column of data: 1 single to 5 surviving spouse. */
export function filingStatusCode(status: FilingStatus): number {
  return FILING_STATUSES.indexOf(status) + 1
}

/** What a parameter's vector runs over: nothing (one value), filing statuses, 0, 1, 2, 3 and more children, or what its tree names. */
export const ParameterVector = {
  NONE: 'NONE',
  FILING_STATUS: 'FILING_STATUS',
  CHILDREN: 'CHILDREN',
  OWN: 'OWN',
} as const
export type ParameterVector = (typeof ParameterVector)[keyof typeof ParameterVector]

/** Names of the cells of the vectors that every tree knows, in order. */
export const VECTOR_CELLS: Readonly<Record<Exclude<ParameterVector, 'OWN'>, readonly string[]>> = {
  NONE: ['ALL'],
  FILING_STATUS: FILING_STATUSES,
  CHILDREN: ['0', '1', '2', '3'],
}

/** What the values of a parameter are: numbers, yes or no (1 or 0), a text, or a list. */
export const ParameterKind = { NUMBER: 'NUMBER', BOOLEAN: 'BOOLEAN', TEXT: 'TEXT', LIST: 'LIST' } as const
export type ParameterKind = (typeof ParameterKind)[keyof typeof ParameterKind]

/** How a scale of brackets is applied to an amount. */
export const ScaleKind = {
  MARGINAL_RATE: 'MARGINAL_RATE',
  SINGLE_AMOUNT: 'SINGLE_AMOUNT',
  MARGINAL_AMOUNT: 'MARGINAL_AMOUNT',
  AVERAGE_RATE: 'AVERAGE_RATE',
} as const
export type ScaleKind = (typeof ScaleKind)[keyof typeof ScaleKind]

/** How a scale names its parameters: where each bracket ends, or where each begins. */
export const ScaleStyle = { TOPS: 'TOPS', THRESHOLDS: 'THRESHOLDS' } as const
export type ScaleStyle = (typeof ScaleStyle)[keyof typeof ScaleStyle]

/** To which multiple of an interval an indexed amount is rounded; NEAREST takes halves away from zero, EVEN to the even one. */
export const RoundingMode = { NEAREST: 'NEAREST', EVEN: 'EVEN', UP: 'UP', DOWN: 'DOWN' } as const
export type RoundingMode = (typeof RoundingMode)[keyof typeof RoundingMode]

/** A heading of the government's budget. */
export const Programme = { INCOME_TAX: 'INCOME_TAX', PAYROLL_TAX: 'PAYROLL_TAX' } as const
export type Programme = (typeof Programme)[keyof typeof Programme]
