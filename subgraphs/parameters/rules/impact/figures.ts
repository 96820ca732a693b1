// Figures of a population's result: a number, or the error that stands in its place, so that one that fails takes no other with it.
import type {
  FailedOutput,
  PopulationDistribution,
  PopulationPoverty,
  PopulationResult,
} from '../../../../compute/dispatch/port.ts'
import { isQuesnayError, QuesnayError } from '../../../../schema/errors.ts'
import type { PovertySpec } from '../../../../schema/jobs.ts'

/** What is over nobody, or has no meaning as a share of nothing, is null. */
export type Figure = number | null | QuesnayError
export type Figures = readonly number[] | QuesnayError

/** The value, or the error of ours that was met on the way. */
export function figure<T>(work: () => T): T | QuesnayError {
  try {
    return work()
  } catch (error) {
    if (isQuesnayError(error)) return error
    throw error
  }
}

/** Reads a result by names of outputs; a name that is null is 0 everywhere. Each call throws where an output it needs has failed. */
export class Answers {
  readonly result: PopulationResult
  readonly #weight: string
  readonly #failed: ReadonlyMap<string, FailedOutput>
  readonly #summed: ReadonlyMap<string, number>
  readonly #ranked: ReadonlyMap<string, number>

  /** @param weight the output that everything is summed with */
  constructor(result: PopulationResult, weight: string) {
    const places = (outputs: readonly { readonly name: string }[]) => new Map(outputs.map(({ name }, i) => [name, i]))
    this.result = result
    this.#weight = weight
    this.#failed = new Map(result.failed.map((failed) => [failed.output, failed]))
    this.#summed = places(result.outputs)
    this.#ranked = places(result.ranks?.outputs ?? [])
  }

  /** NOT_A_NUMBER, or BAD_INPUT for data that cannot be, where one of the outputs has no figures. */
  assert(...outputs: readonly (string | null)[]): void {
    for (const output of [this.#weight, ...outputs]) {
      const failed = output === null ? undefined : this.#failed.get(output)
      if (failed) throw faultOf(failed)
    }
  }

  sum(output: string | null): number {
    this.assert(output)
    return output === null ? 0 : this.result.sums[place(this.#summed, output)]!
  }

  /** By rank group, from the lowest. `by`: the output that they are ranked by. */
  ranked(output: string | null): readonly number[] {
    this.assert(output)
    const { ranks } = this.result
    const count = ranks!.lanes.length
    if (output === null) return new Array<number>(count).fill(0)
    const from = place(this.#ranked, output) * count
    return [...ranks!.sums.subarray(from, from + count)]
  }

  /** By code of a way of grouping. */
  grouped(group: string, output: string | null): readonly number[] {
    this.assert(group, output)
    const { codes, sums } = this.result.groups.find(({ name }) => name === group)!
    if (output === null) return codes.map(() => 0)
    const from = place(this.#summed, output) * codes.length
    return [...sums.subarray(from, from + codes.length)]
  }

  distribution(income: string): PopulationDistribution {
    const found = this.result.distributions.find((one) => one.income.name === income)!
    this.assert(income, found.weightedBy)
    return found
  }

  /** @param at its place in the spec */
  poverty(at: number, { income, weight, line }: PovertySpec): PopulationPoverty {
    this.assert(income, weight, line.of, line.weight)
    return this.result.poverty[at]!
  }
}

function place(places: ReadonlyMap<string, number>, output: string): number {
  const at = places.get(output)
  if (at !== undefined) return at
  throw new QuesnayError('BAD_INPUT', `the result has no ${output}`, {
    path: output,
    suggestion: 'ask for the result of the run of these rules',
  })
}

const REASONS: Readonly<Record<FailedOutput['reason'], string>> = {
  NOT_A_NUMBER: 'is not a finite number',
  TOO_LARGE: 'is too large to be summed exactly',
  NEGATIVE_WEIGHT: 'is a weight below zero',
  BAD_CODE: 'is no code of a group',
  OUT_OF_ORDER: 'falls from unit to unit',
}

function faultOf({ output, reason, lane, count }: FailedOutput): QuesnayError {
  const code = reason === 'NOT_A_NUMBER' || reason === 'TOO_LARGE' ? 'NOT_A_NUMBER' : 'BAD_INPUT'
  const others = count === 1 ? '' : ` and ${count - 1} more`
  return new QuesnayError(code, `${output} ${REASONS[reason]} in unit ${lane}${others}`, {
    path: output,
    output,
    reason,
    lane,
    count,
    suggestion: 'see what the rules make of this unit; the other figures of the answer do not depend on it',
  })
}

/** a / b by place; what is over nothing is 0. */
export const over = (a: readonly number[], b: ArrayLike<number>): number[] => a.map((value, i) => share(value, b[i]!))

/** null for what has no value. */
export const known = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** a / b, 0 over nothing. */
export const share = (a: number, b: number): number => (b === 0 ? 0 : a / b)
