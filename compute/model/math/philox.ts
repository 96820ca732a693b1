// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers, SC11) in plain TypeScript.

export type Words4 = readonly [number, number, number, number]

// Multipliers and Weyl constants of the paper, as signed words: whole-number arithmetic of 32 bits is what a host does fast.
const M0 = 0xd2511f53 | 0
const M1 = 0xcd9e8d57 | 0
const W0 = 0x9e3779b9 | 0
const W1 = 0xbb67ae85 | 0

/** Upper 32 bits of the product of two unsigned words, from four products of halves. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const middle = (Math.imul(a1, b0) >>> 0) + (Math.imul(a0, b0) >>> 16)
  const low = (Math.imul(a0, b1) >>> 0) + (middle & 0xffff)
  return (Math.imul(a1, b1) + (middle >>> 16) + (low >>> 16)) | 0
}

/** Writes the block of four 32-bit words for a counter (four words) and a key (two) to `out`, from an index on. */
export function philoxInto(
  out: Uint32Array,
  at: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let x0 = c0 | 0
  let x1 = c1 | 0
  let x2 = c2 | 0
  let x3 = c3 | 0
  let y0 = k0 | 0
  let y1 = k1 | 0
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(M0, x0)
    const low1 = Math.imul(M1, x2)
    const high0 = multiplyHigh(M0, x0)
    x0 = multiplyHigh(M1, x2) ^ x1 ^ y0
    x2 = high0 ^ x3 ^ y1
    x1 = low1
    x3 = low0
    y0 = (y0 + W0) | 0
    y1 = (y1 + W1) | 0
  }
  out[at] = x0
  out[at + 1] = x1
  out[at + 2] = x2
  out[at + 3] = x3
}

const block = new Uint32Array(4)

/** The block of four 32-bit words for a counter and a key. */
export function philox4x32([c0, c1, c2, c3]: Words4, [k0, k1]: readonly [number, number]): Words4 {
  philoxInto(block, 0, c0, c1, c2, c3, k0, k1)
  return [block[0]!, block[1]!, block[2]!, block[3]!]
}

/**
 * A uniform number in (0, 1), never an end: (52 bits + 1/2) / 2^52 of the block at counter (row, stream, step, 0), keyed by the seed.
 * `step` is 0 for a number that is drawn once.
 */
export function uniform(row: number, stream: number, [low, high]: readonly [number, number], step = 0): number {
  philoxInto(block, 0, row, stream, step, 0, low, high)
  return (block[1]! * 2 ** 20 + (block[0]! >>> 12) + 0.5) * 2 ** -52
}
