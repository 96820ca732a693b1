// A question of the microsimulation's benchmark: rules, units, and what is asked of them.
import type { Plan } from '../../../compute/model/plan.ts'
import type { PopulationSpec } from '../../../schema/jobs.ts'

export interface MicrosimQuestion {
  readonly name: string
  readonly plan: Plan
  readonly columns: Readonly<Record<string, Float64Array>>
  /** Parameters of the n-th asking: each with another reform, so that no result is stored already. */
  inputs(n: number): Record<string, number>
  readonly spec: PopulationSpec
}

/** As many tax units as the sample of tax returns that others simulate with. */
export const UNITS = 280_005

/** Uniform numbers in (0, 1): Numerical Recipes' linear congruential generator, only to lay out an example. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
}
