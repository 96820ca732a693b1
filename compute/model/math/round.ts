// Rounding to whole numbers, half to even.

/** Above it every double is whole: 2^52. */
const WHOLE = 4503599627370496

/** The nearest whole number, of two equally near the even one; keeps the sign of a zero (IEEE 754-2019 roundToIntegralTiesToEven). */
export function roundEven(x: number): number {
  const magnitude = Math.abs(x)
  if (!(magnitude < WHOLE)) return x
  const rounded = magnitude + WHOLE - WHOLE
  return x < 0 || Object.is(x, -0) ? -rounded : rounded
}
