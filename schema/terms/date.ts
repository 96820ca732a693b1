// Days, written as ISO 8601 dates.
import { QuesnayError } from '../errors.ts'

/** True for a day of the calendar written as 2024-12-31. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** Returns the date; BAD_INPUT where it is none. */
export function assertIsoDate(text: string, path: string): string {
  if (isIsoDate(text)) return text
  throw new QuesnayError('BAD_INPUT', `${path} is not a date: "${text}"`, {
    path,
    suggestion: 'write it as 2024-12-31',
  })
}
