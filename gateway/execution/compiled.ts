// Our executor: a plan compiled to closures, entities asked for once each, the answer shaped in one pass.
import type { Schema } from '@apollo/federation-internals'
import type { GraphQLDataSource } from '@apollo/gateway'
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, Kind } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Caller } from '../../schema/caller.ts'
import type { OperationRequest, Prepared } from '../documents.ts'
import type { Bindings } from '../requirements/bind-requirements.ts'
import { collectFields, type SelectionContext } from './compiled/collect-fields.ts'
import { compilePlan } from './compiled/compile-plan.ts'
import { type ConditionValues, choicesOf, conditionsOf, conditionValues, decided } from './compiled/conditions.ts'
import type { Ask, FetchDeps } from './compiled/fetch.ts'
import { type InnerKey, innerKeys, neededNames, withInnerKeys, withInnerNames } from './compiled/inner-keys.ts'
import { introspection } from './compiled/introspection.ts'
import { merger } from './compiled/merge.ts'
import { parted } from './compiled/parted.ts'
import type { Fields } from './compiled/properties.ts'
import type { Run, Step } from './compiled/run.ts'
import { type Shaped, shaperOf } from './compiled/shape.ts'
import { objectTypeTest, typeTest } from './compiled/type-test.ts'
import { wellFormed } from './compiled/well-formed.ts'
import type { EventFields, Executor } from './executor.ts'

export interface CompiledOptions {
  /** What clients see. */
  readonly schema: GraphQLSchema
  /** What the subgraphs have together. */
  readonly supergraph: Schema
  /** The supergraph's text as the planner has it, parsed. */
  readonly document: DocumentNode
  /** Of that text; undefined where it has no bound fields. */
  readonly bindings: Bindings | undefined
  readonly services: ReadonlyMap<string, GraphQLDataSource>
}

/** Variants of one operation that are kept: one for each choice of its conditions that clients make. */
const MAX_VARIANTS = 64

/** An operation with its conditions decided. */
interface Variant {
  readonly step: Step | undefined
  readonly shape: (data: Fields, variables: Fields) => Shaped
}

export function compiledExecutor({ schema, supergraph, document, bindings, services }: CompiledOptions): Executor {
  const innerKey = innerKeys(neededNames(document))
  const deps: FetchDeps = {
    ask: askOf(services),
    isOfType: typeTest(supergraph),
    merge: merger(objectTypeTest(supergraph)),
  }
  return {
    prepare(prepared, planOf) {
      const conditions = conditionsOf(prepared.document, prepared.operation)
      const variants = new LRUCache<string, Variant>({ max: MAX_VARIANTS })
      const shaperFor = shapers(schema, prepared, innerKey)
      const variantOf = (chosen: ConditionValues): Variant => {
        const key = conditions.map(({ variable }) => chosen[variable]).join()
        const known = variants.get(key)
        if (known) return known
        const plan = planOf(withInnerKeys(schema, decided(prepared.document, chosen), innerKey))
        const bound = plan && bindings ? parted(plan, bindings) : plan
        const variant = { step: bound && compilePlan(bound, deps), shape: shaperFor(chosen) }
        variants.set(key, variant)
        return variant
      }
      const execute = async ({ variables }: OperationRequest, caller: Caller, root?: EventFields) => {
        const given = variables ?? {}
        const { step, shape } = variantOf(conditionValues(conditions, given))
        const run: Run = { caller, root, variables: withInnerNames(given), data: {}, errors: [] }
        await step?.(run)
        return answerOf(run, shape(run.data, given))
      }
      return Object.assign(execute, { warm: () => choicesOf(conditions).forEach(variantOf) })
    },
  }
}

/** Faults of completion are told only where no subgraph's error explains them. */
function answerOf({ errors }: Run, { data, errors: completion }: Shaped): ExecutionResult {
  if (errors.length > 0) return { data, errors }
  return completion.length > 0 ? { data, extensions: { valueCompletion: completion } } : { data }
}

/** Shapers of an operation, for each decision of its conditions. */
function shapers(schema: GraphQLSchema, { document, operation }: Prepared, innerKey: InnerKey) {
  const root = schema.getRootType(operation.operation)!
  const list = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  const fragments = new Map(list.map((node) => [node.name.value, node]))
  return (conditions: ConditionValues): Variant['shape'] => {
    const context: SelectionContext = { schema, fragments, conditions, innerKey }
    const shape = shaperOf(context, root, operation.selectionSet)
    const nodes = (key: string) => collectFields(context, root, [operation.selectionSet]).get(key) ?? []
    return (data, variables) => shape(data, introspection(schema, operation, list, nodes, variables))
  }
}

function askOf(services: ReadonlyMap<string, GraphQLDataSource>): Ask {
  return async (service, { query, operationName, variables, variablesText }, { caller, root }) => {
    const source = services.get(service)
    if (!source) throw new Error(`the plan names a subgraph ${service} that there is not`)
    // The rest of what the interface of @apollo/gateway wants is read by no data source of ours.
    const request = { query, variables, variablesText, ...(operationName ? { operationName } : {}) }
    const options = { request, context: { caller, root } }
    return wellFormed(service, await source.process(options as unknown as Parameters<GraphQLDataSource['process']>[0]))
  }
}
