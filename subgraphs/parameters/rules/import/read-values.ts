// Reads the dated values of a parameter: `2020-01-01: 5`, `{ value: 5, reference: ... }`, null, lists, texts and placeholders.
import type { Content, DatedValue, ParameterKind } from '../tree.ts'
import type { FindingList } from './finding-list.ts'
import { dayOf } from './instant.ts'
import type { RawMetadata } from './raw-tree.ts'
import { plainOf, readMetadata, unknownKey } from './read-metadata.ts'
import type { SourceEntry, SourceMap, SourceScalar, SourceValue, YamlFile } from './read-yaml.ts'
import { referenceText } from './references.ts'

const VALUE_KEYS = ['value', 'expected', 'metadata', 'reference', 'unit']

export interface ReadValues {
  readonly kind: ParameterKind
  /** By day. */
  readonly values: readonly DatedValue[]
  readonly valueMetadata?: RawMetadata
}

/** What one date has: nothing where only a value is expected there. */
interface Dated {
  readonly from: string
  readonly at: number
  readonly value: number | boolean | string | null | Content
  readonly metadata: RawMetadata
}

export interface ValueContext {
  readonly file: YamlFile
  readonly findings: FindingList
  /** First day on which a value that holds from a day on was known. */
  knownOn(from: string): string
}

/** Keys that are no dates of the calendar are reported and left out. */
export function readValues(entries: readonly SourceEntry[], context: ValueContext): ReadValues {
  const dated = entries.map((entry) => readDated(entry, context)).filter((value) => value !== undefined)
  dated.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  const kind = kindOf(dated, context)
  const described: Record<string, RawMetadata> = {}
  const values = dated.flatMap((one, i): DatedValue[] => {
    if (dated[i - 1]?.from === one.from) {
      const { file, findings } = context
      findings.error('DUPLICATE_KEY', file.place(one.at), `two values from ${one.from}`, 'take one of them away')
      return []
    }
    const reference = one.metadata['reference']
    const source = referenceText(reference)
    if (typeof reference !== 'string' ? Object.keys(one.metadata).length > 0 : Object.keys(one.metadata).length > 1)
      described[one.from] = one.metadata
    const known = context.knownOn(one.from)
    return [{ from: one.from, known, ...contentOf(kind, one.value), ...(source === undefined ? {} : { source }) }]
  })
  return { kind, values, ...(Object.keys(described).length > 0 ? { valueMetadata: described } : {}) }
}

function readDated({ key, at, value }: SourceEntry, context: ValueContext): Dated | undefined {
  const { file, findings } = context
  const from = dayOf(key)
  if (from === undefined) {
    const message = `"${key.slice(0, 40)}" is no date; its value is left out`
    findings.warn('NOT_A_DATE', file.place(at), message, 'write a date such as 2020-01-01')
    return undefined
  }
  if (value.is === 'map') return readDetailed(value, from, at, context)
  if (value.is === 'scalar' && value.value === 'expected') return expected(at, context)
  return { from, at, value: plainValue(value, context), metadata: {} }
}

function expected(at: number, { file, findings }: ValueContext): undefined {
  findings.info('EXPECTED', file.place(at), 'a value is expected, none is given', 'write it when it is known')
  return undefined
}

function readDetailed(map: SourceMap, from: string, at: number, context: ValueContext): Dated | undefined {
  const { file, findings } = context
  let value: SourceValue | undefined
  let isExpected = false
  let beside: RawMetadata = {}
  let inside: RawMetadata = {}
  for (const entry of map.entries) {
    if (entry.key === 'value') value = entry.value
    else if (entry.key === 'expected') isExpected = true
    else if (entry.key === 'metadata' && entry.value.is === 'map') inside = readMetadata(entry.value, file, findings)
    else if (entry.key === 'unit' || entry.key === 'reference')
      beside = { ...beside, [entry.key]: plainOf(entry.value) }
    else if (/^ref+[a-z]*s?$/.test(entry.key)) {
      findings.warn('MISSPELT_KEY', file.place(entry.at), `"${entry.key}" is read as "reference"`, 'write "reference"')
      beside = { reference: plainOf(entry.value), ...beside }
    } else unknownKey(entry, VALUE_KEYS, file, findings)
  }
  if (value !== undefined && !(value.is === 'scalar' && value.value === 'expected'))
    return { from, at, value: plainValue(value, context), metadata: { ...beside, ...inside } }
  if (value !== undefined || isExpected) return expected(at, context)
  findings.error('NO_VALUE', file.place(at), `from ${from} there is no value`, 'write `value:` below the date')
  return undefined
}

function plainValue(value: SourceValue, context: ValueContext): Dated['value'] {
  if (value.is === 'scalar') return scalarOf(value, context)
  const { file, findings } = context
  if (value.is === 'list')
    return value.items.map((item) => {
      const plain = item.is === 'scalar' ? scalarOf(item, context) : null
      if (plain === null) findings.error('NO_VALUE', file.place(item.at), 'a list holds no plain values', 'mend it')
      return plain ?? ''
    })
  findings.error('NO_VALUE', file.place(value.at), 'a value is a map', 'write a number, a word or a list')
  return null
}

function scalarOf({ value, at, quoted }: SourceScalar, { file, findings }: ValueContext) {
  if (Number.isNaN(value)) findings.error('NOT_A_NUMBER', file.place(at), 'the value is not a number', 'write a number')
  if (quoted && typeof value === 'string' && /^[-+]?[\d_]*\.?\d+%?$/.test(value))
    findings.warn(
      'QUOTED_NUMBER',
      file.place(at),
      `"${value}" is a text, not a number`,
      'take away its quotation marks',
    )
  return value
}

/** NUMBER unless all are yes or no, or some are texts or lists; null fits every kind. */
function kindOf(dated: readonly Dated[], { file, findings }: ValueContext): ParameterKind {
  const kinds = new Set(
    dated.map(({ value }) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value)),
  )
  kinds.delete('null')
  if (kinds.size > 1)
    findings.warn(
      'MIXED_KINDS',
      file.place(dated[0]!.at),
      `its values are ${[...kinds].join(' and ')}`,
      'give all of one kind',
    )
  return kinds.has('list')
    ? 'LIST'
    : kinds.has('string')
      ? 'TEXT'
      : kinds.has('number') || kinds.size === 0
        ? 'NUMBER'
        : 'BOOLEAN'
}

/** Of values of mixed kinds a number stands for its text, or for a list of itself. */
function contentOf(kind: ParameterKind, value: Dated['value']): Pick<DatedValue, 'values' | 'content' | 'ceased'> {
  if (value === null) return { values: [], ceased: true }
  if (kind === 'LIST')
    return { values: [], content: Array.isArray(value) ? value : [value as string | number | boolean] }
  if (kind === 'TEXT') return { values: [], content: String(value) }
  return { values: [Number(value)] }
}
