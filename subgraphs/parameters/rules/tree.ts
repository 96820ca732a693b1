// A tree of parameters as plain data: what the file, the store and the rules share.
import { hashOf } from '../../../schema/hash.ts'
import type { ParameterVector } from '../../../schema/terms/tax.ts'

export interface Source {
  readonly name: string
  readonly licence: string
  /** YYYY-MM-DD. */
  readonly retrieved: string
  readonly note?: string
}

/** One value, or one per cell of the vector, from a day on, as known from a day on. Days are YYYY-MM-DD. */
export interface DatedValue {
  readonly from: string
  readonly known: string
  readonly values: readonly number[]
  /** Where this very value comes from, if not from the parameter's source. */
  readonly source?: string
}

export interface Parameter {
  readonly id: string
  readonly label: string
  readonly unit: string
  /** Of an amount: the period it is for, such as "year". */
  readonly period: string | null
  readonly by: ParameterVector
  readonly references: readonly string[]
  readonly source: Source
  /** Its name at the source. */
  readonly origin: string | null
  /** Values outside of these bounds are possible but not to be expected. */
  readonly expected: readonly [least: number, greatest: number]
  /** By from, then by known. */
  readonly values: readonly DatedValue[]
}

export interface Scale {
  readonly id: string
  readonly label: string
  /** Number of brackets: the parameters <id>.<n>.rate, and <id>.<n>.top for all but the last. */
  readonly count: number
}

export interface Tree {
  readonly id: string
  readonly title: string
  readonly country: string
  readonly currency: string
  /** First and last day that the figures cover. */
  readonly from: string
  readonly to: string
  readonly source: Source
  readonly scales: readonly Scale[]
  readonly parameters: readonly Parameter[]
}

/** Identity of the figures of a tree: ids, units, vectors and every dated value; texts do not count. */
export function snapshotHashOf(tree: Tree): string {
  const parameters = tree.parameters.map(({ id, unit, period, by, values }) => ({
    id,
    unit,
    period,
    by,
    values: values.map(({ from, known, values }) => ({ from, known, values })),
  }))
  return hashOf({
    tree: tree.id,
    from: tree.from,
    to: tree.to,
    scales: tree.scales.map((s) => [s.id, s.count]),
    parameters,
  })
}
