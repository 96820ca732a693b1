// Shapes that the made-up populations are drawn from.

import { exp } from '../../../../../compute/model/math/exp.ts'

/** Points of a curve, first coordinates rising. */
export type Curve = readonly (readonly [x: number, y: number])[]

/** Piecewise linear through the points, its ends held. */
export function between(points: Curve, x: number): number {
  let next = 0
  while (next < points.length && points[next]![0] <= x) next++
  if (next === points.length) return points[next - 1]![1]
  if (next === 0) return points[0]![1]
  const before = points[next - 1]!
  const after = points[next]!
  return before[1] + ((x - before[0]) / (after[0] - before[0])) * (after[1] - before[1])
}

const MOST_AGE = 130

/** The curve at each age in whole years, 0 to 130: a table, since every unit asks many of them. */
export function byAge(...points: Curve): Float64Array {
  return Float64Array.from({ length: MOST_AGE + 1 }, (_, age) => between(points, age))
}

/** x held between two bounds. */
export const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x))

/** A lognormal amount in whole units of money. @param z a standard normal number @param spread of the logarithm */
export const lognormal = (median: number, spread: number, z: number): number => Math.round(median * exp(spread * z))
