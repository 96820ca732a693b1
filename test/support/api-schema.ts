// The graph as clients see it, from the committed supergraph.
import { readFileSync } from 'node:fs'
import { Supergraph } from '@apollo/federation-internals'
import { packageFile } from '../../infra/paths.ts'

export function openSupergraph(): string {
  const text = readFileSync(packageFile('schema/sdl/supergraph.graphql'), 'utf8')
  return Supergraph.build(text).apiSchema().toGraphQLJSSchema() as unknown as string
}
