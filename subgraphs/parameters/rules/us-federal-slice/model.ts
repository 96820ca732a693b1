// The slice as a model: a lane is a tax unit, parameters are inputs, and the law stands in it twice, as it is and as reformed.
import { call } from '../../../../compute/model/build.ts'
import type { Expression, Model, Variable } from '../../../../compute/model/model.ts'
import { QuesnayError } from '../../../../schema/errors.ts'
import { FILING_STATUSES, type FilingStatus, filingStatusCode } from '../../../../schema/terms/tax.ts'
import type { ParameterValues } from '../overlay.ts'
import { PLAIN_PARAMETERS, STATUS_PARAMETERS } from './parameters.ts'
import { COLUMNS, flagName, RULES } from './rules.ts'

export const SLICE_ID = 'us-federal-slice'

/** Tax years that the rules are checked for; what held before 2022 needs more rules (credits of 2020 and 2021). */
export const SLICE_YEARS = { first: 2022, last: 2026 } as const

export const SIDES = ['baseline', 'reform'] as const
export type Side = (typeof SIDES)[number]

/** Results that are given for both laws, and those whose difference is given per unit. */
export const OUTPUTS = [
  'agi',
  'standard_deduction',
  'senior_deduction',
  'taxable_income',
  'income_tax_before_credits',
  'fica',
  'additional_medicare',
  'payroll_tax',
  'net_tax',
  'net_income',
] as const
export const CHANGES = ['income_tax_before_credits', 'payroll_tax', 'net_tax', 'net_income'] as const

/** Name of a result in the model: "net_tax@reform", or "net_tax@change" for the difference. */
export const resultName = (name: string, side: Side | 'change') => `${name}@${side}`

const parameterName = (id: string, side: Side) => `${id}@${side}`
const cellName = (id: string, cell: string, side: Side) => `${id}/${cell}@${side}`

/**
 * Builds the model. One plan serves every reform, year and population: parameters are inputs, so only bindings differ.
 * Both laws see the same units, so a difference is exact per unit and free of sampling.
 */
export function buildSlice(): Model {
  return {
    name: SLICE_ID,
    variables: [
      ...COLUMNS.map((column): Variable => ({ kind: 'column', name: column.name, unit: column.unit })),
      ...FILING_STATUSES.map(statusFlag),
      ...SIDES.flatMap((side) => [...parameters(side), ...rules(side)]),
      ...CHANGES.map(difference),
    ],
    tables: {},
    outputs: [
      'weight',
      ...SIDES.flatMap((side) => OUTPUTS.map((name) => resultName(name, side))),
      ...CHANGES.map((name) => resultName(name, 'change')),
    ],
  }
}

const unitOf = (id: string) => (id.endsWith('rate') ? 'fraction' : 'USD')

function statusFlag(status: FilingStatus): Variable {
  const equation = call('eq', 'filing_status', filingStatusCode(status))
  return { kind: 'auxiliary', name: flagName(status), unit: 'boolean', equation }
}

function parameters(side: Side): Variable[] {
  const plain = PLAIN_PARAMETERS.map(
    (id): Variable => ({ kind: 'input', name: parameterName(id, side), unit: unitOf(id) }),
  )
  const byStatus = STATUS_PARAMETERS.flatMap((id): Variable[] => [
    ...FILING_STATUSES.map((cell): Variable => ({ kind: 'input', name: cellName(id, cell, side), unit: 'USD' })),
    { kind: 'auxiliary', name: parameterName(id, side), unit: 'USD', equation: ofStatus(id, side) },
  ])
  return [...plain, ...byStatus]
}

/** The value for the unit's filing status; the last status where the code is none of them. */
function ofStatus(id: string, side: Side): Expression {
  const [last, ...others] = [...FILING_STATUSES].reverse()
  return others.reduce<Expression>(
    (otherwise, status) => call('select', flagName(status), cellName(id, status, side), otherwise),
    { op: 'ref', name: cellName(id, last!, side) },
  )
}

function rules(side: Side): Variable[] {
  const law = {
    parameter: (id: string) => parameterName(id, side),
    result: (name: string) => resultName(name, side),
  }
  return RULES.map(({ name, unit, statute, equation }) => ({
    kind: 'auxiliary',
    name: resultName(name, side),
    unit,
    provenance: statute,
    equation: equation(law),
  }))
}

function difference(name: string): Variable {
  return {
    kind: 'auxiliary',
    name: resultName(name, 'change'),
    unit: 'USD',
    provenance: 'difference of reform and baseline',
    equation: call('sub', resultName(name, 'reform'), resultName(name, 'baseline')),
  }
}

/** The inputs of a run: the law and the reformed law of one year. MODEL_INVALID where a parameter has no value. */
export function sliceInputs(baseline: ParameterValues, reform: ParameterValues): Record<string, number> {
  const inputs: Record<string, number> = {}
  for (const [side, values] of [
    ['baseline', baseline],
    ['reform', reform],
  ] as const) {
    for (const id of PLAIN_PARAMETERS) inputs[parameterName(id, side)] = cellsOf(values, id)[0]!
    for (const id of STATUS_PARAMETERS)
      for (const [i, cell] of FILING_STATUSES.entries()) inputs[cellName(id, cell, side)] = cellsOf(values, id)[i]!
  }
  return inputs
}

function cellsOf(values: ParameterValues, id: string): readonly number[] {
  const cells = values.get(id)
  if (cells) return cells
  throw new QuesnayError('MODEL_INVALID', `the rules ${SLICE_ID} need ${id}, which has no value for the year`, {
    path: id,
    suggestion: `ask for a year from ${SLICE_YEARS.first} to ${SLICE_YEARS.last}`,
  })
}
