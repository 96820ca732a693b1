// x^y. compute/model/math/pow.ts is its twin: change both or neither.
import { expSum, INV_LN2_128, LN2_128_HIGH, LN2_128_LOW, SHIFT } from './exp'
import { EXP_TABLE } from './exp-table'
import { log } from './log'
import { productError } from './product-error'

/** 2^70: beyond it any x other than 1 overflows or vanishes; keeps the exact products in range. */
const HUGE_EXPONENT: f64 = 1.180591620717411303424e21

/** For positive finite x and finite y: e^(y ln x), with ln x to about 68 bits. */
function powPositive(value: f64, y: f64): f64 {
  let x = value
  let e: i32 = 0
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984 // 2^54
    e = -54
  }
  const bits = reinterpret<u64>(x)
  e += <i32>(bits >> 52) - 1023
  const m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000)
  const z = log(m) * INV_LN2_128 + SHIFT
  const n = z - SHIFT
  const entry = EXP_TABLE + (<usize>(reinterpret<u64>(z) & 127) << 4)
  const c = n == 128 ? 2 : reinterpret<f64>(load<u64>(entry, 8) + ((reinterpret<u64>(z) & 127) << 45))
  const d = m - c
  const lost = -(c * load<f64>(entry))
  const r = d / c
  const rc = r * c
  const rl = (d - rc - productError(r, c, rc) + (lost + r * lost)) / c
  const k = <f64>e * 128 + n
  const square = r * r
  const cubic =
    square * r * (1.0 / 3.0 + r * (-0.25 + r * (0.2 + r * (-1.0 / 6.0 + r * (1.0 / 7.0 - r * 0.125)))))
  const a = k * LN2_128_HIGH
  const s1 = a + r
  const e1 = abs(a) > abs(r) ? a - s1 + r : r - s1 + a
  const half = -0.5 * square
  const s2 = s1 + half
  const e2 = s1 - s2 + half
  const low = e1 + e2 + (rl - r * rl) - 0.5 * productError(r, r, square) + (k * LN2_128_LOW + cubic)
  const logHigh = s2 + low
  const logLow = s2 - logHigh + low
  const p = y * logHigh
  return expSum(p, productError(y, logHigh, p) + y * logLow)
}

/** x^y; edges as in the twin. */
export function pow(x: f64, y: f64): f64 {
  if (y == 0 || x == 1) return 1
  if (x != x || y != y) return NaN
  const magnitude = abs(x)
  const huge = abs(y) >= 9007199254740992 // 2^53
  const whole = huge || floor(y) == y
  const odd = whole && !huge && floor(y * 0.5) * 2 != y
  const sign: f64 = odd && <i64>reinterpret<u64>(x) < 0 ? -1 : 1
  if (magnitude == 0) return sign * (y < 0 ? Infinity : 0)
  if (magnitude == Infinity) return sign * (y < 0 ? 0 : Infinity)
  if (x < 0 && !whole) return NaN
  if (magnitude == 1) return sign
  return sign * powPositive(magnitude, min(max(y, -HUGE_EXPONENT), HUGE_EXPONENT))
}

