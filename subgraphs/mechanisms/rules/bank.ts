// A bank as the rules see it: nodes, mechanisms with effect, evidence and moderators, and the studies they cite.
import type {
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
import type { MacroVariable } from '../../../schema/terms/scenario.ts'
import type { AssumptionCode } from './assumptions.ts'

/** Where the figures of a bank come from. */
export interface BankOrigin {
  readonly title: string
  readonly url: string | null
  readonly licence: string | null
  readonly attribution: string | null
  /** ISO date. */
  readonly retrieved: string | null
}

export interface BankNode {
  readonly id: string
  readonly name: string
  readonly category: string | null
  readonly unit: string | null
  /** Level of the hierarchy in the list of canonical nodes. */
  readonly level: number | null
  /** Not in the list of canonical nodes. */
  readonly proposed: boolean
  /** The macro variable that drives it; it is then exogenous. */
  readonly macroVariable: MacroVariable | null
  /** One standard deviation, in the node's unit. */
  readonly sd: number | null
  /** Share exposed where the node is a yes or no of each person, such as being unemployed. */
  readonly exposureShare: number | null
  readonly initial: number | null
  /** Level that the stock decays to. */
  readonly reference: number | null
  readonly min: number | null
  readonly max: number | null
  readonly decayPerYear: number | null
  readonly assumptions: readonly AssumptionCode[]
}

export interface Form {
  readonly name: FunctionalForm
  /** Numbers by name. With `a` the form is a rate (unit of the target per year); without, the slope comes from the effect. */
  readonly parameters: Readonly<Record<string, number>>
}

export interface EffectEstimate {
  readonly measure: EffectMeasure
  readonly value: number
  readonly ciLower: number | null
  readonly ciUpper: number | null
  /** Fraction, such as 0.95. */
  readonly ciLevel: number
  readonly pValue: number | null
  readonly sampleSize: number | null
  /** Heterogeneity, 0 to 100. */
  readonly iSquared: number | null
  /** Risk of those not exposed, for conversions that need it. */
  readonly baselineRisk: number | null
  /** Standard deviations of source and target in the units of a slope. */
  readonly sdSource: number | null
  readonly sdTarget: number | null
  readonly unit: string | null
}

export interface Evidence {
  readonly grade: EvidenceGrade | null
  readonly studyCount: number | null
  /** Whether the citation was found by its DOI; null where nobody looked. */
  readonly verified: boolean | null
  readonly needsReview: boolean
  readonly issues: readonly string[]
  readonly sampleSize: number | null
  readonly pValue: number | null
}

export interface Moderator {
  readonly name: string
  readonly direction: ModeratorDirection
  readonly strength: ModeratorStrength
  readonly mode: ModeratorMode | null
  readonly value: number | null
  readonly note: string | null
}

export interface Citation {
  /** DOI in lower case, or a slug; null for a text that names no study. */
  readonly study: string | null
  readonly text: string
  readonly role: CitationRole
}

export interface Study {
  readonly id: string
  readonly doi: string | null
  readonly citation: string
}

export interface MechanismRecord {
  readonly id: string
  readonly name: string
  readonly category: string | null
  readonly version: string | null
  readonly status: MechanismStatus
  readonly from: string
  readonly to: string
  readonly orientation: Orientation
  readonly sign: MechanismSign | null
  readonly kind: MechanismKind
  readonly form: Form | null
  readonly effect: EffectEstimate | null
  readonly evidence: Evidence
  readonly moderators: readonly Moderator[]
  readonly citations: readonly Citation[]
  readonly description: string | null
  readonly pathway: readonly string[]
  readonly geographyNote: string | null
  readonly assumptions: readonly AssumptionCode[]
  /** File of the source it was read from. */
  readonly origin: string | null
}

export interface Bank {
  readonly name: string
  readonly version: string
  readonly title: string
  /** ISO 3166 alpha-3 codes of the economies it speaks of. */
  readonly geography: readonly string[]
  readonly origin: BankOrigin
  readonly nodes: readonly BankNode[]
  readonly studies: readonly Study[]
  readonly mechanisms: readonly MechanismRecord[]
}

export const bankId = (bank: Pick<Bank, 'name' | 'version'>) => `${bank.name}@${bank.version}`
