// From a mechanism's effect to its response: standard deviations of the target per standard deviation of the source.

import type { AssumptionCode } from './assumptions.ts'
import type { EffectEstimate, MechanismRecord } from './bank.ts'
import {
  betaOfSlope,
  correlationError,
  correlationErrorOfD,
  correlationOfD,
  correlationOfT,
  dOfHazardRatio,
  dOfOddsRatio,
  logStandardErrorOf,
  oddsRatioOfRelativeRisk,
  standardErrorOf,
} from './effect-size.ts'

export interface Response {
  /** With sign; between -1 and 1. */
  readonly coefficient: number
  readonly standardError: number
  /** Names and versions of the conversions, in the order applied. */
  readonly conversion: string
  readonly assumptions: readonly AssumptionCode[]
}

export interface NotQuantified {
  readonly reason: string
}

interface Size {
  /** Size without sign. */
  readonly value: number
  readonly standardError: number | undefined
  readonly steps: readonly string[]
  readonly assumptions: readonly AssumptionCode[]
}

/** Beyond this a standardised difference is a raw one that was mislabelled. */
const LARGEST_D = 5
const LARGEST_CORRELATION = 0.99
/** Standard error as a share of the effect where the source gives no interval: a choice, flagged SE_FROM_GRADE. */
const SHARE_BY_GRADE = { A: 0.25, B: 0.5, C: 0.75 } as const

export const isQuantified = (value: Response | NotQuantified): value is Response => 'coefficient' in value

/**
 * The response of a mechanism, or why it has none.
 * The size comes from the effect, the sign from the record's direction.
 * `exposureShare`: share of persons exposed at the source node, null where unknown.
 */
export function quantify(
  { effect, sign, evidence }: Pick<MechanismRecord, 'effect' | 'sign' | 'evidence'>,
  exposureShare: number | null,
): Response | NotQuantified {
  if (!effect) return { reason: 'the record has no effect' }
  if (!sign) return { reason: 'the record has no direction' }
  const size = sizeOf(effect, sign === 'NEGATIVE', exposureShare)
  if ('reason' in size) return size
  const assumptions = [...size.assumptions]
  if (disagrees(effect, sign === 'NEGATIVE')) assumptions.push('SIGN_FROM_DIRECTION')
  const value = Math.min(size.value, LARGEST_CORRELATION)
  let standardError = size.standardError
  if (standardError === undefined || !Number.isFinite(standardError)) {
    standardError = value * SHARE_BY_GRADE[evidence.grade ?? 'C']
    assumptions.push('SE_FROM_GRADE')
  }
  return {
    coefficient: sign === 'NEGATIVE' ? -value : value,
    standardError,
    conversion: size.steps.join(' > '),
    assumptions,
  }
}

/** True where the effect's own sign is not the direction's. A positive percentage with a negative direction is a reduction. */
export function disagrees({ measure, value }: Pick<EffectEstimate, 'measure' | 'value'>, negative: boolean): boolean {
  switch (measure) {
    case 'ODDS_RATIO':
    case 'RELATIVE_RISK':
    case 'HAZARD_RATIO':
    case 'INCIDENCE_RATE_RATIO':
    case 'STANDARDIZED_MORTALITY_RATIO':
      return value !== 1 && value < 1 !== negative
    case 'PERCENTAGE_CHANGE':
      return value < 0 && !negative
    case 'PREVALENCE':
    case 'NUMBER_NEEDED_TO_TREAT':
      return false
    default:
      return value !== 0 && value < 0 !== negative
  }
}

function sizeOf(effect: EffectEstimate, negative: boolean, share: number | null): Size | NotQuantified {
  const { value } = effect
  switch (effect.measure) {
    case 'ODDS_RATIO':
      return ratioSize(effect, 'odds-ratio-to-d@1', dOfOddsRatio, share)
    case 'HAZARD_RATIO':
      return ratioSize(effect, 'hazard-ratio-to-d@1', dOfHazardRatio, share)
    case 'RELATIVE_RISK':
    case 'INCIDENCE_RATE_RATIO':
    case 'STANDARDIZED_MORTALITY_RATIO':
      return riskSize(effect, share)
    case 'PERCENTAGE_CHANGE':
      return percentSize(effect, negative, share)
    case 'STANDARDIZED_MEAN_DIFFERENCE':
      if (Math.abs(value) > LARGEST_D) return { reason: `no standardised difference is as large as ${value}` }
      return fromD(value, errorOf(effect), share, [], [])
    case 'CORRELATION': {
      if (Math.abs(value) > 1) return { reason: `no correlation is ${value}` }
      const byCount =
        effect.sampleSize && effect.sampleSize > 3 ? correlationError(value, effect.sampleSize) : undefined
      const steps = ['correlation@1']
      return { value: Math.abs(value), standardError: errorOf(effect) ?? byCount, steps, assumptions: [] }
    }
    case 'BETA_COEFFICIENT':
    case 'ELASTICITY':
      return slopeSize(effect)
    case 'PREVALENCE':
      return { reason: 'a prevalence compares nothing with nothing' }
    case 'RISK_DIFFERENCE':
    case 'NUMBER_NEEDED_TO_TREAT':
      return { reason: 'a difference of risks cannot be put on a common scale without the risk of the unexposed' }
  }
}

type Conversion = (ratio: number) => number

/** The interval where there is a whole one that holds the estimate. */
function intervalOf({ value, ciLower, ciUpper }: EffectEstimate): [number, number] | undefined {
  if (ciLower === null || ciUpper === null || ciLower > value || ciUpper < value) return undefined
  return [ciLower, ciUpper]
}

function errorOf(effect: EffectEstimate): number | undefined {
  const interval = intervalOf(effect)
  return interval && standardErrorOf(interval[0], interval[1], effect.ciLevel)
}

function ratioSize(
  effect: EffectEstimate,
  step: string,
  toD: Conversion,
  share: number | null,
  assumptions: readonly AssumptionCode[] = [],
): Size | NotQuantified {
  if (!(effect.value > 0)) return { reason: `no ratio is ${effect.value}` }
  const interval = intervalOf(effect)
  const logError = interval && logStandardErrorOf(interval[0], interval[1], effect.ciLevel)
  // The conversions are linear in the logarithm: what they make of e is their slope.
  return fromD(toD(effect.value), logError && logError * toD(Math.E), share, [step], assumptions)
}

function riskSize(effect: EffectEstimate, share: number | null): Size | NotQuantified {
  const { baselineRisk: p0, value } = effect
  if (p0 === null || !(value > 0))
    return ratioSize(effect, 'relative-risk-as-odds-ratio@1 > odds-ratio-to-d@1', dOfOddsRatio, share, ['RARE_OUTCOME'])
  if (!(value * p0 < 1))
    return { reason: `a relative risk of ${value} is impossible at a risk of ${p0} of the unexposed` }
  const odds = (ratio: number | null) => {
    const converted = ratio === null ? null : oddsRatioOfRelativeRisk(ratio, p0)
    return converted !== null && Number.isFinite(converted) && converted > 0 ? converted : null
  }
  const converted = { ...effect, value: odds(value)!, ciLower: odds(effect.ciLower), ciUpper: odds(effect.ciUpper) }
  return ratioSize(converted, 'relative-risk-to-odds-ratio@1 > odds-ratio-to-d@1', dOfOddsRatio, share)
}

/** With a negative direction a positive percentage is the size of a reduction. */
function percentSize(effect: EffectEstimate, negative: boolean, share: number | null): Size | NotQuantified {
  const flip = negative && effect.value > 0
  const ratio = (percent: number | null) => (percent === null ? null : 1 + (flip ? -percent : percent) / 100)
  const [lower, upper] = flip ? [effect.ciUpper, effect.ciLower] : [effect.ciLower, effect.ciUpper]
  const value = ratio(effect.value)!
  if (!(value > 0)) return { reason: `no quantity falls by ${Math.abs(effect.value)} per cent and keeps a ratio` }
  const step = 'percent-to-ratio@1 > relative-risk-as-odds-ratio@1 > odds-ratio-to-d@1'
  const converted = { ...effect, value, ciLower: ratio(lower), ciUpper: ratio(upper) }
  return ratioSize(converted, step, dOfOddsRatio, share, ['PERCENT_AS_RATIO', 'RARE_OUTCOME'])
}

function slopeSize(effect: EffectEstimate): Size | NotQuantified {
  const { value, sampleSize, sdSource, sdTarget } = effect
  const error = errorOf(effect)
  if (sdSource !== null && sdTarget !== null && sdTarget > 0) {
    const beta = Math.abs(betaOfSlope(value, sdSource, sdTarget))
    const scaled = error && Math.abs(betaOfSlope(error, sdSource, sdTarget))
    return { value: beta, standardError: scaled, steps: ['slope-to-beta@1'], assumptions: [] }
  }
  if (error && sampleSize !== null && sampleSize > 3) {
    const r = Math.abs(correlationOfT(value / error, sampleSize - 2))
    const standardError = correlationError(r, sampleSize)
    return { value: r, standardError, steps: ['t-to-correlation@1'], assumptions: ['SLOPE_FROM_T'] }
  }
  if (Math.abs(value) < 1)
    return {
      value: Math.abs(value),
      standardError: error,
      steps: ['slope-as-beta@1'],
      assumptions: ['SLOPE_STANDARDISED'],
    }
  return {
    reason: `a slope of ${value} needs the standard deviations of source and target, or its interval and sample size`,
  }
}

function fromD(
  d: number,
  standardError: number | undefined,
  share: number | null,
  steps: readonly string[],
  assumptions: readonly AssumptionCode[],
): Size {
  const exposed = share ?? 0.5
  return {
    value: Math.abs(correlationOfD(d, exposed)),
    standardError: standardError === undefined ? undefined : correlationErrorOfD(d, standardError, exposed),
    steps: [...steps, 'd-to-correlation@1'],
    assumptions: share === null ? [...assumptions, 'EQUAL_GROUPS'] : assumptions,
  }
}
