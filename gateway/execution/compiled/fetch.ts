// The fetches of a plan: fields of the root, and fields of entities that other subgraphs know too.
import type { FetchNode } from '@apollo/query-planner'
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import { type Batch, type EntityRules, mergeEntities, placesOf } from './entities.ts'
import type { Merge } from './merge.ts'
import { type Fields, isFields, setOwn } from './properties.ts'
import { rewriteOf } from './rewrites.ts'
import type { Run, Step } from './run.ts'
import { addErrors, failed } from './subgraph-errors.ts'
import { type PlanPath, placesAt, targetsAt } from './targets.ts'
import type { TypeTest } from './type-test.ts'

export interface SubgraphQuery {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Fields
  /** The same as JSON, where it is at hand. */
  readonly variablesText?: string
}

/** Asks a subgraph; its failures are part of the answer. */
export type Ask = (service: string, query: SubgraphQuery, run: Run) => Promise<FormattedExecutionResult>

export interface FetchDeps {
  readonly ask: Ask
  readonly isOfType: TypeTest
  readonly merge: Merge
}

/** Fields of the query or mutation type; at a path where a mutation's answer holds the query type. */
export function rootStep(node: FetchNode, path: PlanPath, { ask, isOfType, merge }: FetchDeps): Step {
  const rewrite = rewriteOf(node.outputRewrites, isOfType)
  const { serviceName, operation: query, operationName } = node
  const needed = node.variableUsages ?? []
  return async (run) => {
    const targets = targetsAt(run.data, path)
    if (targets.length === 0) return
    try {
      const answer = await ask(serviceName, { query, operationName, variables: chosen(run, needed) }, run)
      const { data } = answer
      addErrors(
        run,
        serviceName,
        answer.errors,
        ({ path: place }) => place && [...(placesAt(run.data, path)[0] ?? []), ...place],
      )
      if (!isFields(data)) return
      rewrite?.(data)
      for (const target of targets) merge(target, data, targets.length > 1)
    } catch (error) {
      failed(run, serviceName, error, placesAt(run.data, path)[0])
    }
  }
}

/** Entities asked for under a key of the answer. */
export interface Asked {
  readonly rules: EntityRules
  readonly batch: Batch
  readonly key: string
}

/** Sends one request for one batch or several, and merges what comes. */
export async function askForEntities(
  { ask, merge }: FetchDeps,
  run: Run,
  service: string,
  asked: readonly Asked[],
  query: () => SubgraphQuery,
): Promise<void> {
  const failedAt = ({ rules, batch }: Asked, error: unknown) =>
    failed(run, service, error, placesOf(run.data, rules)[batch.first])
  try {
    const { data, errors } = await ask(service, query(), run)
    for (const one of asked) {
      const own = errors?.filter(({ path }) => path?.[0] === one.key)
      addEntityErrors(run, service, own, one)
    }
    addErrors(
      run,
      service,
      errors?.filter(({ path }) => !asked.some(({ key }) => key === path?.[0])),
      () => undefined,
    )
    if (!isFields(data)) return
    const isExplained = errors !== undefined && errors.length > 0
    for (const one of asked) {
      try {
        mergeEntities(data[one.key], one.rules, one.batch, merge, isExplained)
      } catch (error) {
        failedAt(one, error)
      }
    }
  } catch (error) {
    failedAt(asked[0]!, error)
  }
}

/** An error of one representation concerns every place in the answer that it stands for; of all of them, each place. */
function addEntityErrors(
  run: Run,
  service: string,
  errors: readonly GraphQLFormattedError[] | undefined,
  { rules, batch }: Asked,
): void {
  if (!errors || errors.length === 0) return
  const places = placesOf(run.data, rules)
  for (const error of errors) {
    const [, index, ...rest] = error.path ?? []
    const targets = typeof index === 'number' ? (batch.targetsOf[index] ?? []) : []
    if (targets.length === 0) addErrors(run, service, [error], () => places[batch.first])
    for (const target of targets) addErrors(run, service, [error], () => [...(places[target] ?? []), ...rest])
  }
}

/** The variables of the operation that a fetch uses, those not given left out. */
export function chosen({ variables }: Run, names: readonly string[]): Fields {
  const result: Fields = {}
  for (const name of names) {
    if (Object.hasOwn(variables, name) && variables[name] !== undefined) setOwn(result, name, variables[name])
  }
  return result
}

/** Variables as JSON: those given, and representations that are JSON already. @param batches by name of the variable */
export function withRepresentations(given: Fields, batches: readonly (readonly [string, readonly string[]])[]): string {
  const parts = batches.map(([name, texts]) => `"${name}":[${texts.join()}]`)
  const rest = JSON.stringify(given).slice(1, -1)
  return `{${rest}${rest === '' ? '' : ','}${parts.join()}}`
}
