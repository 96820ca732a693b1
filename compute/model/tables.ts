// Tables as the machine reads them: the slopes of a lookup and the widths of a bracket schedule.
import { pmax, pmin } from './math/extrema.ts'
import type { Table, TableFunction } from './model.ts'

/** A table with a third column: slope of the segment that begins at each point (lookup), or width of each bracket. */
export interface PreparedTable extends Table {
  readonly thirds: readonly number[]
}

/** Slopes of a piecewise-linear table, also for steps; the last segment's slope stands for the last point too, 0 for one point alone. */
export function prepareLookup({ xs, ys }: Table): PreparedTable {
  const slopes = xs.slice(1).map((x, i) => (ys[i + 1]! - ys[i]!) / (x - xs[i]!))
  return { xs, ys, thirds: [...slopes, slopes.at(-1) ?? 0] }
}

/** Widths of the brackets; the last is infinite. */
export function prepareBracket({ xs, ys }: Table): PreparedTable {
  const thirds = xs.map((x, i) => (i + 1 < xs.length ? xs[i + 1]! - x : Number.POSITIVE_INFINITY))
  return { xs, ys, thirds }
}

/** Index of the last point at or below x, 0 where there is none; x is a number. */
function pointBelow(x: number, xs: readonly number[]): number {
  let low = 0
  let high = xs.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (xs[middle]! <= x) low = middle
    else high = middle
  }
  return low
}

/** Piecewise-linear value at x; the end values hold outside the points; NaN gives NaN. */
export function lookup(x: number, { xs, ys, thirds }: PreparedTable): number {
  if (Number.isNaN(x)) return x
  const last = xs.length - 1
  if (!(x > xs[0]!)) return ys[0]!
  if (x >= xs[last]!) return ys[last]!
  const i = pointBelow(x, xs)
  return ys[i]! + (x - xs[i]!) * thirds[i]!
}

/**
 * Piecewise-linear value at x; the first and the last segment go on, one point alone holds everywhere; NaN gives NaN. At an
 * infinity a level segment keeps its value.
 */
export function extrapolate(x: number, { xs, ys, thirds }: PreparedTable): number {
  if (Number.isNaN(x)) return x
  const i = pointBelow(x, xs)
  return thirds[i] === 0 ? ys[i]! : ys[i]! + (x - xs[i]!) * thirds[i]!
}

/** The value of the last point at or below x, of the first point below all; NaN gives NaN. */
export function stepLookup(x: number, { xs, ys }: PreparedTable): number {
  return Number.isNaN(x) ? x : ys[pointBelow(x, xs)]!
}

/** Sum over the brackets, from the lowest up, of rate_i * clamp(x - threshold_i, 0, width_i). */
export function bracket(x: number, { xs, ys, thirds }: PreparedTable): number {
  let sum = 0
  for (let i = 0; i < xs.length; i++) {
    sum += ys[i]! * pmin(pmax(x - xs[i]!, 0), thirds[i]!)
  }
  return sum
}

/** How each table function prepares its table and what it gives. */
export const TABLE_MEANING: Readonly<
  Record<TableFunction, { prepare(table: Table): PreparedTable; value(x: number, table: PreparedTable): number }>
> = {
  lookup: { prepare: prepareLookup, value: lookup },
  extrapolate: { prepare: prepareLookup, value: extrapolate },
  stepLookup: { prepare: prepareLookup, value: stepLookup },
  bracket: { prepare: prepareBracket, value: bracket },
}
