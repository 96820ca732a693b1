// What the models of rich-models.ts need: an input, a series, columns, the numbers of members, a trajectory.
import type { Plan } from '../../compute/model/plan.ts'
import type { Given } from './given.ts'
import { numbers } from './random-numbers.ts'

/** More than any of these models has. */
const MOST_STEPS = 8

export function richGiven(lanes: number): {
  given(plan: Plan): Given
  columnsOf(plan: Plan): Record<string, Float64Array>
} {
  const next = numbers(11)
  const counts = (length: number, most: number) => Float64Array.from({ length }, () => Math.floor(next() * (most + 1)))
  const total = (of: Float64Array) => of.reduce((sum, n) => sum + n, 0)
  const values = (length: number) => Float64Array.from({ length }, () => (next() - 0.3) * 8)
  const units = counts(lanes, 2)
  const persons = counts(total(units), 3)
  const columns = {
    income: values(lanes),
    wage: values(total(persons)),
    'count(unit)': units,
    'count(person)': persons,
  }
  const path = values(lanes * MOST_STEPS)
  return {
    given: (plan) => {
      const growth = Array.from({ length: plan.time!.steps + 1 }, (_, i) => Math.sqrt(i) - 1)
      return { inputs: { rate: 1.5 }, series: { growth } }
    },
    columnsOf: (plan) => ({ ...columns, path: path.subarray(0, lanes * (plan.time!.steps + 1)) }),
  }
}
