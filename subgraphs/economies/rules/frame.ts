// The figures of one dataset by role and period: what every rule of the circular flow reads.
import { QuesnayError } from '../../../schema/errors.ts'
import {
  type DiscrepancyRule,
  enclosingPeriod,
  type Frequency,
  type GovernmentScope,
  type IncomeMeasure,
  PERIODS_PER_YEAR,
  type SeriesKind,
  type SeriesRole,
} from '../../../schema/terms/economy.ts'

/** What a dataset says about its own figures. */
export interface FlowConventions {
  readonly incomeMeasure: IncomeMeasure
  readonly governmentScope: GovernmentScope
  /** null: the dataset has no statistical discrepancy. */
  readonly discrepancy: DiscrepancyRule | null
}

export interface RoleSeries {
  readonly kind: SeriesKind
  /** Greatest error of rounding of a value: half of the last digit given, summed where values were summed. */
  readonly roundingError: number
  readonly values: ReadonlyMap<string, number>
}

export interface FlowFrame {
  readonly currency: string
  /** Of every series of the circular flow. */
  readonly unit: string
  readonly frequency: Frequency
  readonly conventions: FlowConventions
  readonly series: ReadonlyMap<SeriesRole, RoleSeries>
}

/** Value of a role in a period; undefined where there is none. */
export function valueAt(frame: FlowFrame, role: SeriesRole, period: string): number | undefined {
  return frame.series.get(role)?.values.get(period)
}

/** Every period that any series of the frame has, rising. */
export function periodsOf(frame: FlowFrame): string[] {
  return [...new Set([...frame.series.values()].flatMap(({ values }) => [...values.keys()]))].sort()
}

/**
 * Joins the values of a series into longer periods: flows summed, annual rates and rates averaged, stocks taken last.
 * A longer period of which any part is missing has no value: a part is never taken for the whole.
 */
export function aggregateValues(
  values: ReadonlyMap<string, number>,
  kind: SeriesKind,
  from: Frequency,
  to: Frequency,
): Map<string, number> {
  const parts = PERIODS_PER_YEAR[from] / PERIODS_PER_YEAR[to]
  const groups = new Map<string, number[]>()
  for (const period of [...values.keys()].sort()) {
    const longer = enclosingPeriod(period, to)
    groups.set(longer, [...(groups.get(longer) ?? []), values.get(period)!])
  }
  const whole = [...groups].filter(([, group]) => group.length === parts)
  return new Map(whole.map(([period, group]) => [period, joined(group, kind)]))
}

function joined(group: readonly number[], kind: SeriesKind): number {
  if (kind === 'STOCK') return group.at(-1)!
  const sum = group.reduce((total, value) => total + value, 0)
  return kind === 'FLOW' ? sum : sum / group.length
}

/**
 * The frame in longer periods; the frame itself at its own frequency.
 * @throws BAD_INPUT for a frequency above that of the figures
 */
export function aggregateFrame(frame: FlowFrame, to: Frequency): FlowFrame {
  if (to === frame.frequency) return frame
  assertNotFiner(frame.frequency, to)
  const parts = PERIODS_PER_YEAR[frame.frequency] / PERIODS_PER_YEAR[to]
  const series = [...frame.series].map(([role, { kind, roundingError, values }]) => {
    const error = kind === 'FLOW' ? roundingError * parts : roundingError
    return [role, { kind, roundingError: error, values: aggregateValues(values, kind, frame.frequency, to) }] as const
  })
  return { ...frame, frequency: to, series: new Map(series) }
}

/** @throws BAD_INPUT where the frequency asked for is above that of the figures */
export function assertNotFiner(own: Frequency, asked: Frequency): void {
  if (PERIODS_PER_YEAR[asked] <= PERIODS_PER_YEAR[own]) return
  throw new QuesnayError(
    'BAD_INPUT',
    `the figures are ${own.toLowerCase()}, so there are none ${asked.toLowerCase()}`,
    {
      path: 'frequency',
      suggestion: `ask for ${own}`,
    },
  )
}
