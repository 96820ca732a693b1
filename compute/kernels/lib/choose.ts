// One of several values by its number, such as a parameter by filing status. `at` is the operation's record.
import { SCRATCH } from './layout'
import { address, size, word } from './operands'

/** Numbers of the values, where all are the same in all lanes: `otherwise`, the values, and `otherwise` again for all beyond. */
const VALUES: usize = SCRATCH

/** 2^52: a whole number below, added to it, stands in its low bits. */
const WHOLE: f64 = 4503599627370496.0

/** Low 32 bits of each lane: the number to which a place rounds, 0 where that is below 1 or NaN, at most `beyond`. */
@inline
function numbers(place: v128, beyond: v128, whole: v128): v128 {
  // The first operand is taken where the comparison does not hold, so also where the second is NaN.
  const positive = f64x2.pmax(i64x2.splat(0), f64x2.nearest(place))
  return f64x2.add(f64x2.pmin(positive, beyond), whole)
}

@inline
function valueAt(number: u32): usize {
  return VALUES + (<usize>number << 3)
}

@inline
function pair(out: usize, place: v128, beyond: v128, whole: v128): void {
  const both = numbers(place, beyond, whole)
  const first = v128.load64_zero(valueAt(i32x4.extract_lane(both, 0)))
  v128.store(out, v128.load64_lane(valueAt(i32x4.extract_lane(both, 2)), first, 1))
}

export function runChoose(at: usize): void {
  const result = word(at, 0)
  const place = word(at, 1)
  const list = word(at, 2)
  const count = <u32>word(at, 3)
  const out = address(result)
  const bytes = size(result)
  const beyond = f64x2.splat(<f64>(count + 1))
  const whole = f64x2.splat(WHOLE)
  const from = address(place)
  const mask: usize = place & 1 ? ~0 : 63
  if (!ofRun(list, count)) {
    for (let i: usize = 0; i < bytes; i += 8) {
      const number = i32x4.extract_lane(numbers(v128.load64_zero(from + (i & mask)), beyond, whole), 0)
      const value = <usize>load<u32>(list + (<usize>(<u32>number > count ? 0 : number) << 2))
      store<f64>(out + i, load<f64>(address(value) + (i & 63) + (value & 1) * (i & ~63)))
    }
    return
  }
  const otherwise = load<f64>(address(load<u32>(list)))
  for (let i: u32 = 0; i <= count; i++) store<f64>(valueAt(i), load<f64>(address(load<u32>(list + (<usize>i << 2)))))
  store<f64>(valueAt(count + 1), otherwise)
  for (let i: usize = 0; i < bytes; i += 64) {
    const p = from + (i & mask)
    pair(out + i, v128.load(p), beyond, whole)
    pair(out + i + 16, v128.load(p + 16), beyond, whole)
    pair(out + i + 32, v128.load(p + 32), beyond, whole)
    pair(out + i + 48, v128.load(p + 48), beyond, whole)
  }
}

/** Whether all values are the same in all lanes. */
@inline
function ofRun(list: usize, count: u32): bool {
  let varies: u32 = 0
  for (let i: u32 = 0; i <= count; i++) varies |= load<u32>(list + (<usize>i << 2)) & 1
  return !varies
}
