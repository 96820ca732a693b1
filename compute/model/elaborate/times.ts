// The time of a source as steps.
import type { TimeSpec } from '../model.ts'
import type { SourceFinding, SourceTime } from '../source/source.ts'
import type { Faults } from './faults.ts'

/** How far from a whole number of steps a length of time may be. */
const TOLERANCE = 1e-6

/**
 * Whole steps from start to stop, and between saves. Faults: where they are not whole, or dt is not above 0. With `findings`, of a
 * file of others, a run that is not whole steps long ends with the last step before its stop, and saves are the nearest steps apart.
 */
export function timeSpec(
  { start, stop, dt, method, unit, saveEvery }: SourceTime,
  faults: Faults,
  findings?: SourceFinding[],
): TimeSpec {
  const steps = stepsIn(stop - start, dt)
  const every = saveEvery === undefined ? 1 : stepsIn(saveEvery, dt)
  const [lastStep, saveStep] = [wholeOf(steps), wholeOf(every)]
  const spec = { start, dt, method, unit, steps: lastStep ?? 0, saveEvery: saveStep ?? 1 }
  if (!(dt > 0)) {
    faults.add('time.dt', `the step is ${dt}; it is above 0`)
    return spec
  }
  const tell = (path: string, what: string, then: string, fix: string) => {
    if (findings) findings.push({ severity: 'WARNING', code: 'TIME_NOT_WHOLE', path, message: `${what}; ${then}` })
    else faults.add(path, `${what}; ${fix}`)
  }
  if (lastStep === null) {
    spec.steps = Math.floor(steps)
    const what = `from ${start} to ${stop} are ${steps} steps of ${dt}`
    tell('time.dt', what, `the run ends at ${start + spec.steps * dt}`, 'take a step that goes into it')
  }
  if (saveStep === null || saveStep < 1) {
    spec.saveEvery = Math.max(1, Math.round(every))
    const what = `saves ${saveEvery} apart are ${every} steps of ${dt}`
    tell('time.saveEvery', what, `they are ${spec.saveEvery * dt} apart`, 'take a multiple of the step')
  }
  return spec
}

const stepsIn = (length: number, dt: number): number => length / dt

function wholeOf(steps: number): number | null {
  const whole = Math.round(steps)
  return Number.isFinite(steps) && Math.abs(steps - whole) <= TOLERANCE ? whole : null
}
