// Imbalances of the circular flow over a range of periods: how often and how far leakages and injections part.
import { IMBALANCE_TIERS, type ImbalanceTier } from '../../../schema/terms/economy.ts'
import type { Finding } from '../../shared/types.ts'
import type { CircularFlowValue } from './circular-flow.ts'

export interface TierCount {
  readonly tier: ImbalanceTier
  readonly thresholdPct: number
  /** Periods whose absolute value is above the threshold, so a period of 6 % counts in three tiers. */
  readonly periods: number
}

export interface ImbalanceStatistics {
  readonly meanAbsolutePct: number | null
  readonly maxAbsolutePct: number | null
  readonly maxPeriod: string | null
  readonly breaches: readonly TierCount[]
}

export interface ImbalanceSummary {
  readonly periods: number
  readonly complete: number
  /** Of the whole gap. */
  readonly total: ImbalanceStatistics
  /** Of what the discrepancy, primary income, corporate saving and rounding do not explain. */
  readonly unexplained: ImbalanceStatistics
}

/** Counts and means over the complete periods; null where there are none. */
export function summariseImbalances(flows: readonly CircularFlowValue[]): ImbalanceSummary {
  const complete = flows.filter((flow) => flow.status === 'COMPLETE')
  return {
    periods: flows.length,
    complete: complete.length,
    total: statisticsOf(complete, (flow) => flow.gapPctOfInjections),
    unexplained: statisticsOf(complete, (flow) => flow.unexplainedPctOfInjections),
  }
}

function statisticsOf(
  flows: readonly CircularFlowValue[],
  percentOf: (flow: CircularFlowValue) => number | null,
): ImbalanceStatistics {
  let sum = 0
  let count = 0
  let max: number | null = null
  let maxPeriod: string | null = null
  const above = IMBALANCE_TIERS.map(() => 0)
  for (const flow of flows) {
    const percent = percentOf(flow)
    if (percent === null) continue
    const size = Math.abs(percent)
    sum += size
    count++
    IMBALANCE_TIERS.forEach(({ thresholdPct }, i) => {
      if (size > thresholdPct) above[i]!++
    })
    if (max !== null && size <= max) continue
    max = size
    maxPeriod = flow.period
  }
  return {
    meanAbsolutePct: count === 0 ? null : sum / count,
    maxAbsolutePct: max,
    maxPeriod,
    breaches: IMBALANCE_TIERS.map((row, i) => ({ ...row, periods: above[i]! })),
  }
}

/** Gap that is worth a warning of its own, in per cent of injections. */
const WARN_ABOVE_PCT = 5

/** A warning for each period out of balance by more than 5 %, and one for each set of missing components. */
export function imbalanceFindings(flows: readonly CircularFlowValue[]): Finding[] {
  const findings: Finding[] = []
  const incomplete = new Map<string, string[]>()
  for (const { period, gapPctOfInjections: percent, unexplainedPctOfInjections: rest, missing } of flows) {
    if (missing.length > 0) incomplete.set(missing.join(', '), [...(incomplete.get(missing.join(', ')) ?? []), period])
    else if (percent !== null && Math.abs(percent) > WARN_ABOVE_PCT)
      findings.push({
        severity: 'WARNING',
        code: 'IMBALANCE',
        path: period,
        message: `leakages and injections differ by ${percent.toFixed(3)} % of injections, ${rest?.toFixed(3)} % unexplained`,
        suggestion:
          rest === 0 ? 'the statistical discrepancy explains it' : 'see the scope, unit and sign of each series',
      })
  }
  for (const [missing, periods] of incomplete)
    findings.push({
      severity: 'WARNING',
      code: 'INCOMPLETE',
      path: periods.length === 1 ? periods[0]! : `${periods[0]}..${periods.at(-1)}`,
      message: `${missing} missing in ${periods.length} period${periods.length > 1 ? 's' : ''}`,
      suggestion: 'import the series, or ask by conventions that do without it',
    })
  return findings
}
