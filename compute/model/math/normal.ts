// The normal distribution: its quantile and its probability, bit for bit as in compute/kernels/lib/{as241,normal}.ts.
import { exp } from './exp.ts'
import { log } from './log.ts'

/** c[0] + c[1] r + ... + c[7] r^7, from the highest down. */
function polynomial(r: number, c: readonly number[]): number {
  let sum = c[7]!
  for (let i = 6; i >= 0; i--) sum = sum * r + c[i]!
  return sum
}

// Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37(3), 1988. Numerators and denominators of three ranges.
const CENTRE_NUMERATOR = [
  3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
  67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
]
const CENTRE_DENOMINATOR = [
  1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
  28729.085735721942674, 5226.495278852854561,
]
const MIDDLE_NUMERATOR = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
  0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
]
const MIDDLE_DENOMINATOR = [
  1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
  0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
]
const TAIL_NUMERATOR = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093,
  0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
]
const TAIL_DENOMINATOR = [
  1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
]

/**
 * The quantile of the standard normal distribution for a probability p in (0, 1); relative error about 1e-16.
 * Outside, also at 0 and 1, NaN. Source: AS 241.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(r, CENTRE_NUMERATOR)) / polynomial(r, CENTRE_DENOMINATOR)
  }
  const tail = q < 0 ? p : 1 - p
  if (!(tail > 0)) return Number.NaN
  const r = Math.sqrt(-log(tail))
  const value =
    r <= 5
      ? polynomial(r - 1.6, MIDDLE_NUMERATOR) / polynomial(r - 1.6, MIDDLE_DENOMINATOR)
      : polynomial(r - 5, TAIL_NUMERATOR) / polynomial(r - 5, TAIL_DENOMINATOR)
  return q < 0 ? -value : value
}

// Cody, Rational Chebyshev Approximations for the Error Function, Mathematics of Computation 23, 1969.
const P_CENTRE = [
  2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249, 0.065682337918207449113,
]
const Q_CENTRE = [47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956]
const P_MIDDLE = [
  0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226, 2494.5375852903726711,
  6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8,
]
const Q_MIDDLE = [
  22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755, 18615.571640885098091,
  34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
]
const P_TAIL = [
  0.21589853405795699, 0.1274011611602473639, 0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5,
  0.02307344176494017303,
]
const Q_TAIL = [
  1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244, 7.29751555083966205e-5,
]
const INV_SQRT_2PI = 0.3989422804014327

/** p[last] x, then folded with the rest: the shape of Cody's fractions. */
function fraction(x: number, p: readonly number[], q: readonly number[]): number {
  const n = q.length - 1
  let above = p[p.length - 1]! * x
  let below = x
  for (let i = 0; i < n; i++) {
    above = (above + p[i]!) * x
    below = (below + q[i]!) * x
  }
  return (above + p[n]!) / (below + q[n]!)
}

/** The probability that a standard normal variate is at most x; relative error below 1e-14, also in the lower tail down to x = -37.5. */
export function normalProbability(x: number): number {
  const y = Math.abs(x)
  if (Number.isNaN(x)) return x
  if (y <= 0.67448975) return 0.5 + x * fraction(x * x, P_CENTRE, Q_CENTRE)
  if (y > 38.5) return x < 0 ? 0 : 1
  let factor: number
  if (y <= 5.656854249492381) {
    factor = fraction(y, P_MIDDLE, Q_MIDDLE)
  } else {
    const r = 1 / (x * x)
    factor = (INV_SQRT_2PI - r * fraction(r, P_TAIL, Q_TAIL)) / y
  }
  // exp(-y^2 / 2) with y cut to sixteenths, so that its square is exact.
  const cut = Math.floor(y * 16) / 16
  const lower = exp(-cut * cut * 0.5) * exp(-(y - cut) * (y + cut) * 0.5) * factor
  return x < 0 ? lower : 1 - lower
}
