// What a shard of a population leaves, as numbers: what its bytes are, and how the merge reads them.
//
// numbers: [groups' codes, one count per way of grouping] [faults: output x 3] [sums of all lanes: row x limb]
//          then of each way of grouping: [codes] [lanes of each] [sums: code x row x limb]; rows are the weight alone, then `sums`
// runs:    piece by piece [row][run][limb] of households by rising `by`; rows are the weight alone, then `ranked`
// kept:    [output of Roles.kept][lane]
// order:   piece by piece the households of its runs, counted from the first, by rising `by`
import { LIMBS } from '../../statistics/exact-sum.ts'
import { FAULT_NUMBERS } from './faults.ts'
import type { Roles } from './roles.ts'

/** Over shared memory, so that no thread copies them. */
export interface ShardNumbers {
  readonly numbers: Float64Array
  readonly runs: Float64Array
  readonly kept: Float64Array
  readonly order: Uint16Array
}

export interface GroupNumbers {
  readonly codes: ArrayLike<number>
  readonly lanes: Float64Array
  readonly sums: Float64Array
}

/** The first part, taken apart. */
export interface SumNumbers {
  readonly faults: Float64Array
  readonly all: Float64Array
  readonly groups: readonly GroupNumbers[]
}

/** The weight alone, then what is summed with it. */
export const rowsOf = (outputs: readonly number[]) => 1 + outputs.length

/** Numbers over shared memory. */
export function sharedNumbers(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length))
}

export function writeNumbers({ faults, all, groups }: SumNumbers): Float64Array {
  const parts = [
    Float64Array.from(groups, ({ codes }) => codes.length),
    faults,
    all,
    ...groups.flatMap(({ codes, lanes, sums }) => [Float64Array.from(codes), lanes, sums]),
  ]
  const numbers = sharedNumbers(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    numbers.set(part, at)
    at += part.length
  }
  return numbers
}

export function readNumbers(numbers: Float64Array, outputs: number, roles: Roles): SumNumbers {
  let at = 0
  const take = (length: number) => {
    const part = numbers.subarray(at, at + length)
    at += length
    return part
  }
  const cells = rowsOf(roles.sums) * LIMBS
  const counts = take(roles.groups.length)
  const faults = take(outputs * FAULT_NUMBERS)
  const all = take(cells)
  const groups = Array.from(counts, (count) => ({
    codes: take(count),
    lanes: take(count),
    sums: take(count * cells),
  }))
  return { faults, all, groups }
}
