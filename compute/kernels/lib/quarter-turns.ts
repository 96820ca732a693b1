// An angle as quarter turns and a rest. compute/model/math/quarter-turns.ts is its twin: change both or neither.
import { SHIFT } from './exp'
import { productError } from './product-error'
import { TWO_OVER_PI } from './two-over-pi'

// Constants: see the twin.
const INV_HALF_PI: f64 = 0.6366197723675814
const P1: f64 = 1.5707963267341256
const P2: f64 = 6.077100506303966e-11
const P3: f64 = 2.0222662487111665e-21
const P4: f64 = 8.4784276603689e-32
const MOST_QUARTERS: f64 = 1048576
const HALF_PI_HIGH: f64 = 1.5707963267948966
const HALF_PI_LOW: f64 = 6.123233995736766e-17

/** The rest of the last angle taken apart, in two parts. */
export let restHigh: f64 = 0
export let restLow: f64 = 0

@inline
function differenceError(a: f64, b: f64, difference: f64): f64 {
  const taken = difference - a
  return a - (difference - taken) - (b + taken)
}

/** Quarter turns of a finite x, modulo 4; the rest is left in restHigh and restLow. */
export function quarterTurns(x: f64): u32 {
  const z = x * INV_HALF_PI + SHIFT
  const n = z - SHIFT
  if (!(abs(n) <= MOST_QUARTERS)) return farQuarterTurns(x)
  const first = x - n * P1
  const b = n * P2
  const second = first - b
  const c = n * P3
  const third = second - c
  const lost = n * P4 - differenceError(second, c, third) - differenceError(first, b, second)
  const high = third - lost
  restHigh = high
  restLow = third - high - lost
  return <u32>reinterpret<u64>(z) & 3
}

/** Six words of 32 bits, lowest first: mantissa times window, modulo 2^192. */
const PRODUCT: usize = memory.data(24, 8)

/** Word `index` of the window of 192 bits of 2 / pi that begins at bit `from`, counted from the highest. */
@inline
function windowWord(from: u32, index: u32): u64 {
  const at = TWO_OVER_PI + (<usize>((from >> 5) + index) << 2)
  return (((<u64>load<u32>(at) << 32) | <u64>load<u32>(at, 4)) << <u64>(from & 31)) >> 32
}

function farQuarterTurns(x: f64): u32 {
  const bits = reinterpret<u64>(x)
  const exponent = <i32>((bits >> 52) & 2047) - 1075
  const mantissa = (bits & 0x000fffffffffffff) | 0x0010000000000000
  // 64 bits of 0 stand before the point, and the first bit needed has the weight 2^(1 - exponent).
  const from = <u32>(exponent + 62)
  const low = mantissa & 0xffffffff
  const high = mantissa >> 32
  let carry: u64 = 0
  for (let i: u32 = 0; i < 6; i++) {
    const sum = low * windowWord(from, 5 - i) + carry
    store<u32>(PRODUCT + (<usize>i << 2), <u32>sum)
    carry = sum >> 32
  }
  carry = 0
  for (let i: u32 = 0; i < 5; i++) {
    const at = PRODUCT + (<usize>i << 2)
    const sum = high * windowWord(from, 5 - i) + <u64>load<u32>(at, 4) + carry
    store<u32>(at, <u32>sum, 4)
    carry = sum >> 32
  }
  let c = load<u64>(PRODUCT)
  let b = load<u64>(PRODUCT, 8)
  let a = load<u64>(PRODUCT, 16)
  const down = (a >> 61) & 1
  const quarters = <u32>((a >> 62) + down)
  if (down) {
    const borrowC: u64 = c != 0 ? 1 : 0
    const borrowB: u64 = b != 0 || borrowC ? 1 : 0
    c = 0 - c
    b = 0 - b - borrowC
    a = 0 - a - borrowB
  }
  a &= 0x3fffffffffffffff
  // The highest 128 bits of the fraction from its first 1 on.
  let zeros: u64
  let above: u64
  let below: u64
  if (a != 0) {
    zeros = clz(a)
    above = (a << zeros) | (b >> (64 - zeros))
    below = (b << zeros) | (c >> (64 - zeros))
  } else {
    const more = clz(b)
    zeros = 64 + more
    above = (b << more) | ((c >> 1) >> (63 - more))
    below = c << more
  }
  const scale = reinterpret<f64>((1023 + 2 - 53 - zeros) << 52)
  const whole = <f64>(above >> 11) * scale
  // 2^-53
  const rest = <f64>(((above & 2047) << 42) | (below >> 22)) * (scale * 1.1102230246251565e-16)
  const product = whole * HALF_PI_HIGH
  const small = productError(whole, HALF_PI_HIGH, product) + whole * HALF_PI_LOW + rest * HALF_PI_HIGH
  const sum = product + small
  const lowRest = product - sum + small
  const negative = x < 0
  const turnedBack = (down == 1) != negative
  restHigh = turnedBack ? -sum : sum
  restLow = turnedBack ? -lowRest : lowRest
  return (negative ? 0 - quarters : quarters) & 3
}
