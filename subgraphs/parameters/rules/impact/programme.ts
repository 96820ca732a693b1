// The headings of the budget that were named in the graph before rule sets named their own.
import { Programme } from '../../../../schema/terms/tax.ts'

/** The heading of a programme's name; null for one that has none. */
export function programmeOf(name: string | null): Programme | null {
  const key = (name ?? '').toUpperCase().replaceAll(' ', '_')
  return Object.values(Programme).find((programme) => programme === key) ?? null
}
