// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers, SC11) in plain TypeScript.

export type Words4 = readonly [number, number, number, number]

// Multipliers and Weyl constants of the paper.
const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** Upper 32 bits of a 32 x 32 bit product, from four products of halves. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const middle = a1 * b0 + ((a0 * b0) >>> 16)
  const low = a0 * b1 + (middle & 0xffff)
  return a1 * b1 + (middle >>> 16) + (low >>> 16)
}

/** Writes the block of four 32-bit words for a counter and a key to `out` from an index on. */
export function philoxInto(
  out: Uint32Array,
  at: number,
  [x0, x1, x2, x3]: Words4,
  [low, high]: readonly [number, number],
): void {
  let c0 = x0
  let c1 = x1
  let c2 = x2
  let c3 = x3
  let k0 = low
  let k1 = high
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(M0, c0) >>> 0
    const low1 = Math.imul(M1, c2) >>> 0
    const high0 = multiplyHigh(M0, c0)
    c0 = (multiplyHigh(M1, c2) ^ c1 ^ k0) >>> 0
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c1 = low1
    c3 = low0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  out[at] = c0
  out[at + 1] = c1
  out[at + 2] = c2
  out[at + 3] = c3
}

const block = new Uint32Array(4)

/** The block of four 32-bit words for a counter and a key. */
export function philox4x32(counter: Words4, key: readonly [number, number]): Words4 {
  philoxInto(block, 0, counter, key)
  return [block[0]!, block[1]!, block[2]!, block[3]!]
}

/**
 * A uniform number in (0, 1), never an end: (52 bits + 1/2) / 2^52 of the block at counter (row, stream, step, 0), keyed by the seed.
 * `step` is 0 for a number that is drawn once.
 */
export function uniform(row: number, stream: number, key: readonly [number, number], step = 0): number {
  philoxInto(block, 0, [row, stream, step, 0], key)
  return (block[1]! * 2 ** 20 + (block[0]! >>> 12) + 0.5) * 2 ** -52
}
