// ln x and ln(1 + x): scalar, and over a block. compute/model/math/log.ts is its twin: change both or neither.
import { SCRATCH, SLOT_BYTES } from './layout'
import { LOG_CENTRES, LOG_LOGARITHMS } from './log-table'

// Constants: see the twin.
const LN2_HIGH: f64 = 0.6931471805598903
const LN2_LOW: f64 = 5.497923018708371e-14
const A0: f64 = -0.5
const A1: f64 = 0.3333333333190035
const A2: f64 = -0.24999999996880384
const A3: f64 = 0.20000303514609885
const A4: f64 = -0.16667034454499238
const LEAST: u64 = 0x3fe6100000000000
const ONE: u64 = 0x3ff0000000000000
const EXPONENT: u64 = 0xfff0000000000000
const MIN_NORMAL: f64 = 2.2250738585072014e-308
/** 2^1000 */
const LOG1P_PLAIN: f64 = 1.0715086071862673e301

/** Natural logarithm; edges as in the twin. */
export function log(x: f64): f64 {
  if (x >= MIN_NORMAL && x <= f64.MAX_VALUE) return logNormal(x, 0, 0)
  if (x == 0) return -Infinity
  if (x > 0 && x < 1) return logNormal(x * 18014398509481984, 54, 0) // 2^54
  if (x > 0) return x
  return NaN
}

/** ln(1 + x); edges as in the twin. */
export function log1p(x: f64): f64 {
  const u = 1 + x
  if (!(u >= MIN_NORMAL && u <= LOG1P_PLAIN)) return log(u)
  return logNormal(u, 0, x - (u - 1))
}

/** See the twin. */
function logNormal(u: f64, scaledBy: f64, lost: f64): f64 {
  const t = reinterpret<u64>(u) - LEAST
  const field = t & EXPONENT
  const entry = <usize>(t >> 41) & 0x7f0
  const d = reinterpret<f64>(reinterpret<u64>(u) - field) - load<f64>(entry, LOG_CENTRES)
  const scaled = lost == 0 ? 0 : lost * reinterpret<f64>(ONE - field)
  const more = (d + scaled) * load<f64>(entry, LOG_CENTRES + 8) + scaled
  const r = d + more
  const exponent = <f64>(<i64>t >> 52) - scaledBy
  const w = exponent * LN2_HIGH + load<f64>(entry >> 1, LOG_LOGARITHMS)
  const sum = w + d
  const rest = w - sum + d + (exponent * LN2_LOW + more)
  const r2 = r * r
  const p = A0 + r * A1 + r2 * (A2 + r * A3 + r2 * A4)
  return sum + (rest + r2 * p)
}

// A block takes three passes, for the reason told in exp.ts. Between them stand t, then r, sum and rest of each number.
const TS: usize = SCRATCH
const FRACTIONS: usize = SCRATCH + SLOT_BYTES
const SUMS: usize = SCRATCH + 2 * SLOT_BYTES
const RESTS: usize = SCRATCH + 3 * SLOT_BYTES

/** A0 to A4, ln 2 in two parts, 1, and the square of the greatest exponent taken. */
const REALS: usize = memory.data<f64>(
  [
    -0.5, 0.3333333333190035, -0.24999999996880384, 0.20000303514609885, -0.16667034454499238, 0.6931471805598903,
    5.497923018708371e-14, 1, 1000000,
  ],
  16,
)
/** LEAST, EXPONENT */
const BITS: usize = memory.data<u64>([0x3fe6100000000000, 0xfff0000000000000], 16)

@inline
export function logConstant(index: usize): v128 {
  return v128.load64_splat(REALS + (index << 3))
}

@inline
function exponentOf(t: v128): v128 {
  return f64x2.convert_low_i32x4_s(v128.shuffle<i32>(i32x4.shr_s(t, 20), t, 1, 3, 1, 3))
}

/**
 * The passes up to the last, of `size` bytes of values, a multiple of 16, or of 1 + them. True where they do not hold: a number is
 * not positive and normal, or not between 2^-1000 and 2^1000.
 */
@inline
export function logApart(from: usize, size: usize, plusOne: bool): bool {
  const one = logConstant(7)
  const least = v128.load64_splat(BITS)
  for (let i: usize = 0; i < size; i += 16) {
    const x = v128.load(from + i)
    v128.store(TS + i, i64x2.sub(plusOne ? f64x2.add(one, x) : x, least))
  }
  const exponentMask = v128.load64_splat(BITS + 8)
  const ln2High = logConstant(5)
  const ln2Low = logConstant(6)
  let squares = i64x2.splat(0)
  for (let i: usize = 0; i < size; i += 16) {
    const at0 = <usize>((load<u32>(TS + i, 4) >> 9) & 0x7f0)
    const at1 = <usize>((load<u32>(TS + i, 12) >> 9) & 0x7f0)
    const entry0 = v128.load(at0, LOG_CENTRES)
    const entry1 = v128.load(at1, LOG_CENTRES)
    const logarithm = v128.load64_lane(at1 >> 1, v128.load64_zero(at0 >> 1, LOG_LOGARITHMS), 1, LOG_LOGARITHMS)
    const t = v128.load(TS + i)
    const exponent = exponentOf(t)
    squares = f64x2.pmax(squares, f64x2.mul(exponent, exponent))
    const x = v128.load(from + i)
    const u = plusOne ? f64x2.add(one, x) : x
    const field = v128.and(t, exponentMask)
    const d = f64x2.sub(i64x2.sub(u, field), v128.shuffle<f64>(entry0, entry1, 0, 2))
    const inverseLessOne = v128.shuffle<f64>(entry0, entry1, 1, 3)
    let more: v128
    if (plusOne) {
      const scaled = f64x2.mul(f64x2.sub(x, f64x2.sub(u, one)), i64x2.sub(one, field))
      more = f64x2.add(f64x2.mul(f64x2.add(d, scaled), inverseLessOne), scaled)
    } else {
      more = f64x2.mul(d, inverseLessOne)
    }
    const w = f64x2.add(f64x2.mul(exponent, ln2High), logarithm)
    const sum = f64x2.add(w, d)
    const rest = f64x2.add(f64x2.add(f64x2.sub(w, sum), d), f64x2.add(f64x2.mul(exponent, ln2Low), more))
    v128.store(FRACTIONS + i, f64x2.add(d, more))
    v128.store(SUMS + i, sum)
    v128.store(RESTS + i, rest)
  }
  return v128.any_true(f64x2.gt(squares, logConstant(8)))
}

/** The last pass: the logarithms of the pair at byte i of the block. */
@inline
export function logTogether(i: usize, a0: v128, a1: v128, a2: v128, a3: v128, a4: v128): v128 {
  const r = v128.load(FRACTIONS + i)
  const r2 = f64x2.mul(r, r)
  const far = f64x2.add(f64x2.add(a2, f64x2.mul(r, a3)), f64x2.mul(r2, a4))
  const p = f64x2.add(f64x2.add(a0, f64x2.mul(r, a1)), f64x2.mul(r2, far))
  return f64x2.add(v128.load(SUMS + i), f64x2.add(v128.load(RESTS + i), f64x2.mul(r2, p)))
}
