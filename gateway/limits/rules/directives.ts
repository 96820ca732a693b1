// How many directives an operation may carry, in all and in one place: an unknown one costs an error each, a known one a look.
import { type DocumentNode, Kind } from 'graphql'
import { foldRoots, total } from '../fragments.ts'
import { beyond, type Rule } from '../rule.ts'

const SUGGESTION = 'put @include or @skip on one fragment instead of on each of its fields'

/** Those of operations, their variables and definitions of fragments; once each. */
function ofDefinitions({ definitions }: DocumentNode): number[] {
  return definitions.flatMap((node) => {
    if (node.kind === Kind.FRAGMENT_DEFINITION) return [node.directives?.length ?? 0]
    if (node.kind !== Kind.OPERATION_DEFINITION) return []
    const variables = node.variableDefinitions?.map(({ directives }) => directives?.length ?? 0) ?? []
    return [node.directives?.length ?? 0, ...variables]
  })
}

export const directives: Rule = (document, { directives: limit }) => {
  const ofSelections = total(document, (node) => node.directives?.length ?? 0)
  const found = ofDefinitions(document).reduce((sum, count) => sum + count, ofSelections)
  return beyond('directives', found, limit, 'directives', SUGGESTION)
}

export const directivesPerPlace: Rule = (document, { directivesPerPlace: limit }) => {
  const largest = (values: number[]) => values.reduce((most, value) => Math.max(most, value), 0)
  const here = foldRoots(document, (node, within) => Math.max(node.directives?.length ?? 0, within), largest)
  const found = largest([...here, ...ofDefinitions(document)])
  return beyond('directivesPerPlace', found, limit, 'directives in one place', SUGGESTION)
}
