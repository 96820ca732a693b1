// Values that cannot be used: which output, for what reason, first in which lane, and in how many.
import { MAX_GROUP_CODES } from '../../../schema/jobs.ts'
import type { FailedReason } from '../../dispatch/port.ts'
import { LARGEST_TERM } from '../../statistics/exact-sum.ts'
import type { Roles } from './roles.ts'

/** Codes of the reasons in a shard's numbers. */
export const REASONS: readonly FailedReason[] = [
  'NOT_A_NUMBER',
  'NEGATIVE_WEIGHT',
  'BAD_CODE',
  'OUT_OF_ORDER',
  'TOO_LARGE',
]

/** Numbers per output: the first lane, how many, the code of the first one's reason; the lane is -1 where none failed. */
export const FAULT_NUMBERS = 3
/** Incomes and weights beyond are not reckoned with: their products would leave the range of f64. */
const LARGEST_VALUE = 2 ** 300

/** What a value has to be, by the roles of its output. */
interface Demands {
  readonly weight: boolean
  readonly code: boolean
  /** Below this in size; and below LARGEST_TERM with its weight where it is summed. */
  readonly largest: number
  readonly summed: boolean
}

export class Faults {
  /** [output][first lane, count, reason] */
  readonly numbers: Float64Array
  readonly #demands: readonly Demands[]

  constructor(outputs: number, roles: Roles) {
    this.numbers = new Float64Array(outputs * FAULT_NUMBERS)
    for (let output = 0; output < outputs; output++) this.numbers[output * FAULT_NUMBERS] = -1
    const weights = new Set([
      roles.weight,
      roles.rankWeight,
      ...roles.distributions.map(({ weight }) => weight),
      ...roles.poverty.flatMap(({ weight, ofWeight }) => [weight, ofWeight]),
    ])
    const summed = new Set([...roles.sums, ...roles.ranked])
    const byLane = new Set(roles.byLane)
    this.#demands = Array.from({ length: outputs }, (_, output) => ({
      weight: weights.has(output),
      code: roles.groups.includes(output),
      largest: output === roles.weight ? LARGEST_TERM : byLane.has(output) ? LARGEST_VALUE : Number.POSITIVE_INFINITY,
      summed: summed.has(output),
    }))
  }

  /** True where values of an output meet what is asked of it but for the size of weighted terms, which sums tell. */
  meet(output: number, values: Float64Array): boolean {
    const { weight, code, largest } = this.#demands[output]!
    const limit = code ? MAX_GROUP_CODES : largest
    const positive = weight || code
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!
      if (!(Math.abs(x) < limit) || (positive && x < 0) || (code && !Number.isInteger(x))) return false
    }
    return true
  }

  /** Notes the lanes, counted from `firstLane`, in which an output fails. `weights` of the terms that it is summed by. */
  note(output: number, values: Float64Array, weights: Float64Array, firstLane: number): void {
    const at = output * FAULT_NUMBERS
    for (let i = 0; i < values.length; i++) {
      const reason = this.#reasonOf(output, values[i]!, weights[i]!)
      if (!reason) continue
      if (this.numbers[at] === -1) {
        this.numbers[at] = firstLane + i
        this.numbers[at + 2] = REASONS.indexOf(reason)
      }
      this.numbers[at + 1]! += 1
    }
  }

  #reasonOf(output: number, x: number, weight: number): FailedReason | undefined {
    const demands = this.#demands[output]!
    if (!Number.isFinite(x)) return 'NOT_A_NUMBER'
    if (demands.code && !(Number.isInteger(x) && x >= 0 && x < MAX_GROUP_CODES)) return 'BAD_CODE'
    if (demands.weight && x < 0) return 'NEGATIVE_WEIGHT'
    if (Math.abs(x) >= demands.largest) return 'TOO_LARGE'
    const term = Math.abs(x * weight)
    return demands.summed && term >= LARGEST_TERM && Number.isFinite(weight) ? 'TOO_LARGE' : undefined
  }
}

/** Adds the faults of lanes behind to those of lanes before. */
export function addFaults(numbers: Float64Array, later: Float64Array): void {
  for (let at = 0; at < numbers.length; at += FAULT_NUMBERS) {
    if (later[at] === -1) continue
    if (numbers[at] === -1) {
      numbers[at] = later[at]!
      numbers[at + 2] = later[at + 2]!
    }
    numbers[at + 1]! += later[at + 1]!
  }
}
