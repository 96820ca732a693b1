// What holds for any reforms: their canonical form is the same law, and a merge does not depend on who merges.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayAfter, dayBefore } from '../../subgraphs/parameters/rules/dates.ts'
import { differencesOver } from '../../subgraphs/parameters/rules/history/difference.ts'
import { type ReformChange, reformedOn } from '../../subgraphs/parameters/rules/overlay.ts'
import { type Merged, mergeSnapshots } from '../../subgraphs/parameters/rules/repository/merge.ts'
import { choiceOf } from '../../subgraphs/parameters/rules/repository/resolutions.ts'
import { canonicalChanges, type Snapshot, snapshotOf } from '../../subgraphs/parameters/rules/repository/snapshot.ts'

const CELLS = { p: 1, q: 3 } as const
const LAW = new Map<string, readonly number[]>([
  ['p', [1000]],
  ['q', [1000, 2000, 3000]],
])
const DAYS = ['2024-01-01', '2024-02-28', '2024-02-29', '2024-12-31', '2025-01-01', '2026-07-01', '2027-01-01']
const AROUND = [...new Set(DAYS.flatMap((day) => [dayBefore(day), day, dayAfter(day)]))]

const anyChange: fc.Arbitrary<ReformChange> = fc
  .record({ parameter: fc.constantFrom('p', 'q') as fc.Arbitrary<'p' | 'q'>, from: fc.constantFrom(...DAYS) })
  .chain(({ parameter, from }) =>
    fc.record({
      parameter: fc.constant(parameter),
      from: fc.constant(from),
      to: fc.option(fc.constantFrom(...DAYS.filter((day) => day >= from)), { nil: null }),
      values: fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }), {
        minLength: CELLS[parameter],
        maxLength: CELLS[parameter],
      }),
    }),
  )
const anyChanges = fc.array(anyChange, { maxLength: 6 })
const anySnapshot: fc.Arbitrary<Snapshot> = anyChanges.map((changes) => snapshotOf(changes))

const lawOn = (changes: readonly ReformChange[], day: string) => [...reformedOn(LAW, changes, day)]

/** Each conflict day by day, with our and their side changed about. */
const mirrored = ({ conflicts }: Merged) =>
  conflicts.cells.map(({ ours, theirs, ...rest }) => ({ ...rest, ours: theirs, theirs: ours }))

describe('for any changes', () => {
  it('the canonical form is the same law on every day', () => {
    fc.assert(
      fc.property(anyChanges, (changes) => {
        const canonical = canonicalChanges(changes)
        for (const day of AROUND) expect(lawOn(canonical, day), day).toEqual(lawOn(changes, day))
      }),
    )
  })

  it('the canonical form has no two changes of a parameter on one day, and is its own', () => {
    fc.assert(
      fc.property(anyChanges, (changes) => {
        const canonical = canonicalChanges(changes)
        expect(canonicalChanges(canonical)).toEqual(canonical)
        for (const [i, change] of canonical.entries()) {
          const next = canonical[i + 1]
          if (next?.parameter === change.parameter) expect(change.to! < next.from).toBe(true)
        }
      }),
    )
  })

  it('the differences to the law are the changes that change it', () => {
    const parameters = [...LAW].map(([id, values]) => ({
      id,
      values: [{ from: '0000-01-01', known: '0000-01-01', values }],
    }))
    const law = { parameters: parameters as never, changes: [] }
    fc.assert(
      fc.property(anyChanges, (changes) => {
        const found = differencesOver(law, { ...law, changes })
        for (const day of AROUND)
          for (const [id, before] of LAW) {
            const after = reformedOn(LAW, changes, day).get(id)!
            const covering = found.filter((d) => d.id === id && d.from! <= day && (d.to === null || day <= d.to))
            const differs = after.some((value, i) => value !== before[i])
            expect(
              covering.map((d) => d.after?.values),
              `${id} ${day}`,
            ).toEqual(differs ? [after] : [])
          }
      }),
    )
  })
})

describe('for any merge', () => {
  it('a side that did nothing gives way to the other', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, (base, other) => {
        const clean = { snapshot: other, conflicts: { cells: [], formulas: [] } }
        expect(mergeSnapshots({ base, ours: base, theirs: other })).toEqual(clean)
        expect(mergeSnapshots({ base, ours: other, theirs: base })).toEqual(clean)
        expect(mergeSnapshots({ base, ours: other, theirs: other })).toEqual(clean)
      }),
    )
  })

  it('it comes to the same whichever side is ours', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, anySnapshot, (base, ours, theirs) => {
        const [one, other] = [
          mergeSnapshots({ base, ours, theirs }),
          mergeSnapshots({ base, ours: theirs, theirs: ours }),
        ]
        expect(one.snapshot).toEqual(other.snapshot)
        expect(one.conflicts.cells).toEqual(mirrored(other))
      }),
    )
  })

  it('a strategy leaves no conflict, and each cell of each day has the value of a side', () => {
    fc.assert(
      fc.property(anySnapshot, anySnapshot, anySnapshot, (base, ours, theirs) => {
        const merged = mergeSnapshots({ base, ours, theirs }, choiceOf('OURS', []))
        expect(merged.conflicts.cells).toEqual([])
        for (const day of AROUND) {
          const [mine, other] = [lawOn(ours.changes, day), lawOn(theirs.changes, day)]
          for (const [k, [, values]] of lawOn(merged.snapshot.changes, day).entries())
            for (const [i, value] of values.entries()) expect([mine[k]![1][i], other[k]![1][i]]).toContain(value)
        }
      }),
    )
  })
})
