// How many are below a line, and how far.

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

/** Weighted values in any order against a line; a line that is NaN gives NaN. @param weight the sum of the weights */
export function poverty(values: Float64Array, weights: Float64Array, weight: number, line: number): Poverty {
  if (Number.isNaN(line)) return { poor: line, rate: line, gap: line }
  let poor = 0
  let short = 0
  let poorLost = 0
  let shortLost = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    if (x >= line) continue
    const w = weights[i]!
    // As in sum-of.ts.
    const more = poor + w
    const back = more - poor
    poorLost += poor - (more - back) + (w - back)
    poor = more
    const term = w * (line - x)
    const next = short + term
    const undone = next - short
    shortLost += short - (next - undone) + (term - undone)
    short = next
  }
  poor += poorLost
  const gap = line > 0 ? (short + shortLost) / line / weight : Number.NaN
  return { poor, rate: poor / weight, gap }
}
