// How an economy moves when its taxes change or a shock hits it: income and expenditure with a multiplier, by quarters.
import { QuesnayError } from '../../../schema/errors.ts'
import { MacroVariable, type ShockMode } from '../../../schema/terms/scenario.ts'
import type { MacroPath } from '../../shared/types.ts'
import type { BaseFlows, Propensities } from './propensities.ts'

export interface MacroShock {
  readonly variable: string
  readonly mode: ShockMode
  readonly value: number
  /** Years from the start; a quarter is shocked when it starts in [from, to). */
  readonly from: number
  readonly to?: number | null
}

export interface MacroInput {
  readonly base: BaseFlows
  readonly propensities: Propensities
  /** Change of net taxes per year, in the unit of the flows. */
  readonly taxChange: number
  readonly shocks: readonly MacroShock[]
  /** Above 0, at most 100; rounded up to a whole quarter. */
  readonly horizonYears: number
  /** Baseline unemployment, per cent of the labour force. */
  readonly unemploymentRatePct: number
}

/** Deviations from the base flows at annual rate: one number a quarter, in the unit of the flows. */
export interface FlowDeviations {
  readonly Y: readonly number[]
  readonly C: readonly number[]
  readonly M: readonly number[]
  readonly I: readonly number[]
  readonly disposableIncome: readonly number[]
  readonly taxes: readonly number[]
}

export interface MacroOutcome {
  readonly path: MacroPath
  readonly deviations: FlowDeviations
}

export const QUARTERS_PER_YEAR = 4
/**
 * Share of the distance to its target that consumption covers in a quarter. An assumption: nominal levels share a trend,
 * so the lag cannot be told from them. At 0.25 half of the distance is covered in two and a half quarters.
 */
export const ADJUSTMENT_PER_QUARTER = 0.25
/** Percentage points of unemployment for one per cent of output (Okun's law). An assumption of the usual size. */
export const OKUN_COEFFICIENT = 0.5
const MAX_HORIZON_YEARS = 100
/** A hundredfold: far beyond what propensities say anything of, and far below where squares of it overflow. */
const MAX_DEVIATION_PCT = 9_900

/**
 * The path of an economy against its baseline, quarterly: time t is the quarter that starts t years after the start.
 *
 * In deviations from the base flows: Y = (1 - imports) C; D = disposable Y - taxes; C = (1 - a) C' + a consumption D, with C'
 * of the quarter before: all three hold at once in each quarter. Unemployment moves by Okun's law and is never below 0.
 * A shock acts on the equation of its variable: ADD adds to it, MULTIPLY scales its level, SET replaces it, and what
 * depends on it follows. Shocks on names that are no macro variable belong to the network and are passed over.
 * Without taxes and shocks the scenario is the baseline bit for bit. Plain + - * / only, so every machine gives the same bits.
 * @throws BAD_INPUT (horizon, a value that is not finite, a shock without a finite answer or below nothing), LIMIT_EXCEEDED
 */
export function deriveMacroPath(input: MacroInput): MacroOutcome {
  const quarters = quartersOf(input.horizonYears)
  assertFinite(input)
  const { base } = input
  const times = Array.from({ length: quarters + 1 }, (_, i) => i / QUARTERS_PER_YEAR)
  const states: Quarter[] = []
  for (const time of times) states.push(step(input, time, states.at(-1)?.C ?? 0))

  const column = (variable: string, unit: string, baseline: number, scenario: number[]) => ({
    variable,
    unit,
    baseline: times.map(() => baseline),
    scenario,
  })
  const percent = (of: (quarter: Quarter) => number, level: number) =>
    states.map((quarter) => (of(quarter) / level) * 100)
  const gdp = percent((q) => q.Y, base.Y)
  const disposable = percent((q) => q.D, base.disposableIncome)
  const consumption = percent((q) => q.C, base.C)
  const path: MacroPath = {
    times,
    columns: [
      column(MacroVariable.GDP, DEVIATION, 0, gdp),
      column(MacroVariable.DISPOSABLE_INCOME, DEVIATION, 0, disposable),
      column(MacroVariable.CONSUMPTION, DEVIATION, 0, consumption),
      column(MacroVariable.UNEMPLOYMENT_RATE, RATE, input.unemploymentRatePct, unemployment(input, times, gdp)),
    ],
  }
  assertPossible(path)
  return { path, deviations: deviationsOf(states) }
}

const DEVIATION = 'percent from baseline'
const RATE = 'percent of the labour force'

interface Quarter {
  readonly Y: number
  readonly D: number
  readonly C: number
  readonly M: number
  /** What a shock on gdp itself adds, booked as domestic investment. */
  readonly I: number
  readonly taxes: number
}

/** An equation under shock: scale * (its right side) + shift. */
interface Equation {
  readonly scale: number
  readonly shift: number
}

function step(input: MacroInput, time: number, before: number): Quarter {
  const { base, propensities: p, taxChange } = input
  const a = ADJUSTMENT_PER_QUARTER
  const y = equationOf(input, MacroVariable.GDP, base.Y, time)
  const d = equationOf(input, MacroVariable.DISPOSABLE_INCOME, base.disposableIncome, time)
  const c = equationOf(input, MacroVariable.CONSUMPTION, base.C, time)

  // The three equations solved for C.
  const feedback = c.scale * a * p.consumption * d.scale * p.disposable * y.scale * (1 - p.imports)
  const given = c.scale * a * p.consumption * (d.scale * (p.disposable * y.shift - taxChange) + d.shift) + c.shift
  if (!(feedback < 1))
    throw new QuesnayError('BAD_INPUT', 'the shocks make income and spending raise each other without end', {
      path: 'shocks',
      suggestion: 'multiply by less: 1.1 raises a variable by a tenth',
    })
  const C = (c.scale * (1 - a) * before + given) / (1 - feedback)
  const Y = y.scale * (1 - p.imports) * C + y.shift
  const D = d.scale * (p.disposable * Y - taxChange) + d.shift
  const M = p.imports * C
  const shocked = y.scale !== 1 || y.shift !== 0
  return { Y, D, C, M, I: shocked ? Y - C + M : 0, taxes: taxChange }
}

function activeShocks(input: MacroInput, variable: string, time: number): MacroShock[] {
  return input.shocks.filter(
    (s) => s.variable === variable && time >= s.from && time < (s.to ?? Number.POSITIVE_INFINITY),
  )
}

/** Shocks in their order as one scale and shift; values are per cent of the level, which MULTIPLY scales as a whole. */
function equationOf(input: MacroInput, variable: string, level: number, time: number): Equation {
  return activeShocks(input, variable, time).reduce<Equation>(
    ({ scale, shift }, { mode, value }) => {
      if (mode === 'SET') return { scale: 0, shift: (value / 100) * level }
      if (mode === 'ADD') return { scale, shift: shift + (value / 100) * level }
      return { scale: scale * value, shift: shift * value + (value - 1) * level }
    },
    { scale: 1, shift: 0 },
  )
}

function unemployment(input: MacroInput, times: readonly number[], gdp: readonly number[]): number[] {
  return times.map((time, i) => {
    const rate = activeShocks(input, MacroVariable.UNEMPLOYMENT_RATE, time).reduce(
      (level, { mode, value }) => (mode === 'SET' ? value : mode === 'ADD' ? level + value : level * value),
      input.unemploymentRatePct - OKUN_COEFFICIENT * gdp[i]!,
    )
    return Math.max(0, rate)
  })
}

function deviationsOf(states: readonly Quarter[]): FlowDeviations {
  return {
    Y: states.map((q) => q.Y),
    C: states.map((q) => q.C),
    M: states.map((q) => q.M),
    I: states.map((q) => q.I),
    disposableIncome: states.map((q) => q.D),
    taxes: states.map((q) => q.taxes),
  }
}

function quartersOf(horizonYears: number): number {
  if (!(horizonYears > 0) || !Number.isFinite(horizonYears))
    throw new QuesnayError('BAD_INPUT', 'the horizon must be above 0 years', {
      path: 'horizonYears',
      suggestion: 'give 10',
    })
  if (horizonYears > MAX_HORIZON_YEARS)
    throw new QuesnayError('LIMIT_EXCEEDED', `the horizon may be at most ${MAX_HORIZON_YEARS} years`, {
      path: 'horizonYears',
      limit: MAX_HORIZON_YEARS,
    })
  return Math.ceil(horizonYears * QUARTERS_PER_YEAR)
}

function assertFinite({ taxChange, shocks }: MacroInput): void {
  const bad = shocks.findIndex((shock) => !Number.isFinite(shock.value))
  if (bad >= 0)
    throw new QuesnayError('BAD_INPUT', 'a shock must have a finite value', {
      path: `shocks.${bad}.value`,
      suggestion: 'give a number',
    })
  if (!Number.isFinite(taxChange))
    throw new QuesnayError('BAD_INPUT', 'the change in net taxes is not finite', {
      path: 'netTaxChange.fraction',
      suggestion: 'see that the population pays taxes in the baseline',
    })
}

function assertPossible({ times, columns }: MacroPath): void {
  for (const { variable, unit, scenario } of columns) {
    const most = unit === DEVIATION ? MAX_DEVIATION_PCT : 100
    const at = scenario.findIndex((value) => !(value <= most) || (unit === DEVIATION && value < -100))
    if (at < 0) continue
    const where = scenario[at]! < -100 ? 'falls below nothing' : `rises above ${most} ${unit}`
    throw new QuesnayError('BAD_INPUT', `${variable} ${where} at year ${times[at]}`, {
      path: 'shocks',
      variable,
      suggestion: 'make the shock smaller; its value is in per cent',
    })
  }
}
