// Elementary functions to some 60 digits in integers: what the compute functions' errors are measured against.

/** Fixed point with 220 bits behind the point. */
const BITS = 220n
const ONE = 1n << BITS

/** A number m 2^exponent with m in fixed point: enough for results that no fixed point could hold. */
export interface Big {
  readonly mantissa: bigint
  readonly exponent: number
}

const view = new DataView(new ArrayBuffer(8))

/** A double, exactly where it is a multiple of 2^-220. */
export function toFixed(x: number): bigint {
  view.setFloat64(0, x)
  const bits = view.getBigUint64(0)
  const field = Number((bits >> 52n) & 2047n)
  const mantissa = field === 0 ? bits & 0xfffffffffffffn : (bits & 0xfffffffffffffn) | 0x10000000000000n
  const shift = BigInt(Math.max(field, 1) - 1075) + BITS
  const magnitude = shift >= 0n ? mantissa << shift : mantissa >> -shift
  return bits >> 63n ? -magnitude : magnitude
}

/** Sum of a series whose terms shrink; an arithmetic shift leaves -1 where a negative term has vanished. */
function series(first: bigint, next: (term: bigint, n: bigint) => bigint, part: (term: bigint, n: bigint) => bigint) {
  let sum = 0n
  for (let term = first, n = 1n; term !== 0n && term !== -1n; term = next(term, n), n++) sum += part(term, n)
  return sum
}

/** 2 artanh((f - 1) / (f + 1)) = ln f, for f near 1. */
function lnNearOne(f: bigint): bigint {
  const s = ((f - ONE) << BITS) / (f + ONE)
  const square = (s * s) >> BITS
  return (
    2n *
    series(
      s,
      (t) => (t * square) >> BITS,
      (t, n) => t / (2n * n - 1n),
    )
  )
}

const LN2 = -lnNearOne(ONE / 2n)

/** ln of a positive number in fixed point. */
export function bigLn(x: bigint): bigint {
  const k = BigInt(x.toString(2).length - 1) - BITS
  const f = k >= 0n ? x >> k : x << -k
  return lnNearOne(f) + k * LN2
}

/** e^x of a number in fixed point. */
export function bigExp(x: bigint): Big {
  const k = x / LN2
  const r = x - k * LN2
  return {
    mantissa: series(
      ONE,
      (t, n) => ((t * r) >> BITS) / n,
      (t) => t,
    ),
    exponent: Number(k),
  }
}

/** How many units in the last place of `value` it is away from the true number. */
export function errorInUlps(value: number, { mantissa, exponent }: Big): number {
  const ulpExponent = Math.max(exponentOf(value), -1022) - 52
  // In two steps, because 2^exponent itself may be out of range.
  const scaled = toFixed(value * 2 ** -Math.trunc(exponent / 2) * 2 ** -(exponent - Math.trunc(exponent / 2)))
  return Math.abs(Number(scaled - mantissa) * 2 ** -220 * 2 ** (exponent - ulpExponent))
}

function exponentOf(x: number): number {
  view.setFloat64(0, x)
  return ((view.getUint32(0) >>> 20) & 2047) - 1023
}

export const fixed = (mantissa: bigint): Big => ({ mantissa, exponent: 0 })
export const fixedOne = ONE
export const multiplyFixed = (a: bigint, b: bigint) => (a * b) >> BITS

/** Bits behind the point for angles: of the largest double 1,024 bits of pi are used up by whole turns. */
const ANGLE_BITS = 1300n

/** arctan(a / b) in fixed point for angles, by its series. */
function angleOf(a: bigint, b: bigint): bigint {
  let power = (a << ANGLE_BITS) / b
  let sum = 0n
  for (let n = 1n; power !== 0n; n += 2n, power = (power * a * a) / (b * b))
    sum += n % 4n === 1n ? power / n : -power / n
  return sum
}

/** Euler's formula: pi / 4 = 5 arctan(1/7) + 2 arctan(3/79). */
const HALF_PI = 2n * (5n * angleOf(1n, 7n) + 2n * angleOf(3n, 79n))

/** sin(x + ahead * pi / 2) of a double that is a multiple of 2^-220. */
function bigTurned(x: number, ahead: bigint): Big {
  const angle = toFixed(x) << (ANGLE_BITS - BITS)
  let quarters = angle / HALF_PI
  if (angle < 0n) quarters -= 1n
  const r = (angle - quarters * HALF_PI) >> (ANGLE_BITS - BITS)
  const square = (r * r) >> BITS
  const quarter = Number((((quarters + ahead) % 4n) + 4n) % 4n)
  const value = series(
    quarter % 2 === 0 ? r : ONE,
    (t, n) => -((t * square) >> BITS) / (quarter % 2 === 0 ? 2n * n * (2n * n + 1n) : (2n * n - 1n) * 2n * n),
    (t) => t,
  )
  return fixed(quarter < 2 ? value : -value)
}

export const bigSin = (x: number) => bigTurned(x, 0n)
export const bigCos = (x: number) => bigTurned(x, 1n)

/** arctan of a double that is a multiple of 2^-220, from tan(t / 2) = tan t / (1 + sqrt(1 + tan^2 t)), eight times. */
export function bigArctan(x: number): Big {
  let t = toFixed(x)
  for (let i = 0; i < 8; i++) t = (t << BITS) / (ONE + squareRoot(ONE * ONE + t * t))
  const square = (t * t) >> BITS
  const small = series(
    t,
    (term) => -((term * square) >> BITS),
    (term, n) => term / (2n * n - 1n),
  )
  return fixed(small << 8n)
}

function squareRoot(n: bigint): bigint {
  let x = 1n << BigInt((n.toString(2).length >> 1) + 1)
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) return x
    x = next
  }
}
