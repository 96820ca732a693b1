// Equal queries of one person at one time are executed once.
import type { ExecutionResult } from 'graphql'
import type { Metrics } from '../../infra/metrics.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import { authScope } from '../cache/auth-scope.ts'
import type { Generations } from '../cache/generations.ts'
import { questionKey } from '../cache/operation-key.ts'
import type { EdgeStep } from '../edge/step.ts'
import { wireError } from '../errors.ts'
import { keepText } from '../kept-text.ts'
import { Flights } from './flights.ts'

export interface SingleFlightDeps {
  readonly generations: Generations
  readonly metrics: Pick<Metrics, 'sharedAnswers'>
}

const gone = () => wireError('SUBGRAPH_UNAVAILABLE', 'the answer was not waited for', {})

/** A mutation is never shared; a query is not shared with one that began before a change of the tenant's data was known. */
export function singleFlightStep({ generations, metrics }: SingleFlightDeps): EdgeStep {
  const flights = new Flights<ExecutionResult>()
  return {
    name: 'single-flight',
    async around(operation, next) {
      if (operation.type !== 'query') return next(operation)
      const { caller } = operation
      const key = `${generations.of(caller.tenant)} ${authScope(caller, 'private')} ${questionKey(operation)}`
      const { result, joined } = flights.share(key, caller.signal, (signal) =>
        next({ ...operation, caller: { ...caller, signal } }),
      )
      if (joined) metrics.sharedAnswers.inc({ what: 'operation' })
      try {
        const answer = await result
        if (joined && answer.data) keepText(answer.data)
        return answer
      } catch (error) {
        // Gone while others wait on: the work itself never rejects.
        return {
          data: null,
          errors: [isQuesnayError(error) ? wireError(error.code, error.message, error.detail) : gone()],
        }
      }
    },
  }
}
