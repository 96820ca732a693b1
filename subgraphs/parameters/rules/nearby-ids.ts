// Which ids a misspelt one may have meant: of fifty thousand only those are compared that stand near it in the tree.
import { nearest } from '../../../schema/nearest.ts'

/** As many are compared: some 60 letters against 60 take microseconds, and a request may name hundreds. */
const MOST = 500
const MAX_ID = 240

/**
 * The id most like the one given: among those that begin as it does, down to the longest part of its path at which there are any; all
 * of them where there are few. undefined where none is like it.
 */
export function nearbyId(id: string, ids: readonly string[]): string | undefined {
  const name = id.slice(0, MAX_ID)
  if (ids.length <= MOST) return nearest(name, ids)
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
    const stem = name.slice(0, end + 1)
    const near = ids.filter((other) => other.startsWith(stem))
    if (near.length > 0) return nearest(name, near.slice(0, MOST))
  }
  return nearest(name, ids.slice(0, MOST))
}
