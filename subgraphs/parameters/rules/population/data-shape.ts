// What a data set of units holds for a rule set: its columns, element by element, which of them is the weight and which the link.
import type { RuleSet } from '../rule-set/rule-set.ts'

/** A column of data, or an element of one over a dimension, such as `wages[head]`. */
export interface DataColumn {
  readonly name: string
  readonly unit: string
  /** What it is, for people. */
  readonly label: string
  /** What a unit has where the data do not say; null where they must. */
  readonly default: number | null
  readonly min: number
  readonly max: number
  /** Whether values are whole numbers. */
  readonly integer: boolean
}

export interface DataShape {
  readonly ruleSetId: string
  readonly treeId: string
  readonly currency: string
  /** What a row is, such as "tax unit". */
  readonly unit: string
  readonly columns: readonly DataColumn[]
  /** Name of the column with the number of units that a row stands for. */
  readonly weight: string
  /** Name of the column that numbers the household of a unit, where there is one. */
  readonly household: string | null
}

type Described = Pick<RuleSet, 'id' | 'treeId' | 'currency' | 'unit' | 'columns'> & {
  readonly population: Pick<RuleSet['population'], 'weight'>
}

const HOUSEHOLD = 'household'

export function dataShape({ id, treeId, currency, unit, columns, population }: Described): DataShape {
  return {
    ruleSetId: id,
    treeId,
    currency,
    unit,
    columns: columns.map(({ min, max, ...column }) => ({
      ...column,
      min: min ?? Number.NEGATIVE_INFINITY,
      max: max ?? Number.POSITIVE_INFINITY,
    })),
    weight: population.weight,
    household: columns.some(({ name }) => name === HOUSEHOLD) ? HOUSEHOLD : null,
  }
}

/**
 * Two spellings of the name of a column are one where this is equal: case does not count, and blank, underscore and brackets are the
 * same, so that `wages_head` of a file is `wages[head]`.
 */
export const columnKey = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[\s_[\],]+/g, '_')
    .replace(/^_|_$/g, '')
