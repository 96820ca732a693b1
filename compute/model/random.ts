// How a uniform number becomes the value of a random parameter, in the numbers that the machine is given.
import { exp } from './math/exp.ts'
import { normalProbability, normalQuantile } from './math/normal.ts'
import type { PlanRandom } from './plan.ts'

/** The greatest double below 1 and the least normal one: a probability is held between them. */
const BELOW_ONE = 0.9999999999999999
const ABOVE_ZERO = 2.2250738585072014e-308

/** kind as in PlanRandom. normal: a + b z; truncated: a + b z at probability + span u, held in [min, max]; log-normal: exp(a + b z); uniform: a + b u. */
export interface PreparedRandom {
  readonly kind: number
  readonly a: number
  readonly b: number
  readonly probability: number
  readonly span: number
  readonly min: number
  readonly max: number
}

/** A truncated normal whose range lies above the mean is mirrored, because small probabilities are more precise than those near 1. */
export function prepareRandom({ distribution, a, b, min, max }: PlanRandom): PreparedRandom {
  if (distribution === 3) return { kind: 3, a: min, b: max - min, probability: 0, span: 0, min, max }
  if (distribution !== 1) return { kind: distribution, a, b, probability: 0, span: 0, min, max }
  const mirrored = min > a
  const probability = normalProbability(mirrored ? (a - max) / b : (min - a) / b)
  const span = normalProbability(mirrored ? (a - min) / b : (max - a) / b) - probability
  return { kind: 1, a, b: mirrored ? -b : b, probability, span, min, max }
}

/** The value at a uniform number u in (0, 1). */
export function randomValue({ kind, a, b, probability, span, min, max }: PreparedRandom, u: number): number {
  switch (kind) {
    case 0:
      return a + b * normalQuantile(u)
    case 1: {
      const p = Math.min(Math.max(probability + span * u, ABOVE_ZERO), BELOW_ONE)
      return Math.min(Math.max(a + b * normalQuantile(p), min), max)
    }
    case 2:
      return exp(a + b * normalQuantile(u))
    default:
      return a + b * u
  }
}
