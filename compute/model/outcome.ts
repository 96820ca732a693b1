// How a run over lanes ends: what failed first, of all that failed. The machine and the interpreter tell the same.
import { FAULT } from '../layout/memory.ts'
import { type Plan, savedSteps } from './plan.ts'

/** `lane` is absolute, `time` in the plan's unit (0 of a plan without time), `timeIndex` into savedTimes(plan). */
export type Outcome =
  | { readonly kind: 'DONE' }
  | {
      readonly kind: 'NOT_A_NUMBER'
      readonly output: string
      readonly outputIndex: number
      readonly time: number
      readonly timeIndex: number
      readonly lane: number
    }
  | {
      readonly kind: 'NOT_CONVERGED'
      readonly block: string
      /** The greatest |x - f(x)| / (1 + |x|) that was left; Infinity where it is no number. */
      readonly residual: number
      readonly time: number
      readonly lane: number
    }
  | {
      readonly kind: 'ASSERTION_FAILED'
      readonly identity: string
      readonly difference: number
      readonly time: number
      readonly lane: number
    }

/** `kind` as in FAULT; `index` of the output, solve block or identity; `value` is the residual or difference. */
export interface Fault {
  readonly kind: number
  readonly step: number
  readonly stage: number
  readonly index: number
  readonly lane: number
  readonly value: number
}

const ORDER = ['step', 'stage', 'kind', 'index', 'lane'] as const

/** The one that is told: the earliest, then the gravest, then by index and lane. */
export function earlier(a: Fault | null, b: Fault | null): Fault | null {
  if (!a || !b) return a ?? b
  const differing = ORDER.find((field) => a[field] !== b[field])
  return differing !== undefined && b[differing] < a[differing] ? b : a
}

export function outcomeOf(fault: Fault | null, plan: Plan): Outcome {
  if (!fault) return { kind: 'DONE' }
  const { step, stage, index, lane, value } = fault
  const { start = 0, dt = 0 } = plan.time ?? {}
  const time = start + step * dt
  switch (fault.kind) {
    case FAULT.notConverged: {
      const at = stage === 0 ? time : time + plan.time!.stages[stage]!.c * dt
      return { kind: 'NOT_CONVERGED', block: plan.solves[index]!.name, residual: value, time: at, lane }
    }
    case FAULT.assertionFailed:
      return { kind: 'ASSERTION_FAILED', identity: plan.identities[index]!.name, difference: value, time, lane }
    default: {
      const timeIndex = savedSteps(plan).indexOf(step)
      return { kind: 'NOT_A_NUMBER', output: plan.outputs[index]!.name, outputIndex: index, time, timeIndex, lane }
    }
  }
}
