// What a lane is given and draws in the interpreter: time, series, columns, trajectories and uniform numbers.
import type { LaneRange } from '../../schema/jobs.ts'
import { firstRowsOf, inputValue, planColumns, planTrajectories, seriesValues } from '../model/binding.ts'
import { uniform } from '../model/math/philox.ts'
import type { Members } from '../model/members.ts'
import type { PlanBinding, PlanUniform } from '../model/plan.ts'
import { seedWords } from '../model/seed.ts'
import type { Frame } from './frame.ts'

export interface Given {
  /** Constants and inputs. */
  begin(): void
  /** Sets the slot of the time, which moves within a step. */
  setTime(time: number): void
  /** Time and series at a step. */
  setStep(step: number): void
  /** What a lane is given once. */
  setLane(): void
  /** What the lane in hand is given at a step. */
  setLaneStep(step: number): void
}

/** Errors: BAD_INPUT, as the machine's. */
export function givenTo(
  frame: Frame,
  { inputs, series }: Pick<PlanBinding, 'inputs' | 'series'>,
  columns: Readonly<Record<string, Float64Array>>,
  members: Members,
  range: LaneRange,
  seed: string,
  firstRowsGiven: readonly number[] | undefined,
): Given {
  const { plan, values, at } = frame
  const steps = plan.time?.steps ?? 0
  const key = seedWords(seed)
  const constants = [
    ...plan.constants,
    ...plan.inputs.map((input) => ({ slot: input.slot, value: inputValue(input, inputs) })),
  ]
  const seriesData = plan.series.map((s) => ({ slot: s.slot, values: seriesValues(s, steps, series) }))
  const columnData = planColumns(plan, members.rows, columns)
  const trajectoryData = planTrajectories(plan, range.to - range.from, columns)
  const firstRows = firstRowsOf(plan, range, firstRowsGiven)
  const [once, always] = [false, true].map((each) => plan.uniforms.filter((u) => u.everyStep === each))
  const draw = (uniforms: readonly PlanUniform[], step: number) => {
    for (const { slot, level, stream } of uniforms) {
      const first = firstRows[level]! + frame.firsts[level]!
      for (let i = 0; i < frame.rows(slot); i++) values[at[slot]! + i] = uniform(first + i, stream, key, step)
    }
  }
  const setTime = (time: number) => {
    if (plan.timeSlot !== null) frame.set(plan.timeSlot, time)
  }
  return {
    begin: () => {
      for (const { slot, value } of constants) frame.set(slot, value)
    },
    setTime,
    setStep: (step) => {
      const time = plan.time ? plan.time.start + step * plan.time.dt : 0
      setTime(time)
      if (plan.stepTimeSlot !== null) frame.set(plan.stepTimeSlot, time)
      for (const s of seriesData) frame.set(s.slot, s.values[step]!)
    },
    setLane: () => {
      for (const [i, { slot, level }] of plan.columns.entries()) {
        const first = frame.firsts[level]!
        for (let row = 0; row < frame.rows(slot); row++) values[at[slot]! + row] = columnData[i]![first + row]!
      }
      draw(once!, 0)
    },
    setLaneStep: (step) => {
      const place = frame.firsts[0]! * (steps + 1) + step
      for (const [i, { slot }] of plan.trajectories.entries()) frame.set(slot, trajectoryData[i]![place]!)
      draw(always!, step)
    },
  }
}
