// What the rounding of a product lost, as in compute/kernels/lib/product-error.ts.

/** 2^27 + 1: splits a double into two halves whose products are exact (Veltkamp; Dekker, Numer. Math. 18, 1971). */
const SPLITTER = 134217729

/** a * b - p exactly, for p the rounded product, while a and b stay below 2^996 and nothing underflows. */
export function productError(a: number, b: number, p: number): number {
  const ca = SPLITTER * a
  const ah = ca - (ca - a)
  const al = a - ah
  const cb = SPLITTER * b
  const bh = cb - (cb - b)
  const bl = b - bh
  return al * bl - (p - ah * bh - al * bh - ah * bl)
}
