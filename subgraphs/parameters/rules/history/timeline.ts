// What a parameter was, is and will be, as known on one day: values that follow each other without overlap.
import type { DatedValue } from '../tree.ts'

/**
 * The values that hold one after the other, by from, as known on `knownAt` (absent: all that is known now): of those that hold from
 * one day the one known last. A value holds until the next one's from; one that has ceased stands in the list.
 */
export function timelineOf(values: readonly DatedValue[], knownAt?: string): DatedValue[] {
  const latest = new Map<string, DatedValue>()
  for (const value of values) {
    if (knownAt !== undefined && value.known > knownAt) continue
    const other = latest.get(value.from)
    if (!other || value.known > other.known) latest.set(value.from, value)
  }
  return [...latest.values()].sort((a, b) => (a.from < b.from ? -1 : 1))
}

/** By from, then by known: the order of a parameter's values. */
export function byDays(a: DatedValue, b: DatedValue): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1
  return a.known < b.known ? -1 : a.known > b.known ? 1 : 0
}
