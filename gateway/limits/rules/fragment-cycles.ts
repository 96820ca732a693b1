// A fragment that spreads itself, by way of others or not: invalid, and told before anything walks over it.
import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql'
import { badRequest } from '../../errors.ts'
import { fragmentsOf } from '../fragments.ts'
import type { Rule } from '../rule.ts'

/** BAD_INPUT, not LIMIT_EXCEEDED: no limit would let it pass. */
export const fragmentCycles: Rule = (document) => {
  const name = cycleIn(document)
  if (name === undefined) return undefined
  return badRequest(`the fragment ${name.slice(0, 100)} lies within itself`, {
    path: 'query',
    suggestion: 'write as many levels as you want',
  })
}

function cycleIn(document: DocumentNode): string | undefined {
  const fragments = fragmentsOf(document)
  const state = new Map<string, 'open' | 'done'>()
  const within = (set: SelectionSetNode): string | undefined => {
    for (const node of set.selections) {
      const found =
        node.kind === Kind.FRAGMENT_SPREAD ? visit(node.name.value) : node.selectionSet && within(node.selectionSet)
      if (found !== undefined) return found
    }
    return undefined
  }
  const visit = (name: string): string | undefined => {
    const known = state.get(name)
    if (known) return known === 'open' ? name : undefined
    const fragment = fragments.get(name)
    if (!fragment) return undefined
    state.set(name, 'open')
    const found = within(fragment.selectionSet)
    state.set(name, 'done')
    return found
  }
  for (const name of fragments.keys()) {
    const found = visit(name)
    if (found !== undefined) return found
  }
  return undefined
}
