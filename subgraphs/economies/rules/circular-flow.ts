// The identity of the circular flow in one period: leakages S + T + M against injections I + G + X (SNA 2008).
import type {
  FlowComponent,
  FlowStatus,
  GovernmentScope,
  ImbalanceTier,
  IncomeMeasure,
  LeakageBasis,
  SavingScope,
  SeriesKind,
  SeriesRole,
} from '../../../schema/terms/economy.ts'
import { IMBALANCE_TIERS } from '../../../schema/terms/economy.ts'
import { type FlowFrame, valueAt } from './frame.ts'

/** The conventions asked for; absent ones are the dataset's own. */
export interface FlowOptions {
  readonly incomeMeasure?: IncomeMeasure | null | undefined
  readonly leakageBasis?: LeakageBasis | null | undefined
  readonly savingScope?: SavingScope | null | undefined
  readonly governmentScope?: GovernmentScope | null | undefined
}

/** The conventions that held. */
export interface AppliedConventions {
  readonly incomeMeasure: IncomeMeasure
  readonly leakageBasis: LeakageBasis
  readonly savingScope: SavingScope
  readonly governmentScope: GovernmentScope
  readonly priceBasis: 'CURRENT'
  readonly flowKind: SeriesKind
}

/** What a gap is made of, in the sign of the gap; null: the figures do not say. */
export interface ExplainedGap {
  readonly statisticalDiscrepancy: number | null
  readonly netPrimaryIncome: number | null
  readonly corporateSaving: number | null
  readonly rounding: number
}

export interface CircularFlowValue {
  readonly period: string
  readonly currency: string
  readonly unit: string
  readonly conventions: AppliedConventions
  readonly components: Readonly<Record<FlowComponent, number | null>>
  /** S + T together, which Y - C gives even where neither is known. */
  readonly savingAndNetTaxes: number | null
  readonly leakages: number | null
  readonly injections: number | null
  readonly gap: number | null
  readonly gapPctOfInjections: number | null
  readonly status: FlowStatus
  readonly missing: readonly FlowComponent[]
  readonly explained: ExplainedGap | null
  readonly unexplained: number | null
  readonly unexplainedPctOfInjections: number | null
  readonly tier: ImbalanceTier | null
  readonly unexplainedTier: ImbalanceTier | null
}

const NEEDED: Readonly<Record<LeakageBasis, readonly FlowComponent[]>> = {
  INCOME_LESS_CONSUMPTION: ['Y', 'C', 'I', 'G', 'X', 'M'],
  COMPONENTS: ['I', 'G', 'X', 'M', 'S', 'T'],
}

/** Conventions of an answer: what was asked for, else what the dataset says. */
export function applyConventions(frame: FlowFrame, options: FlowOptions): AppliedConventions {
  return {
    incomeMeasure: options.incomeMeasure ?? frame.conventions.incomeMeasure,
    leakageBasis: options.leakageBasis ?? 'INCOME_LESS_CONSUMPTION',
    savingScope: options.savingScope ?? 'NATIONAL',
    governmentScope: options.governmentScope ?? frame.conventions.governmentScope,
    priceBasis: 'CURRENT',
    flowKind: frame.series.get('C')?.kind ?? 'FLOW',
  }
}

/**
 * The circular flow of one period.
 * A component that the figures lack is null and named in `missing`, and nothing is summed: it is never taken for 0.
 * A government scope other than the dataset's leaves I and G missing, as figures cannot be moved between them.
 * With no injections the percentages are null.
 */
export function deriveCircularFlow(frame: FlowFrame, period: string, options: FlowOptions = {}): CircularFlowValue {
  const conventions = applyConventions(frame, options)
  const components = componentsOf(frame, period, conventions)
  const missing = NEEDED[conventions.leakageBasis].filter((name) => components[name] === null)
  const head = { period, currency: frame.currency, unit: frame.unit, conventions, components }
  if (missing.length > 0) return { ...head, ...NOTHING, status: 'INCOMPLETE', missing }

  const { Y, C, I, G, X, M, S, T } = components as Record<FlowComponent, number>
  const savingAndNetTaxes = conventions.leakageBasis === 'COMPONENTS' ? S + T : Y - C
  const leakages = savingAndNetTaxes + M
  const injections = I + G + X
  const gap = leakages - injections
  const { explained, unexplained } = explainGap(frame, period, conventions, gap)
  const gapPctOfInjections = percentOf(gap, injections)
  const unexplainedPctOfInjections = percentOf(unexplained, injections)
  return {
    ...head,
    savingAndNetTaxes,
    leakages,
    injections,
    gap,
    gapPctOfInjections,
    status: 'COMPLETE',
    missing,
    explained,
    unexplained,
    unexplainedPctOfInjections,
    tier: tierOf(gapPctOfInjections),
    unexplainedTier: tierOf(unexplainedPctOfInjections),
  }
}

const NOTHING = {
  savingAndNetTaxes: null,
  leakages: null,
  injections: null,
  gap: null,
  gapPctOfInjections: null,
  explained: null,
  unexplained: null,
  unexplainedPctOfInjections: null,
  tier: null,
  unexplainedTier: null,
} as const

const percentOf = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole)

/** Highest tier whose threshold the absolute value exceeds; null where there is no value. */
export function tierOf(percent: number | null): ImbalanceTier | null {
  if (percent === null) return null
  return IMBALANCE_TIERS.findLast(({ thresholdPct }) => Math.abs(percent) > thresholdPct)?.tier ?? 'NONE'
}

function componentsOf(
  frame: FlowFrame,
  period: string,
  conventions: AppliedConventions,
): Record<FlowComponent, number | null> {
  const read = (role: SeriesRole) => valueAt(frame, role, period) ?? null
  const sameScope = conventions.governmentScope === frame.conventions.governmentScope
  return {
    Y: read(conventions.incomeMeasure),
    C: read('C'),
    I: sameScope ? read('I') : null,
    G: sameScope ? read('G') : null,
    X: read('X'),
    M: read('M'),
    S: read(conventions.savingScope === 'HOUSEHOLDS' ? 'HOUSEHOLD_SAVING' : 'S'),
    T: read('T'),
  }
}

/** Splits the gap into what the figures explain, what rounding of the figures can explain, and the rest. */
function explainGap(frame: FlowFrame, period: string, conventions: AppliedConventions, gap: number) {
  const read = (role: SeriesRole) => valueAt(frame, role, period) ?? null
  const statisticalDiscrepancy = discrepancyIn(frame, conventions, read('STATISTICAL_DISCREPANCY'))
  const netPrimaryIncome = conventions.incomeMeasure === 'GNDI' ? read('NET_PRIMARY_INCOME') : null
  const householdsOnly = conventions.leakageBasis === 'COMPONENTS' && conventions.savingScope === 'HOUSEHOLDS'
  const corporateSaving = householdsOnly ? negated(read('CORPORATE_SAVING')) : null
  const rest = gap - (statisticalDiscrepancy ?? 0) - (netPrimaryIncome ?? 0) - (corporateSaving ?? 0)
  const isRounding = Math.abs(rest) <= roundingErrorOf(frame, conventions)
  return {
    explained: { statisticalDiscrepancy, netPrimaryIncome, corporateSaving, rounding: isRounding ? rest : 0 },
    unexplained: isRounding ? 0 : rest,
  }
}

// 0 - x and not -x: a discrepancy of 0 is no negative zero.
const negated = (value: number | null): number | null => (value === null ? null : 0 - value)

/** The discrepancy in the sign of the gap: with Y = GDP - SD the gap is -SD, with Y = expenditure + SD it is SD. */
function discrepancyIn(frame: FlowFrame, conventions: AppliedConventions, sd: number | null): number | null {
  if (sd === null || frame.conventions.discrepancy === null) return null
  if (frame.conventions.discrepancy === 'INCOME_LESS_EXPENDITURE') return sd
  return conventions.incomeMeasure === 'GDI' ? negated(sd) : 0
}

const IDENTITY_ROLES: readonly SeriesRole[] = [
  'C',
  'I',
  'G',
  'X',
  'M',
  'S',
  'T',
  'STATISTICAL_DISCREPANCY',
  'NET_PRIMARY_INCOME',
  'CORPORATE_SAVING',
]

/** What rounding of the series of the identity can add up to. */
function roundingErrorOf(frame: FlowFrame, conventions: AppliedConventions): number {
  const roles = [conventions.incomeMeasure, ...IDENTITY_ROLES]
  return roles.reduce((total, role) => total + (frame.series.get(role)?.roundingError ?? 0), 0)
}
