// The fleet as one request sees it: what it submits can be followed back to it, and is within its scopes, its tier and its limit.
import type { Asker, Dispatch } from '../../compute/dispatch/port.ts'
import type { Caller } from '../../schema/caller.ts'
import { QuesnayError, toWireError } from '../../schema/errors.ts'
import { assertMaySubmit, scenariosAtOnce } from './access.ts'

/** Errors of submit and verify, beside those of the fleet: FORBIDDEN, and LIMIT_EXCEEDED for more computing than one operation may have done. */
export function dispatchFor(caller: Caller, dispatch: Dispatch): Dispatch {
  const { requestId, traceparent, principal, computeSeconds: limit = Number.POSITIVE_INFINITY } = caller
  const simulations = scenariosAtOnce(principal)
  /** By what was submitted here so far. */
  let spent = 0
  const assertWithin = (seconds: number): void => {
    if (spent + seconds > limit) throw tooMuchComputing(seconds, spent, limit, principal.tier)
  }
  /** Of one submission, which may be weighed more than once. */
  function asker(): Asker {
    let counted = 0
    return {
      requestId,
      ...(traceparent ? { traceparent } : {}),
      ...(simulations === undefined ? {} : { atOnce: { SIMULATION: simulations } }),
      weigh(seconds) {
        spent -= counted
        counted = 0
        assertWithin(seconds)
        counted = seconds
        spent += seconds
      },
    }
  }
  return Object.assign(Object.create(dispatch) as Dispatch, {
    async submit(submission) {
      assertMaySubmit(principal, submission.kind)
      return dispatch.submit({ ...submission, asker: asker() })
    },
    verify: (tenant, runId) => dispatch.verify(tenant, runId, asker()),
    async estimate(submission) {
      const estimate = await dispatch.estimate(submission)
      if (estimate.shared || estimate.refusal) return estimate
      try {
        assertWithin(estimate.computeSeconds)
        return estimate
      } catch (error) {
        return { ...estimate, refusal: toWireError(error) }
      }
    },
  } satisfies Partial<Dispatch>)
}

function tooMuchComputing(seconds: number, spent: number, limit: number, tier: string): QuesnayError {
  const before = spent > 0 ? `, after ${rounded(spent)} s of the same operation` : ''
  return new QuesnayError(
    'LIMIT_EXCEEDED',
    `this is estimated to take ${rounded(seconds)} s of computing${before}; an operation of the tier ${tier} may have ${limit} s done`,
    {
      rule: 'computeSeconds',
      limit,
      found: rounded(seconds + spent),
      suggestion: 'ask for fewer draws, years or steps, or in several operations',
    },
  )
}

const rounded = (value: number) => Number(value.toPrecision(3))
