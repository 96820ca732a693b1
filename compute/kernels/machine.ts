// The plan machine: runs any plan over the lanes of a batch, block by block.
// The host fills memory as compute/layout/memory.ts says.
import { clearFault, setMoment } from './lib/faults'
import * as at from './lib/layout'
import { address, field, firstRow, placeRows, splat } from './lib/operands'
import { drawUniforms } from './lib/randoms'
import { checkIdentities, save } from './lib/results'
import { beginRings, fillRings, readRings } from './lib/rings'
import { beginUnknowns, forgetUnknowns } from './lib/solve'
import { beginStocks, euler, stages } from './lib/stages'
import { beginRegisters, keepRegisters, loadRows, moveRegisters, storeRows } from './lib/state'
import { link, walk } from './lib/walk'

export { gather, orderByCode, orderByValue } from './lib/orders'
export { sumRuns } from './lib/weighted-sums'

// Where the machine stands: the block, whether it has begun, the step of it that comes next, and the next saved time.
let block: u32 = 0
let begun: bool = false
let step: u32 = 0
let saved: u32 = 0

export function abi(): u32 {
  return at.KERNEL_ABI
}

/** Sets time and series to what they are at a step. */
function setStep(n: u32): void {
  const time = load<f64>(at.HEADER + at.START) + <f64>n * load<f64>(at.HEADER + at.DT)
  if (field(at.TIME_SLOT) != 0) splat(field(at.TIME_SLOT), time)
  if (field(at.STEP_TIME_SLOT) != 0) splat(field(at.STEP_TIME_SLOT), time)
  for (let p: usize = field(at.SERIES_AT), end: usize = field(at.SERIES_END); p < end; p += at.POINTER_BYTES) {
    splat(load<u32>(p), load<f64>(<usize>load<u32>(p, 4) + (<usize>n << 3)))
  }
}

/** The same for what differs from lane to lane. */
function setLanes(n: u32): void {
  const row = <usize>n * field(at.STRIDE) + firstRow(0)
  const end: usize = field(at.TRAJECTORIES_END)
  for (let p: usize = field(at.TRAJECTORIES_AT); p < end; p += at.POINTER_BYTES) {
    memory.copy(address(load<u32>(p)), <usize>load<u32>(p, 4) + (row << 3), at.SLOT_BYTES)
  }
  drawUniforms(1, n)
}

/** Begins a call: constants, and what depends on no lane. */
export function prepare(): void {
  block = 0
  begun = false
  clearFault()
  for (let p: usize = field(at.CONSTANTS_AT), end: usize = field(at.CONSTANTS_END); p < end; p += at.SPLAT_BYTES) {
    splat(load<u32>(p), load<f64>(p, 8))
  }
  link(field(at.RUN_AT), field(at.OPERATIONS_END))
  setStep(0)
  walk(field(at.RUN_AT), field(at.RUN_END))
}

/** Loads the columns and draws the numbers of the block, and what depends on them; then its state, initial or given. */
function beginBlock(): void {
  placeRows(block, field(at.LEVELS))
  setMoment(0, 0, firstRow(0))
  setStep(0)
  loadRows(field(at.COLUMNS_AT), field(at.COLUMNS_END))
  drawUniforms(0, 0)
  setLanes(0)
  forgetUnknowns()
  walk(field(at.DRAW_AT), field(at.DRAW_END))
  beginUnknowns()
  if (field(at.CONTINUES)) {
    loadRows(field(at.STATE_AT), field(at.STATE_END))
  } else {
    beginStocks()
    beginRegisters()
    beginRings()
  }
  step = field(at.FIRST_STEP)
  saved = 0
}

/** One step of the block; true where it was the last. */
function advanceBlock(): bool {
  if (!begun) {
    beginBlock()
    begun = true
  }
  const n = step
  if (n == field(at.UNTIL_STEP)) {
    storeRows(field(at.STATE_AT), field(at.STATE_END))
    return true
  }
  if (n > 0) {
    setMoment(n, 0, firstRow(0))
    setStep(n)
    setLanes(n)
  }
  readRings(n)
  walk(field(at.STEP_AT), field(at.STEP_END))
  walk(field(at.STAGE_AT), field(at.STAGE_END))
  checkIdentities()
  if (load<u32>(<usize>field(at.SAVED_AT) + (<usize>saved << 2)) == n) {
    walk(field(at.SAVE_AT), field(at.SAVE_END))
    save(saved)
    saved++
  }
  if (n == field(at.STEPS)) return true
  fillRings(n)
  keepRegisters()
  if (<usize>field(at.STAGES_END) - <usize>field(at.STAGES_AT) > at.STAGE_BYTES) stages(n, firstRow(0))
  else euler()
  moveRegisters()
  step++
  return false
}

/** Goes on for so many block-steps; how many it went: fewer means that the call is done. */
export function advance(budget: u32): u32 {
  const lanes = field(at.LANES)
  for (let done: u32 = 0; done < budget; done++) {
    if (block * at.BLOCK_LANES >= lanes) return done
    if (advanceBlock()) {
      block++
      begun = false
    }
  }
  return budget
}
