// What the two methods of a solve block share: its record, the room it works in, and how far its equations are from holding.
import { NOT_CONVERGED, SLOT_BYTES, SOLVE_WORK_AT, UNKNOWN_BYTES } from './layout'
import { note } from './faults'
import { address, field } from './operands'
import { walk } from './walk'

// Fields of a solve block's record.
@inline
export function unknowns(solve: usize): usize {
  return load<u32>(solve, 8)
}

@inline
export function mostIterations(solve: usize): u32 {
  return load<u32>(solve, 12)
}

@inline
export function tolerance(solve: usize): f64 {
  return load<f64>(solve, 16)
}

@inline
export function damping(solve: usize): f64 {
  return load<f64>(solve, 24)
}

/** Word of an unknown's slot. */
@inline
export function unknown(solve: usize, i: usize): usize {
  return load<u32>(<usize>load<u32>(solve, 32) + i * UNKNOWN_BYTES)
}

/** Word of the slot of f_i. */
@inline
export function target(solve: usize, i: usize): usize {
  return load<u32>(<usize>load<u32>(solve, 32) + i * UNKNOWN_BYTES, 4)
}

/** Newton: evaluates all of f. */
export function evaluateBody(solve: usize): void {
  walk(load<u32>(solve, 36), load<u32>(solve, 40))
}

/** Gauss-Seidel: evaluates what of f comes before unknown i is set. */
export function evaluatePart(solve: usize, i: usize): void {
  const part = <usize>load<u32>(solve, 44) + (i << 3)
  walk(load<u32>(part), load<u32>(part, 4))
}

/** Masks (all bits of a lane set or none): the lanes still to be solved, and those whose step still has to be found. */
@inline
export function active(): usize {
  return field(SOLVE_WORK_AT)
}

@inline
export function pending(): usize {
  return active() + SLOT_BYTES
}

@inline
export function norms(): usize {
  return active() + 2 * SLOT_BYTES
}

@inline
export function trialNorms(): usize {
  return active() + 3 * SLOT_BYTES
}

/** How far the unknown in hand is moved for the Jacobian. */
@inline
export function shifts(): usize {
  return active() + 4 * SLOT_BYTES
}

/** Blocks of the unknowns: areas 0 to 3, then the Jacobian, then the equations of one lane. */
@inline
export function area(solve: usize, which: usize): usize {
  return active() + (5 + which * unknowns(solve)) * SLOT_BYTES
}

@inline
export function oneLane(solve: usize): usize {
  return area(solve, 4) + unknowns(solve) * unknowns(solve) * SLOT_BYTES
}

@inline
export function isSet(mask: usize, lane: u32): bool {
  return load<u32>(mask + (<usize>lane << 3)) != 0
}

@inline
export function clear(mask: usize, lane: u32): void {
  store<u64>(mask + (<usize>lane << 3), 0)
}

@inline
export function anySet(mask: usize): bool {
  let any = i64x2.splat(0)
  for (let i: usize = 0; i < SLOT_BYTES; i += 16) any = v128.or(any, v128.load(mask + i))
  return v128.any_true(any)
}

/** How far a group of two lanes goes on from the first in a slot. */
@inline
export function within(word: usize, i: usize): usize {
  return address(word) + (word & 1 ? i : 0)
}

/** max(norm, |r| / (1 + |x|)); NaN stays. */
@inline
export function raised(norm: v128, r: v128, x: v128): v128 {
  return f64x2.max(norm, f64x2.div(f64x2.abs(r), f64x2.add(f64x2.splat(1), f64x2.abs(x))))
}

/** x_i - f_i of each unknown at `out`. */
export function residuals(solve: usize, out: usize): void {
  for (let j: usize = 0, n = unknowns(solve); j < n; j++, out += SLOT_BYTES) {
    const slot = address(unknown(solve, j))
    const f = target(solve, j)
    for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
      v128.store(out + i, f64x2.sub(v128.load(slot + i), v128.load(within(f, i))))
    }
  }
}

/** At `norm` the greatest |r_i| / (1 + |x_i|), r at `from`, x the unknowns. */
export function measure(solve: usize, from: usize, norm: usize): void {
  memory.fill(norm, 0, SLOT_BYTES)
  for (let j: usize = 0, n = unknowns(solve); j < n; j++, from += SLOT_BYTES) {
    const x = address(unknown(solve, j))
    for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
      v128.store(norm + i, raised(v128.load(norm + i), v128.load(from + i), v128.load(x + i)))
    }
  }
}

/** A lane that cannot be solved: told, and left alone. */
export function fail(solve: usize, lane: u32, norm: f64): void {
  clear(active(), lane)
  note(NOT_CONVERGED, load<u32>(solve), lane, norm == norm ? norm : Infinity)
}
