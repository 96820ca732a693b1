// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers, SC11) in plain TypeScript.

export type Words4 = readonly [number, number, number, number]

// Multipliers and Weyl constants of the paper.
const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** Upper and lower 32 bits of a 32 x 32 bit product. */
function multiply(a: number, b: number): [high: number, low: number] {
  const product = BigInt(a >>> 0) * BigInt(b >>> 0)
  return [Number(product >> 32n), Number(product & 0xffffffffn)]
}

/** The block of four 32-bit words for a counter and a key. */
export function philox4x32(counter: Words4, key: readonly [number, number]): Words4 {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = multiply(M0, c0)
    const [high1, low1] = multiply(M1, c2)
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  return [c0, c1, c2, c3]
}

/**
 * A uniform number in (0, 1), never an end: (52 bits + 1/2) / 2^52 of the block at counter (row, stream, step, 0), keyed by the seed.
 * `step` is 0 for a number that is drawn once.
 */
export function uniform(row: number, stream: number, [low, high]: readonly [number, number], step = 0): number {
  const [w0, w1] = philox4x32([row, stream, step, 0], [low, high])
  return (w1 * 2 ** 20 + (w0 >>> 12) + 0.5) * 2 ** -52
}
