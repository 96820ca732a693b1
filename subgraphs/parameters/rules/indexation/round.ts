// Rounding of amounts that an index moves.
import { roundEven } from '../../../../compute/model/math/round.ts'
import type { Rounding } from '../tree.ts'

/**
 * How near to a whole number of intervals counts as whole, as a fraction. A ratio of indices has an error of some 1e-16, and an
 * amount that the law puts at a whole number of intervals must not fall by one for it.
 */
const WHOLE = 1e-12

const MODES: Readonly<Record<Rounding['mode'], (x: number) => number>> = {
  /** Halves away from zero. */
  NEAREST: (x) => (x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5)),
  EVEN: roundEven,
  /** Towards plus infinity. */
  UP: Math.ceil,
  /** Towards minus infinity. */
  DOWN: Math.floor,
}

/** The multiple of the interval that the mode gives; the value itself without rounding and where it is infinite. */
export function roundTo(value: number, rounding: Rounding | null): number {
  if (rounding === null || !Number.isFinite(value)) return value
  const { mode, interval } = rounding
  // Of 0.1 and the like: a division by 10 is exact where a product with 0.1 is not.
  const parts = 1 / interval
  const fine = interval < 1 && Number.isInteger(parts)
  const count = fine ? value * parts : value / interval
  const near = roundEven(2 * count) / 2
  const exact = Math.abs(count - near) <= WHOLE * Math.max(1, Math.abs(count)) ? near : count
  const whole = MODES[mode](exact) + 0
  return fine ? whole / parts : whole * interval
}
