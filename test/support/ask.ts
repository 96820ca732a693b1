// Asks an opened subgraph one operation, as the gateway does.

import type { FormattedExecutionResult } from 'graphql'
import { PROCESS } from '../../schema/caller.ts'
import type { Subgraph } from '../../subgraphs/shared/subgraph.ts'

// biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is the operation's, and the test says what it expects.
export type Answer = any

export interface Asking {
  readonly variables?: Record<string, unknown>
  readonly tenant?: string
}

/** The whole answer, errors and all. */
export function askRaw(
  subgraph: Subgraph,
  query: string,
  { variables = {}, tenant = 'local' }: Asking = {},
): Promise<FormattedExecutionResult> {
  return subgraph.execute({ query, variables, caller: { tenant, requestId: 'test', principal: PROCESS } })
}

/** The data of an answer that must have no errors. */
export async function ask(subgraph: Subgraph, query: string, asking: Asking = {}): Promise<Answer> {
  const { data, errors } = await askRaw(subgraph, query, asking)
  if (errors) throw new Error(`the operation failed: ${JSON.stringify(errors)}`)
  return data
}

/** The errors of an answer: their codes, paths and messages. */
export async function askForErrors(subgraph: Subgraph, query: string, asking: Asking = {}) {
  const { errors = [] } = await askRaw(subgraph, query, asking)
  return errors.map(({ message, extensions }) => ({
    message,
    code: extensions?.['code'],
    detail: extensions?.['detail'] as Record<string, unknown>,
  }))
}

/** Fields that the subgraph adds to an entity, given the representation that the planner sends. */
export async function askEntity(
  subgraph: Subgraph,
  representation: Record<string, unknown>,
  fields: string,
  asking: Asking = {},
): Promise<Answer> {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${String(representation['__typename'])} { ${fields} } } }`
  const data = await ask(subgraph, query, { ...asking, variables: { of: [representation] } })
  return data._entities[0]
}
