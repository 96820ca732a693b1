// Repeatable numbers for tests: a linear congruential generator and draws from it.

/** Numbers in [0, 1); 48 bits, the constants of drand48 (POSIX). */
export function numbers(seed: number): () => number {
  let state = (BigInt(seed) << 16n) + 0x330en
  return () => {
    state = (state * 0x5deece66dn + 11n) & 0xffffffffffffn
    return Number(state) / 2 ** 48
  }
}

const view = new DataView(new ArrayBuffer(8))

/** Any double whatever: random bits, so all magnitudes, subnormals, infinities and NaN. */
export function anyDouble(next: () => number): number {
  view.setUint32(0, Math.floor(next() * 2 ** 32))
  view.setUint32(4, Math.floor(next() * 2 ** 32))
  return view.getFloat64(0)
}

/** Values at which something changes: zeros, infinities, NaN, subnormals, the ends of the exponential's range, powers of two. */
export const EDGES: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2,
  3,
  -3,
  1 / 3,
  10,
  709,
  709.78,
  709.782712893384,
  709.79,
  710,
  711,
  -708,
  -708.4,
  -709,
  -744,
  -745.13,
  -745.2,
  -746,
  -747,
  1e-300,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  2.225073858507201e-308,
  1e300,
  1.7976931348623157e308,
  -1.7976931348623157e308,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
  1 - 2 ** -53,
  1 + 2 ** -52,
  -1 + 2 ** -53,
  Math.SQRT1_2,
  Math.SQRT2,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  2 ** 70,
  1e-17,
  -1e-17,
  2 ** 1000,
  2 ** 1001,
  2 ** -1000,
  Math.SQRT1_2 - 1e-9,
  Math.SQRT2 + 1e-9,
  255.5,
  -255.5,
  1e15 + 0.5,
]
