// Philox4x32-10 (Salmon et al., SC11), keyed by the seed, counted by (draw, stream): a draw's numbers depend on nothing else.

// Multipliers and Weyl constants of the paper.
const M0: u64 = 0xd2511f53
const M1: u64 = 0xcd9e8d57
const W0: u32 = 0x9e3779b9
const W1: u32 = 0xbb67ae85

/** The first 64 bits of the block for counter (draw, stream, 0, 0): word 0 in the low half. */
export function philox(draw: u32, stream: u32, key0: u32, key1: u32): u64 {
  let c0: u32 = draw
  let c1: u32 = stream
  let c2: u32 = 0
  let c3: u32 = 0
  let k0 = key0
  let k1 = key1
  for (let round = 0; round < 10; round++) {
    const p0 = M0 * c0
    const p1 = M1 * c2
    c0 = <u32>(p1 >> 32) ^ c1 ^ k0
    c2 = <u32>(p0 >> 32) ^ c3 ^ k1
    c1 = <u32>p1
    c3 = <u32>p0
    k0 += W0
    k1 += W1
  }
  return (<u64>c1 << 32) | c0
}

/** A uniform number in (0, 1), never an end: (52 bits + 1/2) / 2^52. */
@inline
export function uniform(draw: u32, stream: u32, key0: u32, key1: u32): f64 {
  return (<f64>(philox(draw, stream, key0, key1) >> 12) + 0.5) * 2.220446049250313e-16 // 2^-52
}
