// Composition: subgraph SDLs to the supergraph, offline, with findings that name the subgraphs.
import { type CompositionFailure, composeServices } from '@apollo/composition'
import { type DocumentNode, GraphQLError, parse } from 'graphql'
import { QuesnayError } from '../schema/errors.ts'
import { readEventSources } from './event-source.ts'

export interface SubgraphSdl {
  readonly name: string
  readonly url: string
  readonly sdl: string
}

interface CompositionFinding {
  readonly severity: 'ERROR' | 'INFO'
  /** As @apollo/composition calls it (such as FIELD_TYPE_MISMATCH), or SYNTAX or EVENT_SOURCE. */
  readonly code: string
  readonly message: string
  /** Subgraphs that it lies in, where known. */
  readonly subgraphs: readonly string[]
}

export interface Composition {
  /** undefined where a finding is an ERROR. */
  readonly supergraphSdl: string | undefined
  readonly findings: readonly CompositionFinding[]
}

/** Composes and tells everything that is wrong or worth knowing; never throws over what the SDLs say. */
export function checkComposition(services: readonly SubgraphSdl[]): Composition {
  const parsed = services.map(parseService)
  const faults = parsed.filter((service) => 'severity' in service)
  if (faults.length > 0) return { supergraphSdl: undefined, findings: faults }
  const composed = composeServices(parsed.filter((service) => 'typeDefs' in service))
  if (composed.errors) return { supergraphSdl: undefined, findings: composed.errors.map(asFinding) }
  const hints = composed.hints.map(({ definition, message, nodes }): CompositionFinding => {
    return { severity: 'INFO', code: definition.code, message, subgraphs: subgraphsOf(nodes) }
  })
  const events = readEventSources(parse(composed.supergraphSdl)).faults.map((message): CompositionFinding => {
    return { severity: 'ERROR', code: 'EVENT_SOURCE', message, subgraphs: [] }
  })
  return { supergraphSdl: events.length > 0 ? undefined : composed.supergraphSdl, findings: [...events, ...hints] }
}

/** The supergraph's SDL; equal SDLs give equal text. BAD_INPUT whose detail.findings lists every fault. */
export function composeSupergraph(services: readonly SubgraphSdl[]): string {
  const { supergraphSdl, findings } = checkComposition(services)
  if (supergraphSdl !== undefined) return supergraphSdl
  const faults = findings.filter((finding) => finding.severity === 'ERROR')
  const text = faults.map(({ code, message }) => `${code}: ${message}`).join('\n')
  throw new QuesnayError('BAD_INPUT', `the subgraphs do not compose:\n${text}`, { findings: faults })
}

function parseService({
  name,
  url,
  sdl,
}: SubgraphSdl): { name: string; url: string; typeDefs: DocumentNode } | CompositionFinding {
  try {
    return { name, url, typeDefs: parse(sdl) }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const at = error.locations?.[0]
    const message = `[${name}] ${error.message}${at ? ` (line ${at.line}, column ${at.column})` : ''}`
    return { severity: 'ERROR', code: 'SYNTAX', message, subgraphs: [name] }
  }
}

function asFinding(error: CompositionFailure['errors'][number]): CompositionFinding {
  const code = String(error.extensions['code'] ?? 'INVALID_GRAPHQL')
  return { severity: 'ERROR', code, message: error.message, subgraphs: subgraphsOf(error.nodes) }
}

/** @apollo/composition marks the nodes that it blames with their subgraph. */
function subgraphsOf(nodes: readonly object[] | undefined): string[] {
  const names = (nodes ?? []).map((node) => (node as { subgraph?: string }).subgraph)
  return [...new Set(names.filter((name) => name !== undefined))]
}
