// The merge kernel: mean, standard deviation and exact quantiles of one row of lane values.
import { HEADER, KERNEL_ABI } from './lib/layout'
import { sortKeys } from './lib/radix-sort'
import { sumFrom, sumOfSquaresFrom } from './lib/sums'

export function abi(): u32 {
  return KERNEL_ABI
}

// Total order of doubles as signed integers: the bits of a negative number turned round, its sign kept.
@inline
function keyOf(bits: i64): i64 {
  return bits ^ <i64>(<u64>(bits >> 63) >> 1)
}

/** Value at a rank of the sorted keys. */
@inline
function ranked(at: usize, rank: u32): f64 {
  return reinterpret<f64>(keyOf(load<i64>(at + (<usize>rank << 3))))
}

/**
 * Writes [mean, sd, quantile...] to HEADER for the n values at `at`, which are lost; behind them is room for n more.
 * `probabilities`: address of `count` f64. sd is the sample's (n - 1), 0 for one value; quantiles are type 7.
 */
export function summarise(at: usize, n: u32, probabilities: usize, count: u32): void {
  // From the first value on, so that equal values have that value as their mean and no deviation.
  const first = load<f64>(at)
  const mean = first + sumFrom(at, n, first) / <f64>n
  store<f64>(HEADER, mean)
  store<f64>(HEADER, n < 2 ? 0 : sqrt(sumOfSquaresFrom(at, n, mean) / <f64>(n - 1)), 8)
  if (count == 0) return
  const end = at + (<usize>n << 3)
  for (let p = at; p < end; p += 8) store<i64>(p, keyOf(load<i64>(p)))
  sortKeys(at, end, n)
  for (let i: u32 = 0; i < count; i++) {
    const h = <f64>(n - 1) * load<f64>(probabilities + (<usize>i << 3))
    const low = floor(h)
    const rank = <u32>low
    const x = ranked(at, rank)
    const next = ranked(at, min(rank + 1, n - 1))
    store<f64>(HEADER + 16 + (<usize>i << 3), x + (h - low) * (next - x))
  }
}
