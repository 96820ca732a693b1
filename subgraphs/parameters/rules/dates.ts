// Days of law: "2026", "2026-07" and "2026-07-01" read as the first or the last day that they name.
import { QuesnayError } from '../../../schema/errors.ts'

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
    Number(year) > 0 &&
    (month === undefined || (Number(month) >= 1 && Number(month) <= 12)) &&
    (day === undefined || (Number(day) >= 1 && Number(day) <= daysIn(Number(year), Number(month))))
  if (real) return { year, month, day }
  throw new QuesnayError('BAD_INPUT', `${path} is no date: "${text.slice(0, 40)}"`, {
    path,
    suggestion: 'write it as 2026, 2026-07 or 2026-07-01',
  })
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
