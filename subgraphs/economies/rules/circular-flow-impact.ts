// A scenario in the circular flow: the flows of its first and last full year without and with it, and what was assumed.
import type { SeriesRole } from '../../../schema/terms/economy.ts'
import { type CircularFlowValue, deriveCircularFlow } from './circular-flow.ts'
import { aggregateFrame, type FlowFrame, valueAt } from './frame.ts'
import { ADJUSTMENT_PER_QUARTER, type FlowDeviations, OKUN_COEFFICIENT, QUARTERS_PER_YEAR } from './macro-path.ts'
import type { BaseFlows, Propensities } from './propensities.ts'

export interface FlowComparison {
  readonly year: number
  readonly baseline: CircularFlowValue
  readonly scenario: CircularFlowValue
}

/** FIGURE: from the dataset; ESTIMATE: computed from it; ASSUMPTION: neither. */
export const AssumptionBasis = { FIGURE: 'FIGURE', ESTIMATE: 'ESTIMATE', ASSUMPTION: 'ASSUMPTION' } as const
export type AssumptionBasis = (typeof AssumptionBasis)[keyof typeof AssumptionBasis]

export interface Assumption {
  readonly name: string
  readonly value: number | null
  readonly unit: string | null
  readonly basis: AssumptionBasis
  readonly text: string
}

/**
 * Flows of a year of the scenario: the base year's, and those moved by the mean deviation of the year's four quarters.
 * `index` 0 is the first year; null where the path does not hold all its quarters.
 */
export function compareYear(
  frame: FlowFrame,
  base: BaseFlows,
  deviations: FlowDeviations,
  startYear: number,
  index: number,
): FlowComparison | null {
  const first = index * QUARTERS_PER_YEAR
  // Time 0 starts the first quarter, so the last quarter that is complete is the one before the last time.
  if (index < 0 || deviations.Y.length - 1 < first + QUARTERS_PER_YEAR) return null
  const mean = (values: readonly number[]) =>
    values.slice(first, first + QUARTERS_PER_YEAR).reduce((a, b) => a + b, 0) / QUARTERS_PER_YEAR
  const change: Partial<Record<SeriesRole, number>> = {
    GDP: mean(deviations.Y),
    GDI: mean(deviations.Y),
    GNDI: mean(deviations.Y),
    C: mean(deviations.C),
    I: mean(deviations.I),
    M: mean(deviations.M),
  }
  const year = startYear + index
  const annual = aggregateFrame(frame, 'ANNUAL')
  return {
    year,
    baseline: deriveCircularFlow(movedYear(annual, base.year, year, {}), String(year)),
    scenario: deriveCircularFlow(movedYear(annual, base.year, year, change), String(year)),
  }
}

/** A frame of one year that holds the base year's flows, each moved by its change. */
function movedYear(
  annual: FlowFrame,
  baseYear: number,
  year: number,
  change: Partial<Record<SeriesRole, number>>,
): FlowFrame {
  const series = [...annual.series].map(([role, one]) => {
    const value = valueAt(annual, role, String(baseYear))
    const values = new Map(value === undefined ? [] : [[String(year), value + (change[role] ?? 0)]])
    return [role, { ...one, values }] as const
  })
  return { ...annual, series: new Map(series) }
}

export interface AssumptionInput {
  readonly unit: string
  readonly base: BaseFlows
  readonly propensities: Propensities
  readonly startYear: number
  readonly netTaxFraction: number | null
  readonly unemploymentRatePct: number
}

/** Everything the path rests on that a reader could want otherwise. */
export function listAssumptions(input: AssumptionInput): Assumption[] {
  const { base, propensities: p, unit } = input
  const sample = `least squares through the origin on ${p.observations} changes over a year, ${p.from} to ${p.to}`
  const assumptions: Assumption[] = [
    figure(
      'base_year',
      base.year,
      'year',
      `Baseline: the flows of ${base.year} in every year from ${input.startYear}; no growth is assumed.`,
    ),
    estimate('propensity_to_consume', p.consumption, 'fraction', `Consumption out of disposable income: ${sample}.`),
    estimate('import_leakage', p.imports, 'fraction', `Imports out of final expenditure: ${sample}.`),
    estimate(
      'disposable_share',
      p.disposable,
      'fraction',
      `Disposable income out of income; the rest goes to taxes less transfers and to firms: ${sample}.`,
    ),
    assumed(
      'adjustment',
      ADJUSTMENT_PER_QUARTER,
      '1/quarter',
      'Share of the distance to its target that consumption covers in a quarter.',
    ),
    assumed(
      'okun_coefficient',
      OKUN_COEFFICIENT,
      'percentage points per percent',
      "Okun's law: unemployment falls by this for one per cent more output; never below 0.",
    ),
    assumed(
      'baseline_unemployment',
      input.unemploymentRatePct,
      'percent of the labour force',
      'Baseline rate of unemployment: the dataset has no such series.',
    ),
    assumed(
      'autonomous_spending',
      null,
      null,
      'Government spending, investment and exports do not answer; prices and interest rates stand still. A shock on gdp is booked as investment.',
    ),
  ]
  if (input.netTaxFraction !== null && base.personalTax !== null)
    assumptions.push(
      figure(
        'tax_base',
        base.personalTax,
        unit,
        `Personal taxes of ${base.year}. The change of income and payroll tax of the population is applied to them as a fraction: payroll tax is not in the figures, so what it brings is not scaled up.`,
      ),
      assumed(
        'net_tax_change',
        input.netTaxFraction * base.personalTax,
        `${unit} per year`,
        'Change of net taxes of households, from the first quarter on.',
      ),
    )
  return assumptions
}

const figure = (name: string, value: number, unit: string, text: string): Assumption => ({
  name,
  value,
  unit,
  basis: 'FIGURE',
  text,
})
const estimate = (name: string, value: number, unit: string, text: string): Assumption => ({
  name,
  value,
  unit,
  basis: 'ESTIMATE',
  text,
})
const assumed = (name: string, value: number | null, unit: string | null, text: string): Assumption => ({
  name,
  value,
  unit,
  basis: 'ASSUMPTION',
  text,
})
