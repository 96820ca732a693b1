import { describe, expect, it } from 'vitest'
import type { ReformChange } from '../overlay.ts'
import { commitHashOf, rootCommit } from './commit.ts'
import { mergeSnapshots } from './merge.ts'
import { ancestorsOf, type History, isAncestor, mergeBases } from './merge-base.ts'
import { type Snapshot, snapshotOf } from './snapshot.ts'
import { virtualBase } from './virtual-base.ts'

/** "c < a b" says that c comes from a and b. */
const historyOf = (...lines: string[]): History =>
  new Map(
    lines.map((line) => {
      const [commit, parents] = line.split(' < ')
      return [commit!, parents ? parents.split(' ') : []]
    }),
  )

const LINE = historyOf('root', 'a < root', 'b < a')
const FORK = historyOf('root', 'base < root', 'a < base', 'b < base')
/** a and b were merged into each other's branch at once. */
const CROSS = historyOf('root', 'a < root', 'b < root', 'ab < a b', 'ba < b a', 'x < ab', 'y < ba')

describe('the last common ancestor', () => {
  it('of a commit and one that comes from it is the commit', () => {
    expect(mergeBases(LINE, 'a', 'b')).toEqual(['a'])
    expect(mergeBases(LINE, 'b', 'b')).toEqual(['b'])
    expect([isAncestor(LINE, 'root', 'b'), isAncestor(LINE, 'b', 'a')]).toEqual([true, false])
  })

  it('of two branches is where they parted', () => {
    expect(mergeBases(FORK, 'a', 'b')).toEqual(['base'])
  })

  it('is two where histories were merged crosswise', () => {
    expect(mergeBases(CROSS, 'x', 'y')).toEqual(['a', 'b'])
  })

  it('is none where there is none in common', () => {
    expect(mergeBases(historyOf('a', 'b'), 'a', 'b')).toEqual([])
  })

  it('is found in a history of ten thousand commits', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => (i === 0 ? 'c0' : `c${i} < c${i - 1}`))
    const long = historyOf(...lines, 'side < c5000')
    expect(mergeBases(long, 'c9999', 'side')).toEqual(['c5000'])
    expect(ancestorsOf(long, ['c9999']).size).toBe(10_000)
  })
})

describe('virtualBase', () => {
  const set = (...cells: [parameter: string, value: number][]): Snapshot =>
    snapshotOf(
      cells.map(([parameter, value]): ReformChange => ({ parameter, from: '2025-01-01', to: null, values: [value] })),
    )
  const baseOf = (snapshots: Record<string, Snapshot>) => virtualBase(CROSS, (hash) => snapshots[hash]!, 'x', 'y')

  it('merges the two bases of histories that were merged crosswise', () => {
    const base = baseOf({ root: set(), a: set(['p', 1]), b: set(['q', 2]) })
    expect(base?.changes).toEqual(set(['p', 1], ['q', 2]).changes)
    expect(base?.open?.cells).toEqual([])
  })

  it('is open where the two bases conflict', () => {
    const base = baseOf({ root: set(), a: set(['p', 1]), b: set(['p', 2]) })
    expect(base?.open?.cells).toEqual([
      { parameter: 'p', cell: 0, from: '2025-01-01', to: null, base: null, ours: 1, theirs: 2 },
    ])
  })

  it('is the one base where there is one', () => {
    expect(virtualBase(FORK, () => set(['p', 1]), 'a', 'b')).toEqual(set(['p', 1]))
  })
})

describe('a merge over an open base', () => {
  it('settles what both sides agree on, and reports the rest', () => {
    const set = (value: number) => snapshotOf([{ parameter: 'p', from: '2025-01-01', to: null, values: [value] }])
    const open = {
      cells: [{ parameter: 'p', cell: 0, from: '2025-01-01', to: null, base: null, ours: 1, theirs: 2 }],
      formulas: [],
    }
    const base = { ...snapshotOf([]), open }
    expect(mergeSnapshots({ base, ours: set(1), theirs: set(1) }).conflicts.cells).toEqual([])
    expect(mergeSnapshots({ base, ours: set(1), theirs: set(2) }).conflicts.cells).toHaveLength(1)
    // Over a base that is known to be the law, the side that is the law would give way.
    expect(mergeSnapshots({ base, ours: set(1), theirs: snapshotOf([]) }).conflicts.cells).toHaveLength(1)
    expect(mergeSnapshots({ base: snapshotOf([]), ours: set(1), theirs: snapshotOf([]) }).conflicts.cells).toEqual([])
  })
})

describe('the address of a commit', () => {
  const content = { ...rootCommit('us-federal'), parents: ['p'], author: 'a', message: 'm' }

  it('is the content’s: all of it, and nothing else', () => {
    expect(commitHashOf(content)).toBe(commitHashOf({ ...content }))
    for (const other of [
      { author: 'b' },
      { message: 'n' },
      { parents: ['q'] },
      { at: '2026-01-01T00:00:00.000Z' },
      { snapshot: 's' },
      { tree: 'uk' },
    ])
      expect(commitHashOf({ ...content, ...other })).not.toBe(commitHashOf(content))
  })
})
