// Operations that take several passes over a block of lanes, or go lane by lane. `at` is the operation's record.
import { normalQuantiles } from './as241'
import { exp, expApart, expBeyond, expBlock, expConstant, expTogether } from './exp'
import { one } from './lanes'
import { LINE_BYTES, SCRATCH, SLOT_BYTES } from './layout'
import { aligned, address, lane, size, stride, word } from './operands'
import { pow, powBlock } from './pow'

/** Behind the areas of the exponential and the logarithm. */
const SPREAD: usize = SCRATCH + 4 * SLOT_BYTES

@inline
function exponentPair(source: usize, slope: usize, midpoint: usize): v128 {
  return f64x2.mul(v128.load(slope), f64x2.sub(v128.load(midpoint), v128.load(source)))
}

/** First pass of a sigmoid: takes the exponents slope * (midpoint - source) apart. True where one is too far out for the passes. */
@inline
function sigmoidApart(bytes: usize, source: usize, slope: usize, midpoint: usize): bool {
  const inverse = expConstant(0)
  const shift = expConstant(1)
  const high = expConstant(2)
  const low = expConstant(3)
  let s = address(source)
  let k = address(slope)
  let m = address(midpoint)
  let squares = i64x2.splat(0)
  for (let i: usize = 0; i < bytes; i += LINE_BYTES) {
    const x0 = exponentPair(s, k, m)
    squares = f64x2.pmax(squares, f64x2.mul(x0, x0))
    expApart(i, x0, inverse, shift, high, low)
    const x1 = exponentPair(s + 16, k + 16, m + 16)
    squares = f64x2.pmax(squares, f64x2.mul(x1, x1))
    expApart(i + 16, x1, inverse, shift, high, low)
    const x2 = exponentPair(s + 32, k + 32, m + 32)
    squares = f64x2.pmax(squares, f64x2.mul(x2, x2))
    expApart(i + 32, x2, inverse, shift, high, low)
    const x3 = exponentPair(s + 48, k + 48, m + 48)
    squares = f64x2.pmax(squares, f64x2.mul(x3, x3))
    expApart(i + 48, x3, inverse, shift, high, low)
    s += stride(source)
    k += stride(slope)
    m += stride(midpoint)
  }
  return expBeyond(squares)
}

@inline
function quotientPair(out: usize, sum: usize, amplitude: usize, value: v128, unit: v128, adds: bool): void {
  const quotient = f64x2.div(v128.load(amplitude), f64x2.add(unit, value))
  v128.store(out, adds ? f64x2.add(v128.load(sum), quotient) : quotient)
}

/** Second pass: amplitude / (1 + e^x), added to `sum` or not. */
@inline
function sigmoidTogether(result: usize, sum: usize, amplitude: usize, adds: bool): void {
  const unit = one()
  const c2 = expConstant(4)
  const c3 = expConstant(5)
  const c4 = expConstant(6)
  const c5 = expConstant(7)
  const out = address(result)
  let a = address(amplitude)
  let s = address(sum)
  for (let i: usize = 0; i < size(result); i += LINE_BYTES) {
    quotientPair(out + i, s, a, expTogether(i, c2, c3, c4, c5), unit, adds)
    quotientPair(out + i + 16, s + 16, a + 16, expTogether(i + 16, c2, c3, c4, c5), unit, adds)
    quotientPair(out + i + 32, s + 32, a + 32, expTogether(i + 32, c2, c3, c4, c5), unit, adds)
    quotientPair(out + i + 48, s + 48, a + 48, expTogether(i + 48, c2, c3, c4, c5), unit, adds)
    a += stride(amplitude)
    s += stride(sum)
  }
}

/** The operands from the amplitude on are the record's from `first` on. */
@inline
function sigmoid(at: usize, first: usize, adds: bool): void {
  const result = word(at, 0)
  if (!sigmoidApart(size(result), word(at, first + 1), word(at, first + 2), word(at, first + 3))) {
    return sigmoidTogether(result, word(at, 1), word(at, first), adds)
  }
  const out = address(result)
  for (let i: usize = 0; i < size(result); i += 8) {
    const exponent = lane(at, first + 2, i) * (lane(at, first + 3, i) - lane(at, first + 1, i))
    const quotient = lane(at, first, i) / (1 + exp(exponent))
    store<f64>(out + i, adds ? lane(at, 1, i) + quotient : quotient)
  }
}

export function runSigmoid(at: usize): void {
  sigmoid(at, 1, false)
}

export function runAddSigmoid(at: usize): void {
  sigmoid(at, 2, true)
}

export function runExp(at: usize): void {
  const result = word(at, 0)
  expBlock(address(result), aligned(word(at, 1), result, SPREAD), size(result))
}

export function runNormalQuantile(at: usize): void {
  const result = word(at, 0)
  const operand = word(at, 1)
  // A result in its operand's place would leave nothing to compute the tails from.
  const inPlace = address(operand) == address(result)
  normalQuantiles(address(result), aligned(operand, inPlace ? operand ^ 1 : result, SPREAD), size(result))
}

export function runPow(at: usize): void {
  const result = word(at, 0)
  const out = address(result)
  if (powBlock(out, word(at, 1), word(at, 2), size(result))) return
  for (let i: usize = 0; i < size(result); i += 8) store<f64>(out + i, pow(lane(at, 1, i), lane(at, 2, i)))
}
