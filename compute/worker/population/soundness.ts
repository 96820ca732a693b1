// Which outputs of a population can be reckoned with, and why others cannot.
import type { FailedOutput } from '../../dispatch/port.ts'
import type { Plan } from '../../model/plan.ts'
import { fallsOf } from '../../statistics/households.ts'
import { addFaults, FAULT_NUMBERS, REASONS } from './faults.ts'
import type { LaneValues } from './lane-values.ts'
import type { Roles } from './roles.ts'
import { readNumbers, type ShardNumbers } from './shard-numbers.ts'

export class Soundness {
  readonly #plan: Plan
  readonly #faults: Float64Array

  constructor(plan: Plan, roles: Roles, shards: readonly ShardNumbers[], values: LaneValues) {
    this.#plan = plan
    const [first, ...others] = shards.map(({ numbers }) => readNumbers(numbers, plan.outputs.length, roles).faults)
    this.#faults = first!.slice()
    for (const later of others) addFaults(this.#faults, later)
    if (roles.link >= 0 && this.of(roles.link)) this.#noteFalls(roles.link, values)
  }

  /** Whether a figure that depends on these outputs can be given; -1 is no output. */
  of(...outputs: readonly number[]): boolean {
    return outputs.every((output) => output < 0 || this.#faults[output * FAULT_NUMBERS] === -1)
  }

  /** Outputs of which no figure is given, by name. */
  failed(): FailedOutput[] {
    return this.#plan.outputs
      .flatMap(({ name }, output) => {
        const at = output * FAULT_NUMBERS
        const [lane = 0, count = 0, reason = 0] = this.#faults.subarray(at, at + FAULT_NUMBERS)
        return this.of(output) ? [] : [{ output: name, reason: REASONS[reason]!, lane, count }]
      })
      .sort((a, b) => (a.output < b.output ? -1 : 1))
  }

  /** Household numbers that fall, which no shard sees at its ends. */
  #noteFalls(link: number, values: LaneValues): void {
    const numbers = new Float64Array(values.lanes)
    values.copy(link, numbers)
    const { first, count } = fallsOf(numbers)
    if (count > 0) this.#faults.set([first, count, REASONS.indexOf('OUT_OF_ORDER')], link * FAULT_NUMBERS)
  }
}
