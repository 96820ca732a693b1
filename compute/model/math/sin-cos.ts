// sin x and cos x with the same basic operations in the same order as compute/kernels/lib/sin-cos.ts.
import { quarterTurns } from './quarter-turns.ts'

// Minimax coefficients on [0, pi / 4]: FreeBSD msun k_sin.c and k_cos.c (Sun Microsystems, 1993).
const S1 = -1.66666666666666324348e-1
const S2 = 8.33333333332248946124e-3
const S3 = -1.98412698298579493134e-4
const S4 = 2.75573137070700676789e-6
const S5 = -2.50507602534068634195e-8
const S6 = 1.58969099521155010221e-10
const C1 = 4.16666666666666019037e-2
const C2 = -1.38888888888741095749e-3
const C3 = 2.48015872894767294178e-5
const C4 = -2.75573143513906633035e-7
const C5 = 2.0875723212981748279e-9
const C6 = -1.13596475577881948265e-11

/** sin(x + tail) for |x| <= pi / 4 and a tail below its last place. */
function sinNear(x: number, tail: number): number {
  const z = x * x
  const w = z * z
  const r = S2 + z * (S3 + z * S4) + z * w * (S5 + z * S6)
  const v = z * x
  return x - (z * (0.5 * tail - v * r) - tail - v * S1)
}

/** cos(x + tail) for |x| <= pi / 4 and a tail below its last place. */
function cosNear(x: number, tail: number): number {
  const z = x * x
  const w = z * z
  const r = z * (C1 + z * (C2 + z * C3)) + w * w * (C4 + z * (C5 + z * C6))
  const half = 0.5 * z
  const high = 1 - half
  return high + (1 - high - half + (z * r - x * tail))
}

/** sin(x + ahead * pi / 2) */
function turned(x: number, ahead: number): number {
  if (!Number.isFinite(x)) return Number.NaN
  const { quarters, high, low } = quarterTurns(x)
  const quarter = (quarters + ahead) & 3
  const value = quarter & 1 ? cosNear(high, low) : sinNear(high, low)
  return quarter & 2 ? -value : value
}

/** The sine of an angle in radians. sin of -0 is -0, of an infinity and of NaN NaN. Error below 1 unit in the last place. */
export function sin(x: number): number {
  return turned(x, 0)
}

/** The cosine of an angle in radians; NaN for an infinity and for NaN. Error below 1 unit in the last place. */
export function cos(x: number): number {
  return turned(x, 1)
}
