// Lints what one file holds: labels, references and units that are missing, thresholds that do not rise.
import type { DatedValue } from '../tree.ts'
import { valueAt } from '../value-at.ts'
import type { FindingList } from './finding-list.ts'
import type { RawChild, RawMetadata, RawParameter, RawScale } from './raw-tree.ts'

/** One finding of a kind for a file, however many values it holds. */
export function lintFile(child: RawChild, place: string, findings: FindingList): void {
  if (!isNamed(child)) findings.info('MISSING_LABEL', place, 'it has neither label nor description', 'say what it is')
  if (!isReferenced(child))
    findings.warn(
      'MISSING_REFERENCE',
      place,
      'no reference says which law sets it',
      'name it below metadata: reference',
    )
  const without = withoutUnit(child, false)
  if (without > 0)
    findings.warn(
      'MISSING_UNIT',
      place,
      without === 1 ? 'its unit is not given' : `the unit of ${without} parameters is not given`,
      'name it below metadata: unit',
    )
  for (const scale of scalesIn(child)) checkRising(scale, findings)
}

const said = (metadata: RawMetadata, key: string) => metadata[key] !== undefined && metadata[key] !== null

const isNamed = (child: RawChild) =>
  child.description !== undefined || said(child.metadata, 'label') || said(child.metadata, 'short_label')

function* childrenOf(child: RawChild): Generator<RawChild> {
  if (child.is === 'node') yield* child.children.values()
  else if (child.is === 'scale') for (const { parts } of child.brackets) yield* parts.values()
}

function isReferenced(child: RawChild): boolean {
  if (said(child.metadata, 'reference') || said(child.metadata, 'documentation')) return true
  if (child.is === 'parameter') return child.values.some(({ source }) => source !== undefined)
  for (const below of childrenOf(child)) if (isReferenced(below)) return true
  return false
}

/** Parameters with numbers for which neither they nor what they stand in name a unit; of brackets the rates need none. */
function withoutUnit(child: RawChild, given: boolean): number {
  const named = given || said(child.metadata, 'unit')
  if (named) return 0
  if (child.is === 'parameter') return child.kind === 'NUMBER' && child.values.some(({ ceased }) => !ceased) ? 1 : 0
  if (child.is === 'node')
    return [...child.children.values()].reduce((sum, below) => sum + withoutUnit(below, false), 0)
  const parts = child.brackets.flatMap(({ parts, metadata }) =>
    [...parts].map(([part, leaf]) => ({ part, leaf, metadata })),
  )
  return parts.filter(
    ({ part, leaf, metadata }) =>
      part !== 'rate' &&
      part !== 'average_rate' &&
      !said({ ...child.metadata, ...metadata }, `${part}_unit`) &&
      withoutUnit(leaf, false) > 0,
  ).length
}

function* scalesIn(child: RawChild): Generator<RawScale> {
  if (child.is === 'scale') yield child
  else if (child.is === 'node') for (const below of child.children.values()) yield* scalesIn(below)
}

/** On the first day on which a threshold is not above the one before it. Infinite ones may be equal: such brackets are not reached. */
function checkRising({ brackets }: RawScale, findings: FindingList): void {
  const thresholds = brackets.map(({ parts }) => parts.get('threshold')).filter((part) => part !== undefined)
  const days = [...new Set(thresholds.flatMap(({ values }) => values.map(({ from }) => from)))].sort()
  for (const day of days) {
    let before = Number.NEGATIVE_INFINITY
    for (const [i, threshold] of thresholds.entries()) {
      const here = numberAt(threshold, day)
      if (here === undefined) continue
      if (here < before || (here === before && Number.isFinite(here))) {
        const message = `from ${day} threshold ${i + 1} (${here}) is not above the one before it (${before})`
        return void findings.warn('NOT_RISING', threshold.place, message, 'mend the thresholds, or their order')
      }
      before = here
    }
  }
}

function numberAt({ values }: RawParameter, day: string): number | undefined {
  const found: DatedValue | undefined = valueAt(values, day)
  return found?.values[0]
}
