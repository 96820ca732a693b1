// Reads the grammar of one file: a parameter, a scale of brackets, or a node with children of its own.
import type { FindingList } from './finding-list.ts'
import { isDateLike } from './instant.ts'
import { BRACKET_PARTS, type BracketPart, COMMON_KEYS } from './known-keys.ts'
import {
  emptyNode,
  type RawBracket,
  type RawChild,
  type RawNode,
  type RawParameter,
  type RawScale,
} from './raw-tree.ts'
import { readCommon, readMetadata, unknownKey } from './read-metadata.ts'
import { readValues, type ValueContext } from './read-values.ts'
import type { SourceEntry, SourceMap, SourceValue } from './read-yaml.ts'

const isCommon = (key: string) => (COMMON_KEYS as readonly string[]).includes(key)
const has = (map: SourceMap, key: string) => map.entries.some((entry) => entry.key === key)
const DETAIL = ['value', 'expected']

/** undefined where there is nothing to keep; the findings say why. */
export function readChild(value: SourceValue, at: number, context: ValueContext): RawChild | undefined {
  const { file, findings } = context
  if (value.is !== 'map') {
    if (value.is === 'scalar' && value.value === null)
      findings.info('EMPTY', file.place(at), 'there is nothing in it', 'write values, or take it away')
    else
      findings.error('NOT_A_PARAMETER', file.place(at), 'this is no parameter', 'write `values:` with dates below it')
    return undefined
  }
  if (has(value, 'values')) return readParameter(value, context)
  if (has(value, 'brackets')) return readScale(value, context)
  const dates = value.entries.filter(({ key }) => isDateLike(key))
  if (dates.length === 0 || !dates.every(isDated)) return readNode(value, context)
  return readBare(value, dates, context)
}

/** What stands at a date is a value, not a child that is called as a year is. */
const isDated = ({ value }: SourceEntry) =>
  value.is !== 'map' || DETAIL.some((key) => has(value, key)) || value.entries.length === 0

/** Dates beside nothing, or beside common keys: some trees have the one, some the other. */
function readBare(map: SourceMap, dates: readonly SourceEntry[], context: ValueContext): RawParameter {
  for (const entry of map.entries)
    if (!dates.includes(entry) && !isCommon(entry.key))
      unknownKey(entry, [...COMMON_KEYS, 'values'], context.file, context.findings)
  return parameterOf(map, dates, context)
}

function readParameter(map: SourceMap, context: ValueContext): RawParameter {
  const { file, findings } = context
  for (const entry of map.entries)
    if (entry.key !== 'values' && !isCommon(entry.key)) unknownKey(entry, [...COMMON_KEYS, 'values'], file, findings)
  const { value, at } = map.entries.find(({ key }) => key === 'values')!
  if (value.is !== 'map' && !(value.is === 'scalar' && value.value === null))
    findings.error('NOT_A_PARAMETER', file.place(at), 'values is no map', 'write dates below it')
  return parameterOf(map, value.is === 'map' ? value.entries : [], context)
}

function parameterOf(map: SourceMap, dates: readonly SourceEntry[], context: ValueContext): RawParameter {
  const { file, findings } = context
  const read = readValues(dates, context)
  if (read.values.length === 0)
    findings.warn('NO_VALUES', file.place(map.at), 'the parameter has no value', 'write one with its date')
  return { is: 'parameter', place: file.place(map.at), ...readCommon(map, file, findings), ...read }
}

/** Keys that are neither common nor maps cannot be children. */
function readNode(map: SourceMap, context: ValueContext): RawNode {
  const { file, findings } = context
  const node: RawNode = { ...emptyNode(file.place(map.at)), ...readCommon(map, file, findings) }
  for (const entry of map.entries) {
    if (isCommon(entry.key)) continue
    if (entry.value.is !== 'map' && !(entry.value.is === 'scalar' && entry.value.value === null)) {
      unknownKey(entry, [...COMMON_KEYS, 'values', 'brackets'], file, findings)
      continue
    }
    const child = readChild(entry.value, entry.at, context)
    if (child) addChild(node, entry.key, child, file.place(entry.at), findings)
  }
  return node
}

function readScale(map: SourceMap, context: ValueContext): RawScale | undefined {
  const { file, findings } = context
  for (const entry of map.entries)
    if (entry.key !== 'brackets' && !isCommon(entry.key))
      unknownKey(entry, [...COMMON_KEYS, 'brackets'], file, findings)
  const { value, at } = map.entries.find(({ key }) => key === 'brackets')!
  if (value.is !== 'list') {
    findings.error('NOT_A_SCALE', file.place(at), 'brackets is no list', 'begin each bracket with a hyphen')
    return undefined
  }
  if (value.items.length === 0) {
    findings.warn('NO_VALUES', file.place(at), 'the scale has no bracket; it is left out', 'write its brackets')
    return undefined
  }
  const brackets = value.items.map((item) => readBracket(item, context))
  return { is: 'scale', place: file.place(map.at), ...readCommon(map, file, findings), brackets }
}

const BRACKET_KEYS = [...BRACKET_PARTS, 'metadata']

function readBracket(item: SourceValue, context: ValueContext): RawBracket {
  const { file, findings } = context
  const parts = new Map<BracketPart, RawParameter>()
  let metadata = {}
  if (item.is !== 'map') {
    findings.error(
      'NOT_A_SCALE',
      file.place(item.at),
      'a bracket is no map',
      'write a threshold and a rate or an amount',
    )
    return { metadata, parts }
  }
  for (const entry of item.entries) {
    const { key, at, value } = entry
    if (key === 'metadata' && value.is === 'map') metadata = readMetadata(value, file, findings)
    else if (!isPart(key)) unknownKey(entry, BRACKET_KEYS, file, findings)
    else {
      const part = readChild(value, at, context)
      if (part?.is === 'parameter') parts.set(key, part)
      else if (part) findings.error('NOT_A_SCALE', file.place(at), `${key} is no parameter`, 'write dates below it')
    }
  }
  return { metadata, parts }
}

const isPart = (key: string): key is BracketPart => (BRACKET_PARTS as readonly string[]).includes(key)

/** Puts a child below a node; two nodes become one, anything else that is there already is a fault. */
export function addChild(node: RawNode, name: string, child: RawChild, place: string, findings: FindingList): void {
  const key = cleaned(name)
  if (key !== name)
    findings.warn('KEY_RENAMED', place, `"${name.slice(0, 80)}" becomes "${key}"`, 'use letters, digits, _ and -')
  const there = node.children.get(key)
  if (!there) node.children.set(key, child)
  else if (there.is === 'node' && child.is === 'node') join(there, child, findings)
  else findings.error('DUPLICATE_ID', place, `"${key}" stands at ${there.place} too`, 'take one of them away')
}

/** Ids are letters, digits, _ and -. */
const cleaned = (name: string) => name.replace(/[^A-Za-z0-9_-]/g, '_') || '_'

/** What the second says is taken where the first says nothing. */
export function join(first: RawNode, second: RawNode, findings: FindingList): void {
  first.label ??= second.label
  first.description ??= second.description
  first.metadata = { ...second.metadata, ...first.metadata }
  if (first.children.size === 0 && Object.keys(first.metadata).length === 0) first.place = second.place
  for (const [name, child] of second.children) addChild(first, name, child, second.place, findings)
}
