// The subgraphs of a supergraph, taken out of it: for who has only the composed file.
import { Supergraph } from '@apollo/federation-internals'
import { parse } from 'graphql'
import { QuesnayError } from '../../schema/errors.ts'
import type { SubgraphSdl } from '../compose.ts'
import { forPlanner } from '../for-planner.ts'
import { subgraphUrls } from '../registry/subgraph-urls.ts'

/** Without descriptions and composed directives, which a supergraph does not keep by subgraph. BAD_INPUT where the text is none. */
export function subgraphsOf(supergraph: string): SubgraphSdl[] {
  try {
    const urls = subgraphUrls(supergraph)
    const text = forPlanner(supergraph, parse(supergraph, { noLocation: true }))
    return Supergraph.build(text)
      .subgraphs()
      .values()
      .map((subgraph) => ({ name: subgraph.name, url: urls[subgraph.name] ?? '', sdl: subgraph.toString() }))
  } catch (cause) {
    throw new QuesnayError(
      'BAD_INPUT',
      `the supergraph cannot be read: ${(cause as Error).message}`,
      { path: '--supergraph', suggestion: 'give a composed Federation 2 supergraph' },
      { cause },
    )
  }
}
