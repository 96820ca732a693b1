// How a planned operation is executed: the port. Adapters: compiled.ts (ours), apollo.ts (@apollo/gateway's, the oracle).
import type { PlanNode } from '@apollo/query-planner'
import type { DocumentNode, ExecutionResult } from 'graphql'
import type { Caller } from '../../schema/caller.ts'
import type { OperationRequest, Prepared } from '../documents.ts'

/** Which executor a gateway uses; equal answers, but for the text of errors in a subgraph's answer that does not fit its schema. */
export type ExecutorName = 'compiled' | 'apollo'

/**
 * Executes one operation for given variables. What a subgraph left null that may not be null stands in `extensions.valueCompletion`,
 * where nothing else went wrong. Rejects only for a fault of ours.
 */
export interface Execution {
  (request: OperationRequest, caller: Caller, root?: EventFields): Promise<ExecutionResult>
  /** Plans it now, before it is first run. Throws where it cannot be planned. */
  warm(): void
}

/** What an event carries of the object that a subscription watches, for the data source that answers for it. */
export type EventFields = Readonly<Record<string, unknown>>

/** Plans a document that is valid, or was made of one by an executor; undefined where no subgraph is to be asked. */
export type Plan = (document: DocumentNode) => PlanNode | undefined

export interface Executor {
  /** Makes a valid operation ready to run, once for any number of runs; it is planned when it is first run. */
  prepare(prepared: Prepared, plan: Plan): Execution
}
