// Walks an operation over a block of lanes, in groups of eight: four pairs at a time. `at` is the operation's record.
import * as code from './layout'
import { LINE_BYTES } from './layout'
import { address, size, stride, word } from './operands'

const ONE: usize = memory.data<f64>([1], 16)

@inline
export function one(): v128 {
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
  if (kind == code.TRUNCATE) return f64x2.trunc(a)
  if (kind == code.ROUND) return f64x2.nearest(a)
  if (kind == code.REMAINDER) return f64x2.sub(a, f64x2.mul(b, f64x2.trunc(f64x2.div(a, b))))
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
  if (kind == code.EXCESS) return f64x2.pmax(f64x2.sub(a, b), i64x2.splat(0))
  if (kind == code.ADD_DAMPENING) return f64x2.add(a, dampening(b, c, d, e))
  return a
}

@inline
function pair1(kind: u32, out: usize, a: usize): void {
  const x = v128.load(a)
  v128.store(out, apply(kind, x, x, x, x, x))
}

@inline
export function pair2(kind: u32, out: usize, a: usize, b: usize): void {
  const y = v128.load(b)
  v128.store(out, apply(kind, v128.load(a), y, y, y, y))
}

@inline
function pair3(kind: u32, out: usize, a: usize, b: usize, c: usize): void {
  const z = v128.load(c)
  v128.store(out, apply(kind, v128.load(a), v128.load(b), z, z, z))
}

@inline
export function unary(kind: u32, at: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  const stepA = stride(first)
  let out = address(result)
  let a = address(first)
  const end = out + size(result)
  do {
    pair1(kind, out, a)
    pair1(kind, out + 16, a + 16)
    pair1(kind, out + 32, a + 32)
    pair1(kind, out + 48, a + 48)
    out += LINE_BYTES
    a += stepA
  } while (out < end)
}

@inline
export function binary(kind: u32, at: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  const second = word(at, 2)
  const stepA = stride(first)
  const stepB = stride(second)
  let out = address(result)
  let a = address(first)
  let b = address(second)
  const end = out + size(result)
  do {
    pair2(kind, out, a, b)
    pair2(kind, out + 16, a + 16, b + 16)
    pair2(kind, out + 32, a + 32, b + 32)
    pair2(kind, out + 48, a + 48, b + 48)
    out += LINE_BYTES
    a += stepA
    b += stepB
  } while (out < end)
}

/** `third` is an operand word of its own, so that it may name a scratch area. */
@inline
export function ternary(kind: u32, at: usize, third: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  const second = word(at, 2)
  const stepA = stride(first)
  const stepB = stride(second)
  const stepC = stride(third)
  let out = address(result)
  let a = address(first)
  let b = address(second)
  let c = address(third)
  const end = out + size(result)
  do {
    pair3(kind, out, a, b, c)
    pair3(kind, out + 16, a + 16, b + 16, c + 16)
    pair3(kind, out + 32, a + 32, b + 32, c + 32)
    pair3(kind, out + 48, a + 48, b + 48, c + 48)
    out += LINE_BYTES
    a += stepA
    b += stepB
    c += stepC
  } while (out < end)
}

@inline
function pair5(kind: u32, out: usize, a: usize, b: usize, c: usize, d: usize, e: usize): void {
  const x = v128.load(a)
  const y = v128.load(b)
  const z = v128.load(c)
  v128.store(out, apply(kind, x, y, z, v128.load(d), v128.load(e)))
}

/** Four or five operands; with four the last repeats. */
@inline
export function wide(kind: u32, at: usize, arity: usize): void {
  const result = word(at, 0)
  const first = word(at, 1)
  const second = word(at, 2)
  const third = word(at, 3)
  const fourth = word(at, 4)
  const fifth = word(at, arity)
  const stepA = stride(first)
  const stepB = stride(second)
  const stepC = stride(third)
  const stepD = stride(fourth)
  const stepE = stride(fifth)
  let out = address(result)
  let a = address(first)
  let b = address(second)
  let c = address(third)
  let d = address(fourth)
  let e = address(fifth)
  const end = out + size(result)
  do {
    pair5(kind, out, a, b, c, d, e)
    pair5(kind, out + 16, a + 16, b + 16, c + 16, d + 16, e + 16)
    pair5(kind, out + 32, a + 32, b + 32, c + 32, d + 32, e + 32)
    pair5(kind, out + 48, a + 48, b + 48, c + 48, d + 48, e + 48)
    out += LINE_BYTES
    a += stepA
    b += stepB
    c += stepC
    d += stepD
    e += stepE
  } while (out < end)
}
