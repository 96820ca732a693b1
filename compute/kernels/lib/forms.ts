// Operations that take several passes over a block of lanes, or go lane by lane. `at` is the operation's record.
import { normalQuantiles } from './as241'
import { expBlock } from './exp'
import { one, pair2, ternary } from './lanes'
import * as code from './layout'
import { LINE_BYTES, SCRATCH, SLOT_BYTES } from './layout'
import { log1pBlock, logBlock } from './log'
import { aligned, address, size, stride, word } from './operands'
import { pow } from './pow'

/** Behind the areas of the logarithm. */
const EXPONENTS: usize = SCRATCH + 4 * SLOT_BYTES
const VALUES: usize = SCRATCH + 5 * SLOT_BYTES

/** Where the group of eight lanes at byte `group` of a block stands in an operand. */
@inline
function part(at: usize, operand: usize, group: usize): usize {
  const w = word(at, operand)
  return address(w) + (w & 1) * group
}

@inline
function exponentPair(out: usize, source: usize, slope: usize, midpoint: usize): void {
  const distance = f64x2.sub(v128.load(midpoint), v128.load(source))
  v128.store(out, f64x2.mul(v128.load(slope), distance))
}

/** EXPONENTS = slope * (midpoint - source), VALUES = e^EXPONENTS, as many as the result has. */
function sigmoidExponentials(result: usize, source: usize, slope: usize, midpoint: usize): void {
  let s = address(source)
  let k = address(slope)
  let m = address(midpoint)
  for (let out = EXPONENTS, end = EXPONENTS + size(result); out < end; out += LINE_BYTES) {
    exponentPair(out, s, k, m)
    exponentPair(out + 16, s + 16, k + 16, m + 16)
    exponentPair(out + 32, s + 32, k + 32, m + 32)
    exponentPair(out + 48, s + 48, k + 48, m + 48)
    s += stride(source)
    k += stride(slope)
    m += stride(midpoint)
  }
  expBlock(VALUES, EXPONENTS, size(result))
}

@inline
function quotientPair(out: usize, sum: usize, amplitude: usize, value: usize, unit: v128, adds: bool): void {
  const quotient = f64x2.div(v128.load(amplitude), f64x2.add(unit, v128.load(value)))
  v128.store(out, adds ? f64x2.add(v128.load(sum), quotient) : quotient)
}

/** amplitude / (1 + VALUES), added to `sum` or not. */
@inline
function sigmoidQuotients(result: usize, sum: usize, amplitude: usize, adds: bool): void {
  const unit = one()
  let out = address(result)
  let a = address(amplitude)
  let s = address(sum)
  let e = VALUES
  for (const end = out + size(result); out < end; out += LINE_BYTES, e += LINE_BYTES) {
    quotientPair(out, s, a, e, unit, adds)
    quotientPair(out + 16, s + 16, a + 16, e + 16, unit, adds)
    quotientPair(out + 32, s + 32, a + 32, e + 32, unit, adds)
    quotientPair(out + 48, s + 48, a + 48, e + 48, unit, adds)
    a += stride(amplitude)
    s += stride(sum)
  }
}

export function runSigmoid(at: usize): void {
  const result = word(at, 0)
  sigmoidExponentials(result, word(at, 2), word(at, 3), word(at, 4))
  sigmoidQuotients(result, result, word(at, 1), false)
}

export function runAddSigmoid(at: usize): void {
  const result = word(at, 0)
  sigmoidExponentials(result, word(at, 3), word(at, 4), word(at, 5))
  sigmoidQuotients(result, word(at, 1), word(at, 2), true)
}

export function runExp(at: usize): void {
  const result = word(at, 0)
  const operand = word(at, 1)
  // A result in its operand's place would leave nothing to compute the far values from.
  const inPlace = address(operand) == address(result)
  expBlock(address(result), aligned(operand, inPlace ? operand ^ 1 : result, EXPONENTS), size(result))
}

export function runLog(at: usize): void {
  const result = word(at, 0)
  logBlock(address(result), aligned(word(at, 1), result, EXPONENTS), size(result))
}

export function runLog1p(at: usize): void {
  const result = word(at, 0)
  log1pBlock(address(result), aligned(word(at, 1), result, EXPONENTS), size(result))
}

export function runNormalQuantile(at: usize): void {
  const result = word(at, 0)
  const operand = word(at, 1)
  // A result in its operand's place would leave nothing to compute the tails from.
  const inPlace = address(operand) == address(result)
  normalQuantiles(address(result), aligned(operand, inPlace ? operand ^ 1 : result, EXPONENTS), size(result))
}

/** VALUES = ln(1 + operand), as many as the result has; its operand word. */
@inline
function logarithms(at: usize, operand: usize): usize {
  const result = word(at, 0)
  log1pBlock(VALUES, aligned(word(at, operand), result, EXPONENTS), size(result))
  return VALUES | (result & 1)
}

export function runLogarithmic(at: usize): void {
  const result = word(at, 0)
  const values = logarithms(at, 2)
  const coefficient = word(at, 1)
  let out = address(result)
  let a = address(coefficient)
  let v = address(values)
  for (const end = out + size(result); out < end; out += LINE_BYTES, a += stride(coefficient), v += stride(values)) {
    pair2(code.MUL, out, a, v)
    pair2(code.MUL, out + 16, a + 16, v + 16)
    pair2(code.MUL, out + 32, a + 32, v + 32)
    pair2(code.MUL, out + 48, a + 48, v + 48)
  }
}

export function runAddLogarithmic(at: usize): void {
  ternary(code.ADD_MUL, at, logarithms(at, 3))
}

export function runPow(at: usize): void {
  const result = word(at, 0)
  const out = address(result)
  for (let i: usize = 0; i < size(result); i += 8) {
    const inside = i & 63
    const x = load<f64>(part(at, 1, i & ~63) + inside)
    store<f64>(out + i, pow(x, load<f64>(part(at, 2, i & ~63) + inside)))
  }
}
