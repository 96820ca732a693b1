// ln x and ln(1 + x): scalar, and over a block. compute/model/math/log.ts is its twin: change both or neither.
import { SCRATCH, SLOT_BYTES } from './layout'

/** ln 2 in two parts; the first has 32 bits, so that its product with an exponent is exact. */
const LN2_HIGH: f64 = 0.6931471803691238
const LN2_LOW: f64 = 1.9082149292705877e-10
// Minimax coefficients of (ln((1 + s) / (1 - s)) - 2 s) / s: FreeBSD msun e_log.c (Sun Microsystems, 1993).
const L1: f64 = 0.6666666666666735
const L2: f64 = 0.3999999999940942
const L3: f64 = 0.2857142874366239
const L4: f64 = 0.22222198432149784
const L5: f64 = 0.1818357216161805
const L6: f64 = 0.15313837699209373
const L7: f64 = 0.14798198605116586
/** Bits of sqrt(1/2), cut to the high word: a mantissa lies in [sqrt(1/2), sqrt(2)). */
const SQRT_HALF: u64 = 0x3fe6a09e00000000
const TO_MANTISSA: u64 = 0x3ff0000000000000 - 0x3fe6a09e00000000
const MANTISSA: u64 = 0x000fffffffffffff
const MIN_NORMAL: f64 = 2.2250738585072014e-308
/** 2^1000: above it the 1 of 1 + x is lost and the correction of log1p could leave the exponent's range. */
const LOG1P_PLAIN: f64 = 1.0715086071862673e301

/** See the twin. */
function logCore(f: f64, dk: f64, lost: f64): f64 {
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

function logNormal(x: f64, scaledBy: f64): f64 {
  const t = reinterpret<u64>(x) + TO_MANTISSA
  const f = reinterpret<f64>((t & MANTISSA) + SQRT_HALF) - 1
  return logCore(f, <f64>(t >> 52) - 1023 - scaledBy, 0)
}

/** Natural logarithm; edges as in the twin. */
export function log(x: f64): f64 {
  if (x >= MIN_NORMAL && x <= f64.MAX_VALUE) return logNormal(x, 0)
  if (x == 0) return -Infinity
  if (x > 0 && x < 1) return logNormal(x * 18014398509481984, 54) // 2^54
  if (x > 0) return x
  return NaN
}

/** ln(1 + x); edges as in the twin. */
export function log1p(x: f64): f64 {
  const u = 1 + x
  if (!(u >= MIN_NORMAL && u <= LOG1P_PLAIN)) return log(u)
  const t = reinterpret<u64>(u) + TO_MANTISSA
  const biased = t >> 52
  const f = reinterpret<f64>((t & MANTISSA) + SQRT_HALF) - 1
  const lost = (x - (u - 1)) * reinterpret<f64>((2046 - biased) << 52)
  return logCore(f, <f64>biased - 1023, lost)
}

// Two passes, so that each has its constants in registers: the first takes the number apart, the second divides.
const FRACTIONS: usize = SCRATCH
const HIGHS: usize = SCRATCH + SLOT_BYTES
const LOWS: usize = SCRATCH + 2 * SLOT_BYTES
const LOSTS: usize = SCRATCH + 3 * SLOT_BYTES

/**
 * L1 to L7, 1/2, 2, 1; 2^52 + 1023, which takes the bias off an exponent in the low bits of 2^52; ln 2 in two parts;
 * and the square of the greatest exponent taken.
 */
const REALS: usize = memory.data<f64>(
  [
    0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
    0.15313837699209373, 0.14798198605116586, 0.5, 2, 1, 4503599627371519, 0.6931471803691238,
    1.9082149292705877e-10, 1000000,
  ],
  16,
)
/** TO_MANTISSA, MANTISSA, SQRT_HALF, the bits of 2^52, and the exponent field of 1 / 2^k less that of 2^k. */
const BITS: usize = memory.data<u64>(
  [0x00095f6200000000, 0x000fffffffffffff, 0x3fe6a09e00000000, 0x4330000000000000, 2046],
  16,
)

@inline
function real(index: usize): v128 {
  return v128.load64_splat(REALS + (index << 3))
}

@inline
function bits(index: usize): v128 {
  return v128.load64_splat(BITS + (index << 3))
}

/**
 * First pass: fraction, high and low part of each number, and what 1 + x lost. True where the passes do not hold:
 * a number is not positive and normal, or not between 2^-1000 and 2^1000.
 */
@inline
function takeApart(from: usize, size: usize, plusOne: bool): bool {
  const toMantissa = bits(0)
  const mantissa = bits(1)
  const sqrtHalf = bits(2)
  const integer = bits(3)
  const one = real(9)
  const bias = real(10)
  const ln2High = real(11)
  const ln2Low = real(12)
  let far = i64x2.splat(0)
  for (let i: usize = 0; i < size; i += 16) {
    const x = v128.load(from + i)
    const u = plusOne ? f64x2.add(one, x) : x
    const t = i64x2.add(u, toMantissa)
    const biased = i64x2.shr_u(t, 52)
    const f = f64x2.sub(i64x2.add(v128.and(t, mantissa), sqrtHalf), one)
    const dk = f64x2.sub(v128.or(biased, integer), bias)
    const product = f64x2.mul(dk, ln2High)
    const high = f64x2.add(f, product)
    let low = f64x2.add(f64x2.mul(dk, ln2Low), f64x2.add(f64x2.sub(product, high), f))
    if (plusOne) {
      const lost = f64x2.mul(f64x2.sub(x, f64x2.sub(u, one)), i64x2.shl(i64x2.sub(bits(4), biased), 52))
      low = f64x2.add(low, lost)
      v128.store(LOSTS + i, lost)
    }
    v128.store(FRACTIONS + i, f)
    v128.store(HIGHS + i, high)
    v128.store(LOWS + i, low)
    far = v128.or(far, f64x2.gt(f64x2.mul(dk, dk), real(13)))
  }
  return v128.any_true(far)
}

/** Second pass. */
@inline
function putTogether(out: usize, size: usize, plusOne: bool): void {
  const l1 = real(0)
  const l2 = real(1)
  const l3 = real(2)
  const l4 = real(3)
  const l5 = real(4)
  const l6 = real(5)
  const l7 = real(6)
  const oneHalf = real(7)
  const two = real(8)
  for (let i: usize = 0; i < size; i += 16) {
    const f = v128.load(FRACTIONS + i)
    const s = f64x2.div(f, f64x2.add(f, two))
    const half = f64x2.mul(f64x2.mul(oneHalf, f), f)
    const z = f64x2.mul(s, s)
    const w = f64x2.mul(z, z)
    const a = f64x2.add(f64x2.add(l1, f64x2.mul(z, l2)), f64x2.mul(w, f64x2.add(l3, f64x2.mul(z, l4))))
    const b = f64x2.add(f64x2.add(l5, f64x2.mul(z, l6)), f64x2.mul(w, l7))
    const r = f64x2.mul(z, f64x2.add(a, f64x2.mul(f64x2.mul(w, w), b)))
    let sum = f64x2.add(half, r)
    if (plusOne) {
      const lost = v128.load(LOSTS + i)
      sum = f64x2.sub(sum, f64x2.add(lost, lost))
    }
    const rest = f64x2.sub(v128.load(LOWS + i), half)
    v128.store(out + i, f64x2.add(f64x2.add(f64x2.mul(s, sum), rest), v128.load(HIGHS + i)))
  }
}

/** ln x of `size` bytes of values, a multiple of 64. */
export function logBlock(out: usize, from: usize, size: usize): void {
  if (!takeApart(from, size, false)) return putTogether(out, size, false)
  for (let i: usize = 0; i < size; i += 8) store<f64>(out + i, log(load<f64>(from + i)))
}

/** ln(1 + x) of `size` bytes of values, a multiple of 64. */
export function log1pBlock(out: usize, from: usize, size: usize): void {
  if (!takeApart(from, size, true)) return putTogether(out, size, true)
  for (let i: usize = 0; i < size; i += 8) store<f64>(out + i, log1p(load<f64>(from + i)))
}
