// The inputs of a plan of rules: what each parameter is under each law, for the year asked.
import type { Plan } from '../../../../compute/model/plan.ts'
import { QuesnayError } from '../../../../schema/errors.ts'
import type { ParameterValues } from '../overlay.ts'
import { inputName } from './rule-model.ts'
import type { RuleSet } from './rule-set.ts'

/** Values of all parameters under a law; `name` null for the law as it is. */
export interface LawValues {
  readonly name: string | null
  readonly values: ParameterValues
}

/** The largest number stands for infinity, as in formulas: a plan's inputs are finite. */
const INFINITE = Number.MAX_VALUE

/**
 * The number of every input that the plan has. Errors: BAD_INPUT where a parameter has no value on the day: none is ever guessed.
 */
export function ruleInputs(
  ruleSet: RuleSet,
  plan: Pick<Plan, 'inputs'>,
  laws: readonly LawValues[],
): Record<string, number> {
  const places = new Map(
    laws.flatMap(({ name, values }) =>
      ruleSet.parameters.flatMap(({ id, inputs }) =>
        inputs.map((input, cell) => [inputName(input, name), { id, cell, values }] as const),
      ),
    ),
  )
  return Object.fromEntries(
    plan.inputs.map(({ name }) => {
      const { id, cell, values } = places.get(name)!
      const cells = values.get(id)
      const value = cells?.[cells.length === 1 ? 0 : cell]
      if (value === undefined)
        throw new QuesnayError('BAD_INPUT', `the rules ${ruleSet.id} need ${id}, which has no value for the year`, {
          path: 'year',
          parameter: id,
          suggestion: `ask for a year from ${ruleSet.years.first} to ${ruleSet.years.last}, or give the parameter a value`,
        })
      return [name, Number.isFinite(value) ? value : Math.sign(value) * INFINITE]
    }),
  )
}

/** The day whose law is that of a year. BAD_INPUT where the rules are not for it. */
export function dayOf(ruleSet: RuleSet, year: number, path: string): string {
  const { first, last } = ruleSet.years
  if (Number.isInteger(year) && year >= first && year <= last) return `${year}-${ruleSet.lawOf}`
  throw new QuesnayError('BAD_INPUT', `the rules ${ruleSet.id} are for ${first} to ${last}, not for ${year}`, {
    path,
    suggestion: `ask for a year from ${first} to ${last}`,
  })
}
