// Values of all lanes of an output: from the shards that kept them, or from the column of the data that the output is.
import type { ColumnValues } from '../columns/packed.ts'
import { unpacked } from '../columns/packed.ts'
import type { Roles } from './roles.ts'

/** What one shard kept: [output of Roles.kept][lane]. */
export interface KeptLanes {
  readonly lanes: number
  readonly kept: Float64Array
}

export class LaneValues {
  readonly #roles: Roles
  readonly #shards: readonly KeptLanes[]
  readonly #columns: Readonly<Record<string, ColumnValues>>
  readonly #known = new Map<number, Float64Array>()

  /** @param columns of all lanes */
  constructor(roles: Roles, shards: readonly KeptLanes[], columns: Readonly<Record<string, ColumnValues>>) {
    this.#roles = roles
    this.#shards = shards
    this.#columns = columns
  }

  of(output: number): Float64Array {
    const known = this.#known.get(output)
    if (known) return known
    const column = this.#roles.columns.get(output)
    const values = column === undefined ? this.#assembled(output) : unpacked(this.#columns[column]!)
    this.#known.set(output, values)
    return values
  }

  #assembled(output: number): Float64Array {
    const place = this.#roles.kept.indexOf(output)
    const values = new Float64Array(this.#shards.reduce((total, { lanes }) => total + lanes, 0))
    let at = 0
    for (const { lanes, kept } of this.#shards) {
      values.set(kept.subarray(place * lanes, (place + 1) * lanes), at)
      at += lanes
    }
    return values
  }
}
