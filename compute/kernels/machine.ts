// The plan machine: runs any plan over the lanes of a batch, block by block.
// The host fills memory as compute/layout/memory.ts says.
import * as at from './lib/layout'
import { address, copySlot, field, splat, stride } from './lib/operands'
import { link, walk } from './lib/walk'
import { fillRandom } from './lib/randoms'

// Where the machine stands: the block, and the step of it that comes next (-1: the block has not begun).
let block: u32 = 0
let step: i32 = -1

export function abi(): u32 {
  return at.KERNEL_ABI
}

/** Sets time and series to what they are at a step. */
function setStep(n: u32): void {
  const timeSlot = field(at.TIME_SLOT)
  if (timeSlot != 0) splat(timeSlot, load<f64>(at.HEADER + at.START) + <f64>n * load<f64>(at.HEADER + at.DT))
  for (let p: usize = field(at.SERIES_AT), end: usize = field(at.SERIES_END); p < end; p += at.POINTER_BYTES) {
    splat(load<u32>(p), load<f64>(<usize>load<u32>(p, 4) + (<usize>n << 3)))
  }
}

/** Begins a call: constants, and what depends on no lane. */
export function prepare(): void {
  block = 0
  step = -1
  store<u32>(at.HEADER + at.NOT_FINITE, 0)
  for (let p: usize = field(at.CONSTANTS_AT), end: usize = field(at.CONSTANTS_END); p < end; p += at.SPLAT_BYTES) {
    splat(load<u32>(p), load<f64>(p, 8))
  }
  link(field(at.RUN_AT), field(at.SAVE_END))
  setStep(0)
  walk(field(at.RUN_AT), field(at.RUN_END))
}

/** Loads the columns and draws the random parameters of the block, and what depends on them; initial stocks. */
function beginBlock(): void {
  const first = block * at.BLOCK_LANES
  setStep(0)
  for (let p: usize = field(at.COLUMNS_AT), end: usize = field(at.COLUMNS_END); p < end; p += at.POINTER_BYTES) {
    memory.copy(address(load<u32>(p)), <usize>load<u32>(p, 4) + (<usize>first << 3), at.SLOT_BYTES)
  }
  const firstDraw = field(at.FIRST_LANE) + first
  const key0 = field(at.SEED_LOW)
  const key1 = field(at.SEED_HIGH)
  for (let p: usize = field(at.RANDOMS_AT), end: usize = field(at.RANDOMS_END); p < end; p += at.RANDOM_BYTES) {
    fillRandom(p, firstDraw, key0, key1)
  }
  walk(field(at.DRAW_AT), field(at.DRAW_END))
  for (let p: usize = field(at.STOCKS_AT), end: usize = field(at.STOCKS_END); p < end; p += at.STOCK_BYTES) {
    copySlot(load<u32>(p), load<u32>(p, 4))
  }
}

/** Euler: stock + dt * flow, then held in its bounds. */
function integrate(): void {
  const dt = v128.load64_splat(at.HEADER + at.DT)
  for (let p: usize = field(at.STOCKS_AT), end: usize = field(at.STOCKS_END); p < end; p += at.STOCK_BYTES) {
    const stock = address(load<u32>(p))
    const word = load<u32>(p, 8)
    const low = v128.load64_splat(p, 16)
    const high = v128.load64_splat(p, 24)
    let flow = address(word)
    for (let at8 = stock, behind = stock + at.SLOT_BYTES; at8 < behind; at8 += at.LINE_BYTES, flow += stride(word)) {
      for (let i: usize = 0; i < at.LINE_BYTES; i += 16) {
        const next = f64x2.add(v128.load(at8 + i), f64x2.mul(dt, v128.load(flow + i)))
        v128.store(at8 + i, f64x2.pmin(f64x2.pmax(next, low), high))
      }
    }
  }
}

/** Copies the outputs to the results, NaN made canonical, and notes the first value that is not finite. */
function save(time: u32): void {
  const first = block * at.BLOCK_LANES
  const lanes = <usize>field(at.STRIDE)
  const times = <usize>field(at.SAVED_TIMES)
  const nan = f64x2.splat(NaN)
  let output: u32 = 0
  const end: usize = field(at.OUTPUTS_END)
  for (let p: usize = field(at.OUTPUTS_AT); p < end; p += at.POINTER_BYTES, output++) {
    const word = load<u32>(p)
    const row = <usize>field(at.RESULTS_AT) + (((<usize>output * times + time) * lanes + first) << 3)
    let from = address(word)
    let bad = i64x2.splat(0)
    for (let to = row, behind = row + at.SLOT_BYTES; to < behind; to += at.LINE_BYTES, from += stride(word)) {
      for (let i: usize = 0; i < at.LINE_BYTES; i += 16) {
        const x = v128.load(from + i)
        // x - x is 0 for finite numbers alone.
        bad = v128.or(bad, f64x2.ne(f64x2.sub(x, x), i64x2.splat(0)))
        v128.store(to + i, v128.bitselect(x, nan, f64x2.eq(x, x)))
      }
    }
    if (v128.any_true(bad)) note(row, time, output, first)
  }
}

/** The lanes beyond the last one asked for do not count. */
function note(row: usize, time: u32, output: u32, first: u32): void {
  const known = field(at.NOT_FINITE) != 0
  const faultTime = field(at.FAULT_TIME)
  if (known && (faultTime < time || (faultTime == time && field(at.FAULT_OUTPUT) <= output))) return
  const lanes = min(field(at.LANES) - first, at.BLOCK_LANES)
  for (let lane: u32 = 0; lane < lanes; lane++) {
    const x = load<f64>(row + (<usize>lane << 3))
    if (x - x == 0) continue
    store<u32>(at.HEADER + at.NOT_FINITE, 1)
    store<u32>(at.HEADER + at.FAULT_TIME, time)
    store<u32>(at.HEADER + at.FAULT_OUTPUT, output)
    store<u32>(at.HEADER + at.FAULT_LANE, first + lane)
    return
  }
}

/** One step of the block; true where it was the last. */
function advanceBlock(): bool {
  if (step < 0) {
    beginBlock()
    step = 0
  }
  if (!field(at.HAS_TIME)) {
    save(0)
    return true
  }
  const n = <u32>step
  const steps = field(at.STEPS)
  const every = field(at.SAVE_EVERY)
  if (n > 0) setStep(n)
  walk(field(at.STEP_AT), field(at.STEP_END))
  const whole = n / every
  if (n == whole * every || n == steps) {
    walk(field(at.SAVE_AT), field(at.SAVE_END))
    save(n == whole * every ? whole : whole + 1)
  }
  if (n == steps) return true
  integrate()
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
      step = -1
    }
  }
  return budget
}
