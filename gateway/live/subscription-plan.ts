// A subscription planned once: the fetch that shows what is watched, read as a query, and the rest of the plan behind it.
import type { FetchNode, PlanNode } from '@apollo/query-planner'
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  print,
  visit,
} from 'graphql'
import type { Caller } from '../../schema/caller.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import type { Faults, OperationRequest, Prepared } from '../documents.ts'
import { badRequest, wireError } from '../errors.ts'
import type { Graph, Planning } from '../graph.ts'
import { eventServiceOf } from './event-data.ts'
import { AFTER, type EventSource } from './event-source.ts'
import { patternOf } from './subject.ts'

/**
 * Asked for beside what the client selects, where a source tells when what is watched has ended: to know whether, and when; taken out
 * of the answer again.
 */
const STATUS = 'quesnayStatus'
const FINISHED = { key: 'quesnayFinishedAt', field: 'finishedAt' } as const

export interface SubscriptionPlan {
  readonly source: EventSource
  /** Key of the one root field in the answer. */
  readonly responseKey: string
  /** Reads the state now, through all subgraphs that the selection needs. Only where the source has a snapshot. */
  read(request: OperationRequest, caller: Caller): Promise<Reading>
  /** The state that an event carries, and through the subgraphs only what it lacks. */
  push(request: OperationRequest, caller: Caller, payload: Readonly<Record<string, unknown>>): Promise<Reading>
  /** The pattern to listen to; BAD_INPUT errors where an argument cannot stand in a subject. */
  subject(variables: Record<string, unknown>, tenant: string): string | Faults
  /** The cursor that the field's own argument gives. */
  after(variables: Record<string, unknown>): string | undefined
  /** The variables that an answer depends on: those without the one that only says from where to go on. */
  shared(variables: Record<string, unknown>): Record<string, unknown>
}

export interface Reading {
  readonly result: ExecutionResult
  /** The `status` of what is watched; undefined where it has none, or is not there. */
  readonly status: string | undefined
  /** Its `finishedAt`, in milliseconds; undefined where it has none, or goes on. */
  readonly finishedAt?: number | undefined
}

export class SubscriptionPlanner {
  readonly #graph: Graph
  readonly #planning: Planning
  readonly #plans = new WeakMap<OperationDefinitionNode, SubscriptionPlan>()

  constructor(graph: Graph, planning: Planning) {
    this.#graph = graph
    this.#planning = planning
  }

  /** The plan of a valid subscription operation. BAD_INPUT errors where it selects nothing. */
  plan(prepared: Prepared): SubscriptionPlan | Faults {
    const known = this.#plans.get(prepared.operation)
    if (known) return known
    const plan = this.#build(prepared)
    if ('read' in plan) this.#plans.set(prepared.operation, plan)
    return plan
  }

  #build({ document, operation }: Prepared): SubscriptionPlan | Faults {
    const graph = this.#graph
    const field = rootField(document, operation)
    const source = field && graph.events.get(field.name.value)
    if (!source)
      return [
        badRequest('the subscription selects no field that is pushed', {
          path: field?.alias?.value ?? field?.name.value ?? 'query',
          suggestion: 'ask a subscription field that names its events by @eventSource, or the subgraph itself',
        }),
      ]
    const watched = this.#withStatus(document, operation, source)
    const plan =
      (first: (primary: FetchNode) => FetchNode) =>
      (document: DocumentNode): PlanNode => {
        const node = this.#planning(document, operation.name?.value)
        if (node?.kind !== 'Subscription') throw badRequest('the subscription selects nothing')
        const primary = first(node.primary)
        return { kind: 'Sequence', nodes: node.rest ? [primary, node.rest] : [primary] }
      }
    const watchedOperation = getOperationAST(watched, operation.name?.value)!
    const prepared = { document: watched, operation: watchedOperation }
    const reading = graph.executor.prepare(
      prepared,
      plan((primary) => asSnapshot(primary, source)),
    )
    const pushing = graph.executor.prepare(prepared, plan(asEvent))
    const responseKey = field.alias?.value ?? field.name.value
    const definition = graph.schema.getSubscriptionType()!.getFields()[source.field]!

    const args = (variables: Record<string, unknown>) => getArgumentValues(definition, field, variables)
    const onlyAfter = variableOfAfter(document, field)
    return {
      source,
      responseKey,
      read: async (request, caller) =>
        takeStatus(await graph.settle(() => reading(request, caller), caller), responseKey),
      push: async (request, caller, payload) =>
        takeStatus(await graph.settle(() => pushing(request, caller, payload), caller), responseKey),
      subject: (variables, tenant) => {
        try {
          return patternOf(source.subject, tenant, args(variables))
        } catch (error) {
          if (!isQuesnayError(error)) throw error
          return [wireError(error.code, error.message, error.detail, [responseKey])]
        }
      },
      after: (variables) => {
        const { [AFTER]: after } = args(variables)
        return typeof after === 'string' ? after : undefined
      },
      shared: (variables) => {
        if (onlyAfter === undefined) return variables
        const { [onlyAfter]: _, ...others } = variables
        return others
      },
    }
  }

  /** The operation with the status of what is watched selected too, where its type has one. */
  #withStatus(document: DocumentNode, operation: OperationDefinitionNode, source: EventSource): DocumentNode {
    const definition = this.#graph.schema.getSubscriptionType()?.getFields()[source.field]
    const type = getNullableType(definition?.type)
    const { statusField } = source
    if (!isObjectType(type) || statusField === undefined) return document
    const wanted = [
      [STATUS, statusField],
      [FINISHED.key, FINISHED.field],
    ] as const
    const known = wanted.filter(([, name]) => isLeafType(getNamedType(type.getFields()[name]?.type)))
    if (known.length === 0) return document
    const asked = known.map(([alias, name]) => `${alias}: ${name}`).join(' ')
    const added = parse(`{ ${asked} }`).definitions[0] as OperationDefinitionNode
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
                selections: [...node.selectionSet!.selections, ...added.selectionSet.selections],
              },
            }
          : false,
    })
  }
}

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

/** The variable that nothing but the argument `after` of the watched field is given by. */
function variableOfAfter(document: DocumentNode, field: FieldNode): string | undefined {
  const value = field.arguments?.find(({ name }) => name.value === AFTER)?.value
  if (value?.kind !== Kind.VARIABLE) return undefined
  let uses = 0
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      if (name.value === value.name.value) uses++
    },
  })
  return uses === 1 ? value.name.value : undefined
}

/** The primary fetch of a subscription, answered by an event. */
const asEvent = (primary: FetchNode): FetchNode => ({ ...primary, serviceName: eventServiceOf(primary.serviceName) })

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
    name: { kind: Kind.NAME, value: source.snapshot ?? source.field },
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
  if (!(STATUS in watched)) return { result, status: undefined }
  const { [STATUS]: status, [FINISHED.key]: finished, ...visible } = watched as Record<string, unknown>
  const data = { ...result.data, [responseKey]: visible }
  const finishedAt = typeof finished === 'string' ? Date.parse(finished) : Number.NaN
  return {
    result: { ...result, data },
    status: typeof status === 'string' ? status : undefined,
    finishedAt: Number.isNaN(finishedAt) ? undefined : finishedAt,
  }
}
