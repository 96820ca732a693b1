// Thresholds of brackets have to rise: a bracket of negative width cannot be computed.
import { breaksOf, holdsOn, overlaid, type ReformChange } from './overlay.ts'
import { limitsOf } from './scale.ts'
import type { Parameter, Scale } from './tree.ts'
import { valueAt } from './value-at.ts'

/** Where a scale does not rise: on the day the second limit lies below the first. */
export interface FallingLimit {
  readonly scale: string
  readonly day: string
  /** Number of the bracket that the second limit belongs to, from 1. */
  readonly bracket: number
  /** Ids of the two limits. */
  readonly lower: string
  readonly upper: string
}

/**
 * The first day on which limits of the scale fall, by the law as known now with the changes laid over it; undefined where they rise on
 * every day. Limits may be equal; one that does not exist on a day is passed over.
 */
export function fallingLimit(
  scale: Scale,
  parameterOf: (id: string) => Pick<Parameter, 'values'> | undefined,
  changes: readonly ReformChange[] = [],
): FallingLimit | undefined {
  const limits = limitsOf(scale).map((id) => ({
    id,
    values: parameterOf(id)?.values ?? [],
    changes: changes.filter((change) => change.parameter === id),
  }))
  const days = new Set(limits.flatMap((l) => [...l.values.map(({ from }) => from), ...l.changes.flatMap(breaksOf)]))
  for (const day of [...days].sort()) {
    const there = limits.flatMap(({ id, values, changes }, i) => {
      const found = valueAt(values, day)
      if (!found || found.values.length === 0) return []
      const cells = changes.filter((change) => holdsOn(change, day)).reduce<readonly number[]>(overlaid, found.values)
      return [{ id, bracket: i + 1, cells }]
    })
    for (const [i, upper] of there.entries()) {
      const lower = there[i - 1]
      if (lower && anyBelow(upper.cells, lower.cells))
        return { scale: scale.id, day, bracket: upper.bracket, lower: lower.id, upper: upper.id }
    }
  }
  return undefined
}

/** Cell by cell; one cell stands for every one of the other. */
function anyBelow(upper: readonly number[], lower: readonly number[]): boolean {
  const cellOf = (cells: readonly number[], i: number) => cells[cells.length === 1 ? 0 : i]!
  const cells = upper.length > lower.length ? upper : lower
  return cells.some((_, i) => cellOf(upper, i) < cellOf(lower, i))
}

/** What is wrong, in words. */
export function fallingText({ id, style }: Scale, { day, bracket, lower, upper }: FallingLimit): string {
  const verb = style === 'TOPS' ? 'end' : 'begin'
  return `on ${day} bracket ${bracket} of ${id} would ${verb} below the one before it (${upper} below ${lower})`
}
