// Three-way merge of reforms: parameter by parameter, cell by cell and day by day; formulas one by one.
import { dayBefore } from '../dates.ts'
import { type FormulaChange, holdsOn } from '../overlay.ts'
import { type Choose, choiceOf, type Side } from './resolutions.ts'
import { cellsOn, daysOf, formulaKey, groupByParameter, joinSpans, type Snapshot, snapshotOf } from './snapshot.ts'

/** Both sides changed a cell on some days, to different things; null where the law is left. */
export interface CellConflict {
  readonly parameter: string
  /** Position of the cell. */
  readonly cell: number
  readonly from: string
  readonly to: string | null
  readonly base: number | null
  readonly ours: number | null
  readonly theirs: number | null
}

/** Both sides replaced a formula, by different ones; null where the formula of the rule set is left. */
export interface FormulaConflict {
  readonly ruleSet: string
  readonly variable: string
  readonly base: string | null
  readonly ours: string | null
  readonly theirs: string | null
}

export interface Conflicts {
  readonly cells: readonly CellConflict[]
  readonly formulas: readonly FormulaConflict[]
}

/** A base; where it is itself a merge that did not come out, with what is open in it. */
export type MergeBase = Snapshot & { readonly open?: Conflicts }

export interface Merged {
  /** Where there are conflicts it holds the base's side of them. */
  readonly snapshot: Snapshot
  readonly conflicts: Conflicts
}

export interface MergeSides {
  readonly base: MergeBase
  readonly ours: Snapshot
  readonly theirs: Snapshot
}

/** Without a value where the base is open: then only what both sides agree on is settled. */
type Three<T> = { readonly base: T | undefined; readonly ours: T; readonly theirs: T }

/**
 * What both sides come to: where one left the base alone the other counts, where both agree they do, else it is a conflict,
 * unless `choose` picks a side.
 */
export function mergeSnapshots(sides: MergeSides, choose: Choose = choiceOf('REPORT', [])): Merged {
  const cells = mergeCells(sides, choose)
  const formulas = mergeFormulas(sides, choose)
  return {
    snapshot: snapshotOf(cells.changes, formulas.formulas),
    conflicts: { cells: joinConflicts(cells.conflicts), formulas: formulas.conflicts },
  }
}

/** The value both come to, or undefined where they conflict. */
function settled<T>({ base, ours, theirs }: Three<T>): { readonly value: T } | undefined {
  if (ours === theirs || theirs === base) return { value: ours }
  return ours === base ? { value: theirs } : undefined
}

const picked = <T>({ base, ours, theirs }: Three<T>, side: Side | undefined, none: T): T =>
  side === 'OURS' ? ours : side === 'THEIRS' ? theirs : (base ?? none)

function mergeCells({ base, ours, theirs }: MergeSides, choose: Choose) {
  const conflicts: CellConflict[] = []
  const groups = groupByParameter([...base.changes, ...ours.changes, ...theirs.changes])
  const changes = groups.flatMap(([parameter, all]) => {
    const of = ({ changes }: Snapshot) => changes.filter((change) => change.parameter === parameter)
    const [b, o, t] = [of(base), of(ours), of(theirs)]
    const open = (base.open?.cells ?? []).filter((conflict) => conflict.parameter === parameter)
    const days = daysOf([...all, ...open, ...choose.daysOf(parameter)])
    const width = Math.max(...all.map((change) => change.values.length))
    const spans = days.map((day, i) => {
      const [bs, os, ts] = [cellsOn(b, day), cellsOn(o, day), cellsOn(t, day)]
      return Array.from({ length: width }, (_, cell) => {
        const isOpen = open.some((conflict) => conflict.cell === cell && holdsOn(conflict, day))
        const three = {
          base: isOpen ? undefined : (bs[cell] ?? null),
          ours: os[cell] ?? null,
          theirs: ts[cell] ?? null,
        }
        const both = settled(three)
        if (both) return both.value
        const to = days[i + 1] === undefined ? null : dayBefore(days[i + 1]!)
        const conflict: CellConflict = { parameter, cell, from: day, to, ...three, base: three.base ?? null }
        const side = choose.cell(conflict)
        if (side === undefined) conflicts.push(conflict)
        return picked(three, side, null)
      })
    })
    return joinSpans(parameter, spans, days)
  })
  return { changes, conflicts }
}

function mergeFormulas({ base, ours, theirs }: MergeSides, choose: Choose) {
  const byKey = (formulas: readonly FormulaChange[]) => new Map(formulas.map((change) => [formulaKey(change), change]))
  const [b, o, t] = [byKey(base.formulas), byKey(ours.formulas), byKey(theirs.formulas)]
  const open = new Set(base.open?.formulas.map(formulaKey))
  const conflicts: FormulaConflict[] = []
  const formulas = [...new Map([...b, ...o, ...t])].flatMap(([key, { ruleSet, variable }]) => {
    const of = (side: Map<string, FormulaChange>) => side.get(key)?.formula ?? null
    const three = { base: open.has(key) ? undefined : of(b), ours: of(o), theirs: of(t) }
    const both = settled(three)
    let formula = both?.value ?? null
    if (!both) {
      const conflict: FormulaConflict = { ruleSet, variable, ...three, base: three.base ?? null }
      const side = choose.formula(conflict)
      if (side === undefined) conflicts.push(conflict)
      formula = picked(three, side, null)
    }
    return formula === null ? [] : [{ ruleSet, variable, formula }]
  })
  return { formulas, conflicts }
}

/** Conflicts of days that follow each other with the same three values are one; by parameter, cell and day. */
function joinConflicts(conflicts: readonly CellConflict[]): CellConflict[] {
  const joined: CellConflict[] = []
  const key = ({ parameter, cell }: CellConflict) => `${parameter} ${String(cell).padStart(3, '0')}`
  const ordered = [...conflicts].sort((a, b) => (key(a) + a.from < key(b) + b.from ? -1 : 1))
  for (const next of ordered) {
    const last = joined.at(-1)
    const follows = last && key(last) === key(next) && last.to !== null && last.to === dayBefore(next.from)
    const alike = last?.base === next.base && last.ours === next.ours && last.theirs === next.theirs
    if (follows && alike) joined[joined.length - 1] = { ...last, to: next.to }
    else joined.push(next)
  }
  return joined
}
