// What stands between a request and its execution: the port of the edge. Each concern (who may, how much, how often, what is
// kept, what is written down) is one step in a folder of its own; open-edge.ts puts them in order.
import type { ExecutionResult, GraphQLError, GraphQLSchema, OperationTypeNode } from 'graphql'
import type { Caller } from '../../schema/caller.ts'
import { sha256 } from '../../schema/hash.ts'
import type { Faults, Prepared } from '../documents.ts'
import type { Versions } from '../versions.ts'

/** One operation on its way: valid, its variables coerced. */
export interface Operation extends Prepared {
  readonly type: OperationTypeNode
  /** The text it came as. */
  readonly query: string
  readonly operationName: string | undefined
  /** As the client gave them. */
  readonly given: Readonly<Record<string, unknown>>
  /** Coerced to their types, defaults filled in. */
  readonly variables: Record<string, unknown>
  readonly caller: Caller
  /** The graph it is valid against: replaced, as an object, whenever the supergraph is. */
  readonly graph: GraphView
  /** Errors that every answer carries beside what the subgraphs say: of the fields that a step has taken out. */
  readonly refused: readonly GraphQLError[]
  /** Puts nulls into the answer where a step has taken a field out; null where nothing is left of it. */
  readonly restore?: ((data: Record<string, unknown>) => Record<string, unknown> | null) | undefined
  readonly reply: Reply
  /** What steps tell each other, such as what the operation costs. */
  readonly notes: Notes
}

/** Of a graph, what a step may look at. */
export interface GraphView {
  /** What clients see. */
  readonly schema: GraphQLSchema
  /** The supergraph's text. */
  readonly sdl: string
}

/** What goes back beside the answer, where the transport can carry it. */
export interface Reply {
  /** By lower-case name. */
  readonly headers: Map<string, string>
  /** The client asked for extensions.cost in the answer. */
  showsCost?: boolean
  /** What the answer rests on; put there before it goes out. */
  versions?: Versions
}

/** What came and is no valid operation of the graph. */
export interface InvalidRequest {
  /** SHA-256 of its text, which may hold anything; of the id, where it was asked by one. */
  readonly hash: string
  readonly requestId: string
  readonly traceparent?: string | undefined
  /** Absent where its credentials do not hold. */
  readonly caller?: Caller | undefined
}

/** Grows by declaration merging: a step that notes something declares it beside its code. */
// biome-ignore lint/suspicious/noEmptyInterface: each step adds its own.
export interface Notes {}

export type Next = (operation: Operation) => Promise<ExecutionResult>
export type Results = AsyncGenerator<ExecutionResult, void>
export type NextResults = (operation: Operation) => Promise<Results | ExecutionResult>

/** Each part is optional; the steps of an edge are asked in order, the first is the outermost. */
export interface EdgeStep {
  /** Such as `cost`; for logs and metrics. */
  readonly name: string
  /**
   * Before anything is planned, for a query, mutation or subscription: errors that refuse it, or the operation to go on with, which
   * may ask for less. A narrowed operation is one object for equal ones: plans are kept by the identity of `operation.operation`.
   */
  admit?(operation: Operation): Promise<Operation | Faults>
  /** Hears of an operation that a step has refused, this one or another. */
  refused?(operation: Operation, faults: Faults): void
  /** Hears of what never became an operation. */
  invalid?(request: InvalidRequest, faults: Faults): void
  /**
   * Around the execution of a query or mutation. `extensions.versions` of what comes back says what it rests on: it is passed on, by a
   * cache too; the client does not see it.
   */
  around?(operation: Operation, next: Next): Promise<ExecutionResult>
  /** Around a subscription, from its beginning to its end. */
  stream?(operation: Operation, next: NextResults): Promise<Results | ExecutionResult>
}

export const newReply = (): Reply => ({ headers: new Map() })

/** What a text is known by that is no valid operation; without a caller, what came with credentials that do not hold. */
export function invalidRequest(text: string, who: Caller | Pick<Caller, 'requestId' | 'traceparent'>): InvalidRequest {
  const { requestId, traceparent } = who
  return { hash: sha256(text), requestId, traceparent, ...('principal' in who ? { caller: who } : {}) }
}
