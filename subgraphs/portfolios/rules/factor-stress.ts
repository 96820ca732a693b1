// A macro path carried to a portfolio by its instruments' factors: betas, duration and convexity, and exchange rates.
import { exp } from '../../../compute/model/math/exp.ts'
import type { FactorTarget } from '../../../schema/terms/portfolio.ts'
import type { Finding, MacroPath } from '../../shared/types.ts'
import { findConversion, type PricedInstrument } from './market.ts'

export interface MacroFactor {
  /** Name of a macro variable. */
  readonly variable: string
  readonly target: FactorTarget
  /** Per unit of the variable's deviation from its baseline. */
  readonly beta: number
  /** Per unit squared; 0: linear. */
  readonly gamma: number
  /** Of beta. */
  readonly standardError: number
  /** Whether it was assumed and not estimated. */
  readonly assumed: boolean
  readonly provenance: string
}

export interface StressedInstrument extends PricedInstrument {
  readonly factors: readonly MacroFactor[]
  /** Years; null: no bond. */
  readonly duration: number | null
  readonly convexity: number | null
}

export interface StressPosition {
  readonly instrument: StressedInstrument
  /** In the portfolio's currency, before the stress. */
  readonly value: number
}

export interface FactorStress {
  readonly times: readonly number[]
  /** By position, in their order: values along the path. */
  readonly positions: readonly Float64Array[]
  readonly total: Float64Array
  /** Total before the stress less total at each time. */
  readonly loss: Float64Array
  /** Of the total, by the standard errors of the betas alone, taken as independent and to first order. */
  readonly standardError: Float64Array
  readonly findings: readonly Finding[]
}

/** Deviations of each macro variable from its baseline, by name. */
type Deviations = ReadonlyMap<string, readonly number[]>

/**
 * Revalues positions along a macro path: V (1 + r) (1 + r of the exchange rate), with r by each factor's target.
 * A path equal to its baseline leaves every value as it is, bit for bit. The book itself is held still.
 * Findings: FACTOR_WITHOUT_PATH (a factor's variable is not in the path), FACTORS_MISSING (the position is held constant), BELOW_ZERO.
 * @param rates each with its own factors: they move what is held in another currency
 */
export function stressPortfolio(
  book: readonly StressPosition[],
  currency: string,
  rates: readonly StressedInstrument[],
  path: MacroPath,
): FactorStress {
  const deviations: Deviations = new Map(
    path.columns.map((c) => [c.variable, c.scenario.map((value, i) => value - c.baseline[i]!)]),
  )
  const n = path.times.length
  const rateOf = ({ instrument }: StressPosition) => {
    const conversion = findConversion(instrument.currency, currency, rates)
    return conversion?.rate ? { rate: conversion.rate as StressedInstrument, inverted: conversion.inverted } : null
  }
  const positions = book.map((position) => {
    const conversion = rateOf(position)
    return Float64Array.from({ length: n }, (_, t) => {
      const local = 1 + priceChange(position.instrument, deviations, t)
      if (!conversion) return position.value * local
      const rate = 1 + priceChange(conversion.rate, deviations, t)
      return position.value * local * (conversion.inverted ? 1 / rate : rate)
    })
  })
  const exposures = exposuresOf(book, currency, rates)
  const before = book.reduce((sum, { value }) => sum + value, 0)
  const total = Float64Array.from({ length: n }, (_, t) => positions.reduce((sum, values) => sum + values[t]!, 0))
  return {
    times: path.times,
    positions,
    total,
    loss: total.map((value) => before - value),
    standardError: Float64Array.from({ length: n }, (_, t) => standardErrorAt(exposures, deviations, t)),
    findings: [...factorFindings(book, deviations), ...belowZero(book, positions, path.times)],
  }
}

/** Factors of a book, and of the exchange rates it is converted by, that were assumed: by instrument, each once. */
export function assumedFactors(
  instruments: readonly StressedInstrument[],
  currency: string,
  rates: readonly StressedInstrument[],
): { instrumentId: string; factor: MacroFactor }[] {
  const used = instruments.flatMap((instrument) => {
    const rate = findConversion(instrument.currency, currency, rates)?.rate
    return rate ? [instrument, rate as StressedInstrument] : [instrument]
  })
  const distinct = [...new Map(used.map((one) => [one.id, one])).values()]
  return distinct.flatMap(({ id, factors }) =>
    factors.flatMap((factor) => (factor.assumed ? [{ instrumentId: id, factor }] : [])),
  )
}

/** Relative change of an instrument's price in its own currency at one time of the path. */
export function priceChange(instrument: StressedInstrument, deviations: Deviations, t: number): number {
  const moved = { PRICE: 0, YIELD: 0, LOG_PRICE: 0 }
  for (const { variable, target, beta, gamma } of instrument.factors) {
    const x = deviations.get(variable)?.[t] ?? 0
    moved[target] += beta * x + 0.5 * gamma * x * x
  }
  const dy = moved.YIELD
  const byYield = 0.5 * (instrument.convexity ?? 0) * dy * dy - (instrument.duration ?? 0) * dy
  const byLog = moved.LOG_PRICE === 0 ? 0 : exp(moved.LOG_PRICE) - 1
  return moved.PRICE + byYield + byLog
}

/** What hangs on each instrument's price, by instrument: positions, and amounts converted by an exchange rate. */
function exposuresOf(book: readonly StressPosition[], currency: string, rates: readonly StressedInstrument[]) {
  const exposures = new Map<string, { instrument: StressedInstrument; value: number }>()
  const add = (instrument: StressedInstrument, value: number) =>
    exposures.set(instrument.id, { instrument, value: value + (exposures.get(instrument.id)?.value ?? 0) })
  for (const { instrument, value } of book) {
    add(instrument, value)
    const conversion = findConversion(instrument.currency, currency, rates)
    if (conversion?.rate) add(conversion.rate as StressedInstrument, conversion.inverted ? -value : value)
  }
  return [...exposures.values()]
}

function standardErrorAt(exposures: readonly StressPosition[], deviations: Deviations, t: number): number {
  let variance = 0
  for (const { instrument, value } of exposures)
    for (const { variable, target, standardError } of instrument.factors) {
      const slope = target === 'YIELD' ? (instrument.duration ?? 0) : 1
      const error = value * slope * standardError * (deviations.get(variable)?.[t] ?? 0)
      variance += error * error
    }
  return Math.sqrt(variance)
}

function factorFindings(book: readonly StressPosition[], deviations: Deviations): Finding[] {
  return book.flatMap(({ instrument }) => {
    const { id, factors, assetClass } = instrument
    const absent = factors.filter(({ variable }) => !deviations.has(variable)).map(({ variable }) => variable)
    const findings: Finding[] = []
    if (factors.length === 0 && assetClass !== 'CASH')
      findings.push({
        severity: 'WARNING',
        code: 'FACTORS_MISSING',
        path: id,
        message: `${id} has no factors, so its price is held constant`,
        suggestion: 'give its betas to macro variables when importing it',
      })
    if (absent.length > 0)
      findings.push({
        severity: 'WARNING',
        code: 'FACTOR_WITHOUT_PATH',
        path: id,
        message: `the path has no ${absent.join(', ')}, which ${id} has betas to`,
        suggestion: `the path has: ${[...deviations.keys()].join(', ')}`,
      })
    return findings
  })
}

function belowZero(
  book: readonly StressPosition[],
  positions: readonly Float64Array[],
  times: readonly number[],
): Finding[] {
  return book.flatMap(({ instrument, value }, i) => {
    const t = positions[i]!.findIndex((stressed) => stressed * value < 0)
    if (t < 0) return []
    const message = `the stress is beyond what betas can carry: ${instrument.id} changes sign at year ${times[t]}`
    return [
      {
        severity: 'WARNING' as const,
        code: 'BELOW_ZERO',
        path: instrument.id,
        message,
        suggestion: 'make the shock smaller',
      },
    ]
  })
}
