// Which commits two histories have last in common.

/** Parents by address; every ancestor of what is asked about has to be in it. */
export type History = ReadonlyMap<string, readonly string[]>

/** The commits and all that they come from, themselves included. */
export function ancestorsOf(history: History, commits: readonly string[]): Set<string> {
  const found = new Set<string>()
  const open = [...commits]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    open.push(...(history.get(next) ?? []))
  }
  return found
}

/** True where `ancestor` is `commit` or one that it comes from. */
export const isAncestor = (history: History, ancestor: string, commit: string): boolean =>
  ancestorsOf(history, [commit]).has(ancestor)

/**
 * The last common ancestors, by address: those of which no other common ancestor is a descendant. One, but several where histories
 * were merged crosswise; none where they have no ancestor in common.
 */
export function mergeBases(history: History, one: string, other: string): string[] {
  const mine = ancestorsOf(history, [one])
  const common = [...ancestorsOf(history, [other])].filter((commit) => mine.has(commit))
  // All ancestors of a common ancestor are common, so one that is not last is a parent of another.
  const passed = new Set(common.flatMap((commit) => history.get(commit) ?? []))
  return common.filter((commit) => !passed.has(commit)).sort()
}
