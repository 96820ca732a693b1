// Statistics over lanes in plain TypeScript, with sums of the same fixed shape as the merge kernel's.

const BLOCK = 256

/** Eight interleaved sums, added up in pairs. */
function blockSum(values: ArrayLike<number>, first: number, n: number, term: (x: number) => number): number {
  const s = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < n; i++) s[i % 8]! += term(values[first + i]!)
  return s[0]! + s[1]! + (s[2]! + s[3]!) + (s[4]! + s[5]! + (s[6]! + s[7]!))
}

/**
 * Sum whose shape depends on the number of values alone: blocks of 256, joined as a binary counter counts.
 * The error grows with the logarithm of n (pairwise summation; Higham, SIAM J. Sci. Comput. 14(4), 1993).
 */
export function fixedSum(values: ArrayLike<number>, term: (x: number) => number = (x) => x): number {
  const levels: number[] = []
  let blocks = 0
  for (let first = 0; first < values.length; first += BLOCK, blocks++) {
    let sum = blockSum(values, first, Math.min(values.length - first, BLOCK), term)
    let level = 0
    for (let count = blocks; count % 2 === 1; count = (count - 1) / 2, level++) sum = levels[level]! + sum
    levels[level] = sum
  }
  let sum: number | undefined
  for (let level = 0; blocks > 0; blocks = Math.floor(blocks / 2), level++) {
    if (blocks % 2 === 1) sum = sum === undefined ? levels[level]! : levels[level]! + sum
  }
  return sum ?? 0
}

/** Mean, reckoned from the first value on so that equal values have it exactly, and sample standard deviation (n - 1; 0 for one value). */
export function moments(values: ArrayLike<number>): { mean: number; sd: number } {
  const n = values.length
  const first = values[0]!
  const mean = first + fixedSum(values, (x) => x - first) / n
  return { mean, sd: n < 2 ? 0 : Math.sqrt(fixedSum(values, (x) => (x - mean) * (x - mean)) / (n - 1)) }
}
