// Composition: subgraph SDLs to the supergraph, offline, with findings that name the subgraphs.
import { type CompositionFailure, composeServices } from '@apollo/composition'
import { type ASTNode, type DocumentNode, GraphQLError, parse } from 'graphql'
import { QuesnayError } from '../schema/errors.ts'
import { readEventSources } from './live/event-source.ts'
import { type Conflict, conflictSentence, readRequirements } from './requirements/read-requirements.ts'

export interface SubgraphSdl {
  readonly name: string
  readonly url: string
  readonly sdl: string
}

export interface CompositionFinding {
  readonly severity: 'ERROR' | 'INFO'
  /** As @apollo/composition calls it (such as FIELD_TYPE_MISMATCH), or SYNTAX, EVENT_SOURCE or REQUIRES_ARGUMENTS. */
  readonly code: string
  readonly message: string
  /** Subgraphs that it lies in, where known. */
  readonly subgraphs: readonly string[]
  /** In the SDL of the last of the subgraphs given, from 1; absent where it does not lie in that one. */
  readonly line?: number | undefined
}

export interface CompositionRules {
  /** Whether a subscription field that names no source of events is an ERROR; default `refuse`, which it is. */
  readonly unpushed?: 'refuse' | 'answer'
}

export interface Composition {
  /** undefined where a finding is an ERROR. */
  readonly supergraphSdl: string | undefined
  readonly findings: readonly CompositionFinding[]
}

/** Composes and tells everything that is wrong or worth knowing; never throws over what the SDLs say. */
export function checkComposition(
  services: readonly SubgraphSdl[],
  { unpushed = 'refuse' }: CompositionRules = {},
): Composition {
  const parsed = services.map(parseService)
  const broken = parsed.filter((service) => 'severity' in service)
  if (broken.length > 0) return { supergraphSdl: undefined, findings: broken }
  const composed = composeServices(parsed.filter((service) => 'typeDefs' in service))
  const last = services.at(-1)?.name
  if (composed.errors)
    return { supergraphSdl: undefined, findings: composed.errors.map((error) => asFinding(error, last)) }
  const hints = composed.hints.map(({ definition, message, nodes }): CompositionFinding => {
    return {
      severity: 'INFO',
      code: definition.code,
      message,
      subgraphs: subgraphsOf(nodes),
      line: lineIn(last, nodes),
    }
  })
  const document = parse(composed.supergraphSdl)
  const fault =
    (code: string) =>
    (message: string): CompositionFinding => {
      return { severity: 'ERROR', code, message, subgraphs: [] }
    }
  const requirements = readRequirements(document)
  const faults = [
    ...(unpushed === 'refuse' ? readEventSources(document).faults.map(fault('EVENT_SOURCE')) : []),
    ...requirements.faults.map(fault('REQUIRES_ARGUMENTS')),
  ]
  const supergraphSdl = faults.length > 0 ? undefined : composed.supergraphSdl
  return { supergraphSdl, findings: [...faults, ...requirements.conflicts.map(conflictHint), ...hints] }
}

/** It is served here, by the executor `compiled`; other gateways may take one value for the other, without an error. */
function conflictHint(conflict: Conflict): CompositionFinding {
  return {
    severity: 'INFO',
    code: 'REQUIRES_ARGUMENTS',
    message: `${conflictSentence(conflict)}: other routers may take one for another, and the executor \`apollo\` refuses it`,
    subgraphs: [...new Set([...conflict.ways.values()].flatMap(({ subgraphs }) => subgraphs))],
  }
}

/** The supergraph's SDL; equal SDLs give equal text. BAD_INPUT whose detail.findings lists every fault. */
export function composeSupergraph(services: readonly SubgraphSdl[], rules: CompositionRules = {}): string {
  const { supergraphSdl, findings } = checkComposition(services, rules)
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
    return { severity: 'ERROR', code: 'SYNTAX', message, subgraphs: [name], line: at?.line }
  }
}

function asFinding(error: CompositionFailure['errors'][number], last: string | undefined): CompositionFinding {
  const code = String(error.extensions['code'] ?? 'INVALID_GRAPHQL')
  return {
    severity: 'ERROR',
    code,
    message: error.message,
    subgraphs: subgraphsOf(error.nodes),
    line: lineIn(last, error.nodes),
  }
}

function lineIn(subgraph: string | undefined, nodes: readonly object[] | undefined): number | undefined {
  const mine = (nodes ?? []).find((node) => (node as { subgraph?: string }).subgraph === subgraph)
  return (mine as ASTNode | undefined)?.loc?.startToken.line
}

/** @apollo/composition marks the nodes that it blames with their subgraph. */
function subgraphsOf(nodes: readonly object[] | undefined): string[] {
  const names = (nodes ?? []).map((node) => (node as { subgraph?: string }).subgraph)
  return [...new Set(names.filter((name) => name !== undefined))]
}
