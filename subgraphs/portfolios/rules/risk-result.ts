// From the profits and losses that the fleet computed to measures of risk.
import type { LanesResult } from '../../../compute/dispatch/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import type { RiskMethod } from '../../../schema/terms/portfolio.ts'
import { pnlOutput, TOTAL } from './risk-model.ts'
import type { RiskQuestion } from './risk-question.ts'
import {
  fitNormal,
  historicalRisk,
  incrementalRisk,
  parametricRisk,
  type RiskEstimate,
  riskComponents,
  scaleDays,
} from './value-at-risk.ts'

/** Parallel lists over the levels of confidence. */
export interface RiskColumns {
  readonly method: RiskMethod
  readonly confidence: readonly number[]
  readonly valueAtRisk: readonly number[]
  readonly expectedShortfall: readonly number[]
}

export interface RiskComponent {
  readonly instrumentId: string
  readonly value: number
  /** Parallel to the levels of confidence. */
  readonly valueAtRisk: readonly number[]
  /** What leaving the position out would take away. */
  readonly incremental: readonly number[]
}

export interface RiskMeasures {
  readonly historical: RiskColumns
  readonly parametric: RiskColumns
  readonly components: readonly RiskComponent[]
  /** Of one observation. */
  readonly mean: number
  readonly sd: number
  readonly worst: number
  readonly best: number
}

/** Measures of a finished run. INTERNAL where the result is not the one that the question describes. */
export function measureRisk(question: RiskQuestion, result: LanesResult): RiskMeasures {
  const pnl = outputOf(result, TOTAL)
  const parts = question.instruments.map((id) => outputOf(result, pnlOutput(id)))
  const { confidence, conventions, horizonDays } = question
  const days = scaleDays(horizonDays, conventions)
  const columns = (method: RiskMethod, estimate: (level: number) => RiskEstimate): RiskColumns => {
    const estimates = confidence.map(estimate)
    return {
      method,
      confidence,
      valueAtRisk: estimates.map(({ valueAtRisk }) => valueAtRisk),
      expectedShortfall: estimates.map(({ expectedShortfall }) => expectedShortfall),
    }
  }
  const byLevel = confidence.map((level) => riskComponents(pnl, parts, level, days, conventions))
  return {
    historical: columns('HISTORICAL', (level) => historicalRisk(pnl, level, days, conventions)),
    parametric: columns('PARAMETRIC', (level) => parametricRisk(pnl, level, days, conventions)),
    components: question.instruments.map((instrumentId, i) => ({
      instrumentId,
      value: question.values[i]!,
      valueAtRisk: byLevel.map((components) => components[i]!),
      incremental: confidence.map((level) => incrementalRisk(pnl, parts[i]!, level, days, conventions)),
    })),
    ...fitNormal(pnl, conventions),
    worst: pnl.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    best: pnl.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  }
}

function outputOf({ outputs, lanes, values }: LanesResult, name: string): Float64Array {
  const index = outputs.findIndex((output) => output.name === name)
  if (index >= 0) return values.slice(index * lanes, (index + 1) * lanes)
  throw new QuesnayError('INTERNAL', `the result has no output "${name}"`)
}
