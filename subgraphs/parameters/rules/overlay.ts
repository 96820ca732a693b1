// A reform laid over the law: which value every parameter has on a day, with and without it.
import { dayAfter } from './dates.ts'
import type { Tree } from './tree.ts'
import { valueAt } from './value-at.ts'

/** A change of one parameter from a day on, through a last day or for good. */
export interface ReformChange {
  readonly parameter: string
  /** YYYY-MM-DD, both days included. */
  readonly from: string
  readonly to: string | null
  /** In the parameter's unit, one per cell of its vector; null leaves the law's value. */
  readonly values: readonly (number | null)[]
}

/** A formula of a rule set that a reform replaces. */
export interface FormulaChange {
  readonly ruleSet: string
  readonly variable: string
  readonly formula: string
}

/** Values by parameter id, one per cell. */
export type ParameterValues = ReadonlyMap<string, readonly number[]>

/** Every parameter of the tree that has numbers on the day (not ceased, no text), as known on `knownAt` (absent: all that is known now). */
export function lawOn(tree: Pick<Tree, 'parameters'>, date: string, knownAt?: string): ParameterValues {
  const values = new Map<string, readonly number[]>()
  for (const parameter of tree.parameters) {
    const found = valueAt(parameter.values, date, knownAt)
    if (found && found.values.length > 0) values.set(parameter.id, found.values)
  }
  return values
}

/** The law with the changes that hold on the day; of two that meet, the later in the list wins. */
export function reformedOn(law: ParameterValues, changes: readonly ReformChange[], date: string): ParameterValues {
  const values = new Map(law)
  for (const change of changes) {
    const before = values.get(change.parameter)
    if (before && holdsOn(change, date)) values.set(change.parameter, overlaid(before, change))
  }
  return values
}

/** Whether a change holds on the day. */
export const holdsOn = ({ from, to }: Pick<ReformChange, 'from' | 'to'>, date: string) =>
  date >= from && (to === null || date <= to)

/** The last day that can be written: a change to it is one for good. */
export const LAST_DAY = '9999-12-31'

/** The day on which a change begins, and the one on which it holds no more. */
export const breaksOf = ({ from, to }: Pick<ReformChange, 'from' | 'to'>): string[] =>
  to === null || to >= LAST_DAY ? [from] : [from, dayAfter(to)]

/** The cells after a change. */
export const overlaid = (cells: readonly number[], { values }: ReformChange): number[] =>
  cells.map((cell, i) => values[i] ?? cell)
