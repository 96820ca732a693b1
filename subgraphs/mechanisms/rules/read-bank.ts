// From the texts of files to a bank and everything that was found on the way.
import { hashOf } from '../../../schema/hash.ts'
import type { Finding } from '../../shared/types.ts'
import type { Bank, MechanismRecord } from './bank.ts'
import { groupBy } from './group-by.ts'
import { isHealthsystemsRecord, type ReadRecord, readHealthsystemsRecord } from './healthsystems-format.ts'
import { type CanonicalNode, checkReference, collectNodes, readCanonicalNodes } from './nodes.ts'
import { isQuesnayBank, RECORD_ID, readQuesnayBank } from './quesnay-format.ts'
import { RecordReader } from './record-reader.ts'
import { addAssumptions } from './simulated.ts'
import { type BankFile, readYaml, type YamlSource } from './yaml-source.ts'

export interface ReadOptions {
  /** For files that do not name their bank. */
  readonly name?: string | undefined
  readonly version?: string | undefined
  readonly title?: string | undefined
  readonly geography?: readonly string[] | undefined
  /** Makes unlisted nodes and repeated ids ERRORs too. */
  readonly strict?: boolean | undefined
}

export interface ReadBank {
  /** null where there is an ERROR among the findings: a bank is taken whole or not at all. */
  readonly bank: Bank | null
  readonly findings: readonly Finding[]
  /** Mechanism records met in the files. */
  readonly records: number
}

const YAML = /\.ya?ml$/i

/**
 * Reads a bank: one file in Quesnay's format, or the many of the healthsystems format with its list of canonical nodes.
 * Never throws for what stands in the files; the order of the files does not matter.
 */
export function readBank(files: readonly BankFile[], options: ReadOptions = {}): ReadBank {
  const findings: Finding[] = []
  const canonical = new Map<string, CanonicalNode>()
  const sources: YamlSource[] = []
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (YAML.test(file.path)) {
      const read = readYaml(file)
      if ('source' in read) sources.push(read.source)
      else findings.push(...read.findings)
    } else if (/\.json$/i.test(file.path)) {
      for (const node of readCanonicalNodes(file.path, file.text, findings)) canonical.set(node.id, node)
    } else {
      findings.push({
        severity: 'INFO',
        code: 'FILE_IGNORED',
        path: file.path,
        message: 'neither YAML nor JSON',
        suggestion: null,
      })
    }
  }
  const own = sources.filter((source) => isQuesnayBank(source.value))
  const { bank, records } =
    own.length > 0 ? readOwn(own, sources.length, options, findings) : readMany(sources, canonical, options, findings)
  const faulty = findings.some((finding) => finding.severity === 'ERROR')
  return { bank: faulty ? null : addAssumptions(bank), findings, records }
}

function readOwn(own: readonly YamlSource[], sources: number, options: ReadOptions, findings: Finding[]) {
  const reader = new RecordReader(own[0]!, findings)
  if (sources > 1)
    reader.note(
      'ERROR',
      'FORMAT_MIXED',
      [],
      'a bank in this format is one file, and others came with it',
      'import each bank by itself',
    )
  const bank = readQuesnayBank(reader)
  for (const key of ['name', 'version'] as const)
    if (options[key] !== undefined && options[key] !== bank[key])
      reader.note(
        'ERROR',
        'NAME_DIFFERS',
        [key],
        `the file says ${key} "${bank[key]}", the import "${options[key]}"`,
        `leave ${key} out`,
      )
  if (reader.length('mechanisms') === 0) noRecords(findings)
  const geography = options.geography ?? bank.geography
  return { bank: { ...bank, title: options.title ?? bank.title, geography }, records: reader.length('mechanisms') }
}

function readMany(
  sources: readonly YamlSource[],
  canonical: ReadonlyMap<string, CanonicalNode>,
  options: ReadOptions,
  findings: Finding[],
) {
  const { name = '', version = '', title = name, geography = [], strict = false } = options
  const records = sources.flatMap((source) => {
    const reader = new RecordReader(source, findings)
    if (isHealthsystemsRecord(source.value)) return readHealthsystemsRecord(reader) ?? []
    reader.note(
      'ERROR',
      'RECORD_UNKNOWN',
      [],
      'the file is neither a bank nor a mechanism',
      'give from_node and to_node, or take the file away',
    )
    return []
  })
  const references = records.flatMap(({ from, to }) => [from, to])
  const declared = new Set(references.filter((reference) => reference.name !== null).map((reference) => reference.id))
  for (const { reader, record, from, to } of records) {
    checkReference(from, canonical, declared, reader, 'from_node', strict)
    checkReference(to, canonical, declared, reader, 'to_node', strict)
    for (const id of [record.id, from.id, to.id])
      if (!RECORD_ID.test(id))
        reader.note(
          'ERROR',
          'ID_MALFORMED',
          ['id'],
          `"${id.slice(0, 60)}" is no id`,
          'use letters, digits, _ ~ . -, at most 200',
        )
  }
  noteEndings(sources, findings)
  if (sources.length === 0) noRecords(findings)
  const studies = new Map(records.flatMap((record) => record.studies).map((study) => [study.id, study]))
  const bank: Bank = {
    name,
    version,
    title,
    geography,
    origin: ORIGIN,
    nodes: collectNodes(references, canonical),
    studies: [...studies.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    mechanisms: withOwnIds(records, strict),
  }
  return { bank, records: sources.length }
}

const ORIGIN = {
  title: 'healthsystems mechanism bank',
  url: 'https://github.com/MauriceelHelou/healthsystems',
  licence: 'MIT',
  attribution: 'MauriceelHelou/healthsystems',
  retrieved: null,
}

/**
 * Gives the second and further records of one id the endings ~2, ~3, newest first: two studies of one edge are two mechanisms.
 * The same record twice is an ERROR, and so is any repetition where strict.
 */
function withOwnIds(records: readonly ReadRecord[], strict: boolean): MechanismRecord[] {
  const groups = groupBy(records, (read) => read.record.id)
  return [...groups.values()].flatMap((group) => ownIds(group, strict)).sort((a, b) => (a.id < b.id ? -1 : 1))
}

function ownIds(group: readonly ReadRecord[], strict: boolean): MechanismRecord[] {
  const [newest, ...older] = group.toSorted((a, b) => (a.age === b.age ? 0 : a.age > b.age ? -1 : 1))
  const contents = new Set([contentOf(newest!.record)])
  const numbered = older.map(({ reader, record }, index) => {
    const content = contentOf(record)
    const id = `${record.id}~${index + 2}`
    const stands = `the id "${record.id}" stands already in ${newest!.record.origin}`
    if (contents.has(content)) reader.note('ERROR', 'ID_DUPLICATE', ['id'], stands, 'take one of the two away')
    else if (strict)
      reader.note('ERROR', 'ID_DUPLICATE', ['id'], `${stands} with other evidence`, 'give it an id of its own')
    else
      reader.note(
        'WARNING',
        'ID_REPEATED',
        ['id'],
        `${stands} with other evidence; this record becomes "${id}"`,
        'give it an id of its own',
      )
    contents.add(content)
    return { ...record, id }
  })
  return [newest!.record, ...numbered]
}

const contentOf = ({ origin: _origin, ...content }: MechanismRecord): string => hashOf(content)

function noteEndings(sources: readonly YamlSource[], findings: Finding[]): void {
  const short = sources.filter((source) => /\.yml$/i.test(source.path)).length
  if (short === 0 || short === sources.length) return
  findings.push({
    severity: 'INFO',
    code: 'ENDINGS_MIXED',
    path: null,
    message: `${short} files end in .yml, ${sources.length - short} in .yaml`,
    suggestion: 'use one ending',
  })
}

function noRecords(findings: Finding[]): void {
  findings.push({
    severity: 'ERROR',
    code: 'NO_MECHANISMS',
    path: null,
    message: 'the files hold no mechanism that can be read',
    suggestion: `give one YAML file in the format of Quesnay, or the folder of a healthsystems bank`,
  })
}
