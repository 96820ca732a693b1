// e^x: scalar, and over a block. compute/model/math/exp.ts is its twin: change both or neither.
// Vector constants are read from memory before a loop: written in the loop, the engine builds them anew at each turn.
import { EXP_TABLE } from './exp-table'
import { SCRATCH, SLOT_BYTES } from './layout'

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
  const p = load<f64>(entry) + r + r2 * (0.5 + r * (1.0 / 6.0) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0)))
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

// A block takes two passes. A processor works on some two hundred instructions at a time: of a pass half as long it has twice as many
// numbers at hand, and waits less for each. Between the passes n and r of each number stand in scratch areas.
const ROUNDED: usize = SCRATCH
const RESTS: usize = SCRATCH + SLOT_BYTES

/**
 * For the first pass 128 / ln 2, SHIFT, ln 2 / 128 in two parts; for the second 1/2, 1/6, 1/24, 1/120; and the square of 707.5, up to
 * which the table value, scaled, and the result are normal numbers.
 */
const CONSTANTS: usize = memory.data<f64>(
  [
    184.6649652337873, 6755399441055744, 0.005415212348452769, -3.2819649005320973e-13, 0.5, 0.16666666666666666,
    0.041666666666666664, 0.008333333333333333, 500556.25,
  ],
  16,
)

@inline
export function expConstant(index: usize): v128 {
  return v128.load64_splat(CONSTANTS + (index << 3))
}

/** First pass: takes apart the pair at byte i of a block. */
@inline
export function expApart(i: usize, x: v128, inverse: v128, shift: v128, high: v128, low: v128): void {
  const z = f64x2.add(f64x2.mul(x, inverse), shift)
  const n = f64x2.sub(z, shift)
  v128.store(ROUNDED + i, z)
  v128.store(RESTS + i, f64x2.sub(f64x2.sub(x, f64x2.mul(n, high)), f64x2.mul(n, low)))
}

/** The same where a tail belongs to x. */
@inline
export function expSumApart(i: usize, x: v128, tail: v128): void {
  expApart(i, x, expConstant(0), expConstant(1), expConstant(2), expConstant(3))
  v128.store(RESTS + i, f64x2.add(v128.load(RESTS + i), tail))
}

/** True where one of the squares is of a number too far out for the passes. */
@inline
export function expBeyond(squares: v128): bool {
  return v128.any_true(f64x2.gt(squares, expConstant(8)))
}

/** Second pass: e^x of the pair at byte i. */
@inline
export function expTogether(i: usize, c2: v128, c3: v128, c4: v128, c5: v128): v128 {
  const r = v128.load(RESTS + i)
  const entry0 = v128.load(<usize>((load<u32>(ROUNDED + i) & 127) << 4), EXP_TABLE)
  const entry1 = v128.load(<usize>((load<u32>(ROUNDED + i, 8) & 127) << 4), EXP_TABLE)
  const r2 = f64x2.mul(r, r)
  const rest = f64x2.mul(r2, f64x2.add(c4, f64x2.mul(r, c5)))
  const higher = f64x2.mul(r2, f64x2.add(f64x2.add(c2, f64x2.mul(r, c3)), rest))
  const p = f64x2.add(f64x2.add(v128.shuffle<f64>(entry0, entry1, 0, 2), r), higher)
  const s = i64x2.add(v128.shuffle<f64>(entry0, entry1, 1, 3), i64x2.shl(v128.load(ROUNDED + i), 45))
  return f64x2.add(s, f64x2.mul(s, p))
}

/** e^x of `size` bytes of values, a multiple of 16; `out` may be `from`. */
export function expBlock(out: usize, from: usize, size: usize): void {
  const inverse = expConstant(0)
  const shift = expConstant(1)
  const high = expConstant(2)
  const low = expConstant(3)
  let squares = i64x2.splat(0)
  for (let i: usize = 0; i < size; i += 16) {
    const x = v128.load(from + i)
    squares = f64x2.pmax(squares, f64x2.mul(x, x))
    expApart(i, x, inverse, shift, high, low)
  }
  if (expBeyond(squares)) {
    for (let i: usize = 0; i < size; i += 8) store<f64>(out + i, exp(load<f64>(from + i)))
    return
  }
  const c2 = expConstant(4)
  const c3 = expConstant(5)
  const c4 = expConstant(6)
  const c5 = expConstant(7)
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, expTogether(i, c2, c3, c4, c5))
}
