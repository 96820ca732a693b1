// An accounting identity as nodes: how far its sides are apart, and whether that is within its tolerance.
import type { Identity } from '../model.ts'
import { extremum } from './distributions.ts'
import { type Context, expressionNode } from './expression-node.ts'

export interface IdentityNodes {
  readonly name: string
  readonly holds: number
  readonly difference: number
}

/** |left - right| <= tolerance * max(1, |left|, |right|); NaN does not hold. */
export function identityNode(context: Context, { name, left, right, tolerance }: Identity): IdentityNodes {
  const { graph } = context
  const op = graph.operation.bind(graph)
  const [a, b] = [expressionNode(context, left, 0), expressionNode(context, right, 0)]
  const difference = op('sub', a, b)
  const size = extremum(graph, 'max', op('max', op('abs', a), op('abs', b)), graph.number(1))
  return { name, holds: op('le', op('abs', difference), op('mul', graph.number(tolerance), size)), difference }
}
