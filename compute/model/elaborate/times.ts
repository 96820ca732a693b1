// The time of a source as steps.
import type { TimeSpec } from '../model.ts'
import type { SourceTime } from '../source/source.ts'
import type { Faults } from './faults.ts'

/** How far from a whole number of steps a length of time may be. */
const TOLERANCE = 1e-6

/** Whole steps from start to stop, and between saves. Faults: where they are not whole, or dt is not above 0. */
export function timeSpec({ start, stop, dt, method, unit, saveEvery }: SourceTime, faults: Faults): TimeSpec {
  const steps = wholeSteps(stop - start, dt)
  if (!(dt > 0)) faults.add('time.dt', `the step is ${dt}; it is above 0`)
  else if (steps === null)
    faults.add(
      'time.dt',
      `from ${start} to ${stop} are ${(stop - start) / dt} steps of ${dt}; take a step that goes into it`,
    )
  const every = saveEvery === undefined ? 1 : wholeSteps(saveEvery, dt)
  if (dt > 0 && (every === null || every < 1))
    faults.add(
      'time.saveEvery',
      `saves ${saveEvery} apart are ${saveEvery! / dt} steps of ${dt}; take a multiple of the step`,
    )
  return { start, dt, steps: steps ?? 0, method, saveEvery: every ?? 1, unit }
}

function wholeSteps(length: number, dt: number): number | null {
  const steps = length / dt
  const whole = Math.round(steps)
  return Number.isFinite(steps) && Math.abs(steps - whole) <= TOLERANCE ? whole : null
}
