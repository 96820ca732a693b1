// What failed first: where the machine stands, and the one fault that is told, in the header.
import * as at from './layout'
import { field } from './operands'

let step: u32 = 0
let stage: u32 = 0
let firstLane: u32 = 0

/** Where faults happen from now on: the step, the stage of it, and the first lane of the block, counted from the batch's. */
export function setMoment(newStep: u32, newStage: u32, blockLane: u32): void {
  step = newStep
  stage = newStage
  firstLane = blockLane
}

export function clearFault(): void {
  store<u32>(at.HEADER + at.FAULT_KIND, 0)
}

/** True where a fault now would not come behind the known one, were it of lane 0. */
function comesFirst(kind: u32, index: u32): bool {
  const known = field(at.FAULT_KIND)
  if (known == 0) return true
  if (step != field(at.FAULT_STEP)) return step < field(at.FAULT_STEP)
  if (stage != field(at.FAULT_STAGE)) return stage < field(at.FAULT_STAGE)
  if (kind != known) return kind < known
  return index <= field(at.FAULT_INDEX)
}

/** Notes a fault of a lane of the block where it is the first of all by (step, stage, kind, index, lane). */
export function note(kind: u32, index: u32, lane: u32, value: f64): void {
  if (!comesFirst(kind, index)) return
  const same =
    field(at.FAULT_KIND) == kind &&
    field(at.FAULT_STEP) == step &&
    field(at.FAULT_STAGE) == stage &&
    field(at.FAULT_INDEX) == index
  if (same && field(at.FAULT_LANE) <= firstLane + lane) return
  store<u32>(at.HEADER + at.FAULT_KIND, kind)
  store<u32>(at.HEADER + at.FAULT_STEP, step)
  store<u32>(at.HEADER + at.FAULT_STAGE, stage)
  store<u32>(at.HEADER + at.FAULT_INDEX, index)
  store<u32>(at.HEADER + at.FAULT_LANE, firstLane + lane)
  store<f64>(at.HEADER + at.FAULT_VALUE, value)
}
