// Incomes and weights of households, each derived and sorted once however many figures ask for it.
import { addedUp, ofFirst } from '../../statistics/households.ts'
import { risingOrder } from '../../statistics/rising-order.ts'
import { type Sorted, sorted } from '../../statistics/sorted.ts'
import type { LaneValues } from './lane-values.ts'

export class Incomes {
  readonly #values: LaneValues
  readonly #begins: Uint32Array | undefined
  readonly #incomes = new Map<number, Float64Array>()
  readonly #weights = new Map<number, Float64Array>()
  readonly #orders = new Map<number, Uint32Array>()
  readonly #sorted = new Map<string, Sorted>()

  /** @param begins of the households; undefined where each lane is one */
  constructor(values: LaneValues, begins: Uint32Array | undefined) {
    this.#values = values
    this.#begins = begins
  }

  /** Of each household the sum over its lanes. */
  income(output: number): Float64Array {
    const begins = this.#begins
    return begins
      ? once(this.#incomes, output, () => addedUp(this.#values.of(output), begins))
      : this.#values.of(output)
  }

  /** Of each household that of its first lane. */
  weight(output: number): Float64Array {
    const begins = this.#begins
    return begins
      ? once(this.#weights, output, () => ofFirst(this.#values.of(output), begins))
      : this.#values.of(output)
  }

  sorted(income: number, weight: number): Sorted {
    return once(this.#sorted, `${income} ${weight}`, () => {
      const incomes = this.income(income)
      const order = once(this.#orders, income, () => risingOrder(incomes))
      return sorted(incomes, this.weight(weight), order)
    })
  }
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const there = known.get(key)
  if (there !== undefined) return there
  const made = make()
  known.set(key, made)
  return made
}
