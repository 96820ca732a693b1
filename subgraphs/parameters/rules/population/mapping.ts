// Which column of a file is which column of a data set: as given, by a preset of known names, or by equal names.
import { nearest } from '../../../../schema/nearest.ts'
import type { Finding } from '../../../shared/types.ts'
import type { RuleMapping } from '../rule-set/mappings.ts'
import { type Code, type Codes, codesOf } from './code-list.ts'
import { columnKey, type DataColumn, type DataShape } from './data-shape.ts'

/** What is said of one column of the data set. */
export interface ColumnMapping {
  /** Name of the column in the rule set, such as `wages[head]`. */
  readonly column: string
  /** Name of the column in the file; absent: the one of equal name, or of the preset. */
  readonly from?: string | null | undefined
  /** The same number for all units instead. */
  readonly value?: number | null | undefined
  /** What values are multiplied by. */
  readonly factor?: number | null | undefined
  /** Value of empty cells. */
  readonly default?: number | null | undefined
  readonly codes?: readonly Code[] | null | undefined
}

/** What another system calls the columns of a rule set. */
export type Preset = Pick<RuleMapping, 'name' | 'identifier' | 'totals' | 'inputs'>

export interface MappedColumn {
  readonly target: DataColumn
  /** Null where all units have `value`. */
  readonly from: string | null
  readonly value: number
  readonly factor: number
  readonly default: number | null
  readonly codes: Codes | null
}

export type Total = RuleMapping['totals'][number]

export interface ResolvedMapping {
  readonly columns: readonly MappedColumn[]
  /** Those of the preset whose columns the file has. */
  readonly totals: readonly Total[]
  readonly identifier: string | null
  readonly findings: readonly Finding[]
}

export interface MappingGiven {
  readonly mappings: readonly ColumnMapping[]
  readonly preset: Preset | null
  readonly identifier: string | null
}

/** Resolves a mapping against the columns that the file has. What cannot be resolved is a finding. */
export function resolveMapping(shape: DataShape, names: readonly string[], given: MappingGiven): ResolvedMapping {
  const findings: Finding[] = []
  const columns = new Map<string, MappedColumn>()
  for (const [i, mapping] of given.mappings.entries()) {
    const column = readMapping(mapping, `columns.${i}`, shape, names, given.preset, findings)
    if (!column) continue
    if (columns.has(column.target.name))
      findings.push(
        error('COLUMN_TWICE', `columns.${i}.column`, `"${mapping.column}" is mapped twice`, 'keep one of them'),
      )
    columns.set(column.target.name, column)
  }
  for (const target of shape.columns) {
    if (columns.has(target.name)) continue
    const source = sourceOf(target.name, names, given.preset)
    if (source) columns.set(target.name, { ...plain(target), ...source })
    else if (target.default === null)
      findings.push(
        error('COLUMN_MISSING', target.name, `no column of the file is "${target.name}"`, 'map one to it, or a value'),
      )
  }
  const identifier = given.identifier ?? given.preset?.identifier ?? null
  if (given.identifier !== null && !names.includes(given.identifier))
    findings.push(unknownSource('identifier', given.identifier, names))
  const totals = totalsOf(names, given.preset)
  const resolved = [...columns.values()].sort((a, b) => (a.target.name < b.target.name ? -1 : 1))
  findings.push(...twice(names, resolved), ...unused(names, resolved, totals, identifier, shape))
  return { columns: resolved, totals, identifier: names.includes(identifier ?? '') ? identifier : null, findings }
}

function readMapping(
  mapping: ColumnMapping,
  path: string,
  shape: DataShape,
  names: readonly string[],
  preset: Preset | null,
  findings: Finding[],
): MappedColumn | undefined {
  const key = columnKey(mapping.column)
  const target = shape.columns.find(({ name }) => columnKey(name) === key)
  if (!target) {
    findings.push(unknownTarget(`${path}.column`, mapping.column, shape))
    return undefined
  }
  const known = sourceOf(target.name, names, preset)
  const from = mapping.from ?? known?.from
  // The factor of the preset is that of its own column.
  const factor = (mapping.factor ?? 1) * (known && known.from === from ? known.factor : 1)
  if (!(Number.isFinite(factor) && factor !== 0)) {
    findings.push(error('FACTOR_INVALID', `${path}.factor`, `${factor} is no factor`, 'give a number other than 0'))
    return undefined
  }
  const { value, codes } = mapping
  const base = {
    ...plain(target),
    factor,
    default: mapping.default ?? target.default,
    codes: codes && codes.length > 0 ? codesOf(codes) : null,
  }
  if (value != null) {
    if (value >= target.min && value <= target.max) return { ...base, value }
    findings.push(error('OUT_OF_RANGE', `${path}.value`, `${value} is out of range`, 'see the column of the rule set'))
    return undefined
  }
  if (from !== undefined && names.includes(from)) return { ...base, from }
  findings.push(unknownSource(`${path}.from`, from ?? target.name, names))
  return undefined
}

const plain = (target: DataColumn): MappedColumn => ({
  target,
  from: null,
  value: 0,
  factor: 1,
  default: target.default,
  codes: null,
})

/** The column of the file that the preset names, or that has the name of the target. */
function sourceOf(
  target: string,
  names: readonly string[],
  preset: Preset | null,
): { readonly from: string; readonly factor: number } | undefined {
  const known = preset?.inputs.find(({ theirs, ours }) => ours === target && names.includes(theirs))
  if (known) return { from: known.theirs, factor: known.factor }
  const key = columnKey(target)
  const from = names.find((name) => name === target) ?? names.find((name) => columnKey(name) === key)
  return from === undefined ? undefined : { from, factor: 1 }
}

function totalsOf(names: readonly string[], preset: Preset | null): Total[] {
  return (preset?.totals ?? []).filter(({ total, parts }) => [total, ...parts].every((name) => names.includes(name)))
}

/** Columns of the file that stand twice and are wanted: nobody can say which is meant. */
function twice(names: readonly string[], columns: readonly MappedColumn[]): Finding[] {
  const wanted = new Set(columns.map(({ from }) => from))
  const doubled = new Set(names.filter((name, i) => names.indexOf(name) < i && wanted.has(name)))
  return [...doubled].map((name) =>
    error('SOURCE_TWICE', name, `the file has two columns "${name}"`, 'keep or rename one'),
  )
}

function unused(
  names: readonly string[],
  columns: readonly MappedColumn[],
  totals: readonly Total[],
  identifier: string | null,
  shape: DataShape,
): Finding[] {
  const used = new Set([...columns.map(({ from }) => from), ...totals.map(({ total }) => total), identifier])
  const free = shape.columns
    .map(({ name }) => name)
    .filter((name) => !columns.some(({ target }) => target.name === name))
  return [...new Set(names)].flatMap((name) => {
    if (used.has(name)) return []
    const like = nearest(columnKey(name), free.map(columnKey))
    const meant = like && free.find((each) => columnKey(each) === like)
    return {
      severity: 'WARNING' as const,
      code: 'COLUMN_UNUSED',
      path: name,
      message: `the column "${name.slice(0, 80)}" of the file is not used`,
      suggestion: meant
        ? `did you mean "${meant}"? Map it if so`
        : 'map it to a column of the rule set, or leave it out',
    }
  })
}

function unknownTarget(path: string, column: string, { columns, ruleSetId }: DataShape): Finding {
  const names = columns.map(({ name }) => name)
  const elements = names.filter((name) => name.startsWith(`${column}[`))
  const like = nearest(column, names)
  const suggestion =
    elements.length > 0
      ? `name an element: "${elements.join('", "')}"`
      : like
        ? `did you mean "${like}"?`
        : 'see RuleSet.data for the names'
  return error('COLUMN_UNKNOWN', path, `the rule set ${ruleSetId} has no column "${column.slice(0, 80)}"`, suggestion)
}

function unknownSource(path: string, name: string, names: readonly string[]): Finding {
  const like = nearest(name, names)
  const suggestion = like ? `did you mean "${like}"?` : `the columns are: ${names.slice(0, 50).join(', ')}`
  return error('SOURCE_UNKNOWN', path, `the file has no column "${name.slice(0, 80)}"`, suggestion)
}

const error = (code: string, path: string, message: string, suggestion: string): Finding => ({
  severity: 'ERROR',
  code,
  path,
  message,
  suggestion,
})
