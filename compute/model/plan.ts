// The plan: what the plan machine runs. Canonical JSON; its hash is cache key and audit id.
import { hashOf } from '../../schema/hash.ts'

/** [code, out, ...operands]: operation code (layout/operations.ts) and slot indices; of a table operation the last operand is the table's index. */
export type Operation = readonly [code: number, out: number, ...operands: number[]]

export interface PlanOutput {
  readonly name: string
  readonly unit: string
  readonly slot: number
}

export interface Plan {
  readonly abi: number
  readonly slots: number
  readonly constants: readonly { readonly slot: number; readonly value: number }[]
  readonly inputs: readonly { readonly name: string; readonly slot: number; readonly default: number | null }[]
  readonly series: readonly { readonly name: string; readonly slot: number; readonly default: number | null }[]
  readonly columns: readonly { readonly name: string; readonly slot: number }[]
  readonly randoms: readonly PlanRandom[]
  readonly tables: readonly { readonly xs: readonly number[]; readonly ys: readonly number[] }[]
  /** Binding times: `run` once (depends on no lane), `draw` once per lane, `step` once per lane and step, `save` once per lane and saved step. */
  readonly operations: {
    readonly run: readonly Operation[]
    readonly draw: readonly Operation[]
    readonly step: readonly Operation[]
    readonly save: readonly Operation[]
  }
  readonly stocks: readonly PlanStock[]
  readonly time: {
    readonly start: number
    readonly dt: number
    readonly steps: number
    readonly saveEvery: number
    readonly unit: string
  } | null
  readonly timeSlot: number | null
  readonly outputs: readonly PlanOutput[]
}

export interface PlanRandom {
  readonly name: string
  readonly slot: number
  /** normal 0, truncatedNormal 1, logNormal 2, uniform 3. */
  readonly distribution: number
  readonly a: number
  readonly b: number
  readonly min: number
  readonly max: number
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

/** Everything a shard needs besides seed and range. Equal bindings of equal plans give equal bits. */
export interface PlanBinding {
  readonly plan: Plan
  readonly inputs: Readonly<Record<string, number>>
  readonly series: Readonly<Record<string, readonly number[]>>
  /** By column name: SHA-256 of a blob of little-endian f64, one value per lane. */
  readonly columns: Readonly<Record<string, string>>
}

export function planHash(plan: Plan): string {
  return hashOf(plan)
}

/** Saved times of a plan, in its time unit: one value (0) for a plan without time. */
export function savedTimes(plan: Plan): number[] {
  if (!plan.time) return [0]
  const { start, dt, steps, saveEvery } = plan.time
  const times: number[] = []
  for (let step = 0; step <= steps; step += saveEvery) times.push(start + step * dt)
  if (steps % saveEvery !== 0) times.push(start + steps * dt)
  return times
}
