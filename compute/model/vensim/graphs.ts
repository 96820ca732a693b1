// The points of a lookup as a graphical function.
import type { Position } from '../formula/ast.ts'
import type { GraphicalFunction } from '../source/source.ts'
import { invalid, unsupported } from './faults.ts'
import type { Point } from './syntax.ts'

/** Linear between the points, the ends held. MODEL_INVALID where x falls or a number is missing; a point may stand twice. */
export function graphOf(points: readonly Point[], path: string, at: Position): GraphicalFunction {
  const kept = points.filter(([x, y], i) => i === 0 || x !== points[i - 1]![0] || y !== points[i - 1]![1])
  if (points.some((point) => !point.every(Number.isFinite)))
    throw invalid(path, at, 'a lookup needs as many y as x, all of them numbers')
  if (kept.length < 2) throw invalid(path, at, 'a lookup needs at least two points')
  kept.forEach(([x], i) => {
    const before = i === 0 ? Number.NEGATIVE_INFINITY : kept[i - 1]![0]
    if (x === before)
      throw unsupported(path, at, `a lookup with two values at ${x}`, 'move one of the two points a little')
    if (x < before) throw invalid(path, at, `the x of a lookup fall from ${before} to ${x}`)
  })
  return { type: 'continuous', xs: kept.map(([x]) => x), ys: kept.map(([, y]) => y) }
}

/** The function mirrored at x = 0. */
export function mirrored({ type, xs, ys }: GraphicalFunction): GraphicalFunction {
  return { type, xs: xs.map((x) => (x === 0 ? 0 : -x)).reverse(), ys: [...ys].reverse() }
}
