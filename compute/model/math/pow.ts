// x^y with the same basic operations in the same order as compute/kernels/lib/pow.ts.
import { fromWords, highWord, lowWord } from './bits.ts'
import { expSum, INV_LN2_128, LN2_128_HIGH, LN2_128_LOW, SHIFT } from './exp.ts'
import { EXP_TABLE } from './exp-table.ts'
import { log } from './log.ts'
import { productError } from './product-error.ts'

/** Beyond this any x other than 1 overflows or vanishes; keeps the exact products in range. */
const HUGE_EXPONENT = 2 ** 70

/** For positive finite x and finite y: e^(y ln x), with ln x to about 68 bits. */
function powPositive(x: number, y: number): number {
  // x = 2^e m with 1 <= m < 2
  let e = 0
  if (x < 2 ** -1022) {
    x *= 2 ** 54
    e = -54
  }
  const high = highWord(x)
  e += (high >> 20) - 1023
  const m = fromWords((high & 0xfffff) | 0x3ff00000, lowWord(x))
  // m = c (1 + r) with c = 2^(n/128) from the table
  const z = log(m) * INV_LN2_128 + SHIFT
  const n = z - SHIFT
  const j = lowWord(z) & 127
  const c = n === 128 ? 2 : EXP_TABLE.values[j]!
  const d = m - c
  const lost = -(c * EXP_TABLE.tails[j]!)
  const r = d / c
  const rc = r * c
  const rl = (d - rc - productError(r, c, rc) + (lost + r * lost)) / c
  // ln x = (128 e + n) ln 2 / 128 + r - r^2 / 2 + r^3 / 3 - ...
  const k = e * 128 + n
  const square = r * r
  const cubic = square * r * (1 / 3 + r * (-0.25 + r * (0.2 + r * (-1 / 6 + r * (1 / 7 - r * 0.125)))))
  const a = k * LN2_128_HIGH
  const s1 = a + r
  const e1 = Math.abs(a) > Math.abs(r) ? a - s1 + r : r - s1 + a
  const half = -0.5 * square
  const s2 = s1 + half
  const e2 = s1 - s2 + half
  const low = e1 + e2 + (rl - r * rl) - 0.5 * productError(r, r, square) + (k * LN2_128_LOW + cubic)
  const logHigh = s2 + low
  const logLow = s2 - logHigh + low
  const p = y * logHigh
  return expSum(p, productError(y, logHigh, p) + y * logLow)
}

/**
 * x^y by the rules of IEEE 754-2019 `pow`: x^0 = 1 and 1^y = 1 for every value, also NaN; a negative x needs a whole y, else NaN.
 * Error below 0.53 units in the last place (subnormal results: 1), so whole powers that a double can hold are exact.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  const magnitude = Math.abs(x)
  const huge = Math.abs(y) >= 2 ** 53
  const whole = huge || Math.floor(y) === y
  const odd = whole && !huge && Math.floor(y * 0.5) * 2 !== y
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1
  if (magnitude === 0) return sign * (y < 0 ? Number.POSITIVE_INFINITY : 0)
  if (magnitude === Number.POSITIVE_INFINITY) return sign * (y < 0 ? 0 : Number.POSITIVE_INFINITY)
  if (x < 0 && !whole) return Number.NaN
  if (magnitude === 1) return sign
  return sign * powPositive(magnitude, Math.min(Math.max(y, -HUGE_EXPONENT), HUGE_EXPONENT))
}
