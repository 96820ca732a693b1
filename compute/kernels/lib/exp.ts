// e^x: scalar, and over a block. compute/model/math/exp.ts is its twin: change both or neither.
// Vector constants are read from memory before a loop: written in the loop, the engine builds them anew at each turn.
import { EXP_TABLE } from './exp-table'

/** 128 / ln 2. */
export const INV_LN2_128: f64 = 184.6649652337873
/** 1.5 * 2^52: adding it rounds to the nearest integer, which then stands in the low bits. */
export const SHIFT: f64 = 6755399441055744
/** ln 2 / 128 in two parts; the first has 33 bits, so that its product with |n| < 2^18 is exact. */
export const LN2_128_HIGH: f64 = 0.005415212348452769
export const LN2_128_LOW: f64 = -3.2819649005320973e-13

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
  if (x > 708) return scaled(reinterpret<f64>(bits - ((<u64>1) << 52)), p) * 2
  if (x < -708) return scaled(reinterpret<f64>(bits + ((<u64>64) << 52)), p) * 5.421010862427522e-20 // 2^-64
  return scaled(reinterpret<f64>(bits), p)
}

@inline
function scaled(s: f64, p: f64): f64 {
  return s + s * p
}

export function exp(x: f64): f64 {
  return expSum(x, 0)
}

/** |n| = 130,700 is x = 707.8: within it the table value, scaled, and the result are normal numbers. */
const CONSTANTS: usize = memory.data<f64>(
  [
    184.6649652337873, 6755399441055744, 0.005415212348452769, -3.2819649005320973e-13, 0.5, 0.16666666666666666,
    0.041666666666666664, 0.008333333333333333, 17082490000,
  ],
  16,
)
const INDEX_MASK: usize = memory.data<u64>([127], 16)

@inline
function constant(index: usize): v128 {
  return v128.load64_splat(CONSTANTS + (index << 3))
}

/** e^x of `size` bytes of values, a multiple of 64; `out` lies apart from `from`. */
export function expBlock(out: usize, from: usize, size: usize): void {
  const inverse = constant(0)
  const shift = constant(1)
  const high = constant(2)
  const low = constant(3)
  const c2 = constant(4)
  const c3 = constant(5)
  const c4 = constant(6)
  const c5 = constant(7)
  const mask = v128.load64_splat(INDEX_MASK)
  let far = i64x2.splat(0)
  for (let i: usize = 0; i < size; i += 16) {
    const x = v128.load(from + i)
    const z = f64x2.add(f64x2.mul(x, inverse), shift)
    const n = f64x2.sub(z, shift)
    const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, high)), f64x2.mul(n, low))
    const offset = i64x2.shl(v128.and(z, mask), 4)
    const entry0 = v128.load(<usize>i32x4.extract_lane(offset, 0), EXP_TABLE)
    const entry1 = v128.load(<usize>i32x4.extract_lane(offset, 2), EXP_TABLE)
    const r2 = f64x2.mul(r, r)
    const near = f64x2.mul(r2, f64x2.add(c2, f64x2.mul(r, c3)))
    const rest = f64x2.mul(f64x2.mul(r2, r2), f64x2.add(c4, f64x2.mul(r, c5)))
    const p = f64x2.add(f64x2.add(f64x2.add(v128.shuffle<f64>(entry0, entry1, 0, 2), r), near), rest)
    const s = i64x2.add(v128.shuffle<f64>(entry0, entry1, 1, 3), i64x2.shl(z, 45))
    v128.store(out + i, f64x2.add(s, f64x2.mul(s, p)))
    far = v128.or(far, f64x2.gt(f64x2.mul(n, n), constant(8)))
  }
  if (!v128.any_true(far)) return
  for (let i: usize = 0; i < size; i += 8) store<f64>(out + i, exp(load<f64>(from + i)))
}
