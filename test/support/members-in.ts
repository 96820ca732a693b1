// The rows that each entity has in one lane, from the columns that count members.
import { LANE } from '../../compute/model/entities.ts'
import type { Model } from '../../compute/model/model.ts'
import type { ColumnsGiven } from './given.ts'

export interface MembersIn {
  /** The number of the lane's first row among all rows of the entity. */
  firstRow(entity: string): number
  /** One value for each of the lane's rows. */
  rowsOf(entity: string, value: (row: number) => number): number[]
  /** Rows of an entity above, each to its members. */
  spread(values: readonly number[], from: string, to: string): readonly number[]
  /** Rows of a member entity by the rows of one above. */
  gather(values: readonly number[], from: string, to: string): number[][]
}

export function membersIn({ entities = [{ name: LANE }] }: Model, columns: ColumnsGiven, lane: number): MembersIn {
  // Per entity: the lane's first row, and of each of its rows which row of the entity above it is of.
  const first = new Map<string, number>()
  const above = new Map<string, number[]>()
  const of = new Map(entities.map((e) => [e.name, e.of]))
  for (const { name, of: group } of entities) {
    if (group === undefined) {
      first.set(name, lane)
      above.set(name, [0])
      continue
    }
    const counts = columns[`count(${name})`]!
    const begin = first.get(group)!
    first.set(
      name,
      counts.subarray(0, begin).reduce((sum, n) => sum + n, 0),
    )
    above.set(
      name,
      above.get(group)!.flatMap((_, row) => Array<number>(counts[begin + row]!).fill(row)),
    )
  }
  /** Which row of the entity above, at whatever depth, a row is of. */
  const rowAbove = (row: number, from: string, to: string): number =>
    from === to ? row : rowAbove(above.get(from)![row]!, of.get(from)!, to)
  const rowsOf = (entity: string, value: (row: number) => number) => above.get(entity)!.map((_, row) => value(row))
  return {
    firstRow: (entity) => first.get(entity)!,
    rowsOf,
    spread: (values, from, to) => (from === to ? values : rowsOf(to, (row) => values[rowAbove(row, to, from)]!)),
    gather(values, from, to) {
      const groups: number[][] = rowsOf(to, () => 0).map(() => [])
      for (const [row, value] of values.entries()) groups[rowAbove(row, from, to)]!.push(value)
      return groups
    },
  }
}
