// Exact sums of some rows by the code of a group, over the lanes seen so far.
import { QuesnayError } from '../../../schema/errors.ts'
import { MAX_GROUP_CODES } from '../../../schema/jobs.ts'
import { addSums, LIMBS } from '../../statistics/exact-sum.ts'

/** Rows times codes of one way of grouping: 24 MiB. */
const MAX_CELLS = 2 ** 20

export class GroupSums {
  readonly rows: number
  /** In the order in which they were seen. */
  readonly codes: number[] = []
  readonly #placeOf = new Int16Array(MAX_GROUP_CODES).fill(-1)
  #lanes = new Float64Array(16)
  /** [code's place][row][limb] */
  #sums: Float64Array

  constructor(rows: number) {
    this.rows = rows
    this.#sums = new Float64Array(16 * rows * LIMBS)
  }

  /** Counts lanes of codes. */
  count(codes: ArrayLike<number>, lanes: ArrayLike<number>): void {
    for (let i = 0; i < codes.length; i++) {
      const place = this.#place(codes[i]!)
      this.#lanes[place]! += lanes[i]!
    }
  }

  /** Adds sums[row][code][limb] of the rows from `firstRow` on. */
  add(codes: ArrayLike<number>, sums: Float64Array, firstRow: number, rows: number): void {
    const { length } = codes
    for (let i = 0; i < length; i++) {
      const place = this.#place(codes[i]!)
      const at = (place * this.rows + firstRow) * LIMBS
      for (let row = 0; row < rows; row++) {
        addSums(this.#sums, at + row * LIMBS, sums, (row * length + i) * LIMBS)
      }
    }
  }

  /** Adds sums[code][row][limb] of all rows, as inOrder gives them. */
  addInOrder(codes: ArrayLike<number>, sums: Float64Array): void {
    const { rows } = this
    for (let i = 0; i < codes.length; i++) {
      const place = this.#place(codes[i]!)
      addSums(this.#sums, place * rows * LIMBS, sums, i * rows * LIMBS, rows)
    }
  }

  /** By rising code: the codes, the lanes of each, and sums[code][row][limb]. */
  inOrder(): { codes: number[]; lanes: Float64Array; sums: Float64Array } {
    const codes = [...this.codes].sort((a, b) => a - b)
    const cells = this.rows * LIMBS
    const sums = new Float64Array(codes.length * cells)
    const lanes = new Float64Array(codes.length)
    for (const [i, code] of codes.entries()) {
      const place = this.#placeOf[code]!
      lanes[i] = this.#lanes[place]!
      sums.set(this.#sums.subarray(place * cells, (place + 1) * cells), i * cells)
    }
    return { codes, lanes, sums }
  }

  #place(code: number): number {
    const known = this.#placeOf[code]!
    if (known >= 0) return known
    const place = this.codes.push(code) - 1
    this.#placeOf[code] = place
    if ((place + 1) * this.rows > MAX_CELLS) {
      const message = `${place + 1} groups of ${this.rows} sums are more than ${MAX_CELLS} figures`
      throw new QuesnayError('LIMIT_EXCEEDED', message, { path: 'result.groups', limit: MAX_CELLS })
    }
    if (place === this.#lanes.length) {
      this.#lanes = grown(this.#lanes)
      this.#sums = grown(this.#sums)
    }
    return place
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length)
  larger.set(values)
  return larger
}
