// Sums of f64 terms that come out the same in any order and any grouping, because every addition in them is exact.
//
// A term is rounded to a multiple of 2^-50 and parted into three limbs: multiples of 2^16, of 2^-17 and of 2^-50, none with more than
// 33 bits. A limb's sum over up to 2^20 terms fits into the 53 bits of an f64, so adding and taking away lose nothing.
// Method: fixed-point accumulation by parts (Demmel and Nguyen, Parallel Reproducible Summation, IEEE Trans. Computers 64(7), 2015,
// have it with bins that move; here they stand still, which bounds the range and makes a sum three plain numbers).
// Range: terms below 2^49 in size, 2^20 of them. Error: at most 2^-51 a term from the rounding, and that of the last two additions.

/** Numbers that a sum is made of. */
export const LIMBS = 3
/** Terms of at least this size are not summed exactly. */
export const LARGEST_TERM = 2 ** 49
export const MOST_TERMS = 2 ** 20

// Adding and taking away 1.5 * 2^k rounds a number below 2^(k-1) to a multiple of 2^(k-52).
const HIGH = 1.5 * 2 ** 68
const MIDDLE = 1.5 * 2 ** 35
const LOW = 1.5 * 2 ** 2

/**
 * Adds a finite term below LARGEST_TERM in size to the sum whose limbs begin at `at`.
 * compute/kernels/lib/weighted-sums.ts is the twin: change both or neither.
 */
export function addTerm(sums: Float64Array, at: number, term: number): void {
  const high = term + HIGH - HIGH
  const rest = term - high
  const middle = rest + MIDDLE - MIDDLE
  sums[at]! += high
  sums[at + 1]! += middle
  sums[at + 2]! += rest - middle + LOW - LOW
}

/** Adds `count` sums that begin at `from` to those that begin at `at`; with the sign -1 takes away what was added. */
export function addSums(
  sums: Float64Array,
  at: number,
  terms: Float64Array,
  from: number,
  count = 1,
  sign: 1 | -1 = 1,
): void {
  for (let i = 0; i < count * LIMBS; i++) sums[at + i]! += sign * terms[from + i]!
}

/** Adds `count` sums that stand side by side from `from` on to the one sum at `at`. */
export function sumUp(sums: Float64Array, at: number, terms: Float64Array, from: number, count: number): void {
  let high = sums[at]!
  let middle = sums[at + 1]!
  let low = sums[at + 2]!
  for (let i = from; i < from + count * LIMBS; i += LIMBS) {
    high += terms[i]!
    middle += terms[i + 1]!
    low += terms[i + 2]!
  }
  sums[at] = high
  sums[at + 1] = middle
  sums[at + 2] = low
}

/** The value of the sum whose limbs begin at `at`. */
export function sumAt(sums: Float64Array, at: number): number {
  return sums[at]! + (sums[at + 1]! + sums[at + 2]!)
}
