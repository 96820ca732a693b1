// The names and URLs of the subgraphs of a supergraph, as its enum join__Graph has them.
import { Kind, parse } from 'graphql'

/** URL by name, in the order of the supergraph. */
export function subgraphUrls(supergraph: string): Record<string, string> {
  const urls: Record<string, string> = {}
  for (const node of parse(supergraph, { noLocation: true }).definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue
    for (const { directives = [] } of node.values ?? [])
      for (const { name, arguments: given = [] } of directives) {
        if (name.value !== 'join__graph') continue
        const text = (argument: string) => {
          const value = given.find((one) => one.name.value === argument)?.value
          return value?.kind === Kind.STRING ? value.value : ''
        }
        urls[text('name')] = text('url')
      }
  }
  return urls
}
