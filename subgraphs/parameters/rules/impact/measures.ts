// Variables that an analysis adds to the rules: measured under each law, once where laws do not differ.
import { call } from '../../../../compute/model/build.ts'
import type { Expression, Variable } from '../../../../compute/model/model.ts'

/** Names of our own begin so: no rule is named like it. */
export const own = (name: string, side?: string): string => `impact: ${name}${side === undefined ? '' : ` @ ${side}`}`

/** A measure under a law: its name there, which is the baseline's where nothing that it reads is different. */
export type Measure = (side?: string) => string

export class Measures {
  readonly #added = new Map<string, Variable>()
  readonly #resultOf: (name: string, side?: string) => string

  /** @param resultOf the variable that holds a result of the rules on a side */
  constructor(resultOf: (name: string, side?: string) => string) {
    this.#resultOf = resultOf
  }

  get variables(): readonly Variable[] {
    return [...this.#added.values()]
  }

  /** A result of the rules. */
  result(name: string): Measure {
    return (side) => this.#resultOf(name, side)
  }

  /** Computed from other measures. */
  of(
    name: string,
    unit: string,
    reads: readonly Measure[],
    equation: (reads: readonly string[]) => Expression,
  ): Measure {
    return (side) => {
      const differs = reads.some((read) => read(side) !== read())
      const at = differs ? side : undefined
      return this.add(own(name, at), unit, equation(reads.map((read) => read(at))))
    }
  }

  /** The difference that a side makes, from the baseline or from another; null where it makes none. */
  change(name: string, unit: string, measure: Measure, side?: string, from?: string): string | null {
    const [after, before] = [measure(side), measure(from)]
    return after === before ? null : this.add(own(`change of ${name}`, side), unit, call('sub', after, before))
  }

  add(name: string, unit: string, equation: Expression): string {
    this.#added.set(name, { kind: 'auxiliary', name, unit, equation })
    return name
  }
}
