// The probability of a normal variate. compute/model/math/normal.ts is its twin: change both or neither.
// Cody, Rational Chebyshev Approximations for the Error Function, Mathematics of Computation 23, 1969.
import { exp } from './exp'

const P_CENTRE: usize = memory.data<f64>([
  2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582, 18154.981253343561249, 0.065682337918207449113,
])
const Q_CENTRE: usize = memory.data<f64>([
  47.20258190468824187, 976.09855173777669322, 10260.932208618978205, 45507.789335026729956,
])
const P_MIDDLE: usize = memory.data<f64>([
  0.39894151208813466764, 8.8831497943883759412, 93.506656132177855979, 597.27027639480026226, 2494.5375852903726711,
  6848.1904505362823326, 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8,
])
const Q_MIDDLE: usize = memory.data<f64>([
  22.266688044328115691, 235.38790178262499861, 1519.377599407554805, 6485.558298266760755, 18615.571640885098091,
  34900.952721145977266, 38912.003286093271411, 19685.429676859990727,
])
const P_TAIL: usize = memory.data<f64>([
  0.21589853405795699, 0.1274011611602473639, 0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5,
  0.02307344176494017303,
])
const Q_TAIL: usize = memory.data<f64>([
  1.28426009614491121, 0.468238212480865118, 0.0659881378689285515, 0.00378239633202758244, 7.29751555083966205e-5,
])
const INV_SQRT_2PI: f64 = 0.3989422804014327

/** See the twin; q has `count` coefficients and p one more. */
function fraction(x: f64, p: usize, q: usize, count: usize): f64 {
  const last = (count - 1) << 3
  let above = load<f64>(p + last, 8) * x
  let below = x
  for (let i: usize = 0; i < last; i += 8) {
    above = (above + load<f64>(p + i)) * x
    below = (below + load<f64>(q + i)) * x
  }
  return (above + load<f64>(p + last)) / (below + load<f64>(q + last))
}

/** The probability that a standard normal variate is at most x; edges as in the twin. */
export function normalProbability(x: f64): f64 {
  const y = abs(x)
  if (x != x) return x
  if (y <= 0.67448975) return 0.5 + x * fraction(x * x, P_CENTRE, Q_CENTRE, 4)
  if (y > 38.5) return x < 0 ? 0 : 1
  let factor: f64
  if (y <= 5.656854249492381) {
    factor = fraction(y, P_MIDDLE, Q_MIDDLE, 8)
  } else {
    const r = 1 / (x * x)
    factor = (INV_SQRT_2PI - r * fraction(r, P_TAIL, Q_TAIL, 5)) / y
  }
  const cut = floor(y * 16) / 16
  const lower = exp(-cut * cut * 0.5) * exp(-(y - cut) * (y + cut) * 0.5) * factor
  return x < 0 ? lower : 1 - lower
}

