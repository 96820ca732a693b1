// Piecewise-linear and step lookups and bracket schedules over a block of lanes.
import { LINE_BYTES } from './layout'
import { address, size, stride, word } from './operands'

/** Where the points of a table begin, behind its header. */
const POINTS: usize = 16

const LOOKUP: u32 = 0
const EXTRAPOLATE: u32 = 1
const STEP: u32 = 2

/** Byte offset of the last point at or below x, 0 where there is none; x is a number. */
@inline
function pointBelow(x: f64, xs: usize, count: usize): usize {
  let low: usize = 0
  let high = count
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (load<f64>(xs + (middle << 3)) <= x) low = middle
    else high = middle
  }
  return low << 3
}

/** As compute/model/tables.ts; NaN stays NaN. */
@inline
function valueAt(kind: u32, x: f64, xs: usize, ys: usize, slopes: usize, count: usize): f64 {
  if (x != x) return x
  if (kind == LOOKUP) {
    if (!(x > load<f64>(xs))) return load<f64>(ys)
    const last = (count - 1) << 3
    if (x >= load<f64>(xs + last)) return load<f64>(ys + last)
  }
  const i = pointBelow(x, xs, count)
  const y = load<f64>(ys + i)
  if (kind == STEP) return y
  const slope = load<f64>(slopes + i)
  if (kind == EXTRAPOLATE && slope == 0) return y
  return y + (x - load<f64>(xs + i)) * slope
}

@inline
function run(kind: u32, at: usize): void {
  const result = word(at, 0)
  const operand = word(at, 1)
  const table = word(at, 2)
  const count = <usize>load<u32>(table)
  const xs = table + POINTS
  const ys = xs + (count << 3)
  const slopes = ys + (count << 3)
  let out = address(result)
  let a = address(operand)
  for (const end = out + size(result); out < end; out += LINE_BYTES, a += stride(operand)) {
    for (let i: usize = 0; i < LINE_BYTES; i += 8) {
      store<f64>(out + i, valueAt(kind, load<f64>(a + i), xs, ys, slopes, count))
    }
  }
}

export function runLookup(at: usize): void {
  run(LOOKUP, at)
}

export function runExtrapolate(at: usize): void {
  run(EXTRAPOLATE, at)
}

export function runStepLookup(at: usize): void {
  run(STEP, at)
}

/** rate * pmin(pmax(x - threshold, 0), width) */
@inline
function slice(x: v128, threshold: v128, rate: v128, width: v128): v128 {
  return f64x2.mul(rate, f64x2.pmin(f64x2.pmax(f64x2.sub(x, threshold), i64x2.splat(0)), width))
}

/** Sum of the slices, from the lowest bracket up; the last width is infinite. */
export function runBracket(at: usize): void {
  const result = word(at, 0)
  const operand = word(at, 1)
  const table = word(at, 2)
  const bytes = <usize>load<u32>(table) << 3
  const thresholds = table + POINTS
  const rates = thresholds + bytes
  const widths = rates + bytes
  let out = address(result)
  let a = address(operand)
  for (const end = out + size(result); out < end; out += LINE_BYTES, a += stride(operand)) {
    const x0 = v128.load(a)
    const x1 = v128.load(a, 16)
    const x2 = v128.load(a, 32)
    const x3 = v128.load(a, 48)
    let sum0 = i64x2.splat(0)
    let sum1 = i64x2.splat(0)
    let sum2 = i64x2.splat(0)
    let sum3 = i64x2.splat(0)
    for (let j: usize = 0; j < bytes; j += 8) {
      const threshold = v128.load64_splat(thresholds + j)
      const rate = v128.load64_splat(rates + j)
      const width = v128.load64_splat(widths + j)
      sum0 = f64x2.add(sum0, slice(x0, threshold, rate, width))
      sum1 = f64x2.add(sum1, slice(x1, threshold, rate, width))
      sum2 = f64x2.add(sum2, slice(x2, threshold, rate, width))
      sum3 = f64x2.add(sum3, slice(x3, threshold, rate, width))
    }
    v128.store(out, sum0)
    v128.store(out, sum1, 16)
    v128.store(out, sum2, 32)
    v128.store(out, sum3, 48)
  }
}
