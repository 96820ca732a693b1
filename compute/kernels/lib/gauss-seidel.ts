// Gauss-Seidel over a block of lanes, each on its own: one that is solved moves no more. compute/reference/solve.ts is the twin.
import { BLOCK_LANES, SLOT_BYTES } from './layout'
import { address } from './operands'
import {
  active, anySet, area, clear, damping, evaluatePart, fail, isSet, measure, mostIterations, norms, pending, raised,
  residuals, target, tolerance, trialNorms, unknown, unknowns, within,
} from './solve-work'

/** Sets one unknown after the other; at `norms` the greatest distance that was left to go. */
function sweep(solve: usize): void {
  const norm = norms()
  const factor = f64x2.splat(damping(solve))
  memory.fill(norm, 0, SLOT_BYTES)
  for (let j: usize = 0, n = unknowns(solve); j < n; j++) {
    evaluatePart(solve, j)
    const slot = address(unknown(solve, j))
    const f = target(solve, j)
    for (let i: usize = 0; i < SLOT_BYTES; i += 16) {
      const x = v128.load(slot + i)
      const distance = f64x2.sub(v128.load(within(f, i)), x)
      v128.store(norm + i, raised(v128.load(norm + i), distance, x))
      const moved = f64x2.add(x, f64x2.mul(factor, distance))
      v128.store(slot + i, v128.bitselect(moved, x, v128.load(active() + i)))
    }
  }
}

/** Evaluates all of f and moves nothing. */
function evaluateAll(solve: usize): void {
  for (let j: usize = 0, n = unknowns(solve); j < n; j++) evaluatePart(solve, j)
}

/** Solves the active lanes; true where one was lost. */
export function gaussSeidel(solve: usize): bool {
  const most = mostIterations(solve)
  const bound = tolerance(solve)
  let lost = false
  for (let iteration: u32 = 1; anySet(active()); iteration++) {
    sweep(solve)
    // Lanes that seem solved, and at the last all: whether they are is seen with everything in its place.
    memory.fill(pending(), 0, SLOT_BYTES)
    for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
      if (!isSet(active(), lane)) continue
      const norm = load<f64>(norms() + (<usize>lane << 3))
      if (norm - norm != 0) {
        fail(solve, lane, norm)
        lost = true
      } else if (norm <= bound || iteration == most) store<u64>(pending() + (<usize>lane << 3), u64.MAX_VALUE)
    }
    if (!anySet(pending())) continue
    evaluateAll(solve)
    residuals(solve, area(solve, 0))
    measure(solve, area(solve, 0), trialNorms())
    for (let lane: u32 = 0; lane < BLOCK_LANES; lane++) {
      if (!isSet(pending(), lane)) continue
      const norm = load<f64>(trialNorms() + (<usize>lane << 3))
      if (norm <= bound) clear(active(), lane)
      else if (iteration == most || norm - norm != 0) {
        fail(solve, lane, norm)
        lost = true
      }
    }
  }
  return lost
}

export { evaluateAll }
