// e^x: scalar, and for two lanes. compute/model/math/exp.ts is its twin: change both or neither.
import { EXP_TABLE } from './exp-table'

/** 128 / ln 2. */
export const INV_LN2_128: f64 = 184.6649652337873
/** 1.5 * 2^52: adding it rounds to the nearest integer, which then stands in the low bits. */
export const SHIFT: f64 = 6755399441055744
/** ln 2 / 128 in two parts; the first has 33 bits, so that its product with |n| < 2^18 is exact. */
export const LN2_128_HIGH: f64 = 0.005415212348452769
export const LN2_128_LOW: f64 = -3.2819649005320973e-13
/** Within this the scaled table value is a normal number and needs no care. */
export const EXP_PLAIN: f64 = 708

/** e^(x + tail); error, range and method as in the twin. */
export function expSum(x: f64, tail: f64): f64 {
  if (x != x) return x
  if (x > 710) return Infinity
  if (x < -746) return 0
  const z = x * INV_LN2_128 + SHIFT
  const n = z - SHIFT
  const r = x - n * LN2_128_HIGH - n * LN2_128_LOW + tail
  const index = reinterpret<u64>(z)
  const entry = EXP_TABLE + (<usize>(index & 127) << 4)
  const r2 = r * r
  const p = load<f64>(entry) + r + r2 * (0.5 + r * (1.0 / 6.0)) + r2 * r2 * (1.0 / 24.0 + r * (1.0 / 120.0))
  const bits = load<u64>(entry, 8) + (index << 45)
  if (x > EXP_PLAIN) return scaled(reinterpret<f64>(bits - ((<u64>1) << 52)), p) * 2
  if (x < -EXP_PLAIN) return scaled(reinterpret<f64>(bits + ((<u64>64) << 52)), p) * 5.421010862427522e-20 // 2^-64
  return scaled(reinterpret<f64>(bits), p)
}

@inline
function scaled(s: f64, p: f64): f64 {
  return s + s * p
}

export function exp(x: f64): f64 {
  return expSum(x, 0)
}

/** All bits set in the lanes where expPlain does not hold. NaN lanes are not marked: they pass through. */
@inline
export function expNotPlain(x: v128): v128 {
  return f64x2.gt(f64x2.abs(x), f64x2.splat(EXP_PLAIN))
}

/** e^x of two lanes of at most EXP_PLAIN in magnitude, or NaN. */
@inline
export function expPlain(x: v128): v128 {
  const z = f64x2.add(f64x2.mul(x, f64x2.splat(INV_LN2_128)), f64x2.splat(SHIFT))
  const n = f64x2.sub(z, f64x2.splat(SHIFT))
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(n, f64x2.splat(LN2_128_HIGH))),
    f64x2.mul(n, f64x2.splat(LN2_128_LOW)),
  )
  const offset = i64x2.shl(v128.and(z, i64x2.splat(127)), 4)
  const entry0 = v128.load(EXP_TABLE + <usize>i64x2.extract_lane(offset, 0))
  const entry1 = v128.load(EXP_TABLE + <usize>i64x2.extract_lane(offset, 1))
  const tail = v128.shuffle<f64>(entry0, entry1, 0, 2)
  const s = i64x2.add(v128.shuffle<f64>(entry0, entry1, 1, 3), i64x2.shl(z, 45))
  const r2 = f64x2.mul(r, r)
  const low = f64x2.mul(r2, f64x2.add(f64x2.splat(0.5), f64x2.mul(r, f64x2.splat(1.0 / 6.0))))
  const high = f64x2.mul(
    f64x2.mul(r2, r2),
    f64x2.add(f64x2.splat(1.0 / 24.0), f64x2.mul(r, f64x2.splat(1.0 / 120.0))),
  )
  const p = f64x2.add(f64x2.add(f64x2.add(tail, r), low), high)
  return f64x2.add(s, f64x2.mul(s, p))
}

/** e^x of two lanes, any value: the slow way. */
export function expAny(x: v128): v128 {
  return f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(x, 0))), 1, exp(f64x2.extract_lane(x, 1)))
}
