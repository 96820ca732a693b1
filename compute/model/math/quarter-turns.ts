// An angle as quarter turns and a rest, with the same basic operations in the same order as compute/kernels/lib/quarter-turns.ts.
import { highWord, lowWord } from './bits.ts'
import { SHIFT } from './exp.ts'
import { productError } from './product-error.ts'
import { TWO_OVER_PI, TWO_OVER_PI_BITS } from './two-over-pi.ts'

/** x = quarters * pi / 2 + high + low, |high| <= pi / 4 (or a hair above), `low` below its last place; quarters modulo 4. */
export interface QuarterTurns {
  readonly quarters: number
  readonly high: number
  readonly low: number
}

const INV_HALF_PI = 0.6366197723675814
/** pi / 2 in four parts: the first three have 33 bits, so that their products with |n| <= 2^20 are exact (FreeBSD msun e_rem_pio2.c). */
const P1 = 1.5707963267341256
const P2 = 6.077100506303966e-11
const P3 = 2.0222662487111665e-21
const P4 = 8.4784276603689e-32
/** Quarter turns up to which the four parts hold: |x| up to 1,647,099. */
const MOST_QUARTERS = 1048576

/** What the rounding of a - b = difference lost (Knuth, The Art of Computer Programming 2, 4.2.2). */
function differenceError(a: number, b: number, difference: number): number {
  const taken = difference - a
  return a - (difference - taken) - (b + taken)
}

/**
 * Takes the quarter turns out of a finite angle in radians: by Cody and Waite (Software Manual for the Elementary Functions, 1980)
 * where |x| is below some 1.6 million, beyond by Payne and Hanek. The rest has a relative error below 2^-70.
 */
export function quarterTurns(x: number): QuarterTurns {
  const z = x * INV_HALF_PI + SHIFT
  const n = z - SHIFT
  if (!(Math.abs(n) <= MOST_QUARTERS)) return farQuarterTurns(x)
  const first = x - n * P1
  const b = n * P2
  const second = first - b
  const c = n * P3
  const third = second - c
  const lost = n * P4 - differenceError(second, c, third) - differenceError(first, b, second)
  const high = third - lost
  return { quarters: lowWord(z) & 3, high, low: third - high - lost }
}

const HALF_PI_HIGH = 1.5707963267948966
const HALF_PI_LOW = 6.123233995736766e-17
const TURN_BITS = 192n
const FRACTION = (1n << 190n) - 1n
const DOUBLE = (1n << 53n) - 1n

/** Payne and Hanek (SIGNUM Newsletter 18(1), 1983) in integers: the bits of 2 / pi that decide quarter and fraction, times x. */
function farQuarterTurns(x: number): QuarterTurns {
  const high = highWord(x)
  const exponent = ((high >>> 20) & 2047) - 1075
  const mantissa = (BigInt((high & 0xfffff) | 0x100000) << 32n) | BigInt(lowWord(x) >>> 0)
  const window = BigInt.asUintN(192, TWO_OVER_PI >> BigInt(TWO_OVER_PI_BITS - 190 - exponent))
  // Quarter turns with 190 bits behind the point.
  const turns = BigInt.asUintN(192, mantissa * window)
  const down = (turns >> 189n) & 1n
  const fraction = (down ? -turns : turns) & FRACTION
  const zeros = TURN_BITS - BigInt(fraction.toString(2).length)
  const top = (fraction << zeros) >> 86n
  const scale = 2 ** (2 - Number(zeros) - 53)
  const whole = Number(top >> 53n) * scale
  const rest = Number(top & DOUBLE) * (scale * 2 ** -53)
  const product = whole * HALF_PI_HIGH
  const below = productError(whole, HALF_PI_HIGH, product) + whole * HALF_PI_LOW + rest * HALF_PI_HIGH
  const sum = product + below
  const low = product - sum + below
  const quarters = Number((turns >> 190n) + down) & 3
  const turnedBack = (down === 1n) !== x < 0
  return {
    quarters: x < 0 ? -quarters & 3 : quarters,
    high: turnedBack ? -sum : sum,
    low: turnedBack ? -low : low,
  }
}
