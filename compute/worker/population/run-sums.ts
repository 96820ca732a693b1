// Calls the machine's exact sums of a batch over runs of lanes: what they read beside the results, and where they write.
import { LARGEST_TERM, LIMBS } from '../../statistics/exact-sum.ts'
import type { Batch } from '../machine.ts'
import { PIECE_LANES, type Runs } from './pieces.ts'

/** Room for the sums of one call. */
const SUMS_BYTES = 2 ** 19
const SUM_BYTES = LIMBS * 8

/** What is done with some rows' sums, part[row][run][limb], the first of which is `row`. */
export type TakeSums = (part: Float64Array, row: number, rows: number) => void

export class RunSums {
  /** Bytes of the machine's memory. */
  readonly room: number
  /** From the beginning of the room. */
  readonly #places: Readonly<Record<'rows' | 'order' | 'begins' | 'ones' | 'largest' | 'sums', number>>

  /** @param outputs the most that are summed at a time */
  constructor(outputs: number) {
    let next = 0
    const take = (bytes: number) => {
      const at = next
      next = Math.ceil((at + bytes) / 64) * 64
      return at
    }
    this.#places = {
      rows: take(4 * (outputs + 2)),
      order: take(4 * PIECE_LANES),
      begins: take(4 * (PIECE_LANES + 1)),
      ones: take(8 * PIECE_LANES),
      largest: take(8 * (outputs + 2)),
      sums: take(SUMS_BYTES),
    }
    this.room = next
  }

  /**
   * Sums the weight alone (row 0) and outputs times the weight, some rows at a time. Returns the outputs of which a term is not below
   * LARGEST_TERM in size.
   */
  sum(batch: Batch, weight: number, outputs: readonly number[], runs: Runs, take: TakeSums): number[] {
    const { buffer, roomAt, resultsAt, stride } = batch
    const rowAt = (output: number) => resultsAt + output * stride * 8
    const onesAt = roomAt + this.#places.ones
    const orderAt = roomAt + this.#places.order
    const beginsAt = roomAt + this.#places.begins
    const rowsAt = roomAt + this.#places.rows
    const largestAt = roomAt + this.#places.largest
    const sumsAt = roomAt + this.#places.sums
    new Float64Array(buffer, onesAt, PIECE_LANES).fill(1)
    shifted(runs.lanes, 3, new Uint32Array(buffer, orderAt, runs.lanes.length))
    shifted(runs.begins, 2, new Uint32Array(buffer, beginsAt, runs.begins.length))
    const rows = [onesAt, ...outputs.map(rowAt)]
    const count = runs.begins.length - 1
    const step = Math.max(2, Math.floor(SUMS_BYTES / (SUM_BYTES * Math.max(1, count)) / 2) * 2)
    const large: number[] = []
    for (let row = 0; row < rows.length; row += step) {
      const some = rows.slice(row, row + step)
      // Rows go in pairs.
      const pairs = some.length % 2 === 0 ? some : [...some, onesAt]
      new Uint32Array(buffer, rowsAt, pairs.length).set(pairs)
      batch.sumRuns(rowsAt, pairs.length, rowAt(weight), orderAt, beginsAt, count, sumsAt, largestAt)
      const largest = new Float64Array(buffer, largestAt, some.length)
      for (const [i, size] of largest.entries()) {
        if (!(size < LARGEST_TERM) && row + i > 0) large.push(outputs[row + i - 1]!)
      }
      take(new Float64Array(buffer, sumsAt, some.length * count * LIMBS), row, some.length)
    }
    return large
  }
}

function shifted(values: Uint32Array, bits: number, to: Uint32Array): void {
  for (let i = 0; i < values.length; i++) to[i] = values[i]! << bits
}
