// What one execution carries through the closures of its plan.
import type { GraphQLError } from 'graphql'
import type { Caller } from '../../../schema/caller.ts'
import type { EventFields } from '../executor.ts'
import type { Fields } from './properties.ts'

export interface Run {
  readonly caller: Caller
  /** What an event carries, where one is answered with. */
  readonly root?: EventFields | undefined
  /** As given, for subgraphs, which coerce them again. */
  readonly variables: Fields
  /** All that subgraphs answered so far, with more fields than the client asked for. */
  readonly data: Fields
  readonly errors: GraphQLError[]
}

/** Does its part of the plan; never rejects: what went wrong is among the errors of the run. */
export type Step = (run: Run) => Promise<void>
