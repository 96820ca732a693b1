// Piecewise-linear lookups and bracket schedules over one block of lanes.
import { BLOCK_LANES, SLOT_BYTES } from './layout'

/** Operands of the record: out, x, table. */
@inline
function operand(at: usize, index: usize): usize {
  return load<u32>(at + 4 + (index << 2))
}

/** Where the points of a table begin, behind its header. */
const POINTS: usize = 16

/**
 * ys[i] + (x - xs[i]) * slopes[i] with xs[i] <= x < xs[i + 1]; the end values hold outside; NaN stays NaN.
 */
function lookup(x: f64, xs: usize, ys: usize, slopes: usize, count: u32): f64 {
  if (x != x) return x
  if (!(x > load<f64>(xs))) return load<f64>(ys)
  const last = <usize>(count - 1) << 3
  if (x >= load<f64>(xs + last)) return load<f64>(ys + last)
  let low: usize = 0
  let high: usize = count - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (load<f64>(xs + (middle << 3)) <= x) low = middle
    else high = middle
  }
  const i = low << 3
  return load<f64>(ys + i) + (x - load<f64>(xs + i)) * load<f64>(slopes + i)
}

export function runLookup(at: usize): void {
  const out = operand(at, 0)
  const a = operand(at, 1)
  const table = operand(at, 2)
  const count = load<u32>(table)
  const xs = table + POINTS
  const ys = xs + (<usize>count << 3)
  const slopes = ys + (<usize>count << 3)
  for (let i: usize = 0; i < <usize>BLOCK_LANES << 3; i += 8) {
    store<f64>(out + i, lookup(load<f64>(a + i), xs, ys, slopes, count))
  }
}

/**
 * sum over i, from 0 up, of rate_i * pmin(pmax(x - threshold_i, 0), width_i); the last width is infinite.
 */
export function runBracket(at: usize): void {
  const out = operand(at, 0)
  const a = operand(at, 1)
  const table = operand(at, 2)
  const size = <usize>load<u32>(table) << 3
  const thresholds = table + POINTS
  const rates = thresholds + size
  const widths = rates + size
  const zero = f64x2.splat(0)
  for (let i: usize = 0; i < SLOT_BYTES; i += 64) {
    const x0 = v128.load(a + i)
    const x1 = v128.load(a + i, 16)
    const x2 = v128.load(a + i, 32)
    const x3 = v128.load(a + i, 48)
    let sum0 = zero
    let sum1 = zero
    let sum2 = zero
    let sum3 = zero
    for (let j: usize = 0; j < size; j += 8) {
      const threshold = v128.load64_splat(thresholds + j)
      const rate = v128.load64_splat(rates + j)
      const width = v128.load64_splat(widths + j)
      sum0 = f64x2.add(sum0, f64x2.mul(rate, f64x2.pmin(f64x2.pmax(f64x2.sub(x0, threshold), zero), width)))
      sum1 = f64x2.add(sum1, f64x2.mul(rate, f64x2.pmin(f64x2.pmax(f64x2.sub(x1, threshold), zero), width)))
      sum2 = f64x2.add(sum2, f64x2.mul(rate, f64x2.pmin(f64x2.pmax(f64x2.sub(x2, threshold), zero), width)))
      sum3 = f64x2.add(sum3, f64x2.mul(rate, f64x2.pmin(f64x2.pmax(f64x2.sub(x3, threshold), zero), width)))
    }
    v128.store(out + i, sum0)
    v128.store(out + i, sum1, 16)
    v128.store(out + i, sum2, 32)
    v128.store(out + i, sum3, 48)
  }
}
