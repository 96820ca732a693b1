// Reads what stands beside values: description, metadata, and the older unit and reference beside it; reports the keys that are none.
import { nearest } from '../../../../schema/nearest.ts'
import type { FindingList } from './finding-list.ts'
import { COMMON_KEYS, isMetadataKey, readAs } from './known-keys.ts'
import type { RawMetadata } from './raw-tree.ts'
import type { SourceEntry, SourceMap, SourceValue, YamlFile } from './read-yaml.ts'

export interface Common {
  readonly description: string | undefined
  readonly metadata: RawMetadata
}

/** Plain data that JSON can hold: an infinity or NaN becomes its text in YAML. */
export function plainOf(value: SourceValue): unknown {
  if (value.is === 'list') return value.items.map(plainOf)
  if (value.is === 'map') {
    const members: Record<string, unknown> = {}
    for (const { key, value: member } of value.entries) define(members, key, plainOf(member))
    return members
  }
  const scalar = value.value
  if (typeof scalar !== 'number' || Number.isFinite(scalar)) return scalar
  return Number.isNaN(scalar) ? '.nan' : scalar > 0 ? '.inf' : '-.inf'
}

/** A member of any name, `__proto__` too. */
function define(members: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true })
}

const isCommon = (key: string) => (COMMON_KEYS as readonly string[]).includes(key)

/** The common keys of a node, parameter or scale. What is in `metadata` holds against what stands beside it. */
export function readCommon(map: SourceMap, file: YamlFile, findings: FindingList): Common {
  let description: string | undefined
  const beside: Record<string, unknown> = {}
  let inside: Record<string, unknown> = {}
  for (const { key, at, value } of map.entries) {
    if (!isCommon(key)) continue
    const plain = plainOf(value)
    if (key === 'description') description = plain === null ? undefined : String(plain)
    else if (key !== 'metadata') define(beside, key, plain)
    else if (value.is === 'map') inside = readMetadata(value, file, findings)
    else if (plain !== null)
      findings.warn('UNKNOWN_KEY', file.place(at), 'metadata is no map; it is left out', 'write keys below it')
  }
  return { description, metadata: { ...beside, ...inside } }
}

/** Members of a `metadata` map; misspelt ones that only say what a value is are read as what they were to be. */
export function readMetadata(map: SourceMap, file: YamlFile, findings: FindingList): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  const keys = new Set(map.entries.map(({ key }) => key))
  for (const { key, at, value } of map.entries) {
    const meant = readAs(key)
    const name = meant !== undefined && !keys.has(meant) ? meant : key
    if (name !== key) findings.warn('MISSPELT_KEY', file.place(at), `"${key}" is read as "${name}"`, `write "${name}"`)
    else if (!isMetadataKey(key)) findings.metadataKeys.push({ key, place: file.place(at) })
    define(members, name, plainOf(value))
  }
  return members
}

/** Reports a key that has no meaning where it stands. */
export function unknownKey(
  { key, at }: Pick<SourceEntry, 'key' | 'at'>,
  known: readonly string[],
  file: YamlFile,
  findings: FindingList,
): void {
  const like = nearest(key, known)
  findings.warn(
    'UNKNOWN_KEY',
    file.place(at),
    `"${key.slice(0, 80)}" has no meaning here and is left out`,
    like ? `did you mean "${like}"?` : `known are ${known.join(', ')}`,
  )
}
