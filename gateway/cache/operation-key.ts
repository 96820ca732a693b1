// The identity of a question: the operation as it is executed, its variables, and the graph.
import { type OperationDefinitionNode, print } from 'graphql'
import { canonicalJson, sha256 } from '../../schema/hash.ts'
import type { GraphView, Operation } from '../edge/step.ts'

const hashes = new WeakMap<OperationDefinitionNode, string>()
const graphs = new WeakMap<GraphView, string>()

/** SHA-256 of the operation, however it was written; of what a step has left of it, where one took fields out. */
export function operationHash({ document, operation }: Pick<Operation, 'document' | 'operation'>): string {
  const known = hashes.get(operation)
  if (known) return known
  const hash = sha256(`${operation.name?.value ?? ''}\n${print(document)}`)
  hashes.set(operation, hash)
  return hash
}

function graphHash(graph: GraphView): string {
  const known = graphs.get(graph)
  if (known) return known
  const hash = sha256(graph.sdl)
  graphs.set(graph, hash)
  return hash
}

/** Equal for equal questions to one graph. Who asks is not part of it. */
export function questionKey(operation: Operation): string {
  return `${graphHash(operation.graph)} ${operationHash(operation)} ${canonicalJson(operation.variables)}`
}
