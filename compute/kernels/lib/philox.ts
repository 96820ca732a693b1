// Philox4x32-10 (Salmon et al., SC11), keyed by the seed and counted by (row, stream, step): a draw depends on nothing else.
// compute/model/math/philox.ts is its twin: change both or neither.
import { SLOT_BYTES } from './layout'

// Multipliers and Weyl constants of the paper.
const M0: u32 = 0xd2511f53
const M1: u32 = 0xcd9e8d57
const W0: u32 = 0x9e3779b9
const W1: u32 = 0xbb67ae85
/** 2^52 as bits: a 52-bit number set into it becomes 2^52 + that number. */
const INTEGER_BITS: u64 = 0x4330000000000000

/** (52 bits + 1/2) / 2^52 of two 64-bit numbers. */
@inline
function inUnit(bits: v128): v128 {
  const whole = f64x2.sub(v128.or(i64x2.shr_u(bits, 12), i64x2.splat(INTEGER_BITS)), f64x2.splat(4503599627370496))
  return f64x2.mul(f64x2.add(whole, f64x2.splat(0.5)), f64x2.splat(2.220446049250313e-16)) // 2^-52
}

/** Uniform numbers in (0, 1), never an end, of one stream and step, for the block of rows from `firstRow`; four at a time. */
export function fillUniform(out: usize, firstRow: u32, stream: u32, step: u32, key0: u32, key1: u32): void {
  const m0 = i32x4.splat(M0)
  const m1 = i32x4.splat(M1)
  for (let i: usize = 0; i < SLOT_BYTES; i += 32, firstRow += 4) {
    let c0 = i32x4.add(i32x4.splat(firstRow), i32x4(0, 1, 2, 3))
    let c1 = i32x4.splat(stream)
    let c2 = i32x4.splat(step)
    let c3 = i32x4.splat(0)
    let k0 = key0
    let k1 = key1
    for (let round = 0; round < 10; round++) {
      const low0 = i64x2.extmul_low_i32x4_u(c0, m0)
      const high0 = i64x2.extmul_high_i32x4_u(c0, m0)
      const low1 = i64x2.extmul_low_i32x4_u(c2, m1)
      const high1 = i64x2.extmul_high_i32x4_u(c2, m1)
      c0 = v128.xor(v128.xor(v128.shuffle<i32>(low1, high1, 1, 3, 5, 7), c1), i32x4.splat(k0))
      c2 = v128.xor(v128.xor(v128.shuffle<i32>(low0, high0, 1, 3, 5, 7), c3), i32x4.splat(k1))
      c1 = v128.shuffle<i32>(low1, high1, 0, 2, 4, 6)
      c3 = v128.shuffle<i32>(low0, high0, 0, 2, 4, 6)
      k0 += W0
      k1 += W1
    }
    v128.store(out + i, inUnit(v128.shuffle<i32>(c0, c1, 0, 4, 1, 5)))
    v128.store(out + i, inUnit(v128.shuffle<i32>(c0, c1, 2, 6, 3, 7)), 16)
  }
}
