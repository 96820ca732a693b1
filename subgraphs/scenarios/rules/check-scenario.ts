// What a new scenario must hold to, before anything is stored.
import { QuesnayError } from '../../../schema/errors.ts'
import { assertSlug } from '../../../schema/terms/slug.ts'
import type { Finding, Shock } from '../../shared/types.ts'
import type { CreateScenarioInput, ShockInput } from '../types/scenario.ts'

export const MAX_DRAWS = 100_000
export const MAX_HORIZON_YEARS = 100
export const MAX_STEPS_PER_YEAR = 365
const MAX_SHOCKS = 100
const MAX_TITLE = 200
const MAX_DESCRIPTION = 10_000
/** 2^64 - 1: the greatest seed. */
const MAX_SEED = 18446744073709551615n

function refuse(message: string, path: string, suggestion: string): never {
  throw new QuesnayError('BAD_INPUT', message, { path: `input.${path}`, suggestion })
}

/**
 * Returns findings; throws for what cannot be computed.
 * @throws BAD_INPUT naming the argument and the fix; LIMIT_EXCEEDED for draws, horizon and steps beyond their limit
 */
export function checkScenario(input: CreateScenarioInput): Finding[] {
  if (input.id != null) assertSlug(input.id, 'input.id')
  checkTitle(input.title)
  checkDescription(input.description)
  if (!Number.isInteger(input.year) || input.year < 1900 || input.year > 2200)
    refuse('year must be a calendar year from 1900 to 2200', 'year', 'give a year such as 2025')
  checkDraws(input.draws)
  checkWhole(input.stepsPerYear, 'stepsPerYear', MAX_STEPS_PER_YEAR)
  checkWhole(input.savesPerYear, 'savesPerYear', input.stepsPerYear)
  if (input.stepsPerYear % input.savesPerYear !== 0)
    refuse(
      'savesPerYear must divide stepsPerYear',
      'savesPerYear',
      'with 12 steps a year save 1, 2, 3, 4, 6 or 12 times',
    )
  checkHorizon(input)
  checkSeed(input.seed)
  if (input.shocks.length > MAX_SHOCKS)
    throw new QuesnayError('LIMIT_EXCEEDED', `at most ${MAX_SHOCKS} shocks`, {
      path: 'input.shocks',
      limit: MAX_SHOCKS,
    })
  for (const [index, shock] of input.shocks.entries()) checkShock(shock, `shocks.${index}`, input.horizonYears)
  return findingsOf(input)
}

/** @throws BAD_INPUT */
export function checkTitle(text: string): void {
  const title = text.trim()
  if (title === '' || title.length > MAX_TITLE)
    refuse(`title must have 1 to ${MAX_TITLE} characters`, 'title', 'give a short title')
}

/** It is read with every scenario. @throws LIMIT_EXCEEDED */
export function checkDescription(text: string | null | undefined): void {
  if ((text?.length ?? 0) <= MAX_DESCRIPTION) return
  throw new QuesnayError('LIMIT_EXCEEDED', `description may have at most ${MAX_DESCRIPTION} characters`, {
    path: 'input.description',
    limit: MAX_DESCRIPTION,
    suggestion: 'shorten it',
  })
}

/** @throws BAD_INPUT, LIMIT_EXCEEDED */
export function checkDraws(draws: number): void {
  checkWhole(draws, 'draws', MAX_DRAWS)
}

/** @throws BAD_INPUT */
export function checkSeed(seed: string): void {
  if (!/^\d{1,20}$/.test(seed) || BigInt(seed) > MAX_SEED)
    refuse('seed must be an unsigned 64-bit number', 'seed', 'give digits only, such as "1"')
}

function checkWhole(value: number, path: string, limit: number): void {
  if (!Number.isInteger(value) || value < 1)
    refuse(`${path} must be a whole number of at least 1`, path, 'give 1 or more')
  if (value > limit)
    throw new QuesnayError('LIMIT_EXCEEDED', `${path} may be at most ${limit}`, { path: `input.${path}`, limit })
}

function checkHorizon({ horizonYears, stepsPerYear }: CreateScenarioInput): void {
  if (!Number.isFinite(horizonYears) || horizonYears <= 0)
    refuse('horizonYears must be above 0', 'horizonYears', 'give the years to simulate, such as 10')
  if (horizonYears > MAX_HORIZON_YEARS)
    throw new QuesnayError('LIMIT_EXCEEDED', `horizonYears may be at most ${MAX_HORIZON_YEARS}`, {
      path: 'input.horizonYears',
      limit: MAX_HORIZON_YEARS,
    })
  if (stepsOf(horizonYears, stepsPerYear) === undefined)
    refuse('horizonYears must be a whole number of steps', 'horizonYears', `give a multiple of 1/${stepsPerYear}`)
}

/** A product of decimals misses its whole number by some units in the last place: 0.29 x 100 is 28.999999999999996. */
const WHOLE_TOLERANCE = 1e-9

/** Steps of a horizon; undefined where it is no whole number of steps, at least one. */
export function stepsOf(horizonYears: number, stepsPerYear: number): number | undefined {
  const steps = Math.round(horizonYears * stepsPerYear)
  return steps >= 1 && Math.abs(horizonYears * stepsPerYear - steps) <= WHOLE_TOLERANCE ? steps : undefined
}

function checkShock(shock: ShockInput, path: string, horizonYears: number): void {
  if (!Number.isFinite(shock.value)) refuse('a shock must have a finite value', `${path}.value`, 'give a number')
  if (!(shock.from >= 0)) refuse('a shock starts at year 0 or later', `${path}.from`, 'give 0 or more')
  if (shock.to != null && !(shock.to > shock.from))
    refuse('a shock must end after it starts', `${path}.to`, 'give a year after `from`, or leave it out')
  if (shock.from >= horizonYears)
    refuse('the shock starts after the horizon', `${path}.from`, `give a year before ${horizonYears}`)
}

function findingsOf(input: CreateScenarioInput): Finding[] {
  const findings: Finding[] = []
  const note = (code: string, path: string, message: string, suggestion: string) =>
    findings.push({ severity: 'INFO', code, path: `input.${path}`, message, suggestion })
  if (!input.bankId)
    note('NO_BANK', 'bankId', 'the scenario names no bank, so it has no run', 'give bankId to simulate a network')
  if (input.reformId && !input.economyId)
    note('NO_ECONOMY', 'economyId', 'the reform moves no economy', 'give economyId to feed it into the circular flow')
  if (!input.reformId && input.shocks.length === 0)
    note('NO_CHANGE', 'shocks', 'nothing is changed: the result is the baseline', 'give a reform or a shock')
  if (input.draws === 1)
    note('ONE_DRAW', 'draws', 'one draw has no spread: all quantiles are equal', 'give 1000 draws for a fan')
  return findings
}

/** Shocks as stored: the end filled in. */
export function shocksOf(input: CreateScenarioInput): Shock[] {
  return input.shocks.map(({ variable, mode, value, from, to }) => ({
    variable,
    mode,
    value,
    from,
    to: to ?? input.horizonYears,
  }))
}
