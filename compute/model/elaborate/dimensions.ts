// Dimensions: their elements, how one lies in another, and the combinations of several.
import { QuesnayError } from '../../../schema/errors.ts'
import { canonicalName, displayName } from '../formula/ast.ts'
import type { SourceDimension } from '../source/source.ts'

export interface Dimension {
  /** Canonical. */
  readonly name: string
  readonly shown: string
  /** Canonical names. */
  readonly elements: readonly string[]
  readonly shownElements: readonly string[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly maps: readonly { readonly to: string; readonly elements: readonly string[] }[]
}

/** An element that a formula stands at; `index` counts from 0. */
export interface Place {
  readonly dimension: Dimension
  readonly index: number
}

/** Far above any model that is written, and below what would exhaust the memory. */
const MAX_COMBINATIONS = 1_000_000

export type Dimensions = ReadonlyMap<string, Dimension>

/** The dimensions of a source by canonical name; of two of one name the first. */
export function dimensionsOf(sources: readonly SourceDimension[]): Dimensions {
  const dimensions = new Map<string, Dimension>()
  for (const source of sources) {
    const elements = source.elements.map(canonicalName)
    const name = canonicalName(source.name)
    if (dimensions.has(name)) continue
    dimensions.set(name, {
      name,
      shown: displayName(source.name),
      elements,
      shownElements: source.elements.map(displayName),
      indexOf: new Map(elements.map((element, i) => [element, i])),
      maps: (source.maps ?? []).map((map) => ({
        to: canonicalName(map.to),
        elements: map.elements.map(canonicalName),
      })),
    })
  }
  return dimensions
}

/**
 * All combinations of elements as indices, row-major: the last dimension moves fastest. Of no dimensions: one, empty.
 * Error: LIMIT_EXCEEDED for more than a million.
 */
export function combinations(dimensions: readonly Dimension[]): number[][] {
  const count = dimensions.reduce((product, { elements }) => product * elements.length, 1)
  if (count > MAX_COMBINATIONS) {
    const names = dimensions.map(({ shown }) => shown).join(', ')
    throw new QuesnayError('LIMIT_EXCEEDED', `${names} have ${count} combinations of elements`, {
      limit: MAX_COMBINATIONS,
    })
  }
  let rows: number[][] = [[]]
  for (const { elements } of dimensions) rows = rows.flatMap((row) => elements.map((_, i) => [...row, i]))
  return rows
}

/**
 * Where in a dimension a formula stands that stands at the places given; undefined where they say nothing of it.
 * First the dimension itself (its n-th occurrence), then the element of the same name (a subrange, or what it is a part of; places
 * that are bare numbers are no names), then a mapping in either direction, from one element or from a subrange to one.
 */
export function placeIn(
  target: Dimension,
  occurrence: number,
  places: readonly Place[],
  dimensions: Dimensions,
): number | undefined {
  const same = places.filter(({ dimension }) => dimension === target)
  const exact = same[occurrence] ?? same[0]
  if (exact) return exact.index
  for (const { dimension, index } of places) {
    const element = dimension.elements[index]!
    const index2 = /^\d+$/.test(element) ? undefined : target.indexOf.get(element)
    if (index2 !== undefined) return index2
  }
  for (const place of places) {
    const mapped = mappedIndex(target, place, dimensions)
    if (mapped !== undefined) return mapped
  }
  return undefined
}

function mappedIndex(target: Dimension, { dimension, index }: Place, dimensions: Dimensions): number | undefined {
  const element = dimension.elements[index]!
  const there = dimension.maps.find(({ to }) => to === target.name)
  const forward = there && target.indexOf.get(there.elements[index] ?? '')
  if (forward !== undefined) return forward
  const back = target.maps.find(({ to }) => to === dimension.name)
  const i = back?.elements.findIndex((name) => name === element || dimensions.get(name)?.indexOf.has(element)) ?? -1
  return i < 0 ? undefined : i
}
