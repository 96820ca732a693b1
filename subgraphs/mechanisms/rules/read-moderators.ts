// Moderators as found in files: lists of records, of texts, or one text.
import { ModeratorDirection, ModeratorMode, ModeratorStrength } from '../../../schema/terms/mechanism.ts'
import type { Moderator } from './bank.ts'
import type { RecordReader } from './record-reader.ts'

/** An identifier: what a moderator's name should be. */
const NAME = /^[a-z0-9_]+$/

/** The moderators below `key`. Free text is kept as a note, with a finding; words that are not known count as UNKNOWN. */
export function readModerators(reader: RecordReader, key = 'moderators'): Moderator[] {
  const value = reader.value(key)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return [freeText(reader, [key], value)]
  const moderators = value.map((item, index) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? readOne(reader.below(key, index))
      : freeText(reader, [key, index], item),
  )
  const open = moderators.filter((moderator) => moderator.value === null).length
  if (open > 0)
    reader.note(
      'INFO',
      'MODERATOR_UNQUANTIFIED',
      [key],
      `${open} of ${moderators.length} moderators have no value: they are shown, not simulated`,
      'give mode (add or multiply) and value',
    )
  return moderators
}

function readOne(reader: RecordReader): Moderator {
  const name = reader.text('name')
  if (name === null) reader.note('WARNING', 'MODERATOR_NAMELESS', [], 'the moderator has no name', 'add name')
  else if (!NAME.test(name))
    reader.note(
      'INFO',
      'MODERATOR_NAME_FREE_TEXT',
      ['name'],
      `"${name.slice(0, 60)}" is free text, not a name`,
      `write ${slug(name)}`,
    )
  const value = reader.number('value')
  const mode = reader.term(ModeratorMode, 'mode')
  if (value !== null && mode === null)
    reader.note(
      'WARNING',
      'MODERATOR_MODE_MISSING',
      [],
      'the value says not whether it is added or multiplies, and is not applied',
      'add mode: add or multiply',
    )
  return {
    name: name ?? 'unnamed',
    direction: word(reader, ModeratorDirection, 'direction', 'MODERATOR_DIRECTION_UNKNOWN'),
    strength: word(reader, ModeratorStrength, 'strength', 'MODERATOR_STRENGTH_UNKNOWN'),
    mode,
    value: mode === null ? null : value,
    note: reader.text('description') ?? reader.text('note'),
  }
}

function word<T extends string>(reader: RecordReader, terms: Readonly<Record<T, T>>, key: string, code: string): T {
  const text = reader.text(key)
  const name = text?.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  if (name !== undefined && Object.hasOwn(terms, name)) {
    if (name !== 'UNKNOWN') return name as T
  }
  const names = Object.keys(terms).filter((term) => term !== 'UNKNOWN')
  const message = text === null ? `the moderator has no ${key}` : `"${text.slice(0, 40)}" is no known ${key}`
  reader.note(
    'WARNING',
    code,
    text === null ? [] : [key],
    `${message}; it counts as unknown`,
    `give one of ${names.join(', ').toLowerCase()}`,
  )
  return 'UNKNOWN' as T
}

function freeText(reader: RecordReader, keys: readonly (string | number)[], value: unknown): Moderator {
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value)
  reader.note(
    'WARNING',
    'MODERATOR_FREE_TEXT',
    keys,
    `"${text.slice(0, 60)}" is free text: direction and strength are unknown`,
    'give name, direction and strength',
  )
  return {
    name: slug(text) || 'unnamed',
    direction: 'UNKNOWN',
    strength: 'UNKNOWN',
    mode: null,
    value: null,
    note: text,
  }
}

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
