// sin x and cos x: scalar, and over a block. compute/model/math/sin-cos.ts is its twin: change both or neither.
import { SCRATCH, SLOT_BYTES } from './layout'
import { quarterTurns, restHigh, restLow } from './quarter-turns'

// Constants: see the twin.
const S1: f64 = -1.66666666666666324348e-1
const S2: f64 = 8.33333333332248946124e-3
const S3: f64 = -1.98412698298579493134e-4
const S4: f64 = 2.75573137070700676789e-6
const S5: f64 = -2.50507602534068634195e-8
const S6: f64 = 1.58969099521155010221e-10
const C1: f64 = 4.16666666666666019037e-2
const C2: f64 = -1.38888888888741095749e-3
const C3: f64 = 2.48015872894767294178e-5
const C4: f64 = -2.75573143513906633035e-7
const C5: f64 = 2.08757232129817482790e-9
const C6: f64 = -1.13596475577881948265e-11

function sinNear(x: f64, tail: f64): f64 {
  const z = x * x
  const w = z * z
  const r = S2 + z * (S3 + z * S4) + z * w * (S5 + z * S6)
  const v = z * x
  return x - (z * (0.5 * tail - v * r) - tail - v * S1)
}

function cosNear(x: f64, tail: f64): f64 {
  const z = x * x
  const w = z * z
  const r = z * (C1 + z * (C2 + z * C3)) + w * w * (C4 + z * (C5 + z * C6))
  const half = 0.5 * z
  const high = 1 - half
  return high + (1 - high - half + (z * r - x * tail))
}

/** sin(x + ahead * pi / 2) */
function turned(x: f64, ahead: u32): f64 {
  if (x - x != 0) return NaN
  const quarter = (quarterTurns(x) + ahead) & 3
  const value = quarter & 1 ? cosNear(restHigh, restLow) : sinNear(restHigh, restLow)
  return quarter & 2 ? -value : value
}

/** 2 / pi, SHIFT, P1 to P4, the square of MOST_QUARTERS, 1/2, 1, S1 to S6, C1 to C6. */
const REALS: usize = memory.data<f64>(
  [
    0.6366197723675814, 6755399441055744, 1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21,
    8.4784276603689e-32, 1099511627776, 0.5, 1, -1.66666666666666324348e-1, 8.33333333332248946124e-3,
    -1.98412698298579493134e-4, 2.75573137070700676789e-6, -2.50507602534068634195e-8, 1.58969099521155010221e-10,
    4.16666666666666019037e-2, -1.38888888888741095749e-3, 2.48015872894767294178e-5, -2.75573143513906633035e-7,
    2.08757232129817482790e-9, -1.13596475577881948265e-11,
  ],
  16,
)

@inline
function real(index: usize): v128 {
  return v128.load64_splat(REALS + (index << 3))
}

@inline
function differenceError(a: v128, b: v128, difference: v128): v128 {
  const taken = f64x2.sub(difference, a)
  return f64x2.sub(f64x2.sub(a, f64x2.sub(difference, taken)), f64x2.add(b, taken))
}

@inline
function sinPair(x: v128, tail: v128, z: v128, w: v128): v128 {
  const near = f64x2.add(real(10), f64x2.mul(z, f64x2.add(real(11), f64x2.mul(z, real(12)))))
  const far = f64x2.mul(f64x2.mul(z, w), f64x2.add(real(13), f64x2.mul(z, real(14))))
  const v = f64x2.mul(z, x)
  const inner = f64x2.sub(f64x2.mul(real(7), tail), f64x2.mul(v, f64x2.add(near, far)))
  return f64x2.sub(x, f64x2.sub(f64x2.sub(f64x2.mul(z, inner), tail), f64x2.mul(v, real(9))))
}

@inline
function cosPair(x: v128, tail: v128, z: v128, w: v128): v128 {
  const one = real(8)
  const near = f64x2.mul(z, f64x2.add(real(15), f64x2.mul(z, f64x2.add(real(16), f64x2.mul(z, real(17))))))
  const far = f64x2.add(real(18), f64x2.mul(z, f64x2.add(real(19), f64x2.mul(z, real(20)))))
  const r = f64x2.add(near, f64x2.mul(f64x2.mul(w, w), far))
  const half = f64x2.mul(real(7), z)
  const high = f64x2.sub(one, half)
  const rest = f64x2.sub(f64x2.mul(z, r), f64x2.mul(x, tail))
  return f64x2.add(high, f64x2.add(f64x2.sub(f64x2.sub(one, high), half), rest))
}

// A block takes two passes, for the reason told in exp.ts. Between them stand the quarters and the rest in two parts.
const QUARTERS: usize = SCRATCH
const HIGHS: usize = SCRATCH + SLOT_BYTES
const LOWS: usize = SCRATCH + 2 * SLOT_BYTES

/** First pass. True where an angle is too far out for it, or not finite. */
@inline
function takeApart(from: usize, size: usize): bool {
  const inverse = real(0)
  const shift = real(1)
  const p1 = real(2)
  const p2 = real(3)
  const p3 = real(4)
  const p4 = real(5)
  let within = i64x2.splat(-1)
  for (let i: usize = 0; i < size; i += 16) {
    const x = v128.load(from + i)
    const turns = f64x2.add(f64x2.mul(x, inverse), shift)
    const n = f64x2.sub(turns, shift)
    const first = f64x2.sub(x, f64x2.mul(n, p1))
    const b = f64x2.mul(n, p2)
    const second = f64x2.sub(first, b)
    const c = f64x2.mul(n, p3)
    const third = f64x2.sub(second, c)
    const lostLate = f64x2.sub(f64x2.mul(n, p4), differenceError(second, c, third))
    const lost = f64x2.sub(lostLate, differenceError(first, b, second))
    const high = f64x2.sub(third, lost)
    v128.store(QUARTERS + i, turns)
    v128.store(HIGHS + i, high)
    v128.store(LOWS + i, f64x2.sub(f64x2.sub(third, high), lost))
    within = v128.and(within, f64x2.le(f64x2.mul(n, n), real(6)))
  }
  return !i64x2.all_true(within)
}

/** sin(x + ahead * pi / 2) of `size` bytes of values, a multiple of 16; `out` may be `from`. */
@inline
function turnedBlock(out: usize, from: usize, size: usize, ahead: u32): void {
  if (takeApart(from, size)) {
    for (let i: usize = 0; i < size; i += 8) store<f64>(out + i, turned(load<f64>(from + i), ahead))
    return
  }
  for (let i: usize = 0; i < size; i += 16) {
    const high = v128.load(HIGHS + i)
    const low = v128.load(LOWS + i)
    const z = f64x2.mul(high, high)
    const w = f64x2.mul(z, z)
    const turns = v128.load(QUARTERS + i)
    const quarter = ahead ? i64x2.add(turns, i64x2.splat(ahead)) : turns
    // All bits where the quarter is odd, and the sign bit where it is 2 or 3.
    const odd = i64x2.shr_s(i64x2.shl(quarter, 63), 63)
    const sign = i64x2.shl(i64x2.shr_u(quarter, 1), 63)
    const value = v128.bitselect(cosPair(high, low, z, w), sinPair(high, low, z, w), odd)
    v128.store(out + i, v128.xor(value, sign))
  }
}

/** The sines of `size` bytes of angles, a multiple of 16; `out` may be `from`. */
export function sinBlock(out: usize, from: usize, size: usize): void {
  turnedBlock(out, from, size, 0)
}

/** The cosines, likewise. */
export function cosBlock(out: usize, from: usize, size: usize): void {
  turnedBlock(out, from, size, 1)
}
