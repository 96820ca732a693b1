// What @cacheControl in a supergraph says of its fields and types.
import { type ConstDirectiveNode, type DocumentNode, Kind, parse, valueFromASTUntyped } from 'graphql'
import type { GraphView } from '../edge/step.ts'

/** Arguments of @cacheControl as Apollo's servers know it, and `ifFinal`: only of objects whose status says that they change no more. */
export interface CacheHint {
  readonly maxAge?: number | undefined
  readonly scope?: 'PUBLIC' | 'PRIVATE' | undefined
  readonly inheritMaxAge?: boolean | undefined
  readonly ifFinal?: boolean | undefined
}

/** By name of a type, or `Type.field`. */
export type CacheHints = ReadonlyMap<string, CacheHint>

const read = new WeakMap<GraphView, CacheHints>()

export function hintsOf(graph: GraphView): CacheHints {
  const known = read.get(graph)
  if (known) return known
  const hints = readHints(parse(graph.sdl, { noLocation: true }))
  read.set(graph, hints)
  return hints
}

export function readHints(supergraph: DocumentNode): CacheHints {
  const hints = new Map<string, CacheHint>()
  const note = (place: string, directives: readonly ConstDirectiveNode[] | undefined) => {
    for (const one of directives ?? [])
      if (one.name.value === 'cacheControl') hints.set(place, narrower(hints.get(place), hintOf(one)))
  }
  for (const node of supergraph.definitions) {
    if (!('name' in node) || !node.name || !('directives' in node)) continue
    if (node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION) continue
    note(node.name.value, node.directives as readonly ConstDirectiveNode[])
    if ('fields' in node)
      for (const field of node.fields ?? []) note(`${node.name.value}.${field.name.value}`, field.directives)
  }
  return hints
}

function hintOf(node: ConstDirectiveNode): CacheHint {
  return Object.fromEntries(node.arguments?.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]) ?? [])
}

/** Where several subgraphs have the field, what all of them allow. */
function narrower(one: CacheHint | undefined, other: CacheHint): CacheHint {
  if (!one) return other
  const ages = [one.maxAge, other.maxAge].filter((age) => age !== undefined)
  return {
    maxAge: ages.length > 0 ? Math.min(...ages) : undefined,
    scope: one.scope === 'PRIVATE' || other.scope === 'PRIVATE' ? 'PRIVATE' : 'PUBLIC',
    inheritMaxAge: one.inheritMaxAge && other.inheritMaxAge,
    ifFinal: one.ifFinal || other.ifFinal,
  }
}
