// The keys that trees of OpenFisca and PolicyEngine give a meaning, and what a key that is none of them probably was to be.
import { distance, nearest } from '../../../../schema/nearest.ts'

/** Of every node, parameter and scale; unit and reference stood here before there was `metadata`. */
export const COMMON_KEYS = ['description', 'documentation', 'metadata', 'reference', 'unit'] as const

/** Parts of a bracket that are parameters. */
export const BRACKET_PARTS = ['threshold', 'rate', 'amount', 'average_rate', 'base'] as const
export type BracketPart = (typeof BRACKET_PARTS)[number]

/** Keys under `metadata` that both kinds of tree know. */
const SHARED_METADATA = [
  'label',
  'name',
  'unit',
  'period',
  'reference',
  'type',
  'threshold_unit',
  'rate_unit',
  'amount_unit',
  'average_rate_unit',
  'base_unit',
  'threshold_period',
  'amount_period',
] as const

const POLICYENGINE_METADATA: readonly string[] = [
  ...SHARED_METADATA,
  'description',
  'documentation',
  'uprating',
  'threshold_uprating',
  'uprate_thresholds',
  'breakdown',
  'breakdown_labels',
  'propagate_metadata_to_children',
  'interpolation',
  'rounding',
  'economy',
  'household',
  'display_name',
  'notes',
  'threshold',
  'rate',
  'amount',
  'average_rate',
  'base',
]

/** What OpenFisca's trees write under `metadata`, which it leaves free. */
const OPENFISCA_METADATA: readonly string[] = [
  ...SHARED_METADATA,
  'short_label',
  'notes',
  'order',
  'inflator',
  'inflator_reference',
  'last_value_still_valid_on',
  'last_review',
  'official_journal_date',
  'ipp_csv_id',
]

/** Keys whose misspellings are read as what they were to be: they say what a value is, and change none. */
const READ_AS = ['unit', 'reference', 'label', 'period', 'threshold_unit', 'rate_unit', 'amount_unit']

/** Under `metadata` of a PolicyEngine tree, or of one of OpenFisca. */
export const metadataKeys = (policyEngine: boolean) => (policyEngine ? POLICYENGINE_METADATA : OPENFISCA_METADATA)

/** True of a key that trees of both kinds may have. */
export const isMetadataKey = (key: string): boolean => (SHARED_METADATA as readonly string[]).includes(key)

/** The known key that a misspelt one is read as, where it differs in one or two letters; undefined for another key. */
export function readAs(key: string): string | undefined {
  if (POLICYENGINE_METADATA.includes(key) || OPENFISCA_METADATA.includes(key)) return undefined
  return READ_AS.find((known) => distance(key, known) <= (known.length > 5 ? 2 : 1))
}

/** True where a free key is so near to a known one that it was probably to be it. */
export function isNear(key: string, known: readonly string[]): boolean {
  const like = nearest(key, known)
  return like !== undefined && key.length >= 5 && distance(key, like) <= 2
}
