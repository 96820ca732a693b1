// The terms of mechanisms as enums of the graph.
import { registerEnumType } from 'type-graphql'
import {
  CitationRole,
  EffectMeasure,
  EvidenceGrade,
  FunctionalForm,
  MechanismKind,
  MechanismSign,
  MechanismStatus,
  ModeratorDirection,
  ModeratorMode,
  ModeratorStrength,
  Orientation,
} from '../../../schema/terms/mechanism.ts'

function register<T extends string>(
  terms: Record<T, T>,
  name: string,
  description: string,
  values: Record<T, string>,
): void {
  const entries = Object.entries<string>(values).map(([key, text]) => [key, { description: text }])
  const valuesConfig = Object.fromEntries(entries) as Record<T, { description: string }>
  registerEnumType(terms, { name, description, valuesConfig })
}

register(FunctionalForm, 'FunctionalForm', 'How a target T responds to a source S; a is the slope.', {
  LINEAR: 'a S',
  SIGMOID: 'a L / (1 + exp(-k (S - x0)))',
  LOGARITHMIC: 'a ln(1 + S)',
  SATURATING: 'min(a S, Tmax - T)',
  THRESHOLD: 'a max(0, S - theta)',
  DAMPENING: 'a S (1 - T / Tmax)',
})

register(MechanismKind, 'MechanismKind', 'Whether what the target gains leaves the source.', {
  INFLUENCE: 'Adds to the target only.',
  TRANSFER: 'Conserved: what the target gains, the source loses.',
})

register(Orientation, 'Orientation', 'How an edge lies in the hierarchy of levels; not its sign.', {
  FORWARD: 'Along the hierarchy.',
  BACKWARD: 'Against it.',
  HORIZONTAL: 'Within one level.',
})

register(MechanismSign, 'MechanismSign', 'Whether more of the source brings more or less of the target.', {
  POSITIVE: 'More brings more.',
  NEGATIVE: 'More brings less.',
})

register(MechanismStatus, 'MechanismStatus', 'Whether a mechanism is in use.', {
  ACTIVE: 'In use.',
  DEPRECATED: 'Kept for the record, not simulated.',
})

register(EvidenceGrade, 'EvidenceGrade', 'How much evidence there is.', {
  A: 'A meta-analysis, or 5 and more studies.',
  B: '3 or 4 studies.',
  C: '1 or 2 studies.',
})

register(EffectMeasure, 'EffectMeasure', 'What an effect size is.', {
  ODDS_RATIO: 'Ratio of the odds of exposed and unexposed.',
  RELATIVE_RISK: 'Ratio of their risks.',
  HAZARD_RATIO: 'Ratio of their hazards.',
  INCIDENCE_RATE_RATIO: 'Ratio of their rates of new cases.',
  STANDARDIZED_MORTALITY_RATIO: 'Deaths observed over deaths expected.',
  RISK_DIFFERENCE: 'Difference of risks, in the unit of the source.',
  PERCENTAGE_CHANGE: 'Change in per cent of the unexposed.',
  STANDARDIZED_MEAN_DIFFERENCE: 'Difference of means in standard deviations.',
  BETA_COEFFICIENT: 'Slope of a regression.',
  CORRELATION: 'Correlation coefficient.',
  ELASTICITY: 'Per cent of the target per per cent of the source.',
  PREVALENCE: 'Share of a group, in per cent; compares nothing.',
  NUMBER_NEEDED_TO_TREAT: 'How many must be treated for one to benefit.',
})

register(ModeratorDirection, 'ModeratorDirection', 'What a moderator does to an effect.', {
  STRENGTHENS: 'Makes it larger.',
  WEAKENS: 'Makes it smaller.',
  REVERSES: 'Turns its sign.',
  U_SHAPED: 'Larger at both ends.',
  THRESHOLD: 'Acts beyond a threshold only.',
  UNKNOWN: 'The source does not say, or not in a known word.',
})

register(ModeratorStrength, 'ModeratorStrength', 'How much a moderator does.', {
  WEAK: 'Little.',
  MODERATE: 'Some.',
  STRONG: 'Much.',
  UNKNOWN: 'The source does not say, or not in a known word.',
})

register(ModeratorMode, 'ModeratorMode', 'How the value of a moderator acts.', {
  ADD: 'It is added to the effect.',
  MULTIPLY: 'The effect is multiplied by it.',
})

register(CitationRole, 'CitationRole', 'What a citation is to its mechanism.', {
  PRIMARY: 'The effect was taken from it.',
  SUPPORTING: 'It points the same way.',
})
