// Dates of values, kept as text: 0000-01-01 is one, which no calendar of the host knows.

const LIKE = /^\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?$/
const SHAPE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/

/** Since ever. */
export const EVER = '0000-01-01'

/** True where a key looks like a date, be it one or not. */
export const isDateLike = (key: string): boolean => LIKE.test(key)

/** First day of a year, month or day of the proleptic Gregorian calendar, the year 0 included; undefined where it is none. */
export function dayOf(key: string): string | undefined {
  const [, year, month = '01', day = '01'] = SHAPE.exec(key) ?? []
  if (year === undefined || month < '01' || month > '12' || day < '01') return undefined
  return Number(day) <= daysIn(Number(year), Number(month)) ? `${year}-${month}-${day}` : undefined
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
