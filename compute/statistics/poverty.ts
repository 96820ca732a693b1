// How many are below a line, and how far.
import { sumOf } from './sum-of.ts'

export interface Poverty {
  /** Weight of those whose value is below the line. */
  readonly poor: number
  /** Head count ratio, FGT(0): their share of all weight; NaN where nothing has weight. */
  readonly rate: number
  /**
   * Poverty gap, FGT(1): the mean over all of (line - x) / line, those at or above the line counting 0 (Foster, Greer and Thorbecke, A class
   * of decomposable poverty measures, Econometrica 52(3), 1984); NaN where the line is not positive.
   */
  readonly gap: number
}

/** Weighted values in any order against a line; a line that is NaN gives NaN. */
export function poverty(values: Float64Array, weights: Float64Array, line: number): Poverty {
  if (Number.isNaN(line)) return { poor: line, rate: line, gap: line }
  const theirs = new Float64Array(values.length)
  const short = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    if (!(x < line)) continue
    theirs[i] = weights[i]!
    short[i] = weights[i]! * (line - x)
  }
  const weight = sumOf(weights)
  const poor = sumOf(theirs)
  return { poor, rate: poor / weight, gap: line > 0 ? sumOf(short) / line / weight : Number.NaN }
}
