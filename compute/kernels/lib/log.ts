// ln x and ln(1 + x): scalar, and for two lanes. compute/model/math/log.ts is its twin: change both or neither.

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
/** 2^52 as bits, and 2^52 + 1023: turn a biased exponent into its f64. */
const INTEGER_BITS: u64 = 0x4330000000000000
const INTEGER_BIAS: f64 = 4503599627371519

@inline
function logCore(f: f64, dk: f64): f64 {
  const s = f / (f + 2)
  const z = s * s
  const w = z * z
  const t1 = w * (L2 + w * (L4 + w * L6))
  const t2 = z * (L1 + w * (L3 + w * (L5 + w * L7)))
  const half = 0.5 * f * f
  return s * (half + (t2 + t1)) + dk * LN2_LOW - half + f + dk * LN2_HIGH
}

function logNormal(x: f64, scaledBy: f64): f64 {
  const t = reinterpret<u64>(x) + TO_MANTISSA
  const f = reinterpret<f64>((t & MANTISSA) + SQRT_HALF) - 1
  return logCore(f, <f64>(t >> 52) - 1023 - scaledBy)
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
  const lost = x - (u - 1)
  const biased = t >> 52
  const f = reinterpret<f64>((t & MANTISSA) + SQRT_HALF) - 1
  return logCore(f + lost * reinterpret<f64>((2046 - biased) << 52), <f64>biased - 1023)
}

/** All bits set in the lanes where logPlain holds: positive normal numbers. */
@inline
export function logIsPlain(x: v128): v128 {
  return v128.and(f64x2.ge(x, f64x2.splat(MIN_NORMAL)), f64x2.le(x, f64x2.splat(f64.MAX_VALUE)))
}

/** All bits set in the lanes where log1pPlain holds; takes 1 + x. */
@inline
export function log1pIsPlain(u: v128): v128 {
  return v128.and(f64x2.ge(u, f64x2.splat(MIN_NORMAL)), f64x2.le(u, f64x2.splat(LOG1P_PLAIN)))
}

@inline
function logCorePair(f: v128, dk: v128): v128 {
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)))
  const z = f64x2.mul(s, s)
  const w = f64x2.mul(z, z)
  const t1 = f64x2.mul(
    w,
    f64x2.add(f64x2.splat(L2), f64x2.mul(w, f64x2.add(f64x2.splat(L4), f64x2.mul(w, f64x2.splat(L6))))),
  )
  const t2 = f64x2.mul(
    z,
    f64x2.add(
      f64x2.splat(L1),
      f64x2.mul(
        w,
        f64x2.add(f64x2.splat(L3), f64x2.mul(w, f64x2.add(f64x2.splat(L5), f64x2.mul(w, f64x2.splat(L7))))),
      ),
    ),
  )
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f)
  const sum = f64x2.add(f64x2.mul(s, f64x2.add(half, f64x2.add(t2, t1))), f64x2.mul(dk, f64x2.splat(LN2_LOW)))
  return f64x2.add(f64x2.add(f64x2.sub(sum, half), f), f64x2.mul(dk, f64x2.splat(LN2_HIGH)))
}

@inline
function exponentPair(t: v128): v128 {
  return f64x2.sub(v128.or(i64x2.shr_u(t, 52), i64x2.splat(INTEGER_BITS)), f64x2.splat(INTEGER_BIAS))
}

@inline
function mantissaLessOne(t: v128): v128 {
  return f64x2.sub(i64x2.add(v128.and(t, i64x2.splat(MANTISSA)), i64x2.splat(SQRT_HALF)), f64x2.splat(1))
}

/** ln x of two lanes of positive normal numbers. */
@inline
export function logPlain(x: v128): v128 {
  const t = i64x2.add(x, i64x2.splat(TO_MANTISSA))
  return logCorePair(mantissaLessOne(t), exponentPair(t))
}

/** ln(1 + x) of two lanes, u = 1 + x, where log1pIsPlain(u). */
@inline
export function log1pPlain(x: v128, u: v128): v128 {
  const t = i64x2.add(u, i64x2.splat(TO_MANTISSA))
  const lost = f64x2.sub(x, f64x2.sub(u, f64x2.splat(1)))
  const scale = i64x2.shl(i64x2.sub(i64x2.splat(2046), i64x2.shr_u(t, 52)), 52)
  return logCorePair(f64x2.add(mantissaLessOne(t), f64x2.mul(lost, scale)), exponentPair(t))
}

/** ln x of two lanes, any value: the slow way. */
export function logAny(x: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(log(f64x2.extract_lane(x, 0))), 1, log(f64x2.extract_lane(x, 1)))
}

/** ln(1 + x) of two lanes, any value: the slow way. */
export function log1pAny(x: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(log1p(f64x2.extract_lane(x, 0))), 1, log1p(f64x2.extract_lane(x, 1)))
}
