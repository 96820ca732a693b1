// Values of the rules as the graph has them: infinities as the greatest Float, contents as text or list.
import type { Content, Parameter, DatedValue as RuleValue } from '../rules/tree.ts'
import type { DatedValue } from '../types/parameter.ts'

/** A Float of GraphQL is finite. */
export const wireNumber = (value: number): number =>
  Number.isFinite(value) ? value : value < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE

export const wireNumbers = (values: readonly number[]): number[] => values.map(wireNumber)

/** What TEXT and LIST hold; the other of the two is null. */
export function wireContent(content: Content | undefined): { text: string | null; list: string[] | null } {
  if (content === undefined) return { text: null, list: null }
  return typeof content === 'string' ? { text: content, list: null } : { text: null, list: content.map(String) }
}

export const wireValue = ({ from, known, values, content, ceased, derived, source }: RuleValue): DatedValue => ({
  from,
  known,
  values: wireNumbers(values),
  ...wireContent(content),
  ceased: ceased ?? false,
  derived: derived ?? false,
  source: source ?? null,
})

/** Yes or no where the parameter is so and all cells agree. */
export function wireFlag({ kind }: Pick<Parameter, 'kind'>, values: readonly number[]): boolean | null {
  return kind === 'BOOLEAN' && values.length > 0 && values.every((value) => value === values[0])
    ? values[0] !== 0
    : null
}
