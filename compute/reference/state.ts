// What outlives a step in the interpreter: stocks, registers, rings and unknowns.
import type { Frame } from './frame.ts'

export interface State {
  /** Stocks, registers and rings as they are at first. */
  begin(): void
  /** Sets each delayed value to what its input was; what was put in at step m stands at m mod length. */
  readRings(step: number): void
  /** Notes, once a step is evaluated, what rings and registers take from it. */
  keep(step: number): void
  /** Registers become what was noted. */
  move(): void
  /** The lane's values out of a snapshot's, or into them, NaN made canonical. `offsets`: where each item begins. */
  load(values: Float64Array, offsets: readonly number[]): void
  store(values: Float64Array, offsets: readonly number[]): void
}

export function stateOf(frame: Frame): State {
  const { plan, at, values } = frame
  const rings = plan.rings.map(({ length }) => new Float64Array(length))
  const kept = new Float64Array(values.length)
  const named = [...plan.stocks, ...plan.registers].map(({ slot }) => slot)
  const unknowns = plan.solves.flatMap((solve) => solve.unknowns.map(({ slot }) => slot))
  /** Each value of the state: where it is kept, and its place in a snapshot. */
  const each = (offsets: readonly number[], visit: (array: Float64Array, index: number, place: number) => void) => {
    let item = 0
    const slot = (which: number) => {
      const first = offsets[item++]! + frame.firsts[frame.level(which)]!
      for (let i = 0; i < frame.rows(which); i++) visit(values, at[which]! + i, first + i)
    }
    named.forEach(slot)
    for (const ring of rings) for (const index of ring.keys()) visit(ring, index, offsets[item++]! + frame.firsts[0]!)
    unknowns.forEach(slot)
  }
  return {
    begin: () => {
      for (const { slot, initial } of plan.stocks) frame.copy(slot, initial)
      for (const { slot, initial } of plan.registers) frame.copy(slot, initial)
      for (const [i, { initial }] of plan.rings.entries()) rings[i]!.fill(frame.get(initial))
    },
    readRings: (step) => {
      for (const [i, { slot, delay, length }] of plan.rings.entries()) {
        const rounded = Math.floor(frame.get(delay) + 0.5)
        const back = rounded >= 1 ? Math.min(rounded, length) : 1
        frame.set(slot, rings[i]![(step - back + length) % length]!)
      }
    },
    keep: (step) => {
      for (const [i, { input, length }] of plan.rings.entries()) rings[i]![step % length] = frame.get(input)
      for (const { next } of plan.registers) {
        for (let i = 0; i < frame.rows(next); i++) kept[at[next]! + i] = values[at[next]! + i]!
      }
    },
    move: () => {
      for (const { slot, next } of plan.registers) frame.copy(slot, next, kept)
    },
    load: (given, offsets) => {
      each(offsets, (array, index, place) => {
        array[index] = given[place]!
      })
    },
    store: (left, offsets) => {
      each(offsets, (array, index, place) => {
        left[place] = Number.isNaN(array[index]!) ? Number.NaN : array[index]!
      })
    },
  }
}
