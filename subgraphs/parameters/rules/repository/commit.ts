// Commits of reforms: what their address is made of, and the first one of every tree.
import { hashOf } from '../../../../schema/hash.ts'
import { EMPTY_SNAPSHOT, reformHashOf } from './snapshot.ts'

/** A commit without its address. */
export interface CommitContent {
  readonly tree: string
  /** Addresses; none for the first, two for a merge. */
  readonly parents: readonly string[]
  readonly snapshot: string
  readonly author: string
  readonly message: string
  /** Instant, ISO 8601 in UTC. */
  readonly at: string
}

/** Address of a commit. */
export const commitHashOf = ({ tree, parents, snapshot, author, message, at }: CommitContent): string =>
  hashOf({ tree, parents, snapshot, author, message, at })

/** The branch that has no changes and takes none. */
export const LAW_BRANCH = 'law'

/** The first commit of every repository: the law as it is. It is the same for everyone, so that all histories have an ancestor in common. */
export const rootCommit = (tree: string): CommitContent => ({
  tree,
  parents: [],
  snapshot: reformHashOf(tree, EMPTY_SNAPSHOT),
  author: 'Quesnay',
  message: 'The law as it is',
  at: '1970-01-01T00:00:00.000Z',
})
