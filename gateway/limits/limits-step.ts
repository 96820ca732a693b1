// The step of the edge that knows what an operation costs: it refuses what is too dear, and ends what takes too long.
import { setMaxListeners } from 'node:events'
import { GraphQLError, type OperationDefinitionNode } from 'graphql'
import type { Clock } from '../../infra/clock.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { EdgeStep, GraphView, Operation } from '../edge/step.ts'
import { wireError } from '../errors.ts'
import { type Cost, costOf } from './cost/operation-cost.ts'
import { readWeights, type Weights } from './cost/weights.ts'
import type { Limits } from './limits-config.ts'

declare module '../edge/step.ts' {
  interface Notes {
    /** What the operation may cost at most. */
    cost?: Cost
  }
}

export interface LimitsStepDeps {
  readonly limits: Limits
  readonly clock: Clock
}

export const COST_HEADER = 'x-quesnay-cost'

export function limitsStep({ limits, clock }: LimitsStepDeps): EdgeStep {
  const weights = new WeakMap<GraphView, Weights>()
  const costs = new WeakMap<OperationDefinitionNode, ReturnType<typeof costOf>>()

  function weightsOf(graph: GraphView): Weights {
    const known = weights.get(graph) ?? readWeights(graph.sdl)
    weights.set(graph, known)
    return known
  }
  function costOfOperation(one: Operation): Cost {
    const { graph, operation } = one
    const rules = { schema: graph.schema, weights: weightsOf(graph), listSize: limits.listSize }
    const known = costs.get(operation) ?? costOf(rules, one)
    costs.set(operation, known)
    const { points, computeSeconds } = known(one.variables)
    // JSON has no infinity, which lists within lists come to.
    return { points: Math.min(points, Number.MAX_SAFE_INTEGER), computeSeconds: Math.min(computeSeconds, 1e15) }
  }

  return {
    name: 'limits',
    async admit(operation) {
      try {
        const cost = costOfOperation(operation)
        const { tier } = operation.caller.principal
        operation.notes.cost = cost
        operation.reply.headers.set(
          COST_HEADER,
          `points=${cost.points}, computeSeconds=${rounded(cost.computeSeconds)}`,
        )
        if (cost.points > limits.cost[tier]) return [tooDear(cost.points, limits.cost[tier], tier)]
        const seconds = limits.computeSeconds[tier]
        if (cost.computeSeconds > seconds) return [tooMuchComputing(cost.computeSeconds, seconds, tier)]
        // What is stored, such as a scenario, is estimated where it is dispatched: the limit goes along.
        return { ...operation, caller: { ...operation.caller, computeSeconds: seconds } }
      } catch (error) {
        if (error instanceof GraphQLError) return [error]
        throw error
      }
    },
    async around(operation, next) {
      const done = new AbortController()
      const life = new AbortController()
      const { signal } = life
      const ms = limits.operationTimeoutMs
      clock.sleep(ms, done.signal).then(
        () => life.abort(timedOut(ms)),
        () => undefined,
      )
      // By hand: AbortSignal.any keeps books of its signals that cost more than the rest of this step.
      const outer = operation.caller.signal
      const leave = () => life.abort(outer?.reason)
      if (outer?.aborted) leave()
      else outer?.addEventListener('abort', leave, { once: true })
      // Each fetch of the operation listens, and there may be many at once.
      setMaxListeners(0, signal)
      try {
        const result = await next({ ...operation, caller: { ...operation.caller, signal } })
        const cost = (limits.showCost || operation.reply.showsCost) && operation.notes.cost
        return cost ? { ...result, extensions: { ...result.extensions, cost } } : result
      } finally {
        outer?.removeEventListener('abort', leave)
        done.abort(DONE)
      }
    },
  }
}

/** Given as the reason, because the one made otherwise takes down the call stack, for nobody to read. */
const DONE = 'done'

const rounded = (value: number) => Number(value.toPrecision(3))

const tooDear = (found: number, limit: number, tier: string) =>
  wireError(
    'LIMIT_EXCEEDED',
    `the operation may cost ${found} points; an operation of the tier ${tier} may cost ${limit}`,
    {
      path: 'query',
      rule: 'cost',
      limit,
      found,
      suggestion: 'ask for shorter lists (first), or for fewer lists within lists',
    },
  )

const tooMuchComputing = (found: number, limit: number, tier: string) =>
  wireError(
    'LIMIT_EXCEEDED',
    `the operation would have about ${rounded(found)} s of computing done; an operation of the tier ${tier} may ask for ${limit} s`,
    {
      path: 'query',
      rule: 'computeSeconds',
      limit,
      found: rounded(found),
      suggestion: 'ask for fewer draws, years or steps',
    },
  )

const timedOut = (ms: number) =>
  new QuesnayError(
    'OPERATION_TIMEOUT',
    `the operation took longer than ${ms / 1000} s; what was ready in time is here`,
    {
      limitMs: ms,
      suggestion: 'ask for less in one operation, or try again',
    },
  )
