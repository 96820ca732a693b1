// The law on a day, as known on a day: picks a parameter's value by valid time and knowledge time.
import { QuesnayError } from '../../../schema/errors.ts'
import type { DatedValue, Tree } from './tree.ts'

/**
 * The value that holds on `date`, from what was known on `knownAt` (absent: all that is known now).
 * Of the values known by then: the one that holds from the latest day not after `date`, and of those the one known last.
 * undefined where nothing was known or nothing held yet.
 */
export function valueAt(values: readonly DatedValue[], date: string, knownAt?: string): DatedValue | undefined {
  let best: DatedValue | undefined
  for (const value of values) {
    if (value.from > date || (knownAt !== undefined && value.known > knownAt)) continue
    if (!best || value.from > best.from || (value.from === best.from && value.known > best.known)) best = value
  }
  return best
}

/** The values that follow each other between two days (both included) as known on a day: the one that holds at the start, and every change after. */
export function valuesBetween(values: readonly DatedValue[], from: string, to: string, knownAt?: string): DatedValue[] {
  const starts = [...new Set(values.map((v) => v.from).filter((day) => day > from && day <= to))].sort()
  const picked = [from, ...starts].map((day) => valueAt(values, day, knownAt)).filter((v) => v !== undefined)
  return picked.filter((value, i) => value !== picked[i - 1])
}

/** Returns the day; BAD_INPUT where it lies outside of what the tree covers: an answer there would be a guess. */
export function assertCovered(tree: Pick<Tree, 'id' | 'from' | 'to'>, date: string, path: string): string {
  if (date >= tree.from && date <= tree.to) return date
  throw new QuesnayError('BAD_INPUT', `${tree.id} holds values from ${tree.from} to ${tree.to}, none for ${date}`, {
    path,
    suggestion: `ask for a day from ${tree.from} to ${tree.to}`,
  })
}
