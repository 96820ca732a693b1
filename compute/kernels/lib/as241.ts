// The normal quantile. compute/model/math/normal.ts is its twin: change both or neither.
// Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37(3), 1988.
import { log } from './log'

@inline
function polynomial(r: f64, c0: f64, c1: f64, c2: f64, c3: f64, c4: f64, c5: f64, c6: f64, c7: f64): f64 {
  return ((((((c7 * r + c6) * r + c5) * r + c4) * r + c3) * r + c2) * r + c1) * r + c0
}

/** Numerator and denominator of the centre, from the highest coefficient down. */
const CENTRE: usize = memory.data<f64>(
  [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
  ],
  16,
)

@inline
function coefficient(index: usize): v128 {
  return v128.load64_splat(CENTRE + (index << 3))
}

@inline
function polynomialPair(r: v128, first: usize): v128 {
  let sum = coefficient(first)
  for (let i: usize = 1; i < 8; i++) sum = f64x2.add(f64x2.mul(sum, r), coefficient(first + i))
  return sum
}

function middle(r: f64): f64 {
  const above = polynomial(
    r,
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  )
  const below = polynomial(
    r,
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
    0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  )
  return above / below
}

function tail(r: f64): f64 {
  const above = polynomial(
    r,
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  )
  const below = polynomial(
    r,
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525,
    7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  )
  return above / below
}

/** The quantile where |q| > 0.425, q = p - 1/2; edges as in the twin. */
function outside(p: f64, q: f64): f64 {
  const outer = q < 0 ? p : 1 - p
  if (!(outer > 0)) return NaN
  const r = sqrt(-log(outer))
  const value = r <= 5 ? middle(r - 1.6) : tail(r - 5)
  return q < 0 ? -value : value
}

/** Quantiles of the standard normal distribution of `size` bytes of probabilities in (0, 1); `out` lies apart from `from`. */
export function normalQuantiles(out: usize, from: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) {
    const q = f64x2.sub(v128.load(from + i), f64x2.splat(0.5))
    const r = f64x2.sub(f64x2.splat(0.180625), f64x2.mul(q, q))
    v128.store(out + i, f64x2.div(f64x2.mul(q, polynomialPair(r, 0)), polynomialPair(r, 8)))
  }
  for (let i: usize = 0; i < size; i += 8) {
    const p = load<f64>(from + i)
    const q = p - 0.5
    if (!(abs(q) <= 0.425)) store<f64>(out + i, outside(p, q))
  }
}

/** The quantile for one probability, with the bits that normalQuantiles gives. */
export function normalQuantile(p: f64): f64 {
  const q = p - 0.5
  if (!(abs(q) <= 0.425)) return outside(p, q)
  const r = f64x2.splat(0.180625 - q * q)
  return f64x2.extract_lane(f64x2.div(f64x2.mul(f64x2.splat(q), polynomialPair(r, 0)), polynomialPair(r, 8)), 0)
}
