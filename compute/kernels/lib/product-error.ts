// What the rounding of a product lost. compute/model/math/product-error.ts is its twin.

/** 2^27 + 1: splits a double into two halves whose products are exact (Veltkamp; Dekker, Numer. Math. 18, 1971). */
const SPLITTER: f64 = 134217729

/** a * b - p exactly, for p the rounded product. */
export function productError(a: f64, b: f64, p: f64): f64 {
  const ca = SPLITTER * a
  const ah = ca - (ca - a)
  const al = a - ah
  const cb = SPLITTER * b
  const bh = cb - (cb - b)
  const bl = b - bh
  return al * bl - (p - ah * bh - al * bh - ah * bl)
}
