// x^y: scalar, and over a block. compute/model/math/pow.ts is its twin: change both or neither.
import {
  expBeyond, expConstant, expSum, expSumApart, expTogether, INV_LN2_128, LN2_128_HIGH, LN2_128_LOW, SHIFT,
} from './exp'
import { EXP_TABLE } from './exp-table'
import { SCRATCH, SLOT_BYTES } from './layout'
import { log, logApart, logConstant, logTogether } from './log'
import { address } from './operands'
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

/** Behind the areas of the exponential and the logarithm: mantissas, later the tails of y ln x. */
const MANTISSAS: usize = SCRATCH + 4 * SLOT_BYTES
/** y ln x: an area that the logarithm no longer needs by then. */
const PRODUCTS: usize = SCRATCH

/** SPLITTER, 128, -1/2, 1/8, 1/7, 1/6, 1/5, 1/4, 1/3, 1023 + 2^52, the squares of the greatest exponent and of the greatest y taken. */
const REALS: usize = memory.data<f64>(
  [
    134217729, 128, -0.5, 0.125, 0.14285714285714285, -0.16666666666666666, 0.2, -0.25, 0.3333333333333333,
    4503599627371519, 1000000, 1e36,
  ],
  16,
)
/** The bits of a mantissa, of 1 and of 2^52; index of the table of exponentials. */
const BITS: usize = memory.data<u64>([0x000fffffffffffff, 0x3ff0000000000000, 0x4330000000000000, 127], 16)

@inline
function real(index: usize): v128 {
  return v128.load64_splat(REALS + (index << 3))
}

@inline
function bits(index: usize): v128 {
  return v128.load64_splat(BITS + (index << 3))
}

/** The pair of an operand at byte i of a block. */
@inline
function pair(operand: usize, i: usize): v128 {
  return v128.load(address(operand) + (operand & 1) * i)
}

@inline
function productErrors(a: v128, b: v128, p: v128): v128 {
  const splitter = real(0)
  const ca = f64x2.mul(splitter, a)
  const ah = f64x2.sub(ca, f64x2.sub(ca, a))
  const al = f64x2.sub(a, ah)
  const cb = f64x2.mul(splitter, b)
  const bh = f64x2.sub(cb, f64x2.sub(cb, b))
  const bl = f64x2.sub(b, bh)
  const rest = f64x2.sub(f64x2.sub(f64x2.sub(p, f64x2.mul(ah, bh)), f64x2.mul(al, bh)), f64x2.mul(ah, bl))
  return f64x2.sub(f64x2.mul(al, bl), rest)
}

/** y ln x of the pair at byte i, to PRODUCTS and its tail to MANTISSAS; `log` is about ln of the mantissa. See powPositive. */
@inline
function exponentPair(i: usize, x: v128, y: v128, log: v128): void {
  const shift = expConstant(1)
  const m = v128.load(MANTISSAS + i)
  const z = f64x2.add(f64x2.mul(log, expConstant(0)), shift)
  const n = f64x2.sub(z, shift)
  const offset = i64x2.shl(v128.and(z, bits(3)), 4)
  const entry0 = v128.load(<usize>i32x4.extract_lane(offset, 0), EXP_TABLE)
  const entry1 = v128.load(<usize>i32x4.extract_lane(offset, 2), EXP_TABLE)
  // Of n = 128 it is 2.
  const c = i64x2.add(v128.shuffle<f64>(entry0, entry1, 1, 3), i64x2.shl(z, 45))
  const d = f64x2.sub(m, c)
  const lost = f64x2.neg(f64x2.mul(c, v128.shuffle<f64>(entry0, entry1, 0, 2)))
  const r = f64x2.div(d, c)
  const rc = f64x2.mul(r, c)
  const left = f64x2.sub(f64x2.sub(d, rc), productErrors(r, c, rc))
  const rl = f64x2.div(f64x2.add(left, f64x2.add(lost, f64x2.mul(r, lost))), c)
  const e = f64x2.sub(v128.or(i64x2.shr_u(x, 52), bits(2)), real(9))
  const k = f64x2.add(f64x2.mul(e, real(1)), n)
  const square = f64x2.mul(r, r)
  let series = f64x2.sub(real(4), f64x2.mul(r, real(3)))
  series = f64x2.add(real(5), f64x2.mul(r, series))
  series = f64x2.add(real(6), f64x2.mul(r, series))
  series = f64x2.add(real(7), f64x2.mul(r, series))
  series = f64x2.add(real(8), f64x2.mul(r, series))
  const cubic = f64x2.mul(f64x2.mul(square, r), series)
  const a = f64x2.mul(k, expConstant(2))
  const s1 = f64x2.add(a, r)
  const larger = f64x2.gt(f64x2.abs(a), f64x2.abs(r))
  const ifLarger = f64x2.add(f64x2.sub(a, s1), r)
  const e1 = v128.bitselect(ifLarger, f64x2.add(f64x2.sub(r, s1), a), larger)
  const half = f64x2.mul(real(2), square)
  const s2 = f64x2.add(s1, half)
  const e2 = f64x2.add(f64x2.sub(s1, s2), half)
  const first = f64x2.add(f64x2.add(e1, e2), f64x2.sub(rl, f64x2.mul(r, rl)))
  const second = f64x2.add(first, f64x2.mul(real(2), productErrors(r, r, square)))
  const low = f64x2.add(second, f64x2.add(f64x2.mul(k, expConstant(3)), cubic))
  const logHigh = f64x2.add(s2, low)
  const logLow = f64x2.add(f64x2.sub(s2, logHigh), low)
  const p = f64x2.mul(y, logHigh)
  v128.store(PRODUCTS + i, p)
  v128.store(MANTISSAS + i, f64x2.add(productErrors(y, logHigh, p), f64x2.mul(y, logLow)))
}

/**
 * x^y of `size` bytes of values, a multiple of 16, into `out`, which may be an operand's place. False, and nothing written, where
 * an x is not between 2^-1000 and 2^1000, a y beyond 1e18 or a result not well within the normal numbers.
 */
export function powBlock(out: usize, xs: usize, ys: usize, size: usize): bool {
  const mantissa = bits(0)
  const one = bits(1)
  const integer = bits(2)
  const bias = real(9)
  let within = i64x2.splat(-1)
  for (let i: usize = 0; i < size; i += 16) {
    const x = pair(xs, i)
    const y = pair(ys, i)
    v128.store(MANTISSAS + i, v128.or(v128.and(x, mantissa), one))
    const e = f64x2.sub(v128.or(i64x2.shr_u(x, 52), integer), bias)
    within = v128.and(within, f64x2.lt(f64x2.mul(e, e), real(10)))
    within = v128.and(within, f64x2.lt(f64x2.mul(y, y), real(11)))
  }
  if (!i64x2.all_true(within)) return false
  logApart(MANTISSAS, size, false)
  for (let i: usize = 0; i < size; i += 16) {
    const log = logTogether(i, logConstant(0), logConstant(1), logConstant(2), logConstant(3), logConstant(4))
    exponentPair(i, pair(xs, i), pair(ys, i), log)
  }
  let squares = i64x2.splat(0)
  for (let i: usize = 0; i < size; i += 16) {
    const p = v128.load(PRODUCTS + i)
    squares = f64x2.pmax(squares, f64x2.mul(p, p))
    expSumApart(i, p, v128.load(MANTISSAS + i))
  }
  if (expBeyond(squares)) return false
  for (let i: usize = 0; i < size; i += 16) {
    v128.store(out + i, expTogether(i, expConstant(4), expConstant(5), expConstant(6), expConstant(7)))
  }
  return true
}
