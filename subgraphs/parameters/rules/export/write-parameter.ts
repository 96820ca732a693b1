// A parameter, scale or node as plain data in the form of a YAML file of OpenFisca or PolicyEngine.
import { timelineOf } from '../history/timeline.ts'
import { BRACKET_PARTS, type BracketPart } from '../import/known-keys.ts'
import { defaultLabel, lastWord } from '../import/labels.ts'
import { readReferences, referencesByDay, referenceText } from '../import/references.ts'
import { isRate, typeOf, unitFor } from '../import/scale-of.ts'
import { readPeriod, UNIT_OF_KIND, writeUnit } from '../import/units.ts'
import { renameUprating, writeUprating } from '../import/uprating.ts'
import type { DatedValue, Metadata, Parameter, ParameterNode, Reference, Scale } from '../tree.ts'

export interface WriteContext {
  readonly policyEngine: boolean
  /** As known on this day; absent: as known now. */
  readonly knownAt: string | undefined
  labelOf(id: string): string | undefined
  /** What the nodes above an id say of unit (ours), period and reference, the nearest first. */
  aroundOf(id: string): Metadata
  /** An id as the files have it. */
  rename(id: string): string
  /** Whether the reader of the files carries the parameter on by itself. */
  isCarriedOn(parameter: Parameter): boolean
}

type Members = Record<string, unknown>

/** Members in order; those that are undefined are left out. */
export function members(entries: Members): Members {
  const kept: Members = {}
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) define(kept, key, value)
  return kept
}

/** A member of any name, `__proto__` too. */
const define = (into: Members, key: string, value: unknown) =>
  Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true })

/** The members, or nothing where there are none. */
function some(entries: Members): Members | undefined {
  const kept = members(entries)
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** What the nodes around say is not said again. */
export function writeParameter(parameter: Parameter, context: WriteContext): Members {
  const { id, kind, unit, period, references, metadata } = parameter
  const around = context.aroundOf(id)
  const given = readPeriodOf(around['period'])
  const same = JSON.stringify(readReferences(around['reference']).references) === JSON.stringify(references)
  return withMetadata(
    parameter,
    {
      unit:
        unit === ((kind === 'NUMBER' ? around['unit'] : undefined) ?? UNIT_OF_KIND[kind]) ? undefined : writeUnit(unit),
      period: period === given ? undefined : period,
      reference: metadata?.['reference'] ?? (same ? undefined : writeReferences(references)),
    },
    context,
  )
}

const readPeriodOf = (raw: unknown) => (typeof raw === 'string' ? readPeriod(raw).unit : null)

function withMetadata(parameter: Parameter, said: Members, context: WriteContext): Members {
  const { id, label, description, metadata } = parameter
  const { documentation, values: ofValues, reference: _kept, uprating, ...rest } = metadata ?? {}
  return members({
    description,
    documentation,
    values: writeValues(parameter, (ofValues ?? {}) as Metadata, context),
    metadata: some({
      label: label === defaultLabel(id, description, context.labelOf) ? undefined : label,
      ...said,
      uprating: context.policyEngine ? upratingOf(parameter, uprating, context) : undefined,
      ...rest,
    }),
  })
}

function upratingOf({ indexation }: Parameter, kept: unknown, { rename }: WriteContext): unknown {
  if (kept !== undefined) return renameUprating(kept, rename)
  return indexation && writeUprating(indexation, rename)
}

const writeReferences = (references: readonly Reference[]) =>
  references.map(({ title, href }) => (href === undefined || href === title ? title : { title, href }))

function writeValues(parameter: Parameter, ofValues: Metadata, context: WriteContext): Members | null {
  const { kind, values, metadata } = parameter
  const byDay = referencesByDay(metadata?.['reference'])
  const carried = context.isCarriedOn(parameter)
  const written: Members = {}
  for (const value of timelineOf(values, context.knownAt)) {
    if (value.derived && carried) continue
    const plain = plainValue(kind, value)
    const own = ofValues[value.from]
    const source = value.source === referenceText(byDay?.get(value.from)) ? undefined : value.source
    if (own !== undefined) written[value.from] = { value: plain, metadata: own }
    else if (source !== undefined) written[value.from] = { value: plain, metadata: { reference: source } }
    else written[value.from] = plain
  }
  // A parameter without values is one all the same.
  return Object.keys(written).length === 0 ? null : written
}

function plainValue(kind: Parameter['kind'], { values, content, ceased }: DatedValue): unknown {
  if (ceased) return null
  if (content !== undefined) return content
  return kind === 'BOOLEAN' ? values[0] === 1 : values[0]
}

/** @param parts the parameters of its brackets, by number from 1 and by part */
export function writeScale(
  scale: Scale,
  parts: ReadonlyMap<number, ReadonlyMap<BracketPart, Parameter>>,
  context: WriteContext,
): Members {
  const { description, documentation, brackets: ofBrackets, ...rest } = (scale.metadata ?? {}) as Members
  const words = typeof description === 'string' ? description : undefined
  const numbers = Array.from({ length: scale.count }, (_, i) => i + 1)
  return members({
    description,
    documentation,
    brackets: numbers.map((n) => {
      const bracket: Members = {}
      for (const part of BRACKET_PARTS) {
        const leaf = parts.get(n)?.get(part)
        if (leaf) bracket[part] = writePart(leaf, part, scale, context)
      }
      return members({ ...bracket, metadata: (ofBrackets as Members | undefined)?.[String(n)] })
    }),
    metadata: some({
      label: scale.label === defaultLabel(scale.id, words, context.labelOf) ? undefined : scale.label,
      type: typeOf(scale.kind),
      ...rest,
    }),
  })
}

/** What the scale says for all brackets is not said again. */
function writePart(leaf: Parameter, part: BracketPart, { metadata = {} }: Scale, context: WriteContext): Members {
  const given = unitFor(part, metadata)
  const unit = writeUnit(leaf.unit)
  const inherited = metadata[`${part}_period`] ?? (isRate(part) ? undefined : metadata['period'])
  const period = readPeriodOf(inherited)
  const written = withMetadata(
    leaf,
    {
      unit: (given === undefined ? leaf.unit === UNIT_OF_KIND[leaf.kind] : given === unit) ? undefined : unit,
      period: period === leaf.period ? undefined : leaf.period,
      reference:
        leaf.metadata?.['reference'] ?? (leaf.references.length === 0 ? undefined : writeReferences(leaf.references)),
    },
    context,
  )
  // Dates alone where nothing else is said.
  return Object.keys(written).length === 1 && written['values'] ? (written['values'] as Members) : written
}

export function writeNode(node: ParameterNode, { rename, policyEngine }: WriteContext): Members {
  const { id, label, description, unit, breakdown, metadata } = node
  const { documentation, uprating, ...rest } = metadata ?? {}
  const plain = label === (description ?? lastWord(id))
  return members({
    description,
    documentation,
    metadata: some({
      label: plain ? undefined : label,
      unit: unit === undefined ? undefined : writeUnit(unit),
      breakdown,
      uprating: policyEngine && uprating !== undefined ? renameUprating(uprating, rename) : undefined,
      ...rest,
    }),
  })
}
