// The steps of an edge, one around the other, as three functions.
import type { ExecutionResult } from 'graphql'
import { type Faults, isFaults } from '../documents.ts'
import type { EdgeStep, InvalidRequest, Next, NextResults, Operation, Results } from './step.ts'

export interface Pipeline {
  /** The operation that every step lets through, or the errors of the first that does not. */
  admit(operation: Operation): Promise<Operation | Faults>
  /** Tells of what never became an operation. */
  invalid(request: InvalidRequest, faults: Faults): void
  execute(operation: Operation, last: Next): Promise<ExecutionResult>
  subscribe(operation: Operation, last: NextResults): Promise<Results | ExecutionResult>
}

export function pipelineOf(steps: readonly EdgeStep[]): Pipeline {
  const admitting = steps.filter((step) => step.admit)
  const executing = steps.filter((step) => step.around).reverse()
  const streaming = steps.filter((step) => step.stream).reverse()
  return {
    async admit(operation) {
      let admitted = operation
      for (const step of admitting) {
        const outcome = await step.admit!(admitted)
        if (isFaults(outcome)) {
          for (const hearing of steps) hearing.refused?.(admitted, outcome)
          return outcome
        }
        admitted = outcome
      }
      return admitted
    },
    invalid(request, faults) {
      for (const hearing of steps) hearing.invalid?.(request, faults)
    },
    execute: (operation, last) =>
      executing.reduce<Next>((next, step) => (one) => step.around!(one, next), withRefused(last))(operation),
    subscribe: (operation, last) =>
      streaming.reduce<NextResults>((next, step) => (one) => step.stream!(one, next), last)(operation),
  }
}

/** Adds to an answer what was taken out of the operation: nulls where it would stand, and the errors that say why. */
export function addRefused({ refused, restore }: Operation, result: ExecutionResult): ExecutionResult {
  const restored = restore && result.data ? { ...result, data: restore(result.data) } : result
  return refused.length === 0 ? restored : { ...restored, errors: [...(result.errors ?? []), ...refused] }
}

const withRefused =
  (last: Next): Next =>
  async (operation) =>
    addRefused(operation, await last(operation))
