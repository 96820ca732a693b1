// A scale and the parameters of its brackets: which unit, period and index each part has.
import type { Metadata, Parameter, Scale, ScaleKind } from '../tree.ts'
import { BRACKET_PARTS, type BracketPart } from './known-keys.ts'
import { defaultLabel } from './labels.ts'
import { type Naming, parameterOf, textOf } from './parameter-of.ts'
import type { RawBracket, RawMetadata, RawScale } from './raw-tree.ts'
import { readUnit, writeUnit } from './units.ts'

const TYPES: Readonly<Record<string, ScaleKind>> = {
  single_amount: 'SINGLE_AMOUNT',
  marginal_amount: 'MARGINAL_AMOUNT',
  marginal_rate: 'MARGINAL_RATE',
  average_rate: 'AVERAGE_RATE',
}

/** The word of a kind in `type`. */
export const typeOf = (kind: ScaleKind): string => Object.keys(TYPES).find((name) => TYPES[name] === kind)!

/** Metadata of a scale that has a place elsewhere. */
const MODELLED = new Set([
  'label',
  'type',
  'uprating',
  'threshold_uprating',
  'uprate_thresholds',
  'propagate_metadata_to_children',
])

export interface ReadScale {
  readonly scale: Scale
  readonly parameters: readonly Parameter[]
}

/** @param effective the scale's metadata with what was handed down */
export function scaleOf(raw: RawScale, effective: RawMetadata, id: string, origin: string, naming: Naming): ReadScale {
  const { description, brackets } = raw
  const label = textOf(effective['label']) ?? defaultLabel(id, description, naming.labelOf)
  const kept = without(effective, MODELLED)
  if (description !== undefined) kept['description'] = description
  if (textOf(kept['unit']) !== undefined) kept['unit'] = writeUnit(readUnit(String(kept['unit']), naming.currency).unit)
  const ofBrackets: Record<string, RawMetadata> = {}
  for (const [i, { metadata }] of brackets.entries()) {
    const rest = bracketRest(metadata)
    if (Object.keys(rest).length > 0) ofBrackets[String(i + 1)] = rest
  }
  if (Object.keys(ofBrackets).length > 0) kept['brackets'] = ofBrackets
  const unit = unitFor('threshold', effective)
  const scale: Scale = {
    id,
    label,
    kind: kindOf(raw, naming),
    style: 'THRESHOLDS',
    count: brackets.length,
    ...(unit === undefined ? {} : { unit: readUnit(String(unit), naming.currency).unit }),
    ...(Object.keys(kept).length > 0 ? { metadata: kept as Metadata } : {}),
  }
  const labelled = { ...naming, labelOf: (above: string) => (above === id ? label : naming.labelOf(above)) }
  const parameters = brackets.flatMap((bracket, i) =>
    [...bracket.parts].map(([part, leaf]) => {
      const said = { ...inherited(part, bracket.metadata, effective), ...leaf.metadata }
      const name = `${origin}.brackets[${i}].${part}`
      return parameterOf(leaf, said, `${id}.${i + 1}.${part}`, name, labelled)
    }),
  )
  return { scale, parameters }
}

/** What a part of a bracket has where it says nothing: from its bracket, else from the scale. */
function inherited(part: BracketPart, bracket: RawMetadata, scale: RawMetadata): RawMetadata {
  const found: Record<string, unknown> = {}
  const put = (key: string, value: unknown) => {
    if (value !== undefined && value !== null) found[key] = value
  }
  put('unit', memberOf(bracket[part], 'unit') ?? bracket[`${part}_unit`] ?? unitFor(part, scale))
  put('period', bracket[`${part}_period`] ?? scale[`${part}_period`] ?? (isRate(part) ? undefined : scale['period']))
  put('uprating', memberOf(bracket[part], 'uprating') ?? uprated(part, bracket) ?? uprated(part, scale))
  return found
}

/** Rates have no unit unless one is given; amounts and thresholds that of the scale. */
export function unitFor(part: BracketPart, scale: RawMetadata): unknown {
  return scale[`${part}_unit`] ?? (isRate(part) ? '/1' : scale['unit'])
}

export const isRate = (part: string) => part === 'rate' || part === 'average_rate'

/** The index that a bracket or scale names for a part: bare `uprating` is for what stands beside the threshold. */
function uprated(part: BracketPart, metadata: RawMetadata): unknown {
  if (part !== 'threshold') return metadata['uprating']
  return metadata['threshold_uprating'] ?? (metadata['uprate_thresholds'] === true ? metadata['uprating'] : undefined)
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

/** What a bracket says beside units and indices, which its parts have taken. */
function bracketRest(metadata: RawMetadata): Record<string, unknown> {
  const taken = new Set(MODELLED)
  for (const part of BRACKET_PARTS) for (const key of [part, `${part}_unit`, `${part}_period`]) taken.add(key)
  taken.delete('label')
  return without(metadata, taken)
}

function without(metadata: RawMetadata, keys: ReadonlySet<string>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const key in metadata) if (!keys.has(key)) kept[key] = metadata[key]
  return kept
}

/** By its type, else by what its brackets hold (amounts before average rates before rates). */
function kindOf({ metadata, brackets, place }: RawScale, { findings }: Naming): ScaleKind {
  const type = metadata['type']
  const any = (part: BracketPart) => brackets.some(({ parts }: RawBracket) => parts.has(part))
  if (type === 'single_amount') return 'SINGLE_AMOUNT'
  const kind = any('amount') ? 'MARGINAL_AMOUNT' : any('average_rate') ? 'AVERAGE_RATE' : 'MARGINAL_RATE'
  if (type !== undefined && TYPES[String(type)] !== kind)
    findings.warn(
      'SCALE_TYPE',
      place,
      `type "${String(type).slice(0, 40)}" does not fit; it is a ${typeOf(kind)}`,
      'mend the type',
    )
  return kind
}
