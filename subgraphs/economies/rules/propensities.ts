// How an economy answers a change in income, read from its own figures: the propensities of the macro path.
import { QuesnayError } from '../../../schema/errors.ts'
import { PERIODS_PER_YEAR, type SeriesRole } from '../../../schema/terms/economy.ts'
import { aggregateFrame, type FlowFrame, periodsOf, valueAt } from './frame.ts'

export interface Propensities {
  /** Change of consumption for a change of 1 in disposable income. */
  readonly consumption: number
  /** Change of imports for a change of 1 in final expenditure C + I + G + X. */
  readonly imports: number
  /** Change of disposable income for a change of 1 in Y; the rest goes to taxes less transfers and to firms. */
  readonly disposable: number
  /** First and last period of the changes used, and their number. */
  readonly from: string
  readonly to: string
  readonly observations: number
}

/** Annual flows of the year that deviations are measured from. */
export interface BaseFlows {
  readonly year: number
  readonly Y: number
  readonly C: number
  readonly disposableIncome: number
  readonly final: number
  readonly M: number
  /** null: the figures have none. */
  readonly personalTax: number | null
}

/** Fewest changes that an estimate is made from: two years of quarters. */
const FEWEST_CHANGES = 8

function rolesOf(frame: FlowFrame): readonly SeriesRole[] {
  return [frame.conventions.incomeMeasure, 'C', 'I', 'G', 'X', 'M', 'DISPOSABLE_INCOME']
}

/** @throws BAD_INPUT naming the roles that the figures lack */
function assertRoles(frame: FlowFrame): void {
  const missing = rolesOf(frame).filter((role) => !frame.series.has(role))
  if (missing.length === 0) return
  throw new QuesnayError('BAD_INPUT', `the figures lack ${missing.join(', ')}, which a macro path needs`, {
    path: 'economy',
    missing,
    suggestion: 'import a dataset with a series for each of these roles',
  })
}

/**
 * Flows of the last complete year that is not after the one given.
 * @throws BAD_INPUT where there is none, or where the figures lack a role
 */
export function baseFlows(frame: FlowFrame, year: number): BaseFlows {
  assertRoles(frame)
  const annual = aggregateFrame(frame, 'ANNUAL')
  const complete = periodsOf(annual).filter((p) =>
    rolesOf(annual).every((role) => valueAt(annual, role, p) !== undefined),
  )
  const period = complete.findLast((p) => Number(p) <= year)
  if (period === undefined)
    throw new QuesnayError('BAD_INPUT', `the figures have no complete year up to ${year}`, {
      path: 'year',
      suggestion: complete[0] ? `choose a year from ${complete[0]} on` : 'import a dataset with a complete year',
    })
  const read = (role: SeriesRole) => valueAt(annual, role, period)!
  return {
    year: Number(period),
    Y: read(frame.conventions.incomeMeasure),
    C: read('C'),
    disposableIncome: read('DISPOSABLE_INCOME'),
    final: read('C') + read('I') + read('G') + read('X'),
    M: read('M'),
    personalTax: valueAt(annual, 'PERSONAL_TAX', period) ?? null,
  }
}

/**
 * Marginal propensities by least squares through the origin on changes over one year, of all figures up to the base year.
 * Changes and not levels: in levels everything rises with everything else.
 * @throws BAD_INPUT for fewer than 8 changes, or an estimate that is not between 0 and 1
 */
export function estimatePropensities(frame: FlowFrame, baseYear: number): Propensities {
  assertRoles(frame)
  const lag = PERIODS_PER_YEAR[frame.frequency]
  const periods = periodsOf(frame).filter((period) => Number(period.slice(0, 4)) <= baseYear)
  const rows = periods.map((period) => rowOf(frame, period))
  const changes = rows.flatMap((row, i) => {
    const before = i >= lag ? rows[i - lag] : null
    return row && before && yearBefore(periods[i]!) === periods[i - lag]
      ? [{ period: periods[i]!, row: minus(row, before) }]
      : []
  })
  if (changes.length < FEWEST_CHANGES)
    throw new QuesnayError(
      'BAD_INPUT',
      `propensities need ${FEWEST_CHANGES} changes over a year, the figures give ${changes.length}`,
      {
        path: 'economy',
        suggestion: 'import a dataset that goes further back',
      },
    )
  const slope = (of: keyof Row, on: keyof Row) => slopeThroughOrigin(changes.map(({ row }) => [row[on], row[of]]))
  return {
    consumption: within('consumption', slope('C', 'disposableIncome')),
    imports: within('imports', slope('M', 'final')),
    disposable: within('disposable income', slope('disposableIncome', 'Y')),
    from: changes[0]!.period,
    to: changes.at(-1)!.period,
    observations: changes.length,
  }
}

type Row = Readonly<Record<'Y' | 'C' | 'M' | 'disposableIncome' | 'final', number>>

function rowOf(frame: FlowFrame, period: string): Row | null {
  const read = (role: SeriesRole) => valueAt(frame, role, period)
  if (rolesOf(frame).some((role) => read(role) === undefined)) return null
  const final = read('C')! + read('I')! + read('G')! + read('X')!
  return {
    Y: read(frame.conventions.incomeMeasure)!,
    C: read('C')!,
    M: read('M')!,
    disposableIncome: read('DISPOSABLE_INCOME')!,
    final,
  }
}

const minus = (a: Row, b: Row): Row => ({
  Y: a.Y - b.Y,
  C: a.C - b.C,
  M: a.M - b.M,
  disposableIncome: a.disposableIncome - b.disposableIncome,
  final: a.final - b.final,
})

const yearBefore = (period: string) => String(Number(period.slice(0, 4)) - 1).padStart(4, '0') + period.slice(4)

function slopeThroughOrigin(points: readonly (readonly [number, number])[]): number {
  let xy = 0
  let xx = 0
  for (const [x, y] of points) {
    xy += x * y
    xx += x * x
  }
  return xy / xx
}

function within(name: string, value: number): number {
  if (value > 0 && value < 1) return value
  throw new QuesnayError(
    'BAD_INPUT',
    `the figures give a propensity of ${name} of ${value}, which is not between 0 and 1`,
    {
      path: 'economy',
      suggestion: 'see that each series has the right role, unit and sign',
    },
  )
}
