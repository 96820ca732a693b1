// One function per operation: it walks a block of lanes in groups of eight, four pairs at a time. `at` is the operation's record.
import { expBlock } from './exp'
import * as code from './layout'
import { LINE_BYTES, SCRATCH, SLOT_BYTES } from './layout'
import { log1pBlock, logBlock } from './log'
import { address, aligned, size, stride, word } from './operands'
import { pow } from './pow'
import { runBracket, runLookup } from './tables'

/** Behind the areas of the logarithm. */
const EXPONENTS: usize = SCRATCH + 4 * SLOT_BYTES
const VALUES: usize = SCRATCH + 5 * SLOT_BYTES

const ONE: usize = memory.data<f64>([1], 16)

@inline
function one(): v128 {
  return v128.load64_splat(ONE)
}

/** All bits set where x is neither 0 nor -0; NaN counts as true. */
@inline
function truth(x: v128): v128 {
  return f64x2.ne(x, i64x2.splat(0))
}

@inline
function threshold(coefficient: v128, source: v128, level: v128): v128 {
  return f64x2.mul(coefficient, f64x2.pmax(f64x2.sub(source, level), i64x2.splat(0)))
}

@inline
function saturating(coefficient: v128, source: v128, target: v128, ceiling: v128): v128 {
  return f64x2.min(f64x2.mul(coefficient, source), f64x2.sub(ceiling, target))
}

@inline
function dampening(coefficient: v128, source: v128, target: v128, ceiling: v128): v128 {
  return f64x2.mul(f64x2.mul(coefficient, source), f64x2.sub(one(), f64x2.div(target, ceiling)))
}

/** The operation of two lanes. `kind` is a constant at each call and the compiler keeps the one branch. */
@inline
function apply(kind: u32, a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  if (kind == code.ADD) return f64x2.add(a, b)
  if (kind == code.SUB) return f64x2.sub(a, b)
  if (kind == code.MUL) return f64x2.mul(a, b)
  if (kind == code.DIV) return f64x2.div(a, b)
  if (kind == code.NEG) return f64x2.neg(a)
  if (kind == code.ABS) return f64x2.abs(a)
  if (kind == code.MIN) return f64x2.min(a, b)
  if (kind == code.MAX) return f64x2.max(a, b)
  if (kind == code.PMIN) return f64x2.pmin(a, b)
  if (kind == code.PMAX) return f64x2.pmax(a, b)
  if (kind == code.SQRT) return f64x2.sqrt(a)
  if (kind == code.FLOOR) return f64x2.floor(a)
  if (kind == code.CEIL) return f64x2.ceil(a)
  if (kind == code.LT) return v128.and(f64x2.lt(a, b), one())
  if (kind == code.LE) return v128.and(f64x2.le(a, b), one())
  if (kind == code.EQ) return v128.and(f64x2.eq(a, b), one())
  if (kind == code.AND) return v128.and(v128.and(truth(a), truth(b)), one())
  if (kind == code.OR) return v128.and(v128.or(truth(a), truth(b)), one())
  if (kind == code.NOT) return v128.andnot(one(), truth(a))
  if (kind == code.SELECT) return v128.bitselect(b, c, truth(a))
  if (kind == code.ADD_MUL) return f64x2.add(a, f64x2.mul(b, c))
  if (kind == code.SUB_MUL) return f64x2.sub(a, f64x2.mul(b, c))
  if (kind == code.THRESHOLD) return threshold(a, b, c)
  if (kind == code.ADD_THRESHOLD) return f64x2.add(a, threshold(b, c, d))
  if (kind == code.SATURATING) return saturating(a, b, c, d)
  if (kind == code.ADD_SATURATING) return f64x2.add(a, saturating(b, c, d, e))
  if (kind == code.DAMPENING) return dampening(a, b, c, d)
  if (kind == code.ADD_DAMPENING) return f64x2.add(a, dampening(b, c, d, e))
  return a
}

@inline
function pair1(kind: u32, out: usize, a: usize): void {
  const x = v128.load(a)
  v128.store(out, apply(kind, x, x, x, x, x))
}

@inline
function pair2(kind: u32, out: usize, a: usize, b: usize): void {
  const y = v128.load(b)
  v128.store(out, apply(kind, v128.load(a), y, y, y, y))
}

@inline
function pair3(kind: u32, out: usize, a: usize, b: usize, c: usize): void {
  const z = v128.load(c)
  v128.store(out, apply(kind, v128.load(a), v128.load(b), z, z, z))
}

@inline
function unary(kind: u32, at: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  let out = address(result)
  let a = address(first)
  for (const end = out + size(result); out < end; out += LINE_BYTES, a += stride(first)) {
    pair1(kind, out, a)
    pair1(kind, out + 16, a + 16)
    pair1(kind, out + 32, a + 32)
    pair1(kind, out + 48, a + 48)
  }
}

@inline
function binary(kind: u32, at: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  const second = word(at, 2)
  let out = address(result)
  let a = address(first)
  let b = address(second)
  for (const end = out + size(result); out < end; out += LINE_BYTES, a += stride(first), b += stride(second)) {
    pair2(kind, out, a, b)
    pair2(kind, out + 16, a + 16, b + 16)
    pair2(kind, out + 32, a + 32, b + 32)
    pair2(kind, out + 48, a + 48, b + 48)
  }
}

/** `third` is an operand word of its own, so that it may name a scratch area. */
@inline
function ternary(kind: u32, at: usize, third: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  const second = word(at, 2)
  let out = address(result)
  let a = address(first)
  let b = address(second)
  let c = address(third)
  const end = out + size(result)
  for (; out < end; out += LINE_BYTES, a += stride(first), b += stride(second), c += stride(third)) {
    pair3(kind, out, a, b, c)
    pair3(kind, out + 16, a + 16, b + 16, c + 16)
    pair3(kind, out + 32, a + 32, b + 32, c + 32)
    pair3(kind, out + 48, a + 48, b + 48, c + 48)
  }
}

@inline
function pair5(kind: u32, out: usize, a: usize, b: usize, c: usize, d: usize, e: usize): void {
  v128.store(out, apply(kind, v128.load(a), v128.load(b), v128.load(c), v128.load(d), v128.load(e)))
}

/** Four or five operands; with four the last repeats. */
@inline
function wide(kind: u32, at: usize, arity: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  const second = word(at, 2)
  const third = word(at, 3)
  const fourth = word(at, 4)
  const fifth = word(at, arity)
  let out = address(result)
  let a = address(first)
  let b = address(second)
  let c = address(third)
  let d = address(fourth)
  let e = address(fifth)
  for (const end = out + size(result); out < end; out += LINE_BYTES) {
    pair5(kind, out, a, b, c, d, e)
    pair5(kind, out + 16, a + 16, b + 16, c + 16, d + 16, e + 16)
    pair5(kind, out + 32, a + 32, b + 32, c + 32, d + 32, e + 32)
    pair5(kind, out + 48, a + 48, b + 48, c + 48, d + 48, e + 48)
    a += stride(first)
    b += stride(second)
    c += stride(third)
    d += stride(fourth)
    e += stride(fifth)
  }
}

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

function runSigmoid(at: usize): void {
  const result = word(at, 0)
  sigmoidExponentials(result, word(at, 2), word(at, 3), word(at, 4))
  sigmoidQuotients(result, result, word(at, 1), false)
}

function runAddSigmoid(at: usize): void {
  const result = word(at, 0)
  sigmoidExponentials(result, word(at, 3), word(at, 4), word(at, 5))
  sigmoidQuotients(result, word(at, 1), word(at, 2), true)
}

function runExp(at: usize): void {
  const result = word(at, 0)
  const operand = word(at, 1)
  // A result in its operand's place would leave nothing to compute the far values from.
  const apart = address(operand) == address(result) ? aligned(operand, operand ^ 1, EXPONENTS) : aligned(operand, result, EXPONENTS)
  expBlock(address(result), apart, size(result))
}

function runLog(at: usize): void {
  const result = word(at, 0)
  logBlock(address(result), aligned(word(at, 1), result, EXPONENTS), size(result))
}

function runLog1p(at: usize): void {
  const result = word(at, 0)
  log1pBlock(address(result), aligned(word(at, 1), result, EXPONENTS), size(result))
}

/** VALUES = ln(1 + operand), as many as the result has; its operand word. */
@inline
function logarithms(at: usize, operand: usize): usize {
  const result = word(at, 0)
  log1pBlock(VALUES, aligned(word(at, operand), result, EXPONENTS), size(result))
  return VALUES | (result & 1)
}

function runLogarithmic(at: usize): void {
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

function runAddLogarithmic(at: usize): void {
  ternary(code.ADD_MUL, at, logarithms(at, 3))
}

function runPow(at: usize): void {
  const result = word(at, 0)
  const out = address(result)
  for (let i: usize = 0; i < size(result); i += 8) {
    const inside = i & 63
    const x = load<f64>(part(at, 1, i & ~63) + inside)
    store<f64>(out + i, pow(x, load<f64>(part(at, 2, i & ~63) + inside)))
  }
}

function runNeg(at: usize): void {
  unary(code.NEG, at)
}

function runAbs(at: usize): void {
  unary(code.ABS, at)
}

function runSqrt(at: usize): void {
  unary(code.SQRT, at)
}

function runFloor(at: usize): void {
  unary(code.FLOOR, at)
}

function runCeil(at: usize): void {
  unary(code.CEIL, at)
}

function runNot(at: usize): void {
  unary(code.NOT, at)
}

function runCopy(at: usize): void {
  unary(code.COPY, at)
}

function runDiv(at: usize): void {
  binary(code.DIV, at)
}

function runMin(at: usize): void {
  binary(code.MIN, at)
}

function runMax(at: usize): void {
  binary(code.MAX, at)
}

function runPmin(at: usize): void {
  binary(code.PMIN, at)
}

function runPmax(at: usize): void {
  binary(code.PMAX, at)
}

function runLt(at: usize): void {
  binary(code.LT, at)
}

function runLe(at: usize): void {
  binary(code.LE, at)
}

function runEq(at: usize): void {
  binary(code.EQ, at)
}

function runAnd(at: usize): void {
  binary(code.AND, at)
}

function runOr(at: usize): void {
  binary(code.OR, at)
}

function runSelect(at: usize): void {
  ternary(code.SELECT, at, word(at, 3))
}

function runThreshold(at: usize): void {
  ternary(code.THRESHOLD, at, word(at, 3))
}

function runAddThreshold(at: usize): void {
  wide(code.ADD_THRESHOLD, at, 4)
}

function runSaturating(at: usize): void {
  wide(code.SATURATING, at, 4)
}

function runAddSaturating(at: usize): void {
  wide(code.ADD_SATURATING, at, 5)
}

function runDampening(at: usize): void {
  wide(code.DAMPENING, at, 4)
}

function runAddDampening(at: usize): void {
  wide(code.ADD_DAMPENING, at, 5)
}

/** The function of an operation in the table of functions; 0 for those that `walk` has in place. */
function functionOf(kind: u32): u32 {
  switch (kind) {
    case code.ADD:
    case code.SUB:
    case code.MUL:
    case code.ADD_MUL:
    case code.SUB_MUL:
      return 0
    case code.NEG:
      return runNeg.index
    case code.ABS:
      return runAbs.index
    case code.SQRT:
      return runSqrt.index
    case code.FLOOR:
      return runFloor.index
    case code.CEIL:
      return runCeil.index
    case code.NOT:
      return runNot.index
    case code.COPY:
      return runCopy.index
    case code.DIV:
      return runDiv.index
    case code.MIN:
      return runMin.index
    case code.MAX:
      return runMax.index
    case code.PMIN:
      return runPmin.index
    case code.PMAX:
      return runPmax.index
    case code.LT:
      return runLt.index
    case code.LE:
      return runLe.index
    case code.EQ:
      return runEq.index
    case code.AND:
      return runAnd.index
    case code.OR:
      return runOr.index
    case code.SELECT:
      return runSelect.index
    case code.THRESHOLD:
      return runThreshold.index
    case code.ADD_THRESHOLD:
      return runAddThreshold.index
    case code.SATURATING:
      return runSaturating.index
    case code.ADD_SATURATING:
      return runAddSaturating.index
    case code.DAMPENING:
      return runDampening.index
    case code.ADD_DAMPENING:
      return runAddDampening.index
    case code.EXP:
      return runExp.index
    case code.LOG:
      return runLog.index
    case code.LOG1P:
      return runLog1p.index
    case code.POW:
      return runPow.index
    case code.SIGMOID:
      return runSigmoid.index
    case code.ADD_SIGMOID:
      return runAddSigmoid.index
    case code.LOGARITHMIC:
      return runLogarithmic.index
    case code.ADD_LOGARITHMIC:
      return runAddLogarithmic.index
    case code.LOOKUP:
      return runLookup.index
    case code.BRACKET:
      return runBracket.index
    default:
      unreachable()
  }
  return 0
}

/** Notes in each record which function runs it. */
export function link(at: usize, end: usize): void {
  for (; at < end; at += code.OPERATION_BYTES) store<u32>(at, functionOf(load<u32>(at)), 28)
}

/** Runs the records from `at` to `end`. The commonest operations are in place, because a call costs as much as they do. */
export function walk(at: usize, end: usize): void {
  for (; at < end; at += code.OPERATION_BYTES) {
    switch (load<u32>(at)) {
      case code.ADD:
        binary(code.ADD, at)
        break
      case code.SUB:
        binary(code.SUB, at)
        break
      case code.MUL:
        binary(code.MUL, at)
        break
      case code.ADD_MUL:
        ternary(code.ADD_MUL, at, word(at, 3))
        break
      case code.SUB_MUL:
        ternary(code.SUB_MUL, at, word(at, 3))
        break
      default:
        call_indirect<void>(load<u32>(at, 28), at)
    }
  }
}
