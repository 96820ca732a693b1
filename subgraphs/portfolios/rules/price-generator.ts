// Makes example prices by a seeded rule: factors with fat tails and two regimes. They are no market's prices.
import { exp } from '../../../compute/model/math/exp.ts'
import { normalQuantile } from '../../../compute/model/math/normal.ts'
import { uniform } from '../../../compute/model/math/philox.ts'
import { QuesnayError } from '../../../schema/errors.ts'

export interface GeneratedInstrument {
  readonly id: string
  /** Price on the first day, above 0. */
  readonly start: number
  /** Expected log return of a year. */
  readonly drift: number
  /** Loading on each factor, by its name. */
  readonly loadings: Readonly<Record<string, number>>
  /** Annual volatility of what no factor moves. */
  readonly residual: number
}

export interface MarketSpec {
  /** Two 32-bit words. */
  readonly seed: readonly [number, number]
  /** Prices per instrument. */
  readonly days: number
  /** ISO date of the last price; the days are the Mondays to Fridays before it. */
  readonly lastDay: string
  /** Annual volatility of each factor. */
  readonly factors: Readonly<Record<string, number>>
  /** Of the t distribution that all of a day's shocks share, at least 3: small ones make fat tails that come together. */
  readonly degreesOfFreedom: number
  readonly regime: {
    /** What volatilities are multiplied by in the turbulent one. */
    readonly multiplier: number
    /** Probabilities per day of entering and of leaving it. */
    readonly enter: number
    readonly leave: number
  }
  readonly instruments: readonly GeneratedInstrument[]
}

export interface GeneratedPrices {
  /** ISO dates, rising. */
  readonly dates: readonly string[]
  /** By instrument id, parallel to the dates. */
  readonly prices: Readonly<Record<string, Float64Array>>
}

/** Trading days of a year, by which annual figures become daily ones. */
const DAYS_PER_YEAR = 252
// Streams of the random numbers: one for each use, so that adding an instrument leaves the others' prices alone.
const REGIME_STREAM = 0
const MIXING_STREAM = 1000
const FACTOR_STREAM = 2000
const RESIDUAL_STREAM = 3000

/**
 * Prices of a factor model: log return = drift + sum of loading x factor + residual, each day's shocks scaled by one
 * mixing variable (a multivariate t distribution) and by the regime, a Markov chain of two states.
 * Random numbers are Philox by (day, stream), so equal specs give equal bits.
 * @throws BAD_INPUT for fewer than 1 day, fewer than 3 degrees of freedom, a start not above 0, an unknown factor
 */
export function generatePrices(spec: MarketSpec): GeneratedPrices {
  assertSpec(spec)
  const dates = businessDays(spec.lastDay, spec.days)
  const names = Object.keys(spec.factors)
  const normal = (day: number, stream: number) => normalQuantile(uniform(day, stream, spec.seed))
  const levels = spec.instruments.map(({ start }) => start)
  const prices = spec.instruments.map(({ start }) => Float64Array.of(start, ...new Float64Array(spec.days - 1)))
  let turbulent = false
  for (let day = 1; day < spec.days; day++) {
    const u = uniform(day, REGIME_STREAM, spec.seed)
    turbulent = turbulent ? u >= spec.regime.leave : u < spec.regime.enter
    const scale =
      (turbulent ? spec.regime.multiplier : 1) * mixing(spec.degreesOfFreedom, (i) => normal(day, MIXING_STREAM + i))
    const daily = scale / Math.sqrt(DAYS_PER_YEAR)
    const factors = Object.fromEntries(
      names.map((name, i) => [name, spec.factors[name]! * daily * normal(day, FACTOR_STREAM + i)]),
    )
    for (const [i, { drift, loadings, residual }] of spec.instruments.entries()) {
      const shared = Object.entries(loadings).reduce((sum, [name, loading]) => sum + loading * factors[name]!, 0)
      const own = residual === 0 ? 0 : residual * daily * normal(day, RESIDUAL_STREAM + i)
      levels[i]! *= exp(drift / DAYS_PER_YEAR + shared + own)
      prices[i]![day] = levels[i]!
    }
  }
  return { dates, prices: Object.fromEntries(spec.instruments.map(({ id }, i) => [id, prices[i]!])) }
}

/** sqrt((v - 2) / chi-square of v): makes normal shocks t distributed with unit variance. */
function mixing(degreesOfFreedom: number, normal: (i: number) => number): number {
  let chiSquare = 0
  for (let i = 0; i < degreesOfFreedom; i++) {
    const z = normal(i)
    chiSquare += z * z
  }
  return Math.sqrt((degreesOfFreedom - 2) / chiSquare)
}

const MS_PER_DAY = 86_400_000

/** The last `count` Mondays to Fridays up to the day given, rising. Holidays are not known. */
export function businessDays(lastDay: string, count: number): string[] {
  const days: string[] = []
  for (let at = Date.parse(`${lastDay}T00:00:00Z`); days.length < count; at -= MS_PER_DAY) {
    const date = new Date(at)
    const weekday = date.getUTCDay()
    if (weekday !== 0 && weekday !== 6) days.push(date.toISOString().slice(0, 10))
  }
  return days.reverse()
}

function assertSpec({ days, degreesOfFreedom, factors, instruments }: MarketSpec): void {
  const refuse = (message: string, path: string): never => {
    throw new QuesnayError('BAD_INPUT', message, { path, suggestion: 'mend the description of the market' })
  }
  if (!Number.isInteger(days) || days < 1) refuse('a market has at least 1 day', 'days')
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 3)
    refuse('at least 3 whole degrees of freedom', 'degreesOfFreedom')
  for (const { id, start, loadings } of instruments) {
    if (!(start > 0)) refuse(`${id} must start above 0`, 'start')
    for (const name of Object.keys(loadings))
      if (!(name in factors)) refuse(`${id} loads on "${name}", which is no factor`, 'loadings')
  }
}
