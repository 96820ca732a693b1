// The plan: what the plan machine runs. Canonical JSON; its hash is cache key and audit id.
import { canonicalJson, sha256 } from '../../schema/hash.ts'

/** [code, out, ...operands]: operation code (layout/operations.ts) and slot indices; of a table operation the last operand is the table's index. */
export type Operation = readonly [code: number, out: number, ...operands: number[]]

export interface PlanOutput {
  readonly name: string
  readonly unit: string
  readonly slot: number
}

/**
 * Columns, random numbers and values may belong to a level: -1 the run, 0 the lanes, 1.. the member entities in their order.
 * A value's level is the highest of its operands', of a projection the member's, of a reduction the group's; stocks and registers
 * are of their initial value's or their flow's, at least per lane; rings, trajectories and unknowns are values per lane. Time, series, trajectories and everyStep uniforms hold their values of
 * step 0 before the operations of `run` and `draw`, which read them there for initial values.
 */
export interface Plan {
  readonly abi: number
  readonly slots: number
  readonly constants: readonly { readonly slot: number; readonly value: number }[]
  readonly inputs: readonly { readonly name: string; readonly slot: number; readonly default: number | null }[]
  readonly series: readonly { readonly name: string; readonly slot: number; readonly default: number | null }[]
  readonly columns: readonly { readonly name: string; readonly slot: number; readonly level: number }[]
  readonly trajectories: readonly { readonly name: string; readonly slot: number }[]
  readonly uniforms: readonly PlanUniform[]
  readonly tables: readonly { readonly xs: readonly number[]; readonly ys: readonly number[] }[]
  /** The entities that lanes and their members are; the first is the lane. */
  readonly levels: readonly PlanLevel[]
  /** Which members belong to which group, for reductions and projections. */
  readonly relations: readonly { readonly member: number; readonly group: number }[]
  /**
   * Binding times: `run` once (depends on no lane), `draw` once per lane, `step` once per lane and step, `stage` at each stage
   * of a step, `save` once per lane and saved step. Of Euler's method all of a step is `step`.
   */
  readonly operations: Readonly<Record<Phase, readonly Operation[]>>
  readonly stocks: readonly PlanStock[]
  readonly registers: readonly PlanRegister[]
  readonly rings: readonly PlanRing[]
  readonly solves: readonly PlanSolve[]
  readonly identities: readonly PlanIdentity[]
  readonly time: PlanTime | null
  readonly timeSlot: number | null
  readonly stepTimeSlot: number | null
  readonly outputs: readonly PlanOutput[]
  /** Names of variables whose units were not checked, by their author's wish. */
  readonly unchecked: readonly string[]
}

export type Phase = 'run' | 'draw' | 'step' | 'stage' | 'save'
export const PHASES: readonly Phase[] = ['run', 'draw', 'step', 'stage', 'save']

export interface PlanLevel {
  readonly name: string
  /** Index of the level it is a member of; null for the lanes. */
  readonly of: number | null
  /** The column, one value per row of `of`, that says how many members it has; null for the lanes. */
  readonly count: string | null
}

/** A uniform number in (0, 1): one per row, or a new one at each step. */
export interface PlanUniform {
  readonly name: string
  readonly slot: number
  readonly level: number
  readonly everyStep: boolean
  /** Philox stream: 32 bits of the SHA-256 of the name. */
  readonly stream: number
}

export interface PlanStock {
  readonly slot: number
  readonly initial: number
  readonly flow: number
  /** null: no bound. */
  readonly min: number | null
  readonly max: number | null
}

/** slot <- initial at the first step; at the end of each step slot <- what `next` was when the step was first evaluated. */
export interface PlanRegister {
  readonly slot: number
  readonly initial: number
  readonly next: number
}

/**
 * At step n, slot <- what `input` was at step n - d when that step was first evaluated, `initial` while n < d,
 * where d = max(1, floor(delay + 1/2)), at most `length`; of NaN 1. `delay` is read as the step begins: it is known by then.
 */
export interface PlanRing {
  readonly slot: number
  readonly initial: number
  readonly input: number
  readonly delay: number
  readonly length: number
}

/**
 * Run by the operation `solve` with its index; see SolveBlock of the model. Unknowns are values per lane and outlive the step.
 * Solved where max |x_i - f_i| / (1 + |x_i|) is at most the tolerance. A lane that is solved moves no more. Newton halves a step while
 * that norm, on the scale of the x that the step began at, does not fall, up to ten times.
 */
export interface PlanSolve {
  readonly name: string
  readonly method: 'newton' | 'gaussSeidel'
  readonly tolerance: number
  readonly maxIterations: number
  readonly damping: number
  /** The unknown, the slot of f_i(x), and the slot of its guess, which is known before the first step. */
  readonly unknowns: readonly { readonly slot: number; readonly next: number; readonly guess: number }[]
  /** Newton: all of f. */
  readonly body: readonly Operation[]
  /** Gauss-Seidel: what of f comes before unknown i is set, in the order of the unknowns; empty for Newton. */
  readonly parts: readonly (readonly Operation[])[]
}

/** Checked at each step once it is evaluated, and of a model without time once: `holds` is not 0. `difference` is told where it does not. */
export interface PlanIdentity {
  readonly name: string
  readonly holds: number
  readonly difference: number
}

export interface PlanTime {
  readonly start: number
  readonly dt: number
  readonly steps: number
  /** With y the state at the step's start: stage i is evaluated at time t + c dt and state y + a dt k_{i-1}; the step ends at y + dt sum of b k. */
  readonly stages: readonly { readonly c: number; readonly a: number; readonly b: number }[]
  readonly saveEvery: number
  /** null: every saveEvery steps and the last one. */
  readonly saveAt: readonly number[] | null
  readonly unit: string
}

/** Everything a shard needs besides seed and range. Equal bindings of equal plans give equal bits. */
export interface PlanBinding {
  readonly plan: Plan
  readonly inputs: Readonly<Record<string, number>>
  readonly series: Readonly<Record<string, readonly number[]>>
  /**
   * By name: SHA-256 of a blob of little-endian f64. A column, and a count of a level's members, has a value per row of its level;
   * a trajectory [lane][step] a value per lane and step.
   */
  readonly columns: Readonly<Record<string, string>>
}

const texts = new WeakMap<Plan, { readonly text: string; readonly hash: string }>()

/** The canonical JSON of a plan and its hash, made once: a plan is never changed. Numbers that are not finite throw. */
export function canonicalPlan(plan: Plan): { readonly text: string; readonly hash: string } {
  const known = texts.get(plan)
  if (known) return known
  const text = canonicalJson(plan)
  const made = { text, hash: sha256(text) }
  texts.set(plan, made)
  return made
}

export function planHash(plan: Plan): string {
  return canonicalPlan(plan).hash
}

/** Steps whose state is saved, rising: one (0) for a plan without time. */
export function savedSteps(plan: Plan): number[] {
  if (!plan.time) return [0]
  const { steps, saveEvery, saveAt } = plan.time
  if (saveAt) return [...saveAt]
  const saved: number[] = []
  for (let step = 0; step <= steps; step += saveEvery) saved.push(step)
  if (steps % saveEvery !== 0) saved.push(steps)
  return saved
}

/** Saved times of a plan, in its time unit: one value (0) for a plan without time. */
export function savedTimes(plan: Plan): number[] {
  const { time } = plan
  return time ? savedSteps(plan).map((step) => time.start + step * time.dt) : [0]
}
