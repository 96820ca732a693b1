// The host side of the merge kernel: statistics over all lanes of an ensemble, row by row.
import { QuesnayError } from '../../schema/errors.ts'
import { HEADER, PAGE_BYTES } from '../layout/memory.ts'
import { instantiate, type KernelBytes } from './module.ts'

/** One shard's values in the merge: values[row * lanes + lane], rows = outputs * times. */
export interface MergePart {
  readonly values: Float64Array
  readonly lanes: number
}

/** Statistics by row (output * times + time), of rows rowFrom..rowTo - 1. */
export interface EnsembleRows {
  readonly mean: Float64Array<ArrayBuffer>
  /** Sample standard deviation (n - 1); 0 for one lane. */
  readonly sd: Float64Array<ArrayBuffer>
  /** One array per probability: quantile type 7 (Hyndman and Fan 1996), exact. */
  readonly quantiles: readonly Float64Array<ArrayBuffer>[]
}

interface Exports {
  readonly summarise: (at: number, n: number, probabilities: number, count: number) => void
}

/** Most lanes of an ensemble. */
export const MAX_LANES = 1_000_000
/** Most probabilities of one merge: they and the results stand between HEADER and the first lane's value. */
const MAX_PROBABILITIES = 1000
const PROBABILITIES_AT = HEADER + 16 + MAX_PROBABILITIES * 8
const VALUES_AT = PAGE_BYTES

/** One instance of the merge kernel. */
export class EnsembleMerger {
  readonly #memory: WebAssembly.Memory
  readonly #kernel: Exports

  private constructor(memory: WebAssembly.Memory, kernel: Exports) {
    this.#memory = memory
    this.#kernel = kernel
  }

  /** KERNEL_REFUSED: as Machine.compile. */
  static compile(kernel: KernelBytes, expectedSha256: string): EnsembleMerger {
    const { memory, exports } = instantiate(kernel, expectedSha256)
    return new EnsembleMerger(memory, exports as unknown as Exports)
  }

  /**
   * Merges parts given in ascending order of lanes; any cut into parts gives the same bits. May be called for slices of rows.
   * BAD_INPUT: no lanes, or a probability outside [0, 1]. LIMIT_EXCEEDED: more than 1,000,000 lanes or 1,000 probabilities.
   */
  merge(parts: readonly MergePart[], rowFrom: number, rowTo: number, probabilities: readonly number[]): EnsembleRows {
    const lanes = parts.reduce((sum, part) => sum + part.lanes, 0)
    check(lanes, probabilities)
    const missing = Math.ceil((VALUES_AT + 16 * lanes - this.#memory.buffer.byteLength) / PAGE_BYTES)
    if (missing > 0) this.#memory.grow(missing)
    const { buffer } = this.#memory
    new Float64Array(buffer, PROBABILITIES_AT, probabilities.length).set(probabilities)
    const values = new Float64Array(buffer, VALUES_AT, lanes)
    const results = new Float64Array(buffer, HEADER, 2 + probabilities.length)

    const rows = rowTo - rowFrom
    const columns = Array.from(results, () => new Float64Array(rows))
    for (let row = rowFrom; row < rowTo; row++) {
      let lane = 0
      for (const part of parts) {
        values.set(part.values.subarray(row * part.lanes, (row + 1) * part.lanes), lane)
        lane += part.lanes
      }
      this.#kernel.summarise(VALUES_AT, lanes, PROBABILITIES_AT, probabilities.length)
      for (let i = 0; i < columns.length; i++) columns[i]![row - rowFrom] = results[i]!
    }
    const [mean, sd, ...quantiles] = columns
    return { mean: mean!, sd: sd!, quantiles }
  }
}

function check(lanes: number, probabilities: readonly number[]): void {
  if (lanes < 1) throw new QuesnayError('BAD_INPUT', 'there are no lanes to merge', { path: 'lanes' })
  if (lanes > MAX_LANES) {
    throw new QuesnayError('LIMIT_EXCEEDED', `${lanes} lanes are more than ${MAX_LANES}`, {
      path: 'lanes',
      limit: MAX_LANES,
    })
  }
  if (probabilities.length > MAX_PROBABILITIES) {
    const message = `${probabilities.length} probabilities are more than ${MAX_PROBABILITIES}`
    throw new QuesnayError('LIMIT_EXCEEDED', message, { path: 'probabilities', limit: MAX_PROBABILITIES })
  }
  const wrong = probabilities.find((p) => !(p >= 0 && p <= 1))
  if (wrong === undefined) return
  throw new QuesnayError('BAD_INPUT', `the probability ${wrong} is not from 0 to 1`, { path: 'probabilities' })
}
