// A scale of brackets: which parameters it is made of, and what it is on a day.
import type { ParameterValues } from './overlay.ts'
import type { Parameter, Scale, ScaleKind } from './tree.ts'
import { cellsOf } from './vector.ts'

type Brackets = Pick<Scale, 'id' | 'count' | 'kind' | 'style'>

/** The brackets on a day, by rising threshold: what holds from each on. */
export interface Schedule {
  readonly thresholds: readonly number[]
  /** Rates as fractions, or amounts. */
  readonly values: readonly number[]
}

const WORD: Readonly<Record<ScaleKind, string>> = {
  MARGINAL_RATE: 'rate',
  SINGLE_AMOUNT: 'amount',
  MARGINAL_AMOUNT: 'amount',
  AVERAGE_RATE: 'average_rate',
}

/** Of one scale. */
export const MAX_BRACKETS = 500

export const isBracketCount = (count: number) => Number.isInteger(count) && count >= 1 && count <= MAX_BRACKETS

const numbered = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** Ids of the rates or amounts, from the lowest bracket up. */
export const valuesOf = ({ id, count, kind, style }: Brackets) =>
  numbered(count).map((n) => `${id}.${n}.${style === 'TOPS' ? 'rate' : WORD[kind]}`)

/** Ids of what divides the brackets, from the lowest up: the tops of all but the last, or all thresholds. */
export const limitsOf = ({ id, count, style }: Brackets) =>
  style === 'TOPS'
    ? numbered(count - 1).map((n) => `${id}.${n}.top`)
    : numbered(count).map((n) => `${id}.${n}.threshold`)

/** The first of its parameters whose values differ by something, which says what cells the brackets have; undefined where none does. */
export function differingPart(scale: Brackets, parameters: readonly Parameter[]): Parameter | undefined {
  const parts = new Set([...valuesOf(scale), ...limitsOf(scale)])
  return parameters.find((parameter) => parts.has(parameter.id) && cellsOf(parameter).length > 1)
}

/**
 * The brackets on the day of the law, for one cell; a parameter with one value has it for every cell.
 * With tops every part has to have a value; with thresholds a bracket is left out where its threshold or its value does not exist.
 * undefined where there is no bracket.
 */
export function scheduleOf(scale: Brackets, law: ParameterValues, cell: number): Schedule | undefined {
  const cellOf = (id: string) => law.get(id)?.[law.get(id)?.length === 1 ? 0 : cell]
  const limits = limitsOf(scale).map(cellOf)
  const thresholds = scale.style === 'TOPS' ? [0, ...limits] : limits
  const values = valuesOf(scale).map(cellOf)
  const brackets = thresholds.flatMap((threshold, i) =>
    threshold === undefined || values[i] === undefined ? [] : [[threshold, values[i]] as const],
  )
  if (brackets.length === 0 || (scale.style === 'TOPS' && brackets.length < scale.count)) return undefined
  return { thresholds: brackets.map(([threshold]) => threshold), values: brackets.map(([, value]) => value) }
}
