// What a plan costs to run, in operations on one lane: for cutting shards and for looking up between chunks.
import { CODE } from '../layout/operations.ts'
import { slotLevels } from './levels.ts'
import { type Operation, type Plan, savedSteps } from './plan.ts'

/** Of one lane: before its first step, at each step, and at each step that is saved. */
export interface PlanCost {
  readonly perLane: number
  readonly perStep: number
  readonly perSave: number
}

/** Ten rounds of Philox, in operations. */
const PER_UNIFORM = 10
/** Operations that go lane by lane, or by series and iterations; all others count as one. */
const DEAR: Readonly<Record<number, number>> = {
  [CODE.pow]: 20,
  [CODE.normalQuantile]: 10,
  [CODE.normalProbability]: 20,
  [CODE.gammaQuantile]: 500,
  [CODE.betaQuantile]: 500,
  [CODE.poissonQuantile]: 500,
  [CODE.choose]: 2,
}
/** Iterations that a solve block takes for the most part: it begins near its solution. */
const NEWTON_ITERATIONS = 3
const SWEEPS = 20

/** Reckons a plan's cost. `rowsPerLane`: by level, how many rows a lane has; by default one of each. */
export function costOf(plan: Plan, rowsPerLane: readonly number[] = []): PlanCost {
  const rows = plan.levels.length > 1 ? rowsOfSlots(plan, rowsPerLane) : () => 1
  const sum = (operations: readonly Operation[]): number =>
    operations.reduce((total, [code, out, ...operands]) => {
      if (code === CODE.solve) return total + solving(plan.solves[operands[0]!]!)
      return total + (DEAR[code] ?? 1) * Math.max(rows(out), rows(operands[0]!))
    }, 0)
  const solving = ({ method, unknowns, body, parts }: Plan['solves'][number]): number => {
    const n = unknowns.length
    if (method === 'gaussSeidel') return SWEEPS * (sum(parts.flat()) + 4 * n)
    return NEWTON_ITERATIONS * ((n + 1) * (sum(body) + n) + n ** 3)
  }
  const { draw, step, stage, save } = plan.operations
  const drawn = (everyStep: boolean) => {
    const uniforms = plan.uniforms.filter((u) => u.everyStep === everyStep)
    return uniforms.reduce((total, { slot }) => total + PER_UNIFORM * rows(slot), 0)
  }
  const stages = plan.time?.stages.length ?? 1
  const moved = plan.stocks.length * (stages > 1 ? 3 * stages : 1) + 2 * plan.registers.length + 3 * plan.rings.length
  const checked = plan.identities.length + plan.trajectories.length
  return {
    perLane: sum(draw) + drawn(false),
    perStep: sum(step) + stages * sum(stage) + drawn(true) + moved + checked,
    perSave: sum(save) + plan.outputs.length,
  }
}

function rowsOfSlots(plan: Plan, rowsPerLane: readonly number[]): (slot: number) => number {
  const levels = slotLevels(plan)
  return (slot) => rowsPerLane[levels[slot]!] ?? 1
}

/** Operations on one lane over the whole run. */
export function totalCost(plan: Plan, rowsPerLane?: readonly number[]): number {
  const { perLane, perStep, perSave } = costOf(plan, rowsPerLane)
  return perLane + ((plan.time?.steps ?? 0) + 1) * perStep + savedSteps(plan).length * perSave
}
