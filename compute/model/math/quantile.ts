// Quantiles of a sorted sample.

/** Quantile type 7 (Hyndman and Fan, The American Statistician 50(4), 1996) of values already sorted ascending. */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  const h = (sorted.length - 1) * probability
  const low = Math.floor(h)
  const x = sorted[low]!
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!
  return x + (h - low) * (next - x)
}
