// Tables as the machine reads them: the slopes of a lookup and the widths of a bracket schedule.
import { pmax, pmin } from './math/extrema.ts'
import type { Table } from './model.ts'

/** A table with a third column: slope of the segment that begins at each point (lookup), or width of each bracket. */
export interface PreparedTable extends Table {
  readonly thirds: readonly number[]
}

/** Slopes of a piecewise-linear lookup; the last is 0. */
export function prepareLookup({ xs, ys }: Table): PreparedTable {
  const thirds = xs.map((x, i) => (i + 1 < xs.length ? (ys[i + 1]! - ys[i]!) / (xs[i + 1]! - x) : 0))
  return { xs, ys, thirds }
}

/** Widths of the brackets; the last is infinite. */
export function prepareBracket({ xs, ys }: Table): PreparedTable {
  const thirds = xs.map((x, i) => (i + 1 < xs.length ? xs[i + 1]! - x : Number.POSITIVE_INFINITY))
  return { xs, ys, thirds }
}

/** Piecewise-linear value at x; the end values hold outside the points; NaN gives NaN. */
export function lookup(x: number, { xs, ys, thirds }: PreparedTable): number {
  if (Number.isNaN(x)) return x
  const last = xs.length - 1
  if (!(x > xs[0]!)) return ys[0]!
  if (x >= xs[last]!) return ys[last]!
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (xs[middle]! <= x) low = middle
    else high = middle
  }
  return ys[low]! + (x - xs[low]!) * thirds[low]!
}

/** Sum over the brackets, from the lowest up, of rate_i * clamp(x - threshold_i, 0, width_i). */
export function bracket(x: number, { xs, ys, thirds }: PreparedTable): number {
  let sum = 0
  for (let i = 0; i < xs.length; i++) {
    sum += ys[i]! * pmin(pmax(x - xs[i]!, 0), thirds[i]!)
  }
  return sum
}
