// What a data set of units holds for a rule set: its columns, element by element, which of them is the weight and which the link.
import { parse } from 'yaml'

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

interface ColumnText {
  readonly unit: string
  readonly doc?: string
  readonly dimensions?: readonly string[]
  readonly default?: number
  readonly min?: number
  readonly max?: number
  readonly integer?: boolean
}

interface RuleSetText {
  readonly id: string
  readonly tree: string
  readonly currency: string
  readonly unit: string
  readonly dimensions?: Readonly<Record<string, readonly (string | number)[]>>
  readonly columns: Readonly<Record<string, ColumnText>>
  readonly population: { readonly weight: string }
}

const HOUSEHOLD = 'household'

/** The shape that a rule-set.yaml of ours describes. */
export function readDataShape(text: string): DataShape {
  const { id, tree, currency, unit, dimensions = {}, columns, population } = parse(text) as RuleSetText
  return {
    ruleSetId: id,
    treeId: tree,
    currency,
    unit,
    columns: Object.entries(columns).flatMap(([name, column]) =>
      elementsOf(name, column, dimensions).map((element) => ({
        name: element,
        unit: column.unit,
        label: column.doc ?? name,
        default: column.default ?? null,
        min: column.min ?? Number.NEGATIVE_INFINITY,
        max: column.max ?? Number.POSITIVE_INFINITY,
        integer: column.integer === true,
      })),
    ),
    weight: population.weight,
    household: HOUSEHOLD in columns ? HOUSEHOLD : null,
  }
}

/** `wages[head]`, `wages[spouse]` of a column over a dimension; the name alone of any other. */
function elementsOf(name: string, column: ColumnText, dimensions: RuleSetText['dimensions'] & {}): string[] {
  const subscripts = (column.dimensions ?? []).reduce<string[]>(
    (lists, dimension) =>
      lists.flatMap((list) => dimensions[dimension]!.map((element) => (list ? `${list},${element}` : `${element}`))),
    [''],
  )
  return subscripts.map((list) => (list ? `${name}[${list}]` : name))
}

/** Two spellings of a name are one where this is equal: case does not count, and blank, underscore and brackets are the same. */
export const nameKey = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[\s_[\],]+/g, '_')
    .replace(/^_|_$/g, '')
