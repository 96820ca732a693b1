// Incomes of households and their weights, as they stand and sorted, in the machine's memory: one pair at a time.
import type { Sorted } from '../../statistics/sorted.ts'
import { sumOf } from '../../statistics/sum-of.ts'
import type { Machine, Workspace } from '../machine.ts'
import type { LaneValues } from './lane-values.ts'
import type { LaneSource } from './lanes.ts'

/** Incomes in rising order of households. */
export interface Ranked extends Sorted {
  /** The household at each place, times 8. */
  readonly order: Uint32Array
  /** Of the households as they stand. */
  readonly incomes: Float64Array
}

export class IncomeTable {
  readonly #space: Workspace
  readonly #values: LaneValues
  readonly #households: Uint32Array | undefined
  readonly #count: number
  readonly #incomes: Float64Array
  readonly #weights: Float64Array
  readonly #order: Uint32Array
  readonly #work: Float64Array
  readonly #sortedIncomes: Float64Array
  readonly #sortedWeights: Float64Array

  /** @param households where each begins; undefined where each lane is one */
  constructor(source: LaneSource, values: LaneValues, households: Uint32Array | undefined) {
    const { lanes } = values
    this.#space = space(source.machine, source, lanes)
    this.#values = values
    this.#households = households
    this.#count = households ? households.length - 1 : lanes
    const { buffer, at } = this.#space
    const bytes = Math.ceil(lanes / 8) * 64
    const reals = (place: number, length: number) => new Float64Array(buffer, at + place * bytes, length)
    this.#incomes = reals(0, this.#count)
    this.#weights = reals(1, this.#count)
    this.#order = new Uint32Array(buffer, at + 2 * bytes, this.#count)
    // A sort has its entries twice over, then counts; where many values are close together it needs as much once more, which the sorted values then take.
    this.#work = reals(3, 2 * lanes + COUNTS)
    this.#sortedIncomes = new Float64Array(buffer, at + 5 * bytes + COUNTS * 8, this.#count)
    this.#sortedWeights = new Float64Array(buffer, at + 6 * bytes + COUNTS * 8, this.#count)
  }

  /** An income and what it counts for, sorted by income; it stands until the next call. */
  sorted(income: number, weight: number): Ranked {
    const { incomes, weights } = this.unsorted(income, weight)
    const { kernel } = this.#space
    const count = this.#count
    kernel.orderByValue(incomes.byteOffset, count, this.#order.byteOffset, this.#work.byteOffset)
    kernel.gather(incomes.byteOffset, this.#order.byteOffset, count, this.#sortedIncomes.byteOffset)
    kernel.gather(weights.byteOffset, this.#order.byteOffset, count, this.#sortedWeights.byteOffset)
    const [values, theirs] = [this.#sortedIncomes, this.#sortedWeights]
    return { order: this.#order, incomes, values, weights: theirs, weight: sumOf(theirs) }
  }

  /** The same as the households stand. What was sorted before stays. */
  unsorted(income: number, weight: number): { incomes: Float64Array; weights: Float64Array } {
    const spare = this.#work.subarray(0, this.#values.lanes)
    this.#values.copyIncomes(income, this.#households, this.#incomes, spare)
    this.#values.copyWeights(weight, this.#households, this.#weights, spare)
    return { incomes: this.#incomes, weights: this.#weights }
  }
}

/** f64 that the counts of a sort take: u32[4][256]. */
const COUNTS = 512

function space(machine: Machine, { binding, seed, sink }: LaneSource, lanes: number): Workspace {
  return machine.workspace(binding, seed, sink, 7 * Math.ceil(lanes / 8) * 64 + COUNTS * 8)
}
