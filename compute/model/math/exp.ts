// e^x with the same basic operations in the same order as compute/kernels/lib/exp.ts, so the bits are equal.
import { fromWords, highWord, lowWord } from './bits.ts'
import { EXP_TABLE } from './exp-table.ts'

/** 128 / ln 2. */
export const INV_LN2_128 = 184.6649652337873
/** 1.5 * 2^52: adding it rounds to the nearest integer, which then stands in the low bits. */
export const SHIFT = 6755399441055744
/** ln 2 / 128 in two parts; the first has 33 bits, so that its product with |n| < 2^18 is exact. */
export const LN2_128_HIGH = 0.005415212348452769
export const LN2_128_LOW = -3.2819649005320973e-13

// High words less j << 13, so that adding n << 13 (n = 128 k + j) gives 2^k * 2^(j/128).
const tableHigh = Int32Array.from(EXP_TABLE.values, (v, j) => highWord(v) - (j << 13))
const tableLow = Int32Array.from(EXP_TABLE.values, lowWord)
const tails = EXP_TABLE.tails

/**
 * e^(x + tail), for |tail| far below |x| or both small. Table of 128, Taylor polynomial of degree 5 on |r| < ln 2 / 256.
 * Overflows to infinity above 709.78, underflows through subnormals to 0 below -745.13; NaN gives NaN.
 * Error below 0.52 units in the last place (subnormal results: 1). Method: Tang, ACM TOMS 15(2), 1989.
 */
export function expSum(x: number, tail: number): number {
  if (Number.isNaN(x)) return x
  if (x > 710) return Number.POSITIVE_INFINITY
  if (x < -746) return 0
  const z = x * INV_LN2_128 + SHIFT
  const n = z - SHIFT
  const r = x - n * LN2_128_HIGH - n * LN2_128_LOW + tail
  const index = lowWord(z)
  const j = index & 127
  const r2 = r * r
  const p = tails[j]! + r + r2 * (0.5 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120)))
  const high = (tableHigh[j]! + (index << 13)) | 0
  const low = tableLow[j]!
  if (x > 708) return scaled(fromWords(high - (1 << 20), low), p) * 2
  // Scaled by 2^64 so that the table value stays normal; the product then rounds to a subnormal once more.
  if (x < -708) return scaled(fromWords(high + (64 << 20), low), p) * 2 ** -64
  return scaled(fromWords(high, low), p)
}

function scaled(s: number, p: number): number {
  return s + s * p
}

/** e^x; see expSum. */
export function exp(x: number): number {
  return expSum(x, 0)
}
