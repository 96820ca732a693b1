// Profit and loss of a portfolio as a model without time: a lane is a day of history.
import { call, sum } from '../../../compute/model/build.ts'
import type { Model, Variable } from '../../../compute/model/model.ts'

export const TOTAL = 'pnl'
export const returnColumn = (instrumentId: string) => `return of ${instrumentId}`
export const valueInput = (instrumentId: string) => `value of ${instrumentId}`
export const pnlOutput = (instrumentId: string) => `pnl of ${instrumentId}`

/**
 * pnl = sum of value x return over the instruments: values are inputs, returns columns, so every book of the same
 * instruments has the same plan. Outputs: the total, then each instrument's in the order given.
 * @param instrumentIds distinct; without any the total is 0 in every lane
 */
export function riskModel(instrumentIds: readonly string[], currency: string): Model {
  const variables = instrumentIds.flatMap((id): Variable[] => [
    { kind: 'column', name: returnColumn(id), unit: 'fraction' },
    { kind: 'input', name: valueInput(id), unit: currency },
    { kind: 'auxiliary', name: pnlOutput(id), unit: currency, equation: call('mul', valueInput(id), returnColumn(id)) },
  ])
  const total: Variable = {
    kind: 'auxiliary',
    name: TOTAL,
    unit: currency,
    equation: sum(instrumentIds.map(pnlOutput)),
  }
  return {
    name: 'portfolio profit and loss',
    variables: [...variables, total],
    tables: {},
    outputs: [TOTAL, ...instrumentIds.map(pnlOutput)],
  }
}
