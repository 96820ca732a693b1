// Economy: its series, the periods they are dated by, and the words of the circular flow (SNA 2008).
import { QuesnayError } from '../errors.ts'

export const Frequency = { ANNUAL: 'ANNUAL', QUARTERLY: 'QUARTERLY', MONTHLY: 'MONTHLY' } as const
export type Frequency = (typeof Frequency)[keyof typeof Frequency]

export const PERIODS_PER_YEAR: Readonly<Record<Frequency, number>> = { ANNUAL: 1, QUARTERLY: 4, MONTHLY: 12 }

/** How the values of a series join into a longer period. */
export const SeriesKind = {
  /** Summed. */
  FLOW: 'FLOW',
  /** A flow of the period times the periods of a year: averaged, as a sum would count it several times. */
  FLOW_AT_ANNUAL_RATE: 'FLOW_AT_ANNUAL_RATE',
  /** Averaged. */
  RATE: 'RATE',
  /** The last one. */
  STOCK: 'STOCK',
} as const
export type SeriesKind = (typeof SeriesKind)[keyof typeof SeriesKind]

export const PriceBasis = { CURRENT: 'CURRENT', CHAIN_VOLUME: 'CHAIN_VOLUME' } as const
export type PriceBasis = (typeof PriceBasis)[keyof typeof PriceBasis]

/** What a series is in the circular flow; one series per role and dataset. */
export const SeriesRole = {
  GDP: 'GDP',
  GDI: 'GDI',
  GNDI: 'GNDI',
  C: 'C',
  I: 'I',
  G: 'G',
  X: 'X',
  M: 'M',
  S: 'S',
  T: 'T',
  STATISTICAL_DISCREPANCY: 'STATISTICAL_DISCREPANCY',
  NET_PRIMARY_INCOME: 'NET_PRIMARY_INCOME',
  CORPORATE_SAVING: 'CORPORATE_SAVING',
  HOUSEHOLD_SAVING: 'HOUSEHOLD_SAVING',
  DISPOSABLE_INCOME: 'DISPOSABLE_INCOME',
  PERSONAL_TAX: 'PERSONAL_TAX',
  GOVERNMENT_RECEIPTS: 'GOVERNMENT_RECEIPTS',
} as const
export type SeriesRole = (typeof SeriesRole)[keyof typeof SeriesRole]

/** Which measure stands for Y. */
export const IncomeMeasure = { GDP: 'GDP', GDI: 'GDI', GNDI: 'GNDI' } as const
export type IncomeMeasure = (typeof IncomeMeasure)[keyof typeof IncomeMeasure]

/** How the leakages S + T are had: as Y - C, which needs neither, or from their own series. */
export const LeakageBasis = { INCOME_LESS_CONSUMPTION: 'INCOME_LESS_CONSUMPTION', COMPONENTS: 'COMPONENTS' } as const
export type LeakageBasis = (typeof LeakageBasis)[keyof typeof LeakageBasis]

/** Whose saving S is. Households' alone leaves out corporate saving, and the identity then fails by it. */
export const SavingScope = { NATIONAL: 'NATIONAL', HOUSEHOLDS: 'HOUSEHOLDS' } as const
export type SavingScope = (typeof SavingScope)[keyof typeof SavingScope]

/** Whether public investment is in G, with I private only, or in I. */
export const GovernmentScope = {
  CONSUMPTION: 'CONSUMPTION',
  CONSUMPTION_AND_INVESTMENT: 'CONSUMPTION_AND_INVESTMENT',
} as const
export type GovernmentScope = (typeof GovernmentScope)[keyof typeof GovernmentScope]

/** What the statistical discrepancy of a dataset is the difference of. */
export const DiscrepancyRule = {
  /** SD = Y - (C + I + G + X - M). */
  INCOME_LESS_EXPENDITURE: 'INCOME_LESS_EXPENDITURE',
  /** SD = GDP - GDI. */
  GDP_LESS_GDI: 'GDP_LESS_GDI',
} as const
export type DiscrepancyRule = (typeof DiscrepancyRule)[keyof typeof DiscrepancyRule]

/** A component of the identity S + T + M = I + G + X, or of the income side it is had from. */
export const FlowComponent = { Y: 'Y', C: 'C', I: 'I', G: 'G', X: 'X', M: 'M', S: 'S', T: 'T' } as const
export type FlowComponent = (typeof FlowComponent)[keyof typeof FlowComponent]

export const FlowStatus = { COMPLETE: 'COMPLETE', INCOMPLETE: 'INCOMPLETE' } as const
export type FlowStatus = (typeof FlowStatus)[keyof typeof FlowStatus]

/** How large an imbalance is: the highest tier whose threshold its absolute value exceeds. */
export const ImbalanceTier = {
  NONE: 'NONE',
  ONE_PERCENT: 'ONE_PERCENT',
  TWO_PERCENT: 'TWO_PERCENT',
  FIVE_PERCENT: 'FIVE_PERCENT',
  TEN_PERCENT: 'TEN_PERCENT',
} as const
export type ImbalanceTier = (typeof ImbalanceTier)[keyof typeof ImbalanceTier]

/** Thresholds of the tiers in per cent of injections, rising. */
export const IMBALANCE_TIERS: readonly { readonly tier: ImbalanceTier; readonly thresholdPct: number }[] = [
  { tier: 'ONE_PERCENT', thresholdPct: 1 },
  { tier: 'TWO_PERCENT', thresholdPct: 2 },
  { tier: 'FIVE_PERCENT', thresholdPct: 5 },
  { tier: 'TEN_PERCENT', thresholdPct: 10 },
]

const PATTERNS: readonly (readonly [Frequency, RegExp])[] = [
  ['ANNUAL', /^\d{4}$/],
  ['QUARTERLY', /^\d{4}-Q[1-4]$/],
  ['MONTHLY', /^\d{4}-(0[1-9]|1[0-2])$/],
]

/** The frequency a period is written in (2024, 2024-Q3, 2024-07); undefined where it is no period. */
export function frequencyOf(period: string): Frequency | undefined {
  return PATTERNS.find(([, pattern]) => pattern.test(period))?.[0]
}

/** Returns the frequency of the period; BAD_INPUT where it is no ISO period. */
export function assertPeriod(period: string, path: string): Frequency {
  const frequency = frequencyOf(period)
  if (frequency) return frequency
  throw new QuesnayError('BAD_INPUT', `${path} is not a period: "${period}"`, {
    path,
    suggestion: 'write a year as 2024, a quarter as 2024-Q3, a month as 2024-07',
  })
}

/** The longer period that a period lies in: 2024-07 in 2024-Q3 and 2024. The target is not finer than the period. */
export function enclosingPeriod(period: string, target: Frequency): string {
  if (target === 'ANNUAL') return period.slice(0, 4)
  if (target === 'MONTHLY' || period.includes('Q')) return period
  const month = Number(period.slice(5))
  return `${period.slice(0, 4)}-Q${Math.ceil(month / 3)}`
}

const ALPHA_3 = /^[A-Z]{3}$/

/** Returns the code; BAD_INPUT where it has not the shape of ISO 4217. */
export function assertCurrency(code: string, path: string): string {
  if (ALPHA_3.test(code)) return code
  throw new QuesnayError('BAD_INPUT', `${path} must be three capital letters (ISO 4217)`, {
    path,
    suggestion: 'give a code such as "USD"',
  })
}
