// Orders the lanes of a batch into runs and sums over them, in the machine's memory: what is read beside the results, and where it is written.
import { MAX_GROUP_CODES } from '../../../schema/jobs.ts'
import { LARGEST_TERM, LIMBS } from '../../statistics/exact-sum.ts'
import type { Batch } from '../machine.ts'
import type { PieceShape, Runs } from './pieces.ts'

/** Room for the sums of one call. */
const SUMS_BYTES = 2 ** 18
const SUM_BYTES = LIMBS * 8

/** What is done with some rows' sums, part[row][run][limb], the first of which is `row`. */
export type TakeSums = (part: Float64Array, row: number, rows: number) => void

type Area = 'rows' | 'order' | 'begins' | 'codes' | 'counts' | 'ones' | 'largest' | 'sums' | 'work'

export class RunSums {
  /** Bytes of the machine's memory. */
  readonly room: number
  readonly #shape: PieceShape
  /** From the beginning of the room. */
  readonly #places: Readonly<Record<Area, number>>

  /** @param outputs the most that are summed at a time */
  constructor(outputs: number, shape: PieceShape) {
    const { lanes } = shape
    let next = 0
    const take = (bytes: number) => {
      const at = next
      next = Math.ceil((at + bytes) / 64) * 64
      return at
    }
    this.#shape = shape
    this.#places = {
      rows: take(4 * (outputs + 2)),
      order: take(4 * lanes),
      begins: take(4 * (lanes + 1)),
      codes: take(4 * lanes),
      counts: take(4 * MAX_GROUP_CODES),
      ones: take(8 * lanes),
      largest: take(8 * (outputs + 2)),
      sums: take(Math.max(SUMS_BYTES, 2 * lanes * SUM_BYTES)),
      // Entries of a sort, twice over, and its counts.
      work: take(4 * 8 * lanes + 4096),
    }
    this.room = next
  }

  /** Before the first batch: what is the same in all. */
  begin({ buffer, roomAt }: Batch): void {
    new Float64Array(buffer, roomAt + this.#places.ones, this.#shape.lanes).fill(1)
    new Uint32Array(buffer, roomAt + this.#places.counts, MAX_GROUP_CODES).fill(0)
  }

  /** Puts the lanes into the order of the codes that an output holds; returns the codes that are there, and how many lanes each has. */
  orderByCode(batch: Batch, output: number): { codes: Uint32Array; lanes: Float64Array } {
    const at = this.#addresses(batch)
    const { count, kernel } = batch
    const groups = kernel.orderByCode(
      at.valuesOf(output),
      ...([count, MAX_GROUP_CODES, at.order, at.begins, at.codes, at.counts] as const),
    )
    const begins = new Uint32Array(batch.buffer, at.begins, groups + 1)
    const lanes = new Float64Array(groups)
    for (let i = 0; i < groups; i++) lanes[i] = (begins[i + 1]! - begins[i]!) / 4
    return { codes: new Uint32Array(batch.buffer, at.codes, groups).slice(), lanes }
  }

  /** Puts the lanes into one run, as they stand. */
  orderAsTheyStand(batch: Batch): void {
    const at = this.#addresses(batch)
    const order = new Uint32Array(batch.buffer, at.order, batch.count)
    for (let i = 0; i < order.length; i++) order[i] = 8 * i
    new Uint32Array(batch.buffer, at.begins, 2).set([0, 4 * batch.count])
  }

  /** Puts the lanes into the order of an output's values, in runs; returns how many, and writes the order to `to`. */
  orderByValue(batch: Batch, output: number, to: Uint16Array): number {
    const at = this.#addresses(batch)
    const { count, kernel, buffer } = batch
    kernel.orderByValue(at.valuesOf(output), count, at.order, at.work)
    const runs = Math.ceil(count / this.#shape.run)
    const begins = new Uint32Array(buffer, at.begins, runs + 1)
    for (let i = 0; i <= runs; i++) begins[i] = 4 * Math.min(count, i * this.#shape.run)
    const order = new Uint32Array(buffer, at.order, count)
    for (let i = 0; i < count; i++) to[i] = order[i]! >>> 3
    return runs
  }

  /** Puts lanes into an order that is given, in its runs. */
  orderAs(batch: Batch, runs: Pick<Runs, 'lanes' | 'begins'>): void {
    const at = this.#addresses(batch)
    const order = new Uint32Array(batch.buffer, at.order, runs.lanes.length)
    for (let i = 0; i < order.length; i++) order[i] = 8 * runs.lanes[i]!
    const begins = new Uint32Array(batch.buffer, at.begins, runs.begins.length)
    for (let i = 0; i < begins.length; i++) begins[i] = 4 * runs.begins[i]!
  }

  /**
   * Sums the weight alone (row 0) and outputs times the weight over the runs that the lanes were put into, some rows at a time. Returns
   * the outputs of which a term is not below LARGEST_TERM in size.
   */
  sum(batch: Batch, weight: number, outputs: readonly number[], runs: number, take: TakeSums): number[] {
    const at = this.#addresses(batch)
    const { buffer, kernel } = batch
    const rows = [at.ones, ...outputs.map(at.valuesOf)]
    const step = Math.max(2, Math.floor(SUMS_BYTES / (SUM_BYTES * Math.max(1, runs)) / 2) * 2)
    const large: number[] = []
    for (let row = 0; row < rows.length; row += step) {
      const some = rows.slice(row, row + step)
      // Rows go in pairs.
      const pairs = some.length % 2 === 0 ? some : [...some, at.ones]
      new Uint32Array(buffer, at.rows, pairs.length).set(pairs)
      kernel.sumRuns(
        ...([at.rows, pairs.length, at.valuesOf(weight)] as const),
        ...([at.order, at.begins, runs, at.sums, at.largest] as const),
      )
      const largest = new Float64Array(buffer, at.largest, some.length)
      for (let i = 0; i < largest.length; i++) {
        if (!(largest[i]! < LARGEST_TERM) && row + i > 0) large.push(outputs[row + i - 1]!)
      }
      take(new Float64Array(buffer, at.sums, some.length * runs * LIMBS), row, some.length)
    }
    return large
  }

  #addresses({ roomAt, resultsAt, stride }: Batch) {
    const places = this.#places
    return {
      valuesOf: (output: number) => resultsAt + output * stride * 8,
      rows: roomAt + places.rows,
      order: roomAt + places.order,
      begins: roomAt + places.begins,
      codes: roomAt + places.codes,
      counts: roomAt + places.counts,
      ones: roomAt + places.ones,
      largest: roomAt + places.largest,
      sums: roomAt + places.sums,
      work: roomAt + places.work,
    }
  }
}
