// Quesnay's own format: one YAML file with the bank's name, origin, nodes, studies and mechanisms. docs: data/us-health.yaml.

import { nearest } from '../../../schema/nearest.ts'
import {
  CitationRole,
  EffectMeasure,
  EvidenceGrade,
  FORM_PARAMETERS,
  FunctionalForm,
  MechanismKind,
  MechanismSign,
  MechanismStatus,
  Orientation,
} from '../../../schema/terms/mechanism.ts'
import { MacroVariable } from '../../../schema/terms/scenario.ts'
import { type AssumptionCode, isAssumption } from './assumptions.ts'
import type { Bank, BankNode, BankOrigin, Citation, EffectEstimate, Form, MechanismRecord, Study } from './bank.ts'
import { checkMechanism, type Places } from './check-mechanism.ts'
import { readDoi } from './read-citations.ts'
import { readModerators } from './read-moderators.ts'
import type { RecordReader } from './record-reader.ts'

const FORMAT = 'quesnay-mechanism-bank/1'

/** What a text must look like to be an id of a node or mechanism: it stands in ids of the graph after a slash. */
export const RECORD_ID = /^[A-Za-z0-9_~.-]{1,200}$/

const PLACES: Places = { effect: ['effect'], evidence: ['evidence'], sign: ['sign'] }

export const isQuesnayBank = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  String((value as { format?: unknown }).format).startsWith('quesnay-mechanism-bank')

/** Reads the file; faults are findings, and the bank holds what could be read. */
export function readQuesnayBank(reader: RecordReader): Bank {
  if (reader.value('format') !== FORMAT)
    reader.note('ERROR', 'FORMAT_UNKNOWN', ['format'], `the format is "${reader.text('format')}"`, `give ${FORMAT}`)
  const nodes = each(reader, 'nodes', readNode)
  const studies = each(reader, 'studies', readStudy)
  const nodeIds = new Set(nodes.map((node) => node.id))
  const studyIds = new Set(studies.map((study) => study.id))
  return {
    name: reader.required('name') ?? '',
    version: reader.required('version') ?? '',
    title: reader.text('title') ?? reader.text('name') ?? '',
    geography: reader.texts('geography'),
    origin: readOrigin(reader.below('origin')),
    nodes,
    studies,
    mechanisms: each(reader, 'mechanisms', (below) => readMechanism(below, nodeIds, studyIds)),
  }
}

/** The records of a list; one whose id stands already is an ERROR and left out. */
function each<T extends { id: string }>(
  reader: RecordReader,
  key: string,
  read: (below: RecordReader) => T | null,
): T[] {
  const known = new Set<string>()
  return Array.from({ length: reader.length(key) }, (_, index) => reader.below(key, index)).flatMap((below) => {
    const item = read(below)
    if (!item) return []
    if (known.has(item.id)) {
      below.note(
        'ERROR',
        'ID_DUPLICATE',
        ['id'],
        `the id "${item.id}" stands already in ${key}`,
        'give each its own id',
      )
      return []
    }
    known.add(item.id)
    return [item]
  })
}

function readOrigin(reader: RecordReader): BankOrigin {
  const title = reader.text('title')
  if (title === null)
    reader.note('WARNING', 'ORIGIN_MISSING', [], 'the bank does not say where its figures come from', 'add origin')
  return {
    title: title ?? 'not stated',
    url: reader.text('url'),
    licence: reader.text('licence'),
    attribution: reader.text('attribution'),
    retrieved: reader.text('retrieved'),
  }
}

function readId(reader: RecordReader): string | null {
  const id = reader.required('id')
  if (id === null || RECORD_ID.test(id)) return id
  reader.note(
    'ERROR',
    'ID_MALFORMED',
    ['id'],
    `"${id.slice(0, 60)}" is no id`,
    'use letters, digits, _ ~ . -, at most 200',
  )
  return null
}

function readNode(reader: RecordReader): BankNode | null {
  const id = readId(reader)
  if (id === null) return null
  const node: BankNode = {
    id,
    name: reader.text('name') ?? id,
    category: reader.text('category'),
    unit: reader.text('unit'),
    level: reader.number('level'),
    proposed: reader.flag('proposed') ?? false,
    macroVariable: readMacro(reader),
    sd: reader.number('sd'),
    exposureShare: reader.number('exposure_share'),
    initial: reader.number('initial'),
    reference: reader.number('reference'),
    min: reader.number('min'),
    max: reader.number('max'),
    decayPerYear: reader.number('decay_per_year'),
    assumptions: readAssumptions(reader),
  }
  const bound = (ok: boolean, key: string, message: string, fix: string) => {
    if (!ok) reader.note('ERROR', 'OUT_OF_BOUNDS', [key], `${id}: ${message}`, fix)
  }
  bound(node.sd === null || node.sd > 0, 'sd', `sd is ${node.sd}`, 'give a number above 0')
  bound(
    node.decayPerYear === null || node.decayPerYear >= 0,
    'decay_per_year',
    'the decay is negative',
    'give 0 or more',
  )
  const share = node.exposureShare
  bound(
    share === null || (share > 0 && share < 1),
    'exposure_share',
    `the share is ${share}`,
    'give a fraction between 0 and 1',
  )
  bound(node.min === null || node.max === null || node.min < node.max, 'min', 'min is not below max', 'exchange them')
  return node
}

function readMacro(reader: RecordReader): MacroVariable | null {
  const text = reader.text('macro_variable')
  const names: readonly string[] = Object.values(MacroVariable)
  if (text === null || names.includes(text)) return text as MacroVariable | null
  reader.note(
    'ERROR',
    'TERM_UNKNOWN',
    ['macro_variable'],
    `"${text}" is no macro variable`,
    `give one of ${names.join(', ')}`,
  )
  return null
}

function readStudy(reader: RecordReader): Study | null {
  const id = reader.required('id')
  const citation = reader.required('citation')
  return id !== null && citation !== null ? { id, doi: readDoi(reader, 'doi'), citation } : null
}

function readMechanism(
  reader: RecordReader,
  nodes: ReadonlySet<string>,
  studies: ReadonlySet<string>,
): MechanismRecord | null {
  const id = readId(reader)
  const from = readEnd(reader, 'from', nodes)
  const to = readEnd(reader, 'to', nodes)
  if (id === null || from === null || to === null) return null
  const read: MechanismRecord = {
    id,
    name: reader.text('name') ?? id,
    category: reader.text('category'),
    version: reader.text('version'),
    status: reader.term(MechanismStatus, 'status') ?? 'ACTIVE',
    from,
    to,
    orientation: reader.term(Orientation, 'orientation') ?? 'FORWARD',
    sign: reader.term(MechanismSign, 'sign'),
    kind: reader.term(MechanismKind, 'kind') ?? 'INFLUENCE',
    form: readForm(reader),
    effect: readOwnEffect(reader.below('effect')),
    evidence: readEvidence(reader.below('evidence')),
    moderators: readModerators(reader),
    citations: readCited(reader, studies),
    description: reader.text('description'),
    pathway: reader.texts('pathway'),
    geographyNote: reader.text('geography_note'),
    assumptions: readAssumptions(reader),
    origin: reader.text('source'),
  }
  return { ...read, effect: checkMechanism(read, reader, PLACES) }
}

function readEnd(reader: RecordReader, key: 'from' | 'to', nodes: ReadonlySet<string>): string | null {
  const id = reader.required(key)
  if (id === null || nodes.has(id)) return id
  const near = nearest(id, [...nodes])
  const suggestion = near ? `did you mean "${near}"? Else add the node` : 'add the node to nodes'
  reader.note('ERROR', 'NODE_MISSING', [key], `the node "${id}" is not in the bank`, suggestion)
  return null
}

/** `form: linear`, or `form: { name: sigmoid, L: 1, k: 2, x0: 0 }`. */
function readForm(reader: RecordReader): Form | null {
  const value = reader.value('form')
  if (value === undefined || value === null) return null
  const bare = typeof value === 'string'
  const name = bare ? reader.term(FunctionalForm, 'form') : reader.term(FunctionalForm, 'form', 'name')
  if (name === null) {
    if (!bare && reader.text('form', 'name') === null)
      reader.note('ERROR', 'FIELD_MISSING', ['form'], 'the form has no name', 'add form.name')
    return null
  }
  const keys = bare ? [] : Object.keys(value as object).filter((key) => key !== 'name')
  const parameters = Object.fromEntries(
    keys.flatMap((key) => {
      const number = reader.number('form', key)
      return number === null ? [] : [[key, number]]
    }),
  )
  const missing = FORM_PARAMETERS[name].filter((key) => !Object.hasOwn(parameters, key))
  if (missing.length > 0)
    reader.note(
      'ERROR',
      'FORM_PARAMETER_MISSING',
      ['form'],
      `the form ${name} lacks ${missing.join(', ')}`,
      `add form.${missing[0]}`,
    )
  if (parameters['Tmax'] === 0)
    reader.note('ERROR', 'OUT_OF_BOUNDS', ['form', 'Tmax'], 'Tmax is 0', 'give another limit')
  return { name, parameters }
}

function readOwnEffect(reader: RecordReader): EffectEstimate | null {
  const measure = reader.term(EffectMeasure, 'measure')
  const value = reader.number('value')
  if (measure === null || value === null) return null
  return {
    measure,
    value,
    ciLower: reader.number('ci', 0),
    ciUpper: reader.number('ci', 1),
    ciLevel: reader.number('ci_level') ?? 0.95,
    pValue: reader.number('p'),
    sampleSize: reader.count('n'),
    iSquared: reader.number('i2'),
    baselineRisk: reader.number('baseline_risk'),
    sdSource: reader.number('sd_source'),
    sdTarget: reader.number('sd_target'),
    unit: reader.text('unit'),
  }
}

function readEvidence(reader: RecordReader): MechanismRecord['evidence'] {
  return {
    grade: reader.term(EvidenceGrade, 'grade'),
    studyCount: reader.count('studies'),
    verified: reader.flag('verified'),
    needsReview: reader.flag('needs_review') ?? false,
    issues: reader.texts('issues'),
    sampleSize: reader.count('n'),
    pValue: reader.number('p'),
  }
}

/** A list of study ids, or of `{ study, role }`. */
function readCited(reader: RecordReader, studies: ReadonlySet<string>): Citation[] {
  return Array.from({ length: reader.length('citations') }, (_, index) => index).flatMap((index) => {
    const bare = typeof reader.value('citations', index) !== 'object'
    const study = bare ? reader.text('citations', index) : reader.text('citations', index, 'study')
    const role = bare ? null : reader.term(CitationRole, 'citations', index, 'role')
    if (study === null) return []
    if (!studies.has(study))
      reader.note(
        'ERROR',
        'STUDY_MISSING',
        ['citations', index],
        `the study "${study}" is not in the bank`,
        'add it to studies',
      )
    return [{ study, text: study, role: role ?? (index === 0 ? 'PRIMARY' : 'SUPPORTING') }]
  })
}

function readAssumptions(reader: RecordReader): AssumptionCode[] {
  return reader.texts('assumptions').flatMap((code) => {
    if (isAssumption(code)) return [code]
    reader.note(
      'WARNING',
      'ASSUMPTION_UNKNOWN',
      ['assumptions'],
      `"${code}" is no known assumption and is left out`,
      'give a code of the list',
    )
    return []
  })
}
