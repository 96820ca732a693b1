// Uprating at a defined interval: each value from the rounded one before it, by the growth of the index between two days of its own.
import { dayAfter, dayBefore, daysIn } from '../dates.ts'
import { roundTo } from '../indexation/round.ts'
import type { DatedValue, Rounding } from '../tree.ts'
import { valueAt } from '../value-at.ts'
import { dayOf } from './instant.ts'

/** Days are those of a pattern: their years say only how far they lie apart, as from 0000-10-01 to 0002-04-01. */
export interface Cadence {
  readonly start: string
  readonly end: string
  readonly enactment: string
  /** First day of a derived value; where absent the first enactment after the last value of the law. */
  readonly effective?: string
  readonly interval: 'year' | 'month' | 'day'
}

/** A fault in words where it is none. */
export function readCadence(raw: unknown): Cadence | string {
  const map = (raw ?? {}) as Record<string, unknown>
  const days: Record<string, string> = {}
  for (const key of ['start', 'end', 'enactment', 'effective']) {
    if (map[key] === undefined || map[key] === null) {
      if (key !== 'effective') return `at_defined_interval has no ${key}`
      continue
    }
    const text = String(map[key])
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || dayOf(`2000${text.slice(4)}`) === undefined)
      return `${key} of at_defined_interval is no day: "${text.slice(0, 40)}"`
    days[key] = text
  }
  const interval = map['interval'] ?? 'year'
  if (interval !== 'year' && interval !== 'month' && interval !== 'day')
    return `interval of at_defined_interval is none of year, month and day: "${String(interval).slice(0, 40)}"`
  const { start, end, enactment, effective } = days as Record<'start' | 'end' | 'enactment', string> & {
    effective?: string
  }
  if (end <= start || enactment <= end)
    return 'start, end and enactment of at_defined_interval do not follow each other'
  return { start, end, enactment, interval, ...(effective === undefined ? {} : { effective }) }
}

/** More than any law looks ahead, day by day. */
const MAX_STEPS = 5_000

/**
 * Derived values after the last own one: value = round(before * index(enactment less its distance to end) / index(... to start)).
 * undefined where the index has no value on one of those days.
 */
export function cadenceValues(
  own: readonly DatedValue[],
  index: readonly DatedValue[],
  cadence: Cadence,
  rounding: Rounding | null,
): DatedValue[] | undefined {
  const last = own.at(-1)
  const lastIndex = index.at(-1)
  if (!last || last.ceased || !lastIndex) return []
  const { start, end, enactment, interval } = cadence
  const [toStart, toEnd] = [distance(start, enactment), distance(end, enactment)]
  const first = cadence.effective ?? onOrAfter(dayAfter(last.from), enactment, interval)
  const until = shift(onOrBefore(lastIndex.from, end, interval), toEnd, 1)
  const derived: DatedValue[] = []
  let before = valueAt(own, first) ?? last
  for (let n = 0, day = first; day <= until && n < MAX_STEPS; n++, day = step(first, interval, n)) {
    const [from, to] = [valueAt(index, shift(day, toStart, -1)), valueAt(index, shift(day, toEnd, -1))]
    const [origin, point] = [from?.values[0], to?.values[0]]
    if (!from || !to || !origin || point === undefined) return undefined
    const values = before.values.map((value) => roundTo((value * point) / origin, rounding))
    const known = [before.known, from.known, to.known].sort().at(-1)!
    before = { from: day, known, values, derived: true }
    derived.push(before)
  }
  return derived
}

interface Span {
  readonly months: number
  readonly days: number
}

const parts = (day: string) => day.split('-').map(Number) as [year: number, month: number, day: number]

function written(months: number, day: number): string {
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1]
  const kept = Math.min(day, daysIn(year, month))
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(kept).padStart(2, '0')}`
}

function distance(from: string, to: string): Span {
  const [a, b] = [parts(from), parts(to)]
  const months = (b[0] - a[0]) * 12 + b[1] - a[1]
  return b[2] >= a[2]
    ? { months, days: b[2] - a[2] }
    : { months: months - 1, days: b[2] + daysIn(b[0], b[1] - 1 || 12) - a[2] }
}

function shift(day: string, { months, days }: Span, sign: 1 | -1): string {
  const [year, month, date] = parts(day)
  let at = written(year * 12 + month - 1 + sign * months, date)
  for (let n = 0; n < days; n++) at = sign > 0 ? dayAfter(at) : dayBefore(at)
  return at
}

/** The first enactment on or after a day. */
function onOrAfter(day: string, pattern: string, interval: Cadence['interval']): string {
  if (interval === 'day') return day
  const [year, month] = parts(day)
  const [, ofYear, ofMonth] = parts(pattern)
  const unit = interval === 'year' ? 12 : 1
  const base = interval === 'year' ? year * 12 + ofYear - 1 : year * 12 + month - 1
  const found = written(base, ofMonth)
  return found >= day ? found : written(base + unit, ofMonth)
}

/** The last day of the pattern on or before a day. */
function onOrBefore(day: string, pattern: string, interval: Cadence['interval']): string {
  const found = onOrAfter(day, pattern, interval)
  if (found === day || interval === 'day') return found
  const [year, month] = parts(found)
  return written(year * 12 + month - 1 - (interval === 'year' ? 12 : 1), parts(pattern)[2])
}

/** The enactment so many intervals after the first. */
function step(first: string, interval: Cadence['interval'], count: number): string {
  return interval === 'day'
    ? shift(first, { months: 0, days: count }, 1)
    : shift(first, { months: interval === 'year' ? 12 * count : count, days: 0 }, 1)
}
