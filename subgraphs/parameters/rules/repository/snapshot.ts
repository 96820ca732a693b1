// The content of a reform in one form: equal changes of the law, equal snapshots, whatever order and pieces they were written in.
import { hashOf } from '../../../../schema/hash.ts'
import { dayBefore } from '../dates.ts'
import { breaksOf, type FormulaChange, holdsOn, type ReformChange } from '../overlay.ts'

export interface Snapshot {
  /** Canonical: by parameter and day, without overlap. */
  readonly changes: readonly ReformChange[]
  /** Canonical: by rule set and variable, one each. */
  readonly formulas: readonly FormulaChange[]
}

export const EMPTY_SNAPSHOT: Snapshot = { changes: [], formulas: [] }

export const snapshotOf = (changes: readonly ReformChange[], formulas: readonly FormulaChange[] = []): Snapshot => ({
  changes: canonicalChanges(changes),
  formulas: canonicalFormulas(formulas),
})

/** Address of a snapshot of reforms of a tree. Without formulas it is that of the changes alone. */
export function reformHashOf(tree: string, { changes, formulas }: Snapshot): string {
  return hashOf({ tree, changes, ...(formulas.length > 0 ? { formulas } : {}) })
}

/** What the changes do, each span of days once: of two that meet the later in the list holds, cell by cell. */
export function canonicalChanges(changes: readonly ReformChange[]): ReformChange[] {
  return groupByParameter(changes).flatMap(([parameter, own]) => {
    const days = daysOf(own)
    return joinSpans(
      parameter,
      days.map((day) => cellsOn(own, day)),
      days,
    )
  })
}

/** The changes of each parameter, by its id. */
export function groupByParameter(changes: readonly ReformChange[]): [parameter: string, changes: ReformChange[]][] {
  const groups = new Map<string, ReformChange[]>()
  for (const change of changes) {
    const group = groups.get(change.parameter)
    if (group) group.push(change)
    else groups.set(change.parameter, [change])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Days on which something begins or ends, in order. */
export const daysOf = (spans: readonly Pick<ReformChange, 'from' | 'to'>[]): string[] =>
  [...new Set(spans.flatMap(breaksOf))].sort()

/** Cell by cell what the changes of one parameter set on a day; null where the law is left. */
export function cellsOn(changes: readonly ReformChange[], day: string): (number | null)[] {
  const cells: (number | null)[] = Array.from(
    { length: Math.max(0, ...changes.map((c) => c.values.length)) },
    () => null,
  )
  for (const change of changes)
    if (holdsOn(change, day)) for (const [i, value] of change.values.entries()) cells[i] = value ?? cells[i]!
  return cells
}

/** Changes from what holds from each day to the next: equal neighbours are one, and where all cells are left there is none. */
export function joinSpans(
  parameter: string,
  cells: readonly (number | null)[][],
  days: readonly string[],
): ReformChange[] {
  const joined: { from: string; to: string | null; values: (number | null)[] }[] = []
  for (const [i, values] of cells.entries()) {
    const next = days[i + 1]
    const to = next === undefined ? null : dayBefore(next)
    const last = joined.at(-1)
    if (last && values.every((value, k) => value === last.values[k])) last.to = to
    else joined.push({ from: days[i]!, to, values })
  }
  return joined.filter(({ values }) => values.some((value) => value !== null)).map((span) => ({ parameter, ...span }))
}

/** The changes without those of a parameter on some days, all days where none are named: the law holds there again. */
export function withdraw(
  changes: readonly ReformChange[],
  { parameter, from, to }: { readonly parameter: string; readonly from: string; readonly to: string | null },
): ReformChange[] {
  return groupByParameter(changes).flatMap(([id, own]) => {
    if (id !== parameter) return own
    const days = daysOf([...own, { from, to }])
    const gone = { parameter, from, to, values: [] }
    return joinSpans(
      id,
      days.map((day) => (holdsOn(gone, day) ? cellsOn(own, day).map(() => null) : cellsOn(own, day))),
      days,
    )
  })
}

/** Names of variables are the same whatever their case, and with a blank or an underscore. */
export const formulaKey = ({ ruleSet, variable }: Pick<FormulaChange, 'ruleSet' | 'variable'>) =>
  `${ruleSet} ${variable.toLowerCase().replace(/[\s_]+/g, '_')}`

function canonicalFormulas(formulas: readonly FormulaChange[]): FormulaChange[] {
  const last = new Map(formulas.map((change) => [formulaKey(change), { ...change, formula: change.formula.trim() }]))
  return [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change)
}
