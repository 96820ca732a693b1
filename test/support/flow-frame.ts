// Figures of a circular flow for tests: the shipped ones, or made by hand.
import type { Frequency, SeriesKind, SeriesRole } from '../../schema/terms/economy.ts'
import type { FlowConventions, FlowFrame } from '../../subgraphs/economies/rules/frame.ts'
import type { ShippedDataset } from '../../subgraphs/economies/seed.ts'

/** The frame as the store gives it, without a store. */
export function frameOf({ economy, spec, columns }: ShippedDataset): FlowFrame {
  const { frequency, incomeMeasure, governmentScope, discrepancy } = spec
  const series = spec.series.map(({ role, kind, precision }, i) => {
    const { periods, values } = columns[i]!
    const roundingError = (precision ?? 0) / 2
    return [role!, { kind, roundingError, values: new Map(periods.map((p, j) => [p, values[j]!])) }] as const
  })
  const conventions = { incomeMeasure, governmentScope, discrepancy }
  return { currency: economy.currency, unit: spec.series[0]!.unit, frequency, conventions, series: new Map(series) }
}

export interface HandMade {
  readonly frequency?: Frequency
  readonly kind?: SeriesKind
  readonly roundingError?: number
  readonly conventions?: Partial<FlowConventions>
}

/** A frame of rows { period: { role: value } }, annual flows of GDP where nothing else is said. */
export function frameWith(
  rows: Record<string, Partial<Record<SeriesRole, number>>>,
  options: HandMade = {},
): FlowFrame {
  const { frequency = 'ANNUAL', kind = 'FLOW', roundingError = 0, conventions = {} } = options
  const roles = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row) as SeriesRole[]))]
  const series = roles.map((role) => {
    const known = Object.entries(rows).flatMap(([period, row]) =>
      row[role] === undefined ? [] : [[period, row[role]] as const],
    )
    return [role, { kind, roundingError, values: new Map(known) }] as const
  })
  return {
    currency: 'USD',
    unit: 'USD bn',
    frequency,
    conventions: {
      incomeMeasure: 'GDP',
      governmentScope: 'CONSUMPTION_AND_INVESTMENT',
      discrepancy: null,
      ...conventions,
    },
    series: new Map(series),
  }
}
