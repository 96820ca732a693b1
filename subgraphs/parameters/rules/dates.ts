// Days of law: "2026", "2026-07" and "2026-07-01" read as the first or the last day that they name.
import { QuesnayError } from '../../../schema/errors.ts'

/** The day of values that hold since ever: before every day of a calendar. */
export const SINCE_EVER = '0000-01-01'

const SHAPE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/

/** The first day of a year, month or day, as YYYY-MM-DD; BAD_INPUT at `path` where it is no date of the calendar. */
export function firstDay(text: string, path: string): string {
  const { year, month, day } = partsOf(text, path)
  return `${year}-${month ?? '01'}-${day ?? '01'}`
}

/** The last day of a year, month or day, as YYYY-MM-DD; BAD_INPUT at `path` where it is no date of the calendar. */
export function lastDay(text: string, path: string): string {
  const { year, month, day } = partsOf(text, path)
  if (day) return `${year}-${month}-${day}`
  const last = month ?? '12'
  return `${year}-${last}-${String(daysIn(Number(year), Number(last))).padStart(2, '0')}`
}

function partsOf(text: string, path: string) {
  const [, year, month, day] = SHAPE.exec(text) ?? []
  const real =
    year !== undefined &&
    (Number(year) > 0 || text === SINCE_EVER) &&
    (month === undefined || (Number(month) >= 1 && Number(month) <= 12)) &&
    (day === undefined || (Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month))))
  if (real) return { year, month, day }
  throw new QuesnayError('BAD_INPUT', `${path} is no date: "${text.slice(0, 40)}"`, {
    path,
    suggestion: 'write it as 2026, 2026-07 or 2026-07-01',
  })
}

/** The day after one of the calendar. */
export function dayAfter(date: string): string {
  const [year, month, day] = numbersOf(date)
  if (day < daysIn(year, month)) return written(year, month, day + 1)
  return month < 12 ? written(year, month + 1, 1) : written(year + 1, 1, 1)
}

/** The day before one of the calendar; that before 0000-01-01 is itself, since nothing is before it. */
export function dayBefore(date: string): string {
  const [year, month, day] = numbersOf(date)
  if (day > 1) return written(year, month, day - 1)
  if (month > 1) return written(year, month - 1, daysIn(year, month - 1))
  return year > 0 ? written(year - 1, 12, 31) : date
}

/** The same day so many years later; 29 February becomes the 28th where the year has none. */
export function yearsAfter(date: string, years: number): string {
  const [year, month, day] = numbersOf(date)
  return written(year + years, month, Math.min(day, daysIn(year + years, month)))
}

/** Years from one day to another: whole where both are the same day of the year, else with months as twelfths and days of 1/365.25. */
export function yearsBetween(from: string, to: string): number {
  const [a, b] = [numbersOf(from), numbersOf(to)]
  return b[0] - a[0] + (b[1] - a[1]) / 12 + (b[2] - a[2]) / 365.25
}

const numbersOf = (date: string) => date.split('-').map(Number) as [year: number, month: number, day: number]

const written = (year: number, month: number, day: number) =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]

/** MM-DD for people: "04-06" is "6 April". */
export function dayName(day: string): string {
  return `${Number(day.slice(3))} ${MONTHS[Number(day.slice(0, 2)) - 1]}`
}
