import { describe, expect, it } from 'vitest'
import type { FormulaChange, ReformChange } from '../overlay.ts'
import { mergeSnapshots } from './merge.ts'
import { choiceOf, type Resolution, type Strategy } from './resolutions.ts'
import { EMPTY_SNAPSHOT, type Snapshot, snapshotOf } from './snapshot.ts'

const change = (parameter: string, from: string, to: string | null, ...values: (number | null)[]): ReformChange => ({
  parameter,
  from,
  to,
  values,
})
const of = (...changes: ReformChange[]) => snapshotOf(changes)
const withFormulas = (...formulas: FormulaChange[]) => snapshotOf([], formulas)

const merge = (
  base: Snapshot,
  ours: Snapshot,
  theirs: Snapshot,
  strategy: Strategy = 'REPORT',
  resolutions: Resolution[] = [],
) => mergeSnapshots({ base, ours, theirs }, choiceOf(strategy, resolutions))

const A2025 = change('a', '2025-01-01', '2025-12-31', 1)

describe('mergeSnapshots', () => {
  it('takes what one side changed and the other left', () => {
    const base = of(change('a', '2025-01-01', null, 1))
    const merged = merge(
      base,
      of(change('a', '2025-01-01', null, 1), change('b', '2025-01-01', null, 2)),
      of(change('a', '2025-01-01', null, 9)),
    )
    expect(merged.conflicts).toEqual({ cells: [], formulas: [] })
    expect(merged.snapshot).toEqual(of(change('a', '2025-01-01', null, 9), change('b', '2025-01-01', null, 2)))
  })

  it('takes what one side withdrew', () => {
    expect(merge(of(A2025), EMPTY_SNAPSHOT, of(A2025)).snapshot).toEqual(EMPTY_SNAPSHOT)
  })

  it('joins changes of one parameter in other cells and on other days', () => {
    const ours = of(change('a', '2025-01-01', null, 1, null), change('b', '2025-01-01', '2025-12-31', 5))
    const theirs = of(change('a', '2025-01-01', null, null, 2), change('b', '2026-01-01', null, 6))
    const merged = merge(EMPTY_SNAPSHOT, ours, theirs)
    expect(merged.conflicts.cells).toEqual([])
    expect(merged.snapshot.changes).toEqual([
      change('a', '2025-01-01', null, 1, 2),
      change('b', '2025-01-01', '2025-12-31', 5),
      change('b', '2026-01-01', null, 6),
    ])
  })

  it('agrees where both made the same change', () => {
    expect(merge(EMPTY_SNAPSHOT, of(A2025), of(A2025))).toEqual({
      snapshot: of(A2025),
      conflicts: { cells: [], formulas: [] },
    })
  })

  it('reports a conflict by cell and span of days, with all three values', () => {
    const base = of(change('a', '2025-01-01', null, 1, 1))
    const ours = of(change('a', '2025-01-01', null, 2, 1))
    const theirs = of(change('a', '2025-01-01', '2025-12-31', 1, 1), change('a', '2026-01-01', '2027-12-31', 3, 4))
    const { conflicts, snapshot } = merge(base, ours, theirs)
    expect(conflicts.cells).toEqual([
      { parameter: 'a', cell: 0, from: '2026-01-01', to: '2027-12-31', base: 1, ours: 2, theirs: 3 },
      { parameter: 'a', cell: 0, from: '2028-01-01', to: null, base: 1, ours: 2, theirs: null },
    ])
    // Of the other cell theirs holds; of the conflict the base.
    expect(snapshot.changes).toEqual([
      change('a', '2025-01-01', '2025-12-31', 2, 1),
      change('a', '2026-01-01', '2027-12-31', 1, 4),
      change('a', '2028-01-01', null, 1, null),
    ])
  })

  it('makes one conflict of days that follow each other with the same values', () => {
    const ours = of(change('a', '2025-01-01', null, 1, 7), change('a', '2026-01-01', null, null, 8))
    const theirs = of(change('a', '2025-01-01', null, 2, null))
    expect(merge(EMPTY_SNAPSHOT, ours, theirs).conflicts.cells).toEqual([
      { parameter: 'a', cell: 0, from: '2025-01-01', to: null, base: null, ours: 1, theirs: 2 },
    ])
  })

  it.each([
    ['OURS', 1],
    ['THEIRS', 2],
  ] as const)('takes one side of every conflict by the strategy %s', (strategy, value) => {
    const merged = merge(
      EMPTY_SNAPSHOT,
      of(change('a', '2025-01-01', null, 1)),
      of(change('a', '2025-01-01', null, 2)),
      strategy,
    )
    expect(merged).toEqual({
      snapshot: of(change('a', '2025-01-01', null, value)),
      conflicts: { cells: [], formulas: [] },
    })
  })

  it('resolves what a resolution covers, day by day, and leaves the rest open', () => {
    const ours = of(change('a', '2025-01-01', null, 1))
    const theirs = of(change('a', '2025-01-01', null, 2))
    const resolutions: Resolution[] = [
      { parameter: 'a', cell: 0, from: '2025-01-01', to: '2026-12-31', take: 'THEIRS' },
    ]
    const { snapshot, conflicts } = merge(EMPTY_SNAPSHOT, ours, theirs, 'REPORT', resolutions)
    expect(conflicts.cells).toEqual([
      { parameter: 'a', cell: 0, from: '2027-01-01', to: null, base: null, ours: 1, theirs: 2 },
    ])
    expect(snapshot.changes).toEqual([change('a', '2025-01-01', '2026-12-31', 2)])
    const all: Resolution[] = [{ parameter: 'a', cell: null, from: null, to: null, take: 'BASE' }]
    expect(merge(EMPTY_SNAPSHOT, ours, theirs, 'REPORT', all)).toEqual({
      snapshot: EMPTY_SNAPSHOT,
      conflicts: { cells: [], formulas: [] },
    })
  })

  it('merges formulas one by one', () => {
    const formula = (variable: string, text: string): FormulaChange => ({
      ruleSet: 'us-federal',
      variable,
      formula: text,
    })
    const base = withFormulas(formula('credit', 'x'))
    const ours = withFormulas(formula('credit', 'x + 1'), formula('tax', 'y'))
    const theirs = withFormulas(formula('Credit', 'x + 2'))
    const { snapshot, conflicts } = merge(base, ours, theirs)
    expect(conflicts.formulas).toEqual([
      { ruleSet: 'us-federal', variable: 'Credit', base: 'x', ours: 'x + 1', theirs: 'x + 2' },
    ])
    expect(snapshot.formulas.map((f) => f.formula)).toEqual(['x', 'y'])
    const resolutions: Resolution[] = [{ ruleSet: 'us-federal', variable: 'credit', take: 'THEIRS' }]
    expect(merge(base, ours, theirs, 'REPORT', resolutions).snapshot.formulas.map((f) => f.formula)).toEqual([
      'x + 2',
      'y',
    ])
  })
})
