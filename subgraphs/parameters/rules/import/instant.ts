// Dates of values in the files: text, of a year, a month or a day.
import { firstDay } from '../dates.ts'

const LIKE = /^\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?$/

/** True where a key looks like a date, be it one or not. */
export const isDateLike = (key: string): boolean => LIKE.test(key)

/** First day of a year, month or day, or 0000-01-01, which is since ever; undefined where it is none. */
export function dayOf(key: string): string | undefined {
  if (!LIKE.test(key)) return undefined
  try {
    return firstDay(key, 'date')
  } catch {
    return undefined
  }
}
