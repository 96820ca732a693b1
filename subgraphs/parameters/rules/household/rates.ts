// Marginal and effective rates of one unit: what of more earnings, and of all income, does not reach it.
import { QuesnayError } from '../../../../schema/errors.ts'
import { findColumn, findVariable } from '../rule-set/find-variables.ts'
import type { RuleColumn, RuleProgramme, RuleSet } from '../rule-set/rule-set.ts'
import type { Lane } from './lanes.ts'
import { checkedValue, type Units } from './units.ts'

/** What a rate is a share of: earnings, or what the employer pays for them in all. */
export const CompensationBasis = { WAGES: 'WAGES', FULL_COMPENSATION: 'FULL_COMPENSATION' } as const
export type CompensationBasis = (typeof CompensationBasis)[keyof typeof CompensationBasis]

/** A step of income from `from` on. */
export interface Step {
  readonly column: RuleColumn
  readonly size: number
}

/** Errors: NOT_FOUND, BAD_INPUT (an array; a step that is not above 0, or no whole number where the column has such). */
export function stepOf(ruleSet: RuleSet, over: string | null | undefined, size: number): Step {
  const column = axisOf(ruleSet, over)
  const good = Number.isFinite(size) && size > 0 && (!column.integer || Number.isInteger(size))
  if (good) return { column, size }
  const suggestion = column.integer ? 'give a whole number above 0' : 'give a number above 0, such as 0.01, 1 or 1000'
  throw new QuesnayError('BAD_INPUT', `${size} is no step of ${column.name}`, { path: 'step', suggestion })
}

/** The column that income is changed in; by default the earnings of the first person. */
export function axisOf(ruleSet: RuleSet, over: string | null | undefined): RuleColumn {
  return findColumn(ruleSet, over ?? ruleSet.population.earnings[0]!, 'over')
}

/** The lane of a step above a lane. BAD_INPUT where that lies beyond what the column takes. */
export function stepped({ column, size }: Step, lane: Lane, unit: Units): Lane {
  const from = lane[column.name] ?? unit.columns[column.name]?.[0] ?? column.default ?? 0
  return { ...lane, [column.name]: checkedValue(column, from + size, 'step') }
}

/** What a marginal rate is of: a variable, or what of earnings does not reach the unit. */
export interface RateSubject {
  /** An element of the rule set. */
  readonly variable: string
  readonly isNetIncome: boolean
}

export function subjectOf(ruleSet: RuleSet, of: string | null | undefined): RateSubject {
  const { netIncome } = ruleSet.population
  const { name } = of == null ? { name: netIncome } : findVariable(ruleSet, of, 'of')
  return { variable: name, isNetIncome: name === netIncome }
}

/** The variable that is added to earnings for full compensation; null for wages alone. BAD_INPUT where the rules have none. */
export function employerShareOf({ id, population }: RuleSet, per: CompensationBasis): string | null {
  if (per === CompensationBasis.WAGES) return null
  if (population.employerContributions !== null) return population.employerContributions
  throw new QuesnayError('BAD_INPUT', `the rules ${id} do not say what employers pay beside wages`, {
    path: 'per',
    suggestion: 'ask per WAGES',
  })
}

/**
 * The rate at a step: of net income 1 - change / earnings' change, of any other variable change / earnings' change.
 * `earnings`: the step, with the change of the employer's share where that counts. null where that is 0.
 */
export function marginalRate(
  subject: Pick<RateSubject, 'isNetIncome'>,
  change: number,
  earnings: number,
): number | null {
  if (earnings === 0) return null
  return subject.isNetIncome ? 1 - change / earnings : change / earnings
}

/** 1 - net income / market income, both with the employer's share where that counts; null where market income is 0. */
export function effectiveRate(netIncome: number, marketIncome: number): number | null {
  return marketIncome === 0 ? null : 1 - netIncome / marketIncome
}

/** What a programme takes of a step: a tax what it rises by, a benefit what it falls by. */
export function programmeRate({ kind }: Pick<RuleProgramme, 'kind'>, change: number, earnings: number): number | null {
  if (earnings === 0) return null
  // No negative zero.
  return (kind === 'TAX' ? change : -change) / earnings + 0
}
