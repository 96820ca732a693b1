// What Stirling's formula leaves out. compute/model/math/stirling.ts is its twin: change both or neither.
import { log } from './log'

/** See the twin. */
export function stirlingError(a: f64): f64 {
  let b = a
  let product: f64 = 1
  while (b < 10) {
    product *= b
    b += 1
  }
  const s = 1 / (b * b)
  // B_2k / (2 k (2 k - 1))
  const series =
    (1.0 / 12.0 +
      s * (-1.0 / 360.0 + s * (1.0 / 1260.0 + s * (-1.0 / 1680.0 + s * (1.0 / 1188.0 + s * (-691.0 / 360360.0 + s * (1.0 / 156.0))))))) /
    b
  if (a >= 10) return series
  return series + (b - 0.5) * log(b) - (a - 0.5) * log(a) - (b - a) - log(product)
}
