// What a name in a formula stands for.

import { call, expression } from '../build.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Formula } from '../formula/ast.ts'
import { CONSTANTS, type FormulaFunction } from '../formula/functions.ts'
import type { Expression } from '../model.ts'
import { type Context, fault, type Translate } from './context.ts'
import { placeIn } from './dimensions.ts'
import { type Index, resolveElement } from './subscripts.ts'
import { coreName, type Declared, findSymbol, isThere, namesIn } from './symbols.ts'

type Name = Extract<Formula, { kind: 'name' }>
type Constant = (typeof CONSTANTS)[number]

/**
 * The largest number stands for `inf`: plans hold finite numbers alone, and nothing that is compared with it is larger.
 */
const INFINITY = Number.MAX_VALUE

/** A variable or one of its elements, else a constant of the language, else the place of an element or a dimension. */
export function reference(name: Name, context: Context, translate: Translate): Expression {
  const symbol = name.name === 'self' ? context.self?.symbol : findSymbol(context.scope, name.name)
  if (!symbol) return wellKnown(name, context) ?? unknown(name, context)
  if (symbol.kind !== 'value') {
    const how: FormulaFunction = symbol.kind === 'table' ? 'lookup' : 'marginal'
    return fault(context, name, `${symbol.shown} is a ${symbol.kind}; use it as ${how}(${name.name}, x)`)
  }
  if (name.name === 'self' && !name.subscripts) return expression(coreName(symbol, context.self!.indices))
  const indices = resolveElement(name, symbol, context, translate)
  if (!indices) return expression(0)
  return elementOf(symbol, indices, name, context, (fixed) => expression(coreName(symbol, fixed)))
}

/**
 * The element of an array at indices that may be computed: one after the other is compared with them, rounded; 0 where there is none
 * (XMILE 1.0, 3.7.1). Faults: an element that a partial array leaves out, where all indices are fixed.
 */
export function elementOf(
  symbol: Declared,
  indices: readonly Index[],
  name: Name,
  context: Context,
  value: (fixed: readonly number[]) => Expression,
): Expression {
  const isFixed = indices.every((index) => typeof index === 'number')
  if (isFixed && !isThere(symbol, indices))
    return fault(context, name, `${coreName(symbol, indices)} is not there: it has no equation`)
  const at = (some: readonly Index[]): Expression => {
    const k = some.findIndex((index) => typeof index !== 'number')
    if (k < 0) return isThere(symbol, some as number[]) ? value(some as number[]) : expression(0)
    const place = call('round', some[k] as Expression)
    return symbol.dimensions[k]!.elements.reduceRight<Expression>(
      (otherwise, _, i) => call('select', call('eq', place, i + 1), at(some.with(k, i)), otherwise),
      expression(0),
    )
  }
  return at(indices)
}

/** The symbol of an array, table or schedule that is named as an argument; undefined for any other formula. */
export function symbolOf(formula: Formula | undefined, context: Context): Declared | undefined {
  if (formula?.kind !== 'name') return undefined
  return formula.name === 'self' ? context.self?.symbol : findSymbol(context.scope, formula.name)
}

function wellKnown(name: Name, context: Context): Expression | null {
  if (name.subscripts) return null
  if ((CONSTANTS as readonly string[]).includes(name.name)) return constant(name, context)
  const { dimensions } = context.all
  const dimension = dimensions.get(name.name)
  if (dimension) {
    const index = placeIn(dimension, 0, context.places, dimensions)
    if (index !== undefined) return expression(index + 1)
    return fault(context, name, `the formula stands at no element of ${dimension.shown}`)
  }
  // location.boston (XMILE 1.0, 3.7.1)
  const dot = name.name.indexOf('.')
  const index = dimensions.get(name.name.slice(0, dot))?.indexOf.get(name.name.slice(dot + 1))
  if (index !== undefined) return expression(index + 1)
  const entity = context.all.entities.get(name.name)
  if (entity === undefined) return null
  return fault(context, name, `${entity} is an entity; gather a value of its members, as sum(${entity}, x)`)
}

function constant(name: Name, context: Context): Expression {
  const constant = name.name as Constant
  if (constant === 'pi') return expression(Math.PI)
  if (constant === 'inf') return expression(INFINITY)
  if (constant === 'self') return fault(context, name, 'self has a place only in the equation of a variable')
  const { time } = context.all
  if (!time) return fault(context, name, `${constant} needs a model with time; give start, stop and dt`)
  if (constant === 'time') return { op: 'time' }
  return expression({ dt: time.dt, starttime: time.start, stoptime: time.stop }[constant])
}

function unknown(name: Name, context: Context): Expression {
  const suggestion = didYouMean(name.name, [...namesIn(context.scope), ...CONSTANTS])
  return fault(context, name, `the name ${name.name} is not declared`, suggestion)
}
