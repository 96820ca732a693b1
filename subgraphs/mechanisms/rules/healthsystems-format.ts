// The format of the healthsystems bank: one YAML file per mechanism, dirty as extracted, beside a list of canonical nodes.
import { EvidenceGrade, type MechanismSign } from '../../../schema/terms/mechanism.ts'
import type { MechanismRecord, Study } from './bank.ts'
import { checkMechanism, type Places } from './check-mechanism.ts'
import { type NodeReference, readReference } from './nodes.ts'
import { readCitations } from './read-citations.ts'
import { readEffect } from './read-effect.ts'
import { readModerators } from './read-moderators.ts'
import { RecordReader } from './record-reader.ts'

export interface ReadRecord {
  readonly reader: RecordReader
  readonly record: MechanismRecord
  readonly from: NodeReference
  readonly to: NodeReference
  readonly studies: readonly Study[]
  /** Orders records of one id: the one that sorts last was updated last. */
  readonly age: string
}

const PLACES: Places = { effect: ['quantitative_effects', 'effect_size'], evidence: ['evidence'], sign: ['direction'] }

/** True where a file's value is a record of this format. */
export const isHealthsystemsRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('from_node' in value || 'to_node' in value)

/** Reads one file; null where it lacks what identifies it (an ERROR says what). */
export function readHealthsystemsRecord(reader: RecordReader): ReadRecord | null {
  const category = reader.text('category')
  const givenId = reader.required('id')
  const from = readReference(reader, 'from_node', category)
  const to = readReference(reader, 'to_node', category)
  const { citations, studies } = readCitations(reader.below('evidence'))
  const evidence = readEvidence(reader)
  const effect = readEffect(reader.below('quantitative_effects', 'effect_size'), 'type', {
    pValue: evidence.pValue,
    sampleSize: evidence.sampleSize,
    iSquared: reader.number('quantitative_effects', 'heterogeneity_i_squared'),
  })
  const moderators = readModerators(reader)
  if (givenId === null || from === null || to === null) return null
  checkFileName(reader, givenId)
  const read: MechanismRecord = {
    id: givenId.replaceAll('NEW:', ''),
    name: reader.text('name') ?? givenId,
    category,
    version: reader.text('version'),
    status: 'ACTIVE',
    from: from.id,
    to: to.id,
    orientation: 'FORWARD',
    sign: readSign(reader),
    kind: 'INFLUENCE',
    form: null,
    effect,
    evidence,
    moderators,
    citations,
    description: reader.text('description'),
    pathway: reader.texts('mechanism_pathway'),
    geographyNote: reader.text('spatial_variation', 'variation_notes'),
    // This format never says them; the form is added where it is found to be missing.
    assumptions: ['KIND_INFLUENCE'],
    origin: reader.path,
  }
  const record = { ...read, effect: checkMechanism(read, reader, PLACES) }
  const age = `${record.version ?? ''} ${reader.text('last_updated') ?? ''}`
  return { reader, record, from, to, studies, age }
}

function readEvidence(reader: RecordReader): MechanismRecord['evidence'] {
  const evidence = reader.below('evidence')
  return {
    grade: readGrade(evidence),
    studyCount: evidence.count('n_studies'),
    verified: evidence.flag('citation_verified'),
    needsReview: evidence.flag('needs_manual_review') ?? false,
    issues: evidence.texts('citation_issues'),
    sampleSize: reader.count('quantitative_effects', 'sample_size'),
    pValue: reader.number('quantitative_effects', 'p_value'),
  }
}

function readGrade(evidence: RecordReader): EvidenceGrade | null {
  const text = evidence.text('quality_rating')
  if (text === null || Object.hasOwn(EvidenceGrade, text)) return text as EvidenceGrade | null
  evidence.note(
    'WARNING',
    'GRADE_UNKNOWN',
    ['quality_rating'],
    `"${text.slice(0, 40)}" is no grade and is left out`,
    'give A, B or C',
  )
  return null
}

function readSign(reader: RecordReader): MechanismSign | null {
  const text = reader.text('direction')
  if (text === null) return null
  const name = text.toUpperCase()
  if (name === 'POSITIVE' || name === 'NEGATIVE') return name
  reader.note(
    'WARNING',
    'SIGN_UNKNOWN',
    ['direction'],
    `"${text.slice(0, 40)}" is no direction and is left out`,
    'give positive or negative',
  )
  return null
}

function checkFileName(reader: RecordReader, id: string): void {
  const name = reader.path
    .split('/')
    .at(-1)!
    .replace(/\.ya?ml$/i, '')
  if (name !== id)
    reader.note(
      'INFO',
      'FILE_NAME_DIFFERS',
      ['id'],
      `the file is named "${name}", its record "${id}"`,
      'name the file after its record',
    )
}
