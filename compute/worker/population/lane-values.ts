// Values of all lanes of an output, or of their households: from the shards that kept them, or from the column of the data that the output is.
import { addedUp, ofFirst } from '../../statistics/households.ts'
import { type ColumnValues, copyValues } from '../columns/packed.ts'
import type { Roles } from './roles.ts'

/** What one shard kept: [output of Roles.kept][lane]. */
export interface KeptLanes {
  readonly lanes: number
  readonly kept: Float64Array
}

export class LaneValues {
  readonly lanes: number
  readonly #roles: Roles
  readonly #shards: readonly KeptLanes[]
  readonly #columns: Readonly<Record<string, ColumnValues>>

  /** @param columns of all lanes */
  constructor(roles: Roles, shards: readonly KeptLanes[], columns: Readonly<Record<string, ColumnValues>>) {
    this.lanes = shards.reduce((total, { lanes }) => total + lanes, 0)
    this.#roles = roles
    this.#shards = shards
    this.#columns = columns
  }

  /** Writes an output's values to the beginning of `target`. */
  copy(output: number, target: Float64Array): void {
    const column = this.#roles.columns.get(output)
    if (column !== undefined) {
      copyValues(this.#columns[column]!, 0, this.lanes, target)
      return
    }
    const place = this.#roles.kept.indexOf(output)
    let at = 0
    for (const { lanes, kept } of this.#shards) {
      target.set(kept.subarray(place * lanes, (place + 1) * lanes), at)
      at += lanes
    }
  }

  /** Of each household the sum over its lanes; where there are none each lane is one. `spare`: room for all lanes. */
  copyIncomes(output: number, households: Uint32Array | undefined, target: Float64Array, spare: Float64Array): void {
    this.copy(output, households ? spare : target)
    if (households) addedUp(spare, households, target)
  }

  /** Of each household the value of its first lane; as copyIncomes. */
  copyWeights(output: number, households: Uint32Array | undefined, target: Float64Array, spare: Float64Array): void {
    this.copy(output, households ? spare : target)
    if (households) ofFirst(spare, households, target)
  }
}
