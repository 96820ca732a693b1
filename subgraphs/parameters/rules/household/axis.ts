// Points of an income axis.
import { QuesnayError } from '../../../../schema/errors.ts'
import type { RuleColumn } from '../rule-set/rule-set.ts'
import { checkedValue } from './units.ts'

/** Points of one curve: a chart has no more pixels, and each costs a lane or two. */
export const MAX_POINTS = 20_001

/**
 * So many points from one value to another, both included, evenly apart: from + i (to - from) / (points - 1).
 * Errors: BAD_INPUT (an end that the column does not take, an axis of no length, fewer than 2 points, points of a column of whole
 * numbers that are none), LIMIT_EXCEEDED.
 */
export function axisPoints(column: RuleColumn, from: number, to: number, points: number): number[] {
  assertSpan(column, from, to)
  if (!Number.isInteger(points) || points < 2)
    throw new QuesnayError('BAD_INPUT', `${points} points make no axis`, {
      path: 'points',
      suggestion: 'give a whole number from 2',
    })
  assertPoints(points, 'points', 'ask for fewer points')
  const values = Array.from({ length: points }, (_, i) => from + (i * (to - from)) / (points - 1))
  for (const value of values) checkedValue(column, value, 'points')
  return values
}

/** Points from one value on, a resolution apart, and the end. Errors: as axisPoints. */
export function axisGrid(column: RuleColumn, from: number, to: number, resolution: number): number[] {
  assertSpan(column, from, to)
  if (!Number.isFinite(resolution) || resolution <= 0)
    throw new QuesnayError('BAD_INPUT', `${resolution} is no distance`, {
      path: 'resolution',
      suggestion: 'give a number above 0, such as 100',
    })
  const steps = Math.ceil((to - from) / resolution)
  assertPoints(steps + 1, 'resolution', 'give a coarser resolution or a shorter axis')
  return Array.from({ length: steps + 1 }, (_, i) => Math.min(to, from + i * resolution))
}

function assertSpan(column: RuleColumn, from: number, to: number): void {
  checkedValue(column, from, 'from')
  checkedValue(column, to, 'to')
  if (to > from) return
  throw new QuesnayError('BAD_INPUT', `the axis ends at ${to}, where it does not begin before`, {
    path: 'to',
    suggestion: `give a number above ${from}`,
  })
}

function assertPoints(points: number, path: string, suggestion: string): void {
  if (points <= MAX_POINTS) return
  throw new QuesnayError('LIMIT_EXCEEDED', `${points} points are more than one axis has`, {
    path,
    limit: MAX_POINTS,
    suggestion,
  })
}
