// How many fields an operation may begin with: each is at least one request to a subgraph.
import { Kind } from 'graphql'
import { foldRoots } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

export const rootFields: Rule = (document, { rootFields: limit }) => {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const found = foldRoots(document, (node, within) => (node.kind === Kind.FIELD ? 1 : within), sum)
  return beyond('rootFields', Math.max(0, ...found), limit, 'fields at its root', 'ask in several operations')
}
