// A parameter from what its file says of it and what was handed down to it.
import type { DatedValue, Indexation, Metadata, Parameter, Source } from '../tree.ts'
import type { FindingList } from './finding-list.ts'
import { defaultLabel } from './labels.ts'
import type { RawMetadata, RawParameter } from './raw-tree.ts'
import { readReferences, referencesByDay, referenceText } from './references.ts'
import { readPeriod, readUnit, UNIT_OF_KIND } from './units.ts'
import { readUprating, renameUprating } from './uprating.ts'

export interface Naming {
  readonly currency: string
  readonly source: Source
  readonly findings: FindingList
  /** File and line of every parameter that is indexed, by id; parameterOf adds to it. */
  readonly indexed: Map<string, string>
  /** Ids of the source with the prefix of the tree. */
  below(id: string): string
  labelOf(id: string): string | undefined
}

/** What of its metadata has a place of its own in a parameter. */
const MODELLED = new Set(['label', 'unit', 'period', 'reference', 'uprating', 'propagate_metadata_to_children'])

/** What the nodes around a parameter say that counts for it where it says nothing itself. */
export const AROUND = ['unit', 'period', 'reference'] as const

/**
 * @param effective its metadata with what was handed down
 * @param origin its name at the source
 * @param around what the nearest node above says of unit, period and reference
 */
export function parameterOf(
  raw: RawParameter,
  effective: RawMetadata,
  id: string,
  origin: string,
  naming: Naming,
  around: RawMetadata = {},
): Parameter {
  const { more } = readReferences(effective['reference'])
  const saidOf = (key: (typeof AROUND)[number]) => (key in effective ? effective[key] : around[key])
  const uprating = indexationOf(effective['uprating'], raw.place, naming)
  const kept: Record<string, unknown> = {}
  for (const key in effective) if (!MODELLED.has(key)) kept[key] = effective[key]
  if (more) kept['reference'] = effective['reference']
  if (uprating?.more) kept['uprating'] = renameUprating(effective['uprating'], naming.below)
  if (raw.valueMetadata) kept['values'] = raw.valueMetadata
  const { description, kind } = raw
  const values = sourced(raw.values, effective['reference'])
  if (uprating) naming.indexed.set(id, raw.place)
  // The unit around is that of numbers; yes and no, texts and lists have none.
  const unit = unitOf(kind === 'NUMBER' ? saidOf('unit') : effective['unit'], kind, naming.currency)
  return {
    id,
    label: textOf(effective['label']) ?? defaultLabel(id, description, naming.labelOf),
    ...(description === undefined ? {} : { description }),
    kind,
    unit,
    period: periodOf(saidOf('period')),
    by: 'NONE',
    references: readReferences(saidOf('reference')).references,
    source: naming.source,
    origin,
    expected: expectedRange(unit, values, naming.currency),
    values,
    // What is carried on at an interval of its own has no Indexation: it is kept as it is written.
    ...(uprating && !uprating.indexation.chained ? { indexation: uprating.indexation } : {}),
    ...(Object.keys(kept).length > 0 ? { metadata: kept as Metadata } : {}),
  }
}

/** Where references stand by date, a value of that day has its own; one that a value names itself counts before it. */
function sourced(values: readonly DatedValue[], reference: unknown): readonly DatedValue[] {
  const byDay = referencesByDay(reference)
  if (!byDay) return values
  return values.map((value) => {
    const source = value.source ?? referenceText(byDay.get(value.from))
    return source === undefined ? value : { ...value, source }
  })
}

/** A label may be a number or a word of its own; undefined where there is none. */
export const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : String(value)

export function unitOf(raw: unknown, kind: Parameter['kind'], currency: string): string {
  const text = textOf(raw)
  return text === undefined ? UNIT_OF_KIND[kind] : readUnit(text, currency).unit
}

export function periodOf(raw: unknown): string | null {
  const text = textOf(raw)
  return text === undefined ? null : readPeriod(text).unit
}

function indexationOf(
  raw: unknown,
  place: string,
  { findings, below }: Naming,
): { indexation: Indexation; more: boolean } | undefined {
  const read = readUprating(raw, below)
  if (read === undefined) return undefined
  const faults = typeof read === 'string' ? [read] : read.faults
  for (const fault of faults) findings.warn('UPRATING_WRONG', place, fault, 'mend it: it is not applied as written')
  return typeof read === 'string' ? undefined : read
}

/** From 0 to ten times the greatest value; below 0 where one is; at least 1 for shares and flags, and 100,000 for money. */
function expectedRange(unit: string, values: readonly DatedValue[], currency: string): [number, number] {
  let [least, greatest] = [0, 0]
  for (const { values: cells } of values)
    for (const cell of cells) {
      if (!Number.isFinite(cell)) continue
      least = Math.min(least, cell)
      greatest = Math.max(greatest, cell)
    }
  return [10 * least, Math.max(10 * greatest, unit.startsWith(currency) ? 100_000 : 1)]
}
