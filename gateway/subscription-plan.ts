// A subscription planned once: the fetch that shows what is watched, read as a query, and the rest of the plan behind it.

import { operationFromDocument } from '@apollo/federation-internals'
import { buildOperationContext, executeQueryPlan } from '@apollo/gateway'
import type { FetchNode, PlanNode, QueryPlanner } from '@apollo/query-planner'
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  visit,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Caller } from '../schema/caller.ts'
import { isQuesnayError } from '../schema/errors.ts'
import type { Faults, OperationRequest, Prepared } from './documents.ts'
import { badRequest, wireError } from './errors.ts'
import { type EventSource, subjectOf } from './event-source.ts'
import type { Graph } from './graph.ts'

/** Asked for beside what the client selects, to know when what is watched has ended; taken out of the answer again. */
const STATUS_ALIAS = 'quesnayStatus'

export interface SubscriptionPlan {
  /** Key of the one root field in the answer. */
  readonly responseKey: string
  /** Reads the state now, through all subgraphs that the selection needs. */
  read(request: OperationRequest, caller: Caller): Promise<Reading>
  /** The subject to listen to; BAD_INPUT errors where an argument cannot stand in one. */
  subject(variables: Record<string, unknown>, tenant: string): string | Faults
}

export interface Reading {
  readonly result: ExecutionResult
  /** The `status` of what is watched; undefined where it has none, or is not there. */
  readonly status: string | undefined
}

export class SubscriptionPlanner {
  readonly #graph: Graph
  readonly #planner: QueryPlanner
  // Converted once: this takes longer than the execution of an event.
  readonly #supergraphSchema
  readonly #apiSchema
  readonly #plans = new LRUCache<string, SubscriptionPlan>({ max: 500 })

  constructor(graph: Graph, planner: QueryPlanner) {
    this.#graph = graph
    this.#planner = planner
    this.#supergraphSchema = planner.supergraph.schema.toGraphQLJSSchema()
    this.#apiSchema = planner.supergraph.apiSchema()
  }

  /** The plan of a valid subscription operation. BAD_INPUT errors where it selects nothing. */
  plan(prepared: Prepared, request: OperationRequest): SubscriptionPlan | Faults {
    const key = `${request.operationName ?? ''}\n${request.query}`
    const known = this.#plans.get(key)
    if (known) return known
    const plan = this.#build(prepared)
    if ('read' in plan) this.#plans.set(key, plan)
    return plan
  }

  #build({ document, operation }: Prepared): SubscriptionPlan | Faults {
    const graph = this.#graph
    const field = rootField(document, operation)
    const source = field && graph.events.get(field.name.value)
    if (!source) return [badRequest('the subscription selects no field that is pushed')]
    const watched = this.#withStatus(document, operation, source)
    const planned = this.#planner.buildQueryPlan(operationFromDocument(this.#apiSchema, watched, named(operation))).node
    if (planned?.kind !== 'Subscription') return [badRequest('the subscription selects nothing')]
    const primary = asSnapshot(planned.primary, source)
    const nodes: PlanNode[] = planned.rest ? [primary, planned.rest] : [primary]
    const queryPlan = { kind: 'QueryPlan' as const, node: { kind: 'Sequence' as const, nodes } }
    const operationContext = buildOperationContext({
      schema: graph.schema,
      operationDocument: watched,
      ...named(operation),
    })
    const services = Object.fromEntries([...graph.services].map(([name, { source }]) => [name, source]))
    const responseKey = field.alias?.value ?? field.name.value
    const definition = graph.schema.getSubscriptionType()!.getFields()[source.field]!

    return {
      responseKey,
      read: async (request, caller) => {
        const context = graph.requestContext(watched, operationContext.operation, request, caller)
        const run = () =>
          executeQueryPlan(queryPlan, services, context, operationContext, this.#supergraphSchema, this.#apiSchema)
        return takeStatus(await graph.settle(run, caller), responseKey)
      },
      subject: (variables, tenant) => {
        try {
          return subjectOf(source, tenant, getArgumentValues(definition, field, variables))
        } catch (error) {
          if (!isQuesnayError(error)) throw error
          return [wireError(error.code, error.message, error.detail, [responseKey])]
        }
      },
    }
  }

  /** The operation with the status of what is watched selected too, where its type has one. */
  #withStatus(document: DocumentNode, operation: OperationDefinitionNode, source: EventSource): DocumentNode {
    const definition = this.#graph.schema.getSubscriptionType()?.getFields()[source.field]
    const type = getNullableType(definition?.type)
    if (!isObjectType(type) || !isLeafType(getNamedType(type.getFields()['status']?.type))) return document
    const status = parse(`{ ${STATUS_ALIAS}: status }`).definitions[0] as OperationDefinitionNode
    const isRoot = (node: FieldNode) => node.name.value === source.field && node.selectionSet
    return visit(document, {
      // The one root field may stand in the operation or in a fragment on the subscription type.
      OperationDefinition: (node) => (node === operation ? undefined : false),
      FragmentDefinition: (node) =>
        node.typeCondition.name.value === this.#graph.schema.getSubscriptionType()?.name ? undefined : false,
      Field: (node) =>
        isRoot(node)
          ? {
              ...node,
              selectionSet: {
                ...node.selectionSet!,
                selections: [...node.selectionSet!.selections, ...status.selectionSet.selections],
              },
            }
          : false,
    })
  }
}

const named = (operation: OperationDefinitionNode) => (operation.name ? { operationName: operation.name.value } : {})

/** The first root field of a subscription, looked for in fragments too; validation has seen that it is the only one. */
function rootField(document: DocumentNode, operation: OperationDefinitionNode): FieldNode | undefined {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  const first = (selectionSet: OperationDefinitionNode['selectionSet']): FieldNode | undefined => {
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FIELD) return node
      const inner =
        node.kind === Kind.INLINE_FRAGMENT
          ? node.selectionSet
          : fragments.find((f) => f.name.value === node.name.value)?.selectionSet
      const found = inner && first(inner)
      if (found) return found
    }
    return undefined
  }
  return first(operation.selectionSet)
}

/** The primary fetch of a subscription as a query of the snapshot field, with the same selection and response key. */
function asSnapshot(primary: FetchNode, source: EventSource): FetchNode {
  const document = visit(parse(primary.operation), {
    OperationDefinition: (node) => ({
      ...node,
      operation: OperationTypeNode.QUERY,
      selectionSet: {
        ...node.selectionSet,
        selections: node.selectionSet.selections.map((selection) =>
          selection.kind === Kind.FIELD && selection.name.value === source.field
            ? snapshotField(selection, source)
            : selection,
        ),
      },
    }),
  })
  const { operationDocumentNode: _, ...rest } = primary
  return { ...rest, operation: print(withoutUnusedVariables(document)), operationKind: OperationTypeNode.QUERY }
}

function snapshotField(field: FieldNode, source: EventSource): FieldNode {
  return {
    ...field,
    alias: field.alias ?? field.name,
    name: { kind: Kind.NAME, value: source.snapshot },
    arguments: (field.arguments ?? []).filter((argument) => source.snapshotArguments.includes(argument.name.value)),
  }
}

/** An argument that only the subscription field takes leaves its variable unused, which is invalid. */
function withoutUnusedVariables(document: DocumentNode): DocumentNode {
  const used = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => {
      used.add(node.name.value)
    },
  })
  return visit(document, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? false : null),
  })
}

function takeStatus(result: ExecutionResult, responseKey: string): Reading {
  const watched = result.data?.[responseKey]
  if (typeof watched !== 'object' || watched === null) return { result, status: undefined }
  const { [STATUS_ALIAS]: status, ...visible } = watched as Record<string, unknown>
  const data = { ...result.data, [responseKey]: visible }
  return { result: { ...result, data }, status: typeof status === 'string' ? status : undefined }
}
