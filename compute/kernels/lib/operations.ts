// One function per operation: it walks one block of lanes, four pairs at a time. `at` is the operation's record.
import * as code from './layout'
import { expAny, expNotPlain, expPlain } from './exp'
import { log1pAny, log1pIsPlain, log1pPlain, logAny, logIsPlain, logPlain } from './log'
import { powAny } from './pow'
import { runBracket, runLookup } from './tables'

@inline
function slot(at: usize, operand: usize): usize {
  return load<u32>(at + 4 + (operand << 2))
}

@inline
function one(): v128 {
  return f64x2.splat(1)
}

/** All bits set where x is neither 0 nor -0; NaN counts as true. */
@inline
function truth(x: v128): v128 {
  return f64x2.ne(x, f64x2.splat(0))
}

@inline
function exp2(x: v128): v128 {
  return v128.any_true(expNotPlain(x)) ? expAny(x) : expPlain(x)
}

@inline
function log2(x: v128): v128 {
  return i64x2.all_true(logIsPlain(x)) ? logPlain(x) : logAny(x)
}

@inline
function log1p2(x: v128): v128 {
  const u = f64x2.add(one(), x)
  return i64x2.all_true(log1pIsPlain(u)) ? log1pPlain(x, u) : log1pAny(x)
}

@inline
function sigmoid(amplitude: v128, source: v128, slope: v128, midpoint: v128): v128 {
  return f64x2.div(amplitude, f64x2.add(one(), exp2(f64x2.mul(slope, f64x2.sub(midpoint, source)))))
}

@inline
function threshold(coefficient: v128, source: v128, level: v128): v128 {
  return f64x2.mul(coefficient, f64x2.pmax(f64x2.sub(source, level), f64x2.splat(0)))
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
  if (kind == code.COPY) return a
  if (kind == code.NEG) return f64x2.neg(a)
  if (kind == code.ABS) return f64x2.abs(a)
  if (kind == code.MIN) return f64x2.min(a, b)
  if (kind == code.MAX) return f64x2.max(a, b)
  if (kind == code.PMIN) return f64x2.pmin(a, b)
  if (kind == code.PMAX) return f64x2.pmax(a, b)
  if (kind == code.SQRT) return f64x2.sqrt(a)
  if (kind == code.EXP) return exp2(a)
  if (kind == code.LOG) return log2(a)
  if (kind == code.LOG1P) return log1p2(a)
  if (kind == code.POW) return powAny(a, b)
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
  if (kind == code.SIGMOID) return sigmoid(a, b, c, d)
  if (kind == code.ADD_SIGMOID) return f64x2.add(a, sigmoid(b, c, d, e))
  if (kind == code.LOGARITHMIC) return f64x2.mul(a, log1p2(b))
  if (kind == code.ADD_LOGARITHMIC) return f64x2.add(a, f64x2.mul(b, log1p2(c)))
  if (kind == code.THRESHOLD) return threshold(a, b, c)
  if (kind == code.ADD_THRESHOLD) return f64x2.add(a, threshold(b, c, d))
  if (kind == code.SATURATING) return saturating(a, b, c, d)
  if (kind == code.ADD_SATURATING) return f64x2.add(a, saturating(b, c, d, e))
  if (kind == code.DAMPENING) return dampening(a, b, c, d)
  return f64x2.add(a, dampening(b, c, d, e))
}

@inline
function pair1(kind: u32, out: usize, a: usize): void {
  const x = v128.load(a)
  v128.store(out, apply(kind, x, x, x, x, x))
}

@inline
function pair2(kind: u32, out: usize, a: usize, b: usize): void {
  const x = v128.load(a)
  const y = v128.load(b)
  v128.store(out, apply(kind, x, y, y, y, y))
}

@inline
function pair3(kind: u32, out: usize, a: usize, b: usize, c: usize): void {
  const x = v128.load(a)
  const y = v128.load(b)
  const z = v128.load(c)
  v128.store(out, apply(kind, x, y, z, z, z))
}

@inline
function unary(kind: u32, at: usize): void {
  let out = slot(at, 0)
  let a = slot(at, 1)
  for (const end = out + code.SLOT_BYTES; out < end; out += 64, a += 64) {
    pair1(kind, out, a)
    pair1(kind, out + 16, a + 16)
    pair1(kind, out + 32, a + 32)
    pair1(kind, out + 48, a + 48)
  }
}

@inline
function binary(kind: u32, at: usize): void {
  let out = slot(at, 0)
  let a = slot(at, 1)
  let b = slot(at, 2)
  for (const end = out + code.SLOT_BYTES; out < end; out += 64, a += 64, b += 64) {
    pair2(kind, out, a, b)
    pair2(kind, out + 16, a + 16, b + 16)
    pair2(kind, out + 32, a + 32, b + 32)
    pair2(kind, out + 48, a + 48, b + 48)
  }
}

@inline
function ternary(kind: u32, at: usize): void {
  let out = slot(at, 0)
  let a = slot(at, 1)
  let b = slot(at, 2)
  let c = slot(at, 3)
  for (const end = out + code.SLOT_BYTES; out < end; out += 64, a += 64, b += 64, c += 64) {
    pair3(kind, out, a, b, c)
    pair3(kind, out + 16, a + 16, b + 16, c + 16)
    pair3(kind, out + 32, a + 32, b + 32, c + 32)
    pair3(kind, out + 48, a + 48, b + 48, c + 48)
  }
}

/** For operations of many instructions or four and five operands: one pair at a time. Unused operands repeat the first. */
@inline
function wide(kind: u32, at: usize, arity: u32): void {
  const out = slot(at, 0)
  const a = slot(at, 1)
  const b = arity > 1 ? slot(at, 2) : a
  const c = arity > 2 ? slot(at, 3) : a
  const d = arity > 3 ? slot(at, 4) : a
  const e = arity > 4 ? slot(at, 5) : a
  for (let i: usize = 0; i < code.SLOT_BYTES; i += 16) {
    const x = v128.load(a + i)
    const y = arity > 1 ? v128.load(b + i) : x
    const z = arity > 2 ? v128.load(c + i) : x
    const w = arity > 3 ? v128.load(d + i) : x
    const v = arity > 4 ? v128.load(e + i) : x
    v128.store(out + i, apply(kind, x, y, z, w, v))
  }
}

function runAdd(at: usize): void {
  binary(code.ADD, at)
}

function runSub(at: usize): void {
  binary(code.SUB, at)
}

function runMul(at: usize): void {
  binary(code.MUL, at)
}

function runDiv(at: usize): void {
  binary(code.DIV, at)
}

function runCopy(at: usize): void {
  unary(code.COPY, at)
}

function runNeg(at: usize): void {
  unary(code.NEG, at)
}

function runAbs(at: usize): void {
  unary(code.ABS, at)
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

function runSqrt(at: usize): void {
  unary(code.SQRT, at)
}

function runExp(at: usize): void {
  wide(code.EXP, at, 1)
}

function runLog(at: usize): void {
  wide(code.LOG, at, 1)
}

function runLog1p(at: usize): void {
  wide(code.LOG1P, at, 1)
}

function runPow(at: usize): void {
  wide(code.POW, at, 2)
}

function runFloor(at: usize): void {
  unary(code.FLOOR, at)
}

function runCeil(at: usize): void {
  unary(code.CEIL, at)
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

function runNot(at: usize): void {
  unary(code.NOT, at)
}

function runSelect(at: usize): void {
  ternary(code.SELECT, at)
}

function runAddMul(at: usize): void {
  ternary(code.ADD_MUL, at)
}

function runSubMul(at: usize): void {
  ternary(code.SUB_MUL, at)
}

function runSigmoid(at: usize): void {
  wide(code.SIGMOID, at, 4)
}

function runAddSigmoid(at: usize): void {
  wide(code.ADD_SIGMOID, at, 5)
}

function runLogarithmic(at: usize): void {
  wide(code.LOGARITHMIC, at, 2)
}

function runAddLogarithmic(at: usize): void {
  wide(code.ADD_LOGARITHMIC, at, 3)
}

function runThreshold(at: usize): void {
  ternary(code.THRESHOLD, at)
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

/** Runs the records from `at` to `end`. */
export function walk(at: usize, end: usize): void {
  for (; at < end; at += code.OPERATION_BYTES) {
    switch (load<u32>(at)) {
      case code.ADD: runAdd(at); break
      case code.SUB: runSub(at); break
      case code.MUL: runMul(at); break
      case code.DIV: runDiv(at); break
      case code.NEG: runNeg(at); break
      case code.ABS: runAbs(at); break
      case code.MIN: runMin(at); break
      case code.MAX: runMax(at); break
      case code.PMIN: runPmin(at); break
      case code.PMAX: runPmax(at); break
      case code.SQRT: runSqrt(at); break
      case code.EXP: runExp(at); break
      case code.LOG: runLog(at); break
      case code.LOG1P: runLog1p(at); break
      case code.POW: runPow(at); break
      case code.FLOOR: runFloor(at); break
      case code.CEIL: runCeil(at); break
      case code.LT: runLt(at); break
      case code.LE: runLe(at); break
      case code.EQ: runEq(at); break
      case code.AND: runAnd(at); break
      case code.OR: runOr(at); break
      case code.NOT: runNot(at); break
      case code.SELECT: runSelect(at); break
      case code.ADD_MUL: runAddMul(at); break
      case code.SUB_MUL: runSubMul(at); break
      case code.SIGMOID: runSigmoid(at); break
      case code.ADD_SIGMOID: runAddSigmoid(at); break
      case code.LOGARITHMIC: runLogarithmic(at); break
      case code.ADD_LOGARITHMIC: runAddLogarithmic(at); break
      case code.THRESHOLD: runThreshold(at); break
      case code.ADD_THRESHOLD: runAddThreshold(at); break
      case code.SATURATING: runSaturating(at); break
      case code.ADD_SATURATING: runAddSaturating(at); break
      case code.DAMPENING: runDampening(at); break
      case code.ADD_DAMPENING: runAddDampening(at); break
      case code.COPY: runCopy(at); break
      case code.LOOKUP: runLookup(at); break
      case code.BRACKET: runBracket(at); break
      default: unreachable()
    }
  }
}
