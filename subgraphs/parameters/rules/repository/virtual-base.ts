// The base of a merge where two histories were merged crosswise: the last common ancestors, merged in turn.

import { type MergeBase, mergeSnapshots } from './merge.ts'
import { type History, mergeBases } from './merge-base.ts'
import { EMPTY_SNAPSHOT, type Snapshot } from './snapshot.ts'

/**
 * What two commits come from. With several last common ancestors it is their merge, each step with the base of its own; where that
 * does not come out the base is open there, so that the sides must agree on it. undefined where they have no ancestor in common.
 */
export function virtualBase(
  history: History,
  snapshots: (commit: string) => Snapshot,
  one: string,
  other: string,
): MergeBase | undefined {
  const [first, ...others] = mergeBases(history, one, other)
  if (first === undefined) return undefined
  let [base, commit, grown]: [MergeBase, string, History] = [snapshots(first), first, history]
  for (const next of others) {
    const under = virtualBase(grown, (hash) => (hash === commit ? base : snapshots(hash)), commit, next)
    const merged = mergeSnapshots({ base: under ?? EMPTY_SNAPSHOT, ours: base, theirs: snapshots(next) })
    // The merge stands in the history as a commit of its own.
    const name = `${commit}+${next}`
    grown = new Map([...grown, [name, [commit, next]]])
    const open = joinOpen(base, merged.conflicts)
    ;[base, commit] = [{ ...merged.snapshot, open }, name]
  }
  return base
}

const joinOpen = ({ open }: MergeBase, { cells, formulas }: NonNullable<MergeBase['open']>) => ({
  cells: [...(open?.cells ?? []), ...cells],
  formulas: [...(open?.formulas ?? []), ...formulas],
})

/** The commits whose snapshots virtualBase asks for; which ones does not depend on what is in them. */
export function commitsNeeded(history: History, one: string, other: string): string[] {
  const needed = new Set<string>()
  const note = (commit: string) => {
    needed.add(commit)
    return EMPTY_SNAPSHOT
  }
  virtualBase(history, note, one, other)
  return [...needed]
}
