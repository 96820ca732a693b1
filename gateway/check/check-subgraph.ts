// Checks a subgraph before it is published: composition, what changes for clients and for other subgraphs, style, and plans. Offline.
import { Supergraph } from '@apollo/federation-internals'
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql'
import type { Grants } from '../authorise/grants.ts'
import { checkComposition, type SubgraphSdl } from '../compose.ts'
import { forPlanner } from '../for-planner.ts'
import { apiChanges } from './api-changes.ts'
import type { Finding } from './finding.ts'
import { grantFindings } from './grant-findings.ts'
import { keyChanges } from './key-changes.ts'
import { lint } from './lint.ts'
import { type SamplePlan, samplePlans } from './sample-plans.ts'

export interface SubgraphCheck {
  /** False where a finding is an ERROR. */
  readonly passed: boolean
  readonly findings: readonly Finding[]
  /** Empty where it does not compose. */
  readonly plans: readonly SamplePlan[]
  /** Of all subgraphs with this one; undefined where they do not compose. */
  readonly supergraphSdl: string | undefined
}

export interface CheckOptions {
  /** What breaks clients or other subgraphs is a WARNING. */
  readonly allowBreaking?: boolean
  /** What partners are granted of ours; default: it is no partner's, and nobody asks. */
  readonly grants?: Grants
}

/** @param current the subgraphs of the graph as it is; one of the same name is replaced. */
export async function checkSubgraph(
  subgraph: SubgraphSdl,
  current: readonly SubgraphSdl[],
  { allowBreaking = false, grants }: CheckOptions = {},
): Promise<SubgraphCheck> {
  const others = current.filter(({ name }) => name !== subgraph.name)
  const before = current.find(({ name }) => name === subgraph.name)
  const rules = { unpushed: 'answer' } as const
  const { supergraphSdl, findings: composing } = checkComposition([...others, subgraph], rules)
  const faults = composing
    .filter(({ severity, subgraphs }) => severity === 'ERROR' || subgraphs.includes(subgraph.name))
    .map(({ severity, code, message, line }): Finding => {
      return { severity, code, path: null, message, suggestion: null, ...(line ? { line } : {}) }
    })
  const document = parsed(subgraph.sdl)
  const style = document ? lint(document, typesOf(others)) : []
  if (supergraphSdl === undefined || !document)
    return { passed: false, findings: [...faults, ...style], plans: [], supergraphSdl: undefined }

  const after = read(supergraphSdl)
  // Where there is nothing before, or nothing that composes, there is nothing that could break.
  const served = current.length > 0 ? checkComposition(current, rules).supergraphSdl : undefined
  const changes = served === undefined ? [] : await apiChanges(read(served).schema, after.schema)
  const keys = before ? keyChanges(parse(before.sdl), document) : []
  const judged = [...changes, ...keys].map((finding): Finding => {
    return allowBreaking && finding.severity === 'ERROR' ? { ...finding, severity: 'WARNING' } : finding
  })
  const { plans, findings: slow } = samplePlans(document, after.supergraph, after.schema)
  const ungranted = grants ? grantFindings(subgraph.name, parse(supergraphSdl), after.schema, grants) : []
  const findings = [...faults, ...ungranted, ...judged, ...style, ...slow]
  return { passed: findings.every(({ severity }) => severity !== 'ERROR'), findings, plans, supergraphSdl }
}

function read(sdl: string): { supergraph: Supergraph; schema: GraphQLSchema } {
  const supergraph = Supergraph.build(forPlanner(sdl, parse(sdl, { noLocation: true })))
  return { supergraph, schema: supergraph.apiSchema().toGraphQLJSSchema() }
}

function parsed(sdl: string): DocumentNode | undefined {
  try {
    return parse(sdl)
  } catch {
    // Composition has said where.
    return undefined
  }
}

function typesOf(subgraphs: readonly SubgraphSdl[]): Set<string> {
  const names = subgraphs.flatMap(({ sdl }) =>
    parse(sdl, { noLocation: true }).definitions.flatMap((node) =>
      'name' in node && node.name ? node.name.value : [],
    ),
  )
  return new Set(names)
}
