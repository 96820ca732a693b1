// The interpreter of a plan: one lane after the other in plain TypeScript. The plan machine equals it bit for bit.
import type { LaneRange } from '../../schema/jobs.ts'
import { FAULT } from '../layout/memory.ts'
import { slotLevels } from '../model/levels.ts'
import { membersOf } from '../model/members.ts'
import { earlier, type Fault, type Outcome, outcomeOf } from '../model/outcome.ts'
import { type Phase, type PlanBinding, planHash } from '../model/plan.ts'
import { checkSnapshot, type Part, type Snapshot, spanOf, stateLevels, stateOffsets } from '../model/snapshot.ts'
import { circlesOf } from './circles.ts'
import { Frame } from './frame.ts'
import { givenTo } from './given.ts'
import { integrator } from './integrate.ts'
import { compile } from './operations.ts'
import { stateOf } from './state.ts'

export interface Interpretation {
  /** values[(output * times + time) * lanes + (lane - range.from)], times: those saved within the part; NaN is the canonical one. */
  readonly values: Float64Array<ArrayBuffer>
  readonly status: Outcome
  /** The state at the start of step `until`, where that was asked for. */
  readonly snapshot: Snapshot | null
}

export interface InterpreterOptions extends Part {
  /** By level: the absolute number of the range's first row; see MachineOptions. */
  readonly firstRows?: readonly number[]
}

/** Runs a binding over a range of lanes. Columns are slices of the range. Errors: BAD_INPUT, as the machine's. */
export function interpret(
  binding: Pick<PlanBinding, 'plan' | 'inputs' | 'series'>,
  columns: Readonly<Record<string, Float64Array>>,
  range: LaneRange,
  seed: string,
  options: InterpreterOptions = {},
): Interpretation {
  const { plan } = binding
  const { from } = options
  const span = spanOf(plan, range, options)
  const lanes = range.to - range.from
  const levels = slotLevels(plan)
  const members = membersOf(plan, lanes, columns)
  const frame = new Frame(plan, levels, members)
  const given = givenTo(frame, binding, columns, members, range, seed, options.firstRows)
  const state = stateOf(frame)
  const places = stateOffsets(stateLevels(plan, levels), members.rows)
  if (from) checkSnapshot(from, places.at(-1)!)

  const times = span.saved.length
  const values = new Float64Array(plan.outputs.length * times * lanes)
  const left = new Float64Array(span.until === null ? 0 : places.at(-1)!)
  let fault: Fault | null = null
  let moment = { step: 0, stage: 0, lane: range.from }
  const note = (kind: number, index: number, value: number) => {
    fault = earlier(fault, { kind, ...moment, index, value })
  }

  const circles = circlesOf(frame)
  const phase = (name: Phase) =>
    compile(frame, plan.operations[name], (index) => {
      const residual = circles.solve(index)
      if (residual !== null) note(FAULT.notConverged, index, residual)
    })
  const run = {
    run: phase('run'),
    draw: phase('draw'),
    step: phase('step'),
    stage: phase('stage'),
    save: phase('save'),
  }
  const integrate = integrator(frame, (stage, time) => {
    moment = { ...moment, stage }
    given.setTime(time)
    run.stage()
  })
  const save = (lane: number, time: number) => {
    for (const [output, { slot }] of plan.outputs.entries()) {
      const value = frame.get(slot)
      values[(output * times + time) * lanes + lane] = Number.isNaN(value) ? Number.NaN : value
      if (!Number.isFinite(value)) note(FAULT.notANumber, output, value)
    }
  }
  const checkIdentities = () => {
    for (const [index, { holds, difference }] of plan.identities.entries()) {
      if (frame.get(holds) === 0) note(FAULT.assertionFailed, index, frame.get(difference))
    }
  }
  const beginLane = (lane: number) => {
    moment = { step: 0, stage: 0, lane: range.from + lane }
    frame.enter(lane)
    given.setStep(0)
    given.setLane()
    given.setLaneStep(0)
    circles.forget()
    run.draw()
    circles.begin()
    if (from) state.load(from.values, places)
    else state.begin()
  }
  const runLane = (lane: number) => {
    let saved = 0
    for (let step = span.first; ; step++) {
      if (step === span.until) return state.store(left, places)
      moment = { step, stage: 0, lane: range.from + lane }
      given.setStep(step)
      given.setLaneStep(step)
      state.readRings(step)
      run.step()
      run.stage()
      checkIdentities()
      if (span.saved[saved] === step) {
        run.save()
        save(lane, saved++)
      }
      if (!plan.time || step === plan.time.steps) return
      state.keep(step)
      integrate(plan.time, step)
      state.move()
    }
  }

  given.begin()
  given.setStep(0)
  run.run()
  for (let lane = 0; lane < lanes; lane++) {
    beginLane(lane)
    runLane(lane)
  }
  const snapshot = span.until === null ? null : { planHash: planHash(plan), step: span.until, range, values: left }
  return { values, status: outcomeOf(fault, plan), snapshot }
}
