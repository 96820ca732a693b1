// A reform laid over the law: which value every parameter has on a day, with and without it.
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
    if (date < change.from || (change.to !== null && date > change.to)) continue
    const before = values.get(change.parameter)
    if (before)
      values.set(
        change.parameter,
        before.map((value, i) => change.values[i] ?? value),
      )
  }
  return values
}
