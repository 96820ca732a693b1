// Which element of an array a name with subscripts stands for.
import { didYouMean } from '../did-you-mean.ts'
import type { Formula, Subscript } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import { type Context, fault, type Translate } from './context.ts'
import { type Dimension, type Place, placeIn } from './dimensions.ts'
import { type Declared, findSymbol } from './symbols.ts'

type Name = Extract<Formula, { kind: 'name' }>

/** An element by its place from 0, or a place from 1 that is computed. */
export type Index = number | Expression

/**
 * The element along each dimension of an array; null where there is a fault, which is told. Without subscripts: the element that
 * the formula stands at, of each dimension.
 */
export function resolveElement(name: Name, symbol: Declared, context: Context, translate: Translate): Index[] | null {
  const { dimensions } = symbol
  const { subscripts } = name
  if (subscripts && subscripts.length !== dimensions.length) {
    const has = dimensions.length === 0 ? 'is no array' : `has ${dimensions.length} dimensions`
    fault(context, name, `${symbol.shown} ${has}, but stands with ${subscripts.length} subscripts`)
    return null
  }
  const indices: Index[] = []
  for (const [k, dimension] of dimensions.entries()) {
    const occurrence = occurrenceOf(dimensions, k)
    const index = subscripts
      ? resolveSubscript(subscripts[k]!, dimension, occurrence, name, context, translate)
      : whereIn(dimension, occurrence, context)
    if (index === null) return null
    if (index === undefined) {
      const all = dimensions.map(() => '*').join(',')
      fault(
        context,
        name,
        `${symbol.shown} is an array over ${dimension.shown}; say which element, or gather it, as sum(${symbol.shown}[${all}])`,
      )
      return null
    }
    indices.push(index)
  }
  return indices
}

/** How many of the same dimension stand before it. */
export const occurrenceOf = (dimensions: readonly Dimension[], k: number): number =>
  dimensions.slice(0, k).filter((dimension) => dimension === dimensions[k]).length

/** The element of a dimension that the formula stands at: that of a wildcard of an array function first. */
export function whereIn(dimension: Dimension, occurrence: number, context: Context): number | undefined {
  const gathered = context.gathered.get(wildcardKey(dimension, occurrence))
  if (gathered) return gathered.index
  return placeIn(dimension, occurrence, context.places, context.all.dimensions)
}

export const wildcardKey = ({ name }: Dimension, occurrence: number): string => `*${name}#${occurrence}`
export const allKey = (name: string): string => `${name}!`

/** null where there is a fault, which is told. */
function resolveSubscript(
  subscript: Subscript,
  dimension: Dimension,
  occurrence: number,
  name: Name,
  context: Context,
  translate: Translate,
): Index | null {
  switch (subscript.kind) {
    case 'wildcard': {
      const place = context.gathered.get(wildcardKey(dimension, occurrence))
      if (place) return place.index
      fault(context, name, `* has a place only in an argument of an array function, as sum(${name.name}[*])`)
      return null
    }
    case 'all': {
      const place = context.gathered.get(allKey(subscript.name))
      if (place) return elementIn(dimension, place, name, context)
      fault(context, name, `${subscript.name}! has a place only in an argument of an array function`)
      return null
    }
    case 'formula':
      return resolveFormula(subscript.formula, dimension, name, context, translate)
    case 'name':
      return resolveName(subscript.name, dimension, occurrence, name, context, translate)
  }
}

function resolveFormula(formula: Formula, dimension: Dimension, name: Name, context: Context, translate: Translate) {
  if (formula.kind !== 'number') return translate(formula, context)
  const { length } = dimension.elements
  if (Number.isInteger(formula.value) && formula.value >= 1 && formula.value <= length) return formula.value - 1
  fault(context, name, `${dimension.shown} has elements 1 to ${length}, but no ${formula.value}`)
  return null
}

/** An element of the dimension, `self`, a dimension, `dimension.element`, or a variable that says which. */
function resolveName(
  subscript: string,
  dimension: Dimension,
  occurrence: number,
  name: Name,
  context: Context,
  translate: Translate,
): Index | null {
  const element = dimension.indexOf.get(subscript)
  if (element !== undefined) return element
  const { dimensions } = context.all
  const other = subscript === 'self' ? dimension : dimensions.get(subscript)
  if (other) {
    const index = placeIn(other, subscript === 'self' ? occurrence : 0, context.places, dimensions)
    if (index !== undefined) return elementIn(dimension, { dimension: other, index }, name, context)
    const gathered = context.gathered.get(allKey(subscript))
    if (gathered) return elementIn(dimension, gathered, name, context)
    fault(context, name, `the formula stands at no element of ${other.shown}; say which`)
    return null
  }
  if (subscript.startsWith(`${dimension.name}.`)) {
    const index = dimension.indexOf.get(subscript.slice(dimension.name.length + 1))
    if (index !== undefined) return index
  }
  if (findSymbol(context.scope, subscript)) return translate({ kind: 'name', name: subscript, ...at(name) }, context)
  const known = [...dimension.shownElements, ...[...dimensions.values()].map((d) => d.shown)]
  fault(context, name, `${dimension.shown} has no element ${subscript}`, didYouMean(subscript, known))
  return null
}

/** The element of another dimension, in this one: by its name, else by its place where both have no more than numbers. */
function elementIn(dimension: Dimension, place: Place, name: Name, context: Context): number | null {
  if (place.dimension === dimension) return place.index
  const element = place.dimension.elements[place.index]!
  const index = dimension.indexOf.get(element)
  if (index !== undefined) return index
  const mapped = placeIn(dimension, 0, [place], context.all.dimensions)
  if (mapped !== undefined) return mapped
  fault(context, name, `${dimension.shown} has no element ${place.dimension.shownElements[place.index]}`)
  return null
}

const at = (name: Name) => (name.at ? { at: name.at } : {})
