// The random numbers of one unit: each by its number alone, four to a block of Philox.
import { normalQuantile } from '../../../../../compute/model/math/normal.ts'
import { philoxInto } from '../../../../../compute/model/math/philox.ts'

/** Blocks that a unit has: room for 64 numbers. */
const BLOCKS = 16
const SCALE = 2 ** -32

/**
 * Numbers of a unit (or of a pair of them), by stream. A number depends on the key, the unit and the stream alone, so that units can be
 * made in any order and in any number. Blocks are computed when first asked for.
 */
export class Draws {
  readonly #key: readonly [number, number]
  readonly #words = new Uint32Array(4 * BLOCKS)
  #have = 0
  #row = 0

  constructor(key: readonly [number, number]) {
    this.#key = key
  }

  /** Goes on to another unit. */
  moveTo(row: number): this {
    this.#row = row
    this.#have = 0
    return this
  }

  /** A uniform number in (0, 1), never an end: (word + 1/2) / 2^32. @param stream 0 to 63 */
  uniform(stream: number): number {
    const block = stream >> 2
    if ((this.#have & (1 << block)) === 0) {
      philoxInto(this.#words, 4 * block, this.#row, block, 0, 0, this.#key[0], this.#key[1])
      this.#have |= 1 << block
    }
    return (this.#words[stream]! + 0.5) * SCALE
  }

  /** A standard normal number. */
  normal(stream: number): number {
    return normalQuantile(this.uniform(stream))
  }

  /** True with a probability. */
  happens(stream: number, probability: number): boolean {
    return this.uniform(stream) < probability
  }
}
