// A plan over a supergraph with bound fields, as subgraphs understand it: a fetch tells each way of a required field apart.
import type { FetchNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner'
import { type DocumentNode, type FieldNode, Kind, type OperationDefinitionNode, parse, print, visit } from 'graphql'
import type { Bindings, Need } from '../../requirements/bind-requirements.ts'
import { mayBeOne, placeOf, typeAt } from '../../requirements/place.ts'
import { eachField, only, usedOf, withoutSpreads, withoutUnused } from './cut-operation.ts'

/**
 * What the plan calls by the name of a bound field is asked for under that name, as the field with its arguments; of an entity the subgraph
 * is told it under the name of the field. A fetch whose fields require one field in different ways is several, side by side.
 */
export function parted(plan: PlanNode, bindings: Bindings): PlanNode {
  switch (plan.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...plan, nodes: plan.nodes.map((node) => parted(node, bindings)) }
    case 'Flatten': {
      const node = parted(plan.node, bindings)
      if (node.kind !== 'Parallel') return { ...plan, node }
      return { ...node, nodes: node.nodes.map((part) => ({ ...plan, node: part })) }
    }
    case 'Fetch': {
      const parts = partsOf(plan, bindings)
      return parts.length === 1 ? parts[0]! : { kind: 'Parallel', nodes: parts }
    }
    default:
      return plan
  }
}

function partsOf(node: FetchNode, bindings: Bindings): FetchNode[] {
  const document = parse(node.operation, { noLocation: true })
  const parts = node.requires ? partsByNeeds(document, node.serviceName, bindings) : [{ document, needs: undefined }]
  return parts.map((part) => {
    const bound = called(part.document, bindings)
    if (bound === document && !node.requires) return node
    const { operationDocumentNode: _, ...rest } = node
    return {
      ...rest,
      operation: bound === document ? node.operation : print(bound),
      ...(node.requires ? { requires: told(node.requires, part.needs, bindings) } : {}),
      ...(node.variableUsages ? { variableUsages: usedOf(node.variableUsages, part.document) } : {}),
    }
  })
}

interface Part {
  readonly document: DocumentNode
  /** Of its fields; undefined where the fetch has one part, which is told all. */
  readonly needs: readonly Need[] | undefined
}

/** The operation on entities, once for each way that its fields want told of something. */
function partsByNeeds(document: DocumentNode, service: string, bindings: Bindings): Part[] {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  )
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const [entities] = operation.selectionSet.selections as readonly FieldNode[]
  const whole = withoutSpreads(entities!.selectionSet!, fragments)
  const groups: Need[][] = []
  const groupOf = new Map<FieldNode, Need[]>()
  eachField(whole, undefined, (field, type) => {
    const needs = type === undefined ? [] : bindings.needs(service, type, field.name.value)
    const group = groups.find((others) => needs.every((need) => others.every((other) => !conflict(need, other)))) ?? []
    if (!groups.includes(group)) groups.push(group)
    group.push(...needs)
    groupOf.set(field, group)
  })
  if (groups.length <= 1) return [{ document, needs: undefined }]
  return groups.map((needs) => {
    const selectionSet = only(whole, (field) => groupOf.get(field) === needs || field.name.value === '__typename')
    const selections = [{ ...entities!, selectionSet }]
    const asked: OperationDefinitionNode = { ...operation, selectionSet: { ...operation.selectionSet, selections } }
    return { document: withoutUnused({ ...document, definitions: [asked, ...fragments.values()] }), needs }
  })
}

/** Of one object the same field, required in two ways. */
const conflict = (a: Need, b: Need): boolean => mayBeOne(a.place, b.place) && !mayBeOne(a.bound, b.bound)

/** Calls of bound fields as calls of the fields; the document itself where there are none. */
const called = (document: DocumentNode, { calls }: Bindings): DocumentNode =>
  visit(document, {
    Field(node) {
      const call = calls.get(node.name.value)
      if (!call) return undefined
      const name = { ...node.name, value: call.name }
      return {
        ...node,
        alias: node.alias ?? node.name,
        name,
        arguments: [...call.arguments, ...(node.arguments ?? [])],
      }
    },
  })

/**
 * What of an entity is told: bound fields are read under their names (`alias`) and told under those of the fields.
 * @param needs the bound fields that are told; default all
 */
function told(
  nodes: readonly QueryPlanSelectionNode[],
  needs: readonly Need[] | undefined,
  bindings: Bindings,
): QueryPlanSelectionNode[] {
  type Nodes = readonly QueryPlanSelectionNode[]
  const walk = (selections: Nodes, above: string, type?: string): QueryPlanSelectionNode[] =>
    selections.flatMap((node): QueryPlanSelectionNode[] => {
      if (node.kind === 'InlineFragment') {
        const { typeCondition = '' } = node
        const inner = walk(node.selections, above, bindings.isObject(typeCondition) ? typeCondition : type)
        return inner.length > 0 ? [{ ...node, selections: inner }] : []
      }
      const place = placeOf(above, type, node.name)
      const inner = node.selections && walk(node.selections, place)
      if (inner?.length === 0) return []
      const field = inner ? { ...node, selections: inner } : node
      const call = bindings.calls.get(node.name)
      if (!call) return [field]
      const bound = { ...field, alias: node.name, name: call.name }
      return needs
        ? onlyOf(
            bound,
            needs.filter((need) => mayBeOne(need.bound, place)),
            type,
          )
        : [bound]
    })
  return walk(nodes, '')
}

/** A field where it is needed: of all objects, or of those of the types that it is needed of. */
function onlyOf(
  field: QueryPlanSelectionNode,
  needs: readonly Need[],
  type: string | undefined,
): QueryPlanSelectionNode[] {
  const types = new Set(needs.map(({ bound }) => typeAt(bound)))
  if (types.has(undefined) || (type !== undefined && types.size > 0)) return [field]
  return [...types].map((typeCondition) => ({
    kind: 'InlineFragment',
    typeCondition: typeCondition!,
    selections: [field],
  }))
}
