// ln x and ln(1 + x) with the same basic operations in the same order as compute/kernels/lib/log.ts.
import { fromWords, highWord, lowWord } from './bits.ts'
import { LOG_TABLE } from './log-table.ts'

/** ln 2 in two parts; the first is a multiple of 2^-42, so that exponent * LN2_HIGH + ln c is exact. */
const LN2_HIGH = 0.6931471805598903
const LN2_LOW = 5.497923018708371e-14
// (ln(1 + r) - r) / r^2 on |r| <= 2^-8: the first coefficient set to -1/2, the others minimax for the relative error of ln(1 + r), 2^-55.5.
const A0 = -0.5
const A1 = 0.3333333333190035
const A2 = -0.24999999996880384
const A3 = 0.20000303514609885
const A4 = -0.16667034454499238
/** High word of the least mantissa: 1 lies within an interval of the table. */
const LEAST = 0x3fe61000
const ONE = 0x3ff00000
const MIN_NORMAL = 2 ** -1022
/** Above this the 1 of 1 + x is lost and the correction of log1p could leave the exponent's range. */
const LOG1P_PLAIN = 2 ** 1000

/** Natural logarithm. ln 0 = -infinity, ln of a negative number and of NaN is NaN. Error below 0.75 units in the last place. */
export function log(x: number): number {
  if (x >= MIN_NORMAL && x <= Number.MAX_VALUE) return logNormal(x, 0, 0)
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (x > 0 && x < 1) return logNormal(x * 2 ** 54, 54, 0)
  if (x > 0) return x
  return Number.NaN
}

/** ln(1 + x), accurate also near 0. Below -1 NaN, at -1 -infinity. Error below 0.75 units in the last place. */
export function log1p(x: number): number {
  const u = 1 + x
  if (!(u >= MIN_NORMAL && u <= LOG1P_PLAIN)) return log(u)
  return logNormal(u, 0, x - (u - 1))
}

/**
 * ln(u 2^-scaledBy + lost) for a normal u and `lost` below its last place. With u = 2^k z and z = c + d, c from a table:
 * k ln 2 + ln c + ln(1 + d / c). d is exact; what the rounding of the great sum drops is kept. Method: Tang, ACM TOMS 16(4), 1990.
 */
function logNormal(u: number, scaledBy: number, lost: number): number {
  const high = highWord(u)
  const t = high - LEAST
  const k = t >> 20
  const field = k << 20
  const j = (t >> 13) & 127
  const d = fromWords(high - field, lowWord(u)) - LOG_TABLE.centres[j]!
  const scaled = lost === 0 ? 0 : lost * fromWords(ONE - field, 0)
  // d / c - d, and all of what 1 + x lost.
  const more = (d + scaled) * LOG_TABLE.inversesLessOne[j]! + scaled
  const r = d + more
  const exponent = k - scaledBy
  const w = exponent * LN2_HIGH + LOG_TABLE.logarithms[j]!
  const sum = w + d
  const rest = w - sum + d + (exponent * LN2_LOW + more)
  const r2 = r * r
  const p = A0 + r * A1 + r2 * (A2 + r * A3 + r2 * A4)
  return sum + (rest + r2 * p)
}
