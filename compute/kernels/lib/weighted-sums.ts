// Weighted sums of results over runs of lanes, exact and thus the same in any order.
// compute/statistics/exact-sum.ts says how and is the twin: change both or neither.

// Adding and taking away 1.5 * 2^k rounds to a multiple of 2^(k - 52).
const HIGH: f64 = 442721857769029238784.0 // 1.5 * 2^68
const MIDDLE: f64 = 51539607552.0 // 1.5 * 2^35
const LOW: f64 = 6.0 // 1.5 * 2^2

/** Bytes of one sum: three limbs. */
const SUM_BYTES: usize = 24

/**
 * Sums of weight * value over each run of lanes, of two rows at a time. `rows`: u32[count], addresses of rows of f64 by lane, an even
 * number of them; `weight`: such a row; `order`: u32[], byte offsets of lanes in a row, run after run; `begins`: u32[runs + 1], byte
 * offsets in `order`. Writes to `sums` f64[row][run][3], and to `largest` f64[row] the largest term's size, NaN where one is not finite.
 */
export function sumRuns(
  rows: usize,
  count: u32,
  weight: usize,
  order: usize,
  begins: usize,
  runs: u32,
  sums: usize,
  largest: usize,
): void {
  const high = f64x2.splat(HIGH)
  const middle = f64x2.splat(MIDDLE)
  const low = f64x2.splat(LOW)
  const bytes = <usize>runs * SUM_BYTES
  let out = sums
  for (let row: usize = 0, end = <usize>count << 2; row < end; row += 8, out += 2 * bytes) {
    const one = <usize>load<u32>(rows + row)
    const other = <usize>load<u32>(rows + row, 4)
    let most = f64x2.splat(0)
    let to = out
    let p = order + <usize>load<u32>(begins)
    for (let run: usize = 0, last = <usize>runs << 2; run < last; run += 4, to += SUM_BYTES) {
      let h = f64x2.splat(0)
      let m = f64x2.splat(0)
      let l = f64x2.splat(0)
      for (const stop = order + <usize>load<u32>(begins + run, 4); p < stop; p += 4) {
        const lane = <usize>load<u32>(p)
        const value = v128.load64_lane(other + lane, v128.load64_zero(one + lane), 1)
        const term = f64x2.mul(v128.load64_splat(weight + lane), value)
        most = f64x2.pmax(most, f64x2.abs(term))
        const top = f64x2.sub(f64x2.add(term, high), high)
        const rest = f64x2.sub(term, top)
        const mid = f64x2.sub(f64x2.add(rest, middle), middle)
        h = f64x2.add(h, top)
        m = f64x2.add(m, mid)
        l = f64x2.add(l, f64x2.sub(f64x2.add(f64x2.sub(rest, mid), low), low))
      }
      // 0, but NaN where a term was not finite: it stays so.
      most = f64x2.add(most, f64x2.sub(h, h))
      v128.store64_lane(to, h, 0)
      v128.store64_lane(to + 8, m, 0)
      v128.store64_lane(to + 16, l, 0)
      v128.store64_lane(to + bytes, h, 1)
      v128.store64_lane(to + bytes + 8, m, 1)
      v128.store64_lane(to + bytes + 16, l, 1)
    }
    v128.store(largest + (row << 1), most)
  }
}
