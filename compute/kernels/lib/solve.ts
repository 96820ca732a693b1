// Solve blocks: equations in a circle, solved for the unknowns of each lane.
import { evaluateAll, gaussSeidel } from './gauss-seidel'
import { SLOT_BYTES, SOLVE_BYTES, SOLVES_AT, SOLVES_END, UNKNOWN_BYTES } from './layout'
import { newton } from './newton'
import { copySlot, field, rowsOf, splat, word } from './operands'
import { active, evaluateBody, unknowns } from './solve-work'

const NEWTON: u32 = 0
/** Whether the block of lanes has its unknowns: where in the record that stands. */
const BEGUN: usize = 48

/** Sets the unknowns to their guesses, once for a block of lanes. */
function begin(solve: usize): void {
  if (load<u32>(solve, BEGUN)) return
  store<u32>(solve, 1, BEGUN)
  let at: usize = load<u32>(solve, 32)
  for (const end = at + unknowns(solve) * UNKNOWN_BYTES; at < end; at += UNKNOWN_BYTES) {
    copySlot(load<u32>(at), load<u32>(at, 8))
  }
}

/** The unknowns of the next block of lanes are not known yet. */
export function forgetUnknowns(): void {
  for (let p: usize = field(SOLVES_AT), end: usize = field(SOLVES_END); p < end; p += SOLVE_BYTES) {
    store<u32>(p, 0, BEGUN)
  }
}

/** Sets the unknowns of all blocks that were not solved yet. */
export function beginUnknowns(): void {
  for (let p: usize = field(SOLVES_AT), end: usize = field(SOLVES_END); p < end; p += SOLVE_BYTES) begin(p)
}

export function runSolve(at: usize): void {
  const solve = word(at, 1)
  begin(solve)
  splat(word(at, 0), 0)
  const lanes = <usize>rowsOf(0) << 3
  memory.fill(active(), 0xff, lanes)
  memory.fill(active() + lanes, 0, SLOT_BYTES - lanes)
  const isNewton = load<u32>(solve, 4) == NEWTON
  const lost = isNewton ? newton(solve) : gaussSeidel(solve)
  // What lies between has to be that of the unknowns as they are left.
  if (!lost) return
  if (isNewton) evaluateBody(solve)
  else evaluateAll(solve)
}
