// WebAssembly's pseudo-minimum and pseudo-maximum: plain comparisons, unlike Math.min in what they make of NaN and -0.

/** b where b < a, else a: a NaN in `a` stays, one in `b` is passed over; of two zeros the first. */
export function pmin(a: number, b: number): number {
  if (b < a) return b
  return a
}

/** b where a < b, else a. */
export function pmax(a: number, b: number): number {
  if (a < b) return b
  return a
}
