// What Stirling's formula leaves out, as in compute/kernels/lib/stirling.ts.
import { log } from './log.ts'

/**
 * delta(a) = ln Gamma(a) - ((a - 1/2) ln a - a + ln(2 pi) / 2) for a > 0; absolute error below 3e-14.
 * From a = 10 up by its series (DLMF 5.11.1), below by way of Gamma(a + 1) = a Gamma(a).
 */
export function stirlingError(a: number): number {
  let b = a
  let product = 1
  while (b < 10) {
    product *= b
    b += 1
  }
  const s = 1 / (b * b)
  // B_2k / (2 k (2 k - 1))
  const series =
    (1 / 12 +
      s * (-1 / 360 + s * (1 / 1260 + s * (-1 / 1680 + s * (1 / 1188 + s * (-691 / 360360 + s * (1 / 156))))))) /
    b
  if (a >= 10) return series
  return series + (b - 0.5) * log(b) - (a - 0.5) * log(a) - (b - a) - log(product)
}
