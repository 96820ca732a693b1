// Mechanism: one causal edge between two nodes, with its form, its effect and the evidence for it.

/** How the target responds to the source; the formulas stand beside FunctionName in compute/model/model.ts. */
export const FunctionalForm = {
  LINEAR: 'LINEAR',
  SIGMOID: 'SIGMOID',
  LOGARITHMIC: 'LOGARITHMIC',
  SATURATING: 'SATURATING',
  THRESHOLD: 'THRESHOLD',
  DAMPENING: 'DAMPENING',
} as const
export type FunctionalForm = (typeof FunctionalForm)[keyof typeof FunctionalForm]

/** Parameters a form needs beside its slope `a`. */
export const FORM_PARAMETERS: Readonly<Record<FunctionalForm, readonly string[]>> = {
  LINEAR: [],
  SIGMOID: ['L', 'k', 'x0'],
  LOGARITHMIC: [],
  SATURATING: ['Tmax'],
  THRESHOLD: ['theta'],
  DAMPENING: ['Tmax'],
}

/** INFLUENCE adds to the target only; TRANSFER is conserved: what the target gains leaves the source. */
export const MechanismKind = { INFLUENCE: 'INFLUENCE', TRANSFER: 'TRANSFER' } as const
export type MechanismKind = (typeof MechanismKind)[keyof typeof MechanismKind]

/** Along the hierarchy of levels, against it, or within one. Not the sign. */
export const Orientation = { FORWARD: 'FORWARD', BACKWARD: 'BACKWARD', HORIZONTAL: 'HORIZONTAL' } as const
export type Orientation = (typeof Orientation)[keyof typeof Orientation]

export const MechanismSign = { POSITIVE: 'POSITIVE', NEGATIVE: 'NEGATIVE' } as const
export type MechanismSign = (typeof MechanismSign)[keyof typeof MechanismSign]

export const MechanismStatus = { ACTIVE: 'ACTIVE', DEPRECATED: 'DEPRECATED' } as const
export type MechanismStatus = (typeof MechanismStatus)[keyof typeof MechanismStatus]

/** A: meta-analysis or 5 and more studies; B: 3 or 4; C: 1 or 2. */
export const EvidenceGrade = { A: 'A', B: 'B', C: 'C' } as const
export type EvidenceGrade = (typeof EvidenceGrade)[keyof typeof EvidenceGrade]

export const EffectMeasure = {
  ODDS_RATIO: 'ODDS_RATIO',
  RELATIVE_RISK: 'RELATIVE_RISK',
  HAZARD_RATIO: 'HAZARD_RATIO',
  INCIDENCE_RATE_RATIO: 'INCIDENCE_RATE_RATIO',
  STANDARDIZED_MORTALITY_RATIO: 'STANDARDIZED_MORTALITY_RATIO',
  RISK_DIFFERENCE: 'RISK_DIFFERENCE',
  PERCENTAGE_CHANGE: 'PERCENTAGE_CHANGE',
  STANDARDIZED_MEAN_DIFFERENCE: 'STANDARDIZED_MEAN_DIFFERENCE',
  BETA_COEFFICIENT: 'BETA_COEFFICIENT',
  CORRELATION: 'CORRELATION',
  ELASTICITY: 'ELASTICITY',
  PREVALENCE: 'PREVALENCE',
  NUMBER_NEEDED_TO_TREAT: 'NUMBER_NEEDED_TO_TREAT',
} as const
export type EffectMeasure = (typeof EffectMeasure)[keyof typeof EffectMeasure]

/** Measures whose neutral value is 1 and whose errors are log-normal. */
export const RATIO_MEASURES: ReadonlySet<EffectMeasure> = new Set<EffectMeasure>([
  'ODDS_RATIO',
  'RELATIVE_RISK',
  'HAZARD_RATIO',
  'INCIDENCE_RATE_RATIO',
  'STANDARDIZED_MORTALITY_RATIO',
])

/** What a moderator does to an effect. */
export const ModeratorDirection = {
  STRENGTHENS: 'STRENGTHENS',
  WEAKENS: 'WEAKENS',
  REVERSES: 'REVERSES',
  U_SHAPED: 'U_SHAPED',
  THRESHOLD: 'THRESHOLD',
  UNKNOWN: 'UNKNOWN',
} as const
export type ModeratorDirection = (typeof ModeratorDirection)[keyof typeof ModeratorDirection]

export const ModeratorStrength = { WEAK: 'WEAK', MODERATE: 'MODERATE', STRONG: 'STRONG', UNKNOWN: 'UNKNOWN' } as const
export type ModeratorStrength = (typeof ModeratorStrength)[keyof typeof ModeratorStrength]

/** How a moderator with a value acts on an effect: its value is added, or multiplies. */
export const ModeratorMode = { ADD: 'ADD', MULTIPLY: 'MULTIPLY' } as const
export type ModeratorMode = (typeof ModeratorMode)[keyof typeof ModeratorMode]

export const CitationRole = { PRIMARY: 'PRIMARY', SUPPORTING: 'SUPPORTING' } as const
export type CitationRole = (typeof CitationRole)[keyof typeof CitationRole]
