// ln x and ln(1 + x) with the same basic operations in the same order as compute/kernels/lib/log.ts.
import { fromWords, highWord, lowWord } from './bits.ts'

/** ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
// Minimax coefficients of (ln((1 + s) / (1 - s)) - 2 s) / s: FreeBSD msun e_log.c (Sun Microsystems, 1993).
const L1 = 0.6666666666666735
const L2 = 0.3999999999940942
const L3 = 0.2857142874366239
const L4 = 0.22222198432149784
const L5 = 0.1818357216161805
const L6 = 0.15313837699209373
const L7 = 0.14798198605116586
/** High word of sqrt(1/2): a mantissa lies in [sqrt(1/2), sqrt(2)). */
const SQRT_HALF = 0x3fe6a09e
const MIN_NORMAL = 2 ** -1022
/** Above this the 1 of 1 + x is lost and the correction of log1p could leave the exponent's range. */
const LOG1P_PLAIN = 2 ** 1000

/**
 * ln(1 + f + lost) + dk ln 2 for 1 + f in [sqrt(1/2), sqrt(2)) and lost below the last place of 1 + f: ln(1 + f) + lost / (1 + f),
 * where 1 / (1 + f) is nearly 1 - 2 s. What the rounding of f + dk ln 2 drops is kept. The polynomial is summed in pairs (Estrin)
 * and what does not wait for the division is added up beforehand, because the kernel is bound by latency here.
 */
function logCore(f: number, dk: number, lost: number): number {
  const product = dk * LN2_HIGH
  const high = f + product
  const low = dk * LN2_LOW + (product - high + f) + lost
  const s = f / (f + 2)
  const z = s * s
  const w = z * z
  const half = 0.5 * f * f
  const a = L1 + z * L2 + w * (L3 + z * L4)
  const b = L5 + z * L6 + w * L7
  const r = z * (a + w * w * b)
  return s * (half + r - (lost + lost)) + (low - half) + high
}

/** Natural logarithm. ln 0 = -infinity, ln of a negative number and of NaN is NaN. Error below 1 unit in the last place. */
export function log(x: number): number {
  if (x >= MIN_NORMAL && x <= Number.MAX_VALUE) return logNormal(x, 0)
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (x > 0 && x < 1) return logNormal(x * 2 ** 54, 54)
  if (x > 0) return x
  return Number.NaN
}

function logNormal(x: number, scaledBy: number): number {
  const t = highWord(x) + (0x3ff00000 - SQRT_HALF)
  const f = fromWords((t & 0xfffff) + SQRT_HALF, lowWord(x)) - 1
  return logCore(f, (t >>> 20) - 1023 - scaledBy, 0)
}

/** ln(1 + x), accurate also near 0. Below -1 NaN, at -1 -infinity. Error below 1 unit in the last place. */
export function log1p(x: number): number {
  const u = 1 + x
  if (!(u >= MIN_NORMAL && u <= LOG1P_PLAIN)) return log(u)
  const t = highWord(u) + (0x3ff00000 - SQRT_HALF)
  const biased = t >>> 20
  const f = fromWords((t & 0xfffff) + SQRT_HALF, lowWord(u)) - 1
  // What the rounding of 1 + x lost, scaled as the mantissa is.
  const lost = (x - (u - 1)) * fromWords((2046 - biased) << 20, 0)
  return logCore(f, biased - 1023, lost)
}
