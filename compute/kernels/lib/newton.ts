// Newton's method over a block of lanes, each on its own: one that is solved moves no more. compute/reference/solve.ts is the twin.
import { eliminate } from './elimination'
import { BLOCK_LANES, SLOT_BYTES } from './layout'
import { address } from './operands'
import {
  active, anySet, area, clear, damping, evaluateBody, fail, isSet, measure, mostIterations, norms, oneLane, pending,
  raised, residuals, shifts, target, tolerance, trialNorms, unknown, unknowns, within,
} from './solve-work'

// Areas of the work room: where a step begins, x - f(x) there and where it is tried, and the step.
const BASE: usize = 0
const RESIDUAL: usize = 1
const TRIAL: usize = 2
const STEP: usize = 3
const JACOBIAN: usize = 4
/** 2^-26, the square root of the precision: the share of 1 + |x| by which an unknown is moved. */
const NUDGE: f64 = 1.4901161193847656e-8
/** A step is halved up to so many times. */
const HALVINGS: u32 = 10

/** Moves one unknown a little, notes how far, and puts it back where it was. */
function differentiate(solve: usize, j: usize): void {
  const n = unknowns(solve)
  const slot = address(unknown(solve, j))
  const base = area(solve, BASE) + j * SLOT_BYTES
  const h = shifts()
  for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
    const x = v128.load(base + i)
    const far = f64x2.mul(f64x2.splat(NUDGE), f64x2.add(f64x2.splat(1), f64x2.abs(x)))
    const moved = f64x2.add(x, far)
    v128.store(slot + i, moved)
    v128.store(h + i, f64x2.sub(moved, x))
  }
  evaluateBody(solve)
  for (let k: usize = 0; k < n; k++) {
    const x = address(unknown(solve, k))
    const f = target(solve, k)
    const before = area(solve, RESIDUAL) + k * SLOT_BYTES
    const out = area(solve, JACOBIAN) + (k * n + j) * SLOT_BYTES
    for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
      const r = f64x2.sub(v128.load(x + i), v128.load(within(f, i)))
      v128.store(out + i, f64x2.div(f64x2.sub(r, v128.load(before + i)), v128.load(h + i)))
    }
  }
  memory.copy(slot, base, SLOT_BYTES)
}

/** The step of one lane; false where the Jacobian is singular. */
function findStep(solve: usize, lane: u32): bool {
  const n = unknowns(solve)
  const offset = <usize>lane << 3
  const a = oneLane(solve)
  let to = a
  for (let i: usize = 0; i < n; i++) {
    const row = area(solve, JACOBIAN) + i * n * SLOT_BYTES + offset
    for (let j: usize = 0; j < n; j++, to += 8) store<f64>(to, load<f64>(row + j * SLOT_BYTES))
    store<f64>(to, load<f64>(area(solve, RESIDUAL) + i * SLOT_BYTES + offset))
    to += 8
  }
  if (!eliminate(a, n)) return false
  for (let i: usize = 0; i < n; i++) {
    store<f64>(area(solve, STEP) + i * SLOT_BYTES + offset, load<f64>(a + ((i * (n + 1) + n) << 3)))
  }
  return true
}

/** Sets the pending lanes to where a share of their step leads. */
function tryStep(solve: usize, share: f64): void {
  const mask = pending()
  for (let j: usize = 0, n = unknowns(solve); j < n; j++) {
    const slot = address(unknown(solve, j))
    const base = area(solve, BASE) + j * SLOT_BYTES
    const step = area(solve, STEP) + j * SLOT_BYTES
    for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
      const moved = f64x2.sub(v128.load(base + i), f64x2.mul(f64x2.splat(share), v128.load(step + i)))
      v128.store(slot + i, v128.bitselect(moved, v128.load(slot + i), v128.load(mask + i)))
    }
  }
}

/** How far from holding the equations are where a step is tried, on the scale of where it began: far away all is small. */
function measureTrial(solve: usize): void {
  const norm = trialNorms()
  memory.fill(norm, 0, SLOT_BYTES)
  for (let j: usize = 0, bytes = unknowns(solve) * SLOT_BYTES; j < bytes; j += SLOT_BYTES) {
    const r = area(solve, TRIAL) + j
    const base = area(solve, BASE) + j
    for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
      v128.store(norm + i, raised(v128.load(norm + i), v128.load(r + i), v128.load(base + i)))
    }
  }
}

/** The lane's step is found: it waits for the others. */
function accept(solve: usize, lane: u32): void {
  const offset = <usize>lane << 3
  clear(pending(), lane)
  for (let j: usize = 0, n = unknowns(solve); j < n; j++) {
    const at = j * SLOT_BYTES + offset
    store<f64>(area(solve, RESIDUAL) + at, load<f64>(area(solve, TRIAL) + at))
  }
}

function putBack(solve: usize, lane: u32): void {
  const offset = <usize>lane << 3
  for (let j: usize = 0, n = unknowns(solve); j < n; j++) {
    store<f64>(address(unknown(solve, j)) + offset, load<f64>(area(solve, BASE) + j * SLOT_BYTES + offset))
  }
}

/** Halves the steps of the lanes whose norm does not fall; true where a lane was lost. */
function search(solve: usize): bool {
  memory.copy(pending(), active(), SLOT_BYTES)
  let share = damping(solve)
  for (let halvings: u32 = 0; halvings <= HALVINGS && anySet(pending()); halvings++, share *= 0.5) {
    tryStep(solve, share)
    evaluateBody(solve)
    residuals(solve, area(solve, TRIAL))
    measureTrial(solve)
    for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
      const offset = <usize>lane << 3
      if (isSet(pending(), lane) && load<f64>(trialNorms() + offset) < load<f64>(norms() + offset)) accept(solve, lane)
    }
  }
  let lost = false
  for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
    if (!isSet(pending(), lane)) continue
    const norm = load<f64>(trialNorms() + (<usize>lane << 3))
    if (norm - norm == 0) {
      accept(solve, lane)
      continue
    }
    putBack(solve, lane)
    fail(solve, lane, load<f64>(norms() + (<usize>lane << 3)))
    lost = true
  }
  return lost
}

/** Freezes the lanes that are solved; true where a lane can never be, because its norm is not finite. */
function retire(solve: usize): bool {
  let lost = false
  for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
    if (!isSet(active(), lane)) continue
    const norm = load<f64>(norms() + (<usize>lane << 3))
    if (norm <= tolerance(solve)) clear(active(), lane)
    else if (norm - norm != 0) {
      fail(solve, lane, norm)
      lost = true
    }
  }
  return lost
}

/** Solves the active lanes; true where one was lost. */
export function newton(solve: usize): bool {
  evaluateBody(solve)
  residuals(solve, area(solve, RESIDUAL))
  measure(solve, area(solve, RESIDUAL), norms())
  let lost = retire(solve)
  for (let iteration: u32 = 0; anySet(active()); iteration++) {
    if (iteration == mostIterations(solve)) {
      for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
        if (isSet(active(), lane)) fail(solve, lane, load<f64>(norms() + (<usize>lane << 3)))
      }
      return true
    }
    for (let j: usize = 0, n = unknowns(solve); j < n; j++) {
      memory.copy(area(solve, BASE) + j * SLOT_BYTES, address(unknown(solve, j)), SLOT_BYTES)
    }
    for (let j: usize = 0, n = unknowns(solve); j < n; j++) differentiate(solve, j)
    for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
      if (!isSet(active(), lane) || findStep(solve, lane)) continue
      fail(solve, lane, load<f64>(norms() + (<usize>lane << 3)))
      lost = true
    }
    if (search(solve)) lost = true
    measure(solve, area(solve, RESIDUAL), norms())
    if (retire(solve)) lost = true
  }
  return lost
}
