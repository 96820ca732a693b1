// Which rows of member entities belong to which lanes and groups, from the columns that count them.
import { QuesnayError } from '../../schema/errors.ts'
import type { Plan } from './plan.ts'

/** The rows of a range of lanes. */
export interface Members {
  /** By level: how many rows it has. */
  readonly rows: readonly number[]
  /** By level: where the members of each row of the level above begin, and behind the last where they end; the lanes' is empty. */
  readonly offsets: readonly Uint32Array[]
  /** The same for the rows of each lane, the lanes' own left empty. */
  readonly ofLanes: readonly Uint32Array[]
}

/**
 * Counts the rows of each level. `counts`: by column name, one value per row of the level above.
 * BAD_INPUT where a count column is missing, has not one value per row, or holds what is no number of members, naming the row.
 */
export function membersOf(plan: Plan, lanes: number, counts: Readonly<Record<string, ArrayLike<number>>>): Members {
  const rows: number[] = []
  const offsets: Uint32Array[] = []
  const ofLanes: Uint32Array[] = []
  for (const { of, count } of plan.levels) {
    if (of === null || count === null) {
      rows.push(lanes)
      offsets.push(new Uint32Array(0))
      ofLanes.push(new Uint32Array(0))
      continue
    }
    const values = Object.hasOwn(counts, count) ? counts[count] : undefined
    if (!values) throw bad(count, 'is not given and has no default')
    if (values.length !== rows[of]) throw bad(count, `has ${values.length} values for ${rows[of]} rows`)
    const begins = new Uint32Array(values.length + 1)
    let total = 0
    for (let row = 0; row < values.length; row++) {
      const n = values[row]!
      if (!(Number.isInteger(n) && n >= 0)) throw bad(count, `is ${n} in row ${row}, not a number of members`, { row })
      total += n
      if (total >= 2 ** 32) throw bad(count, 'counts more than 2^32 members', { row })
      begins[row + 1] = total
    }
    rows.push(total)
    offsets.push(begins)
    ofLanes.push(of === 0 ? begins : ofLanes[of]!.map((row) => begins[row]!))
  }
  return { rows, offsets, ofLanes }
}

/** Where the members of each row of a level above begin, and behind the last where they end. */
export function offsetsWithin(plan: Plan, members: Members, member: number, group: number): Uint32Array {
  const own = members.offsets[member]!
  const above = plan.levels[member]!.of!
  return above === group ? own : offsetsWithin(plan, members, above, group).map((row) => own[row]!)
}

/** Columns a plan reads, each once: its own, and those that count members. */
export function neededColumns(plan: Plan): { readonly name: string; readonly level: number }[] {
  const counts = plan.levels.flatMap(({ of, count }) =>
    of === null || count === null ? [] : [{ name: count, level: of }],
  )
  const needed = new Map([...plan.columns, ...counts].map(({ name, level }) => [name, level]))
  return [...needed].map(([name, level]) => ({ name, level }))
}

function bad(column: string, what: string, detail: Record<string, unknown> = {}): QuesnayError {
  return new QuesnayError('BAD_INPUT', `the column ${column} ${what}`, { path: column, ...detail })
}
