// What is taken for granted where a source is silent: every such choice has a code on the record it was made for.

export const ASSUMPTIONS = {
  FORM_LINEAR: 'The source gives no functional form; linear is proposed.',
  KIND_INFLUENCE: 'The source names neither kind nor orientation; a forward influence is proposed.',
  SIGN_FROM_DIRECTION: 'Effect and stated direction disagree; the size is kept and the direction decides the sign.',
  SE_FROM_GRADE:
    'The source gives no usable confidence interval; the standard error is 25, 50 or 75 per cent of the effect for grade A, B or C.',
  EQUAL_GROUPS:
    'Exposed and unexposed are taken to be equally many, to express the effect per standard deviation of the source.',
  RARE_OUTCOME: 'The source gives no risk of the unexposed; the ratio is read as an odds ratio, as for a rare outcome.',
  PERCENT_AS_RATIO: 'A percentage change p is read as the ratio 1 + p/100 of exposed to unexposed.',
  SLOPE_STANDARDISED: 'The source gives no standard deviations; the slope or elasticity is read as standardised.',
  SLOPE_FROM_T: 'The slope is read as a partial correlation through its t statistic and the sample size.',
  PARALLEL_POOLED:
    'Several records speak of the same edge; their responses are pooled by inverse variance, as one fixed effect.',
  RESPONSE_AT_DECAY: 'The source gives no time course; the target approaches its new level at its own decay rate.',
  LEVEL_STANDARDISED:
    'The source gives no levels; the node is measured in standard deviations from its reference, which is 0 and its start.',
  DECAY_DEFAULT: 'The source gives no decay; 0.5 per year is taken.',
  RANGE_DEFAULT: 'The source gives no range; plus and minus 6 standard deviations are taken.',
  NOISE_NONE: 'The source gives no noise; only the effects are uncertain.',
  MACRO_NEAREST: 'The macro variable is the one nearest in meaning; the source names none.',
  MACRO_PROXY: 'The node is taken to move point for point with a macro variable that is near to it but not the same.',
  EXPOSURE_SHARE:
    'The share of persons exposed is taken as the round number stated on the node; the source gives none.',
  SCALE_ROUND: 'One standard deviation of the node is taken as the round number stated on it; the source gives none.',
} as const

export type AssumptionCode = keyof typeof ASSUMPTIONS

export const isAssumption = (code: unknown): code is AssumptionCode =>
  typeof code === 'string' && Object.hasOwn(ASSUMPTIONS, code)
