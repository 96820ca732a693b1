// How operations that ask for a subgraph's fields would be planned: whom they ask, and how often one waits for another.
import { operationFromDocument, type Supergraph } from '@apollo/federation-internals'
import { type PlanNode, QueryPlanner } from '@apollo/query-planner'
import { type DocumentNode, type GraphQLSchema, Kind, parse } from 'graphql'
import type { Finding } from './finding.ts'
import { sampleOperation } from './sample-operation.ts'

export interface SamplePlan {
  /** Coordinate of the field it was made for. */
  readonly path: string
  readonly operation: string
  /** Subgraphs in their order: `a > (b, c)` asks b and c at once after a. */
  readonly plan: string
  /** Requests that wait for one another, at most. */
  readonly depth: number
  readonly fetches: number
}

/** So many fields are planned; a subgraph of more is not checked further. */
const MOST_PLANS = 40
/** Requests in a row before a plan is worth a warning. */
const MOST_IN_A_ROW = 3

export interface SamplePlans {
  readonly plans: readonly SamplePlan[]
  readonly findings: readonly Finding[]
}

/** A plan for each field that a subgraph adds to a root type or to an entity. */
export function samplePlans(subgraph: DocumentNode, supergraph: Supergraph, schema: GraphQLSchema): SamplePlans {
  const planner = new QueryPlanner(supergraph)
  const plans: SamplePlan[] = []
  const findings: Finding[] = []
  for (const { path, type, field, line } of addedFields(subgraph).slice(0, MOST_PLANS)) {
    const operation = sampleOperation(schema, type, field)
    if (operation === undefined) continue
    const { node } = planner.buildQueryPlan(operationFromDocument(supergraph.apiSchema(), parse(operation)))
    if (!node || node.kind === 'Subscription') continue
    const plan = { path, operation, plan: described(node), depth: depthOf(node), fetches: fetchesOf(node) }
    plans.push(plan)
    if (plan.depth > MOST_IN_A_ROW)
      findings.push({
        severity: 'WARNING',
        code: 'SEQUENTIAL_FETCHES',
        path,
        message: `${path} takes ${plan.depth} requests in a row: ${plan.plan}`,
        suggestion: 'require less of other subgraphs, or have it provided on the way',
        line,
      })
  }
  return { plans, findings }
}

interface AddedField {
  readonly path: string
  readonly type: string
  readonly field: string
  readonly line: number | undefined
}

const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation'])

function addedFields({ definitions }: DocumentNode): AddedField[] {
  return definitions.flatMap((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return []
    const type = node.name.value
    const keys = (node.directives ?? []).filter(({ name }) => name.value === 'key')
    if (keys.length === 0 && !ROOTS.has(type)) return []
    const keyText = keys
      .flatMap((key) => key.arguments ?? [])
      .map(({ value }) => (value.kind === Kind.STRING ? value.value : ''))
      .join(' ')
    const isKey = (name: string) => keyText.split(/[\s,{}]+/).includes(name)
    return (node.fields ?? []).flatMap(({ name: { value: field }, directives = [], loc }): AddedField[] =>
      isKey(field) || directives.some(({ name }) => name.value === 'external')
        ? []
        : [{ path: `${type}.${field}`, type, field, line: loc?.startToken.line }],
    )
  })
}

function described(node: PlanNode): string {
  switch (node.kind) {
    case 'Fetch':
      return node.serviceName
    case 'Flatten':
      return described(node.node)
    case 'Sequence':
      return node.nodes.map(described).join(' > ')
    case 'Parallel':
      return `(${node.nodes.map(described).join(', ')})`
    default:
      return node.kind
  }
}

function depthOf(node: PlanNode): number {
  if (node.kind === 'Sequence') return node.nodes.reduce((sum, child) => sum + depthOf(child), 0)
  if (node.kind === 'Parallel') return Math.max(...node.nodes.map(depthOf))
  return node.kind === 'Flatten' ? depthOf(node.node) : 1
}

function fetchesOf(node: PlanNode): number {
  if (node.kind === 'Sequence' || node.kind === 'Parallel')
    return node.nodes.reduce((sum, child) => sum + fetchesOf(child), 0)
  return node.kind === 'Flatten' ? fetchesOf(node.node) : 1
}
