// Functions over arguments, over the elements of arrays, and over the members of an entity.
import { call, expression, sum, type Term } from '../build.ts'
import type { Formula } from '../formula/ast.ts'
import { functionKind } from '../formula/functions.ts'
import type { Expression, Reduction } from '../model.ts'
import { type Context, fault, hide, nameUse, type Translate } from './context.ts'
import { combinations, type Dimension, type Place, placeIn } from './dimensions.ts'
import { hasGraph } from './over-tables.ts'
import { symbolOf } from './references.ts'
import { allKey, occurrenceOf, whereIn, wildcardKey } from './subscripts.ts'
import { coreNames, findSymbol, isGraph } from './symbols.ts'

type Call = Extract<Formula, { kind: 'call' }>

const REDUCTIONS: readonly string[] = ['sum', 'min', 'max', 'any', 'count'] satisfies readonly Reduction[]

/**
 * The value of a function of family `array`. Its values are its arguments; an argument with wildcards, with `name!`, or with an array
 * that the formula stands at no element of gives one for each combination of elements, row-major. A single argument without
 * wildcards stands for whole arrays wherever it names one. `f(entity, x)` gathers x over the members.
 */
export function arrayFunction(formula: Call, context: Context, translate: Translate): Expression {
  const name = formula.function.toLowerCase()
  const [first, second] = formula.args
  if (name === 'size') return expression(sizeOf(first!, context))
  const entity = first?.kind === 'name' && !symbolOf(first, context) ? context.all.entities.get(first.name) : undefined
  if (entity !== undefined && second && formula.args.length === 2) {
    if (REDUCTIONS.includes(name))
      return { op: 'reduce', how: name as Reduction, over: entity, x: translate(second, context) }
    return fault(context, formula, `${name} does not gather members; ${REDUCTIONS.join(', ')} do`)
  }
  if (name === 'rank') {
    const [values, ties] = [first, formula.args[2]].map((a) => a && valuesOf(a, context, translate, true))
    if (ties && ties.length !== values!.length)
      return fault(context, formula, `rank is of ${values!.length} values, but has ${ties.length} to part equal ones`)
    return rank(values!, translate(second!, context), ties, context)
  }
  const values = formula.args.flatMap((a) => valuesOf(a, context, translate, formula.args.length === 1))
  return gather(name, values, formula, context)
}

function gather(name: string, values: readonly Expression[], formula: Call, context: Context): Expression {
  const [first, ...rest] = values
  if (!first) return fault(context, formula, `${formula.function} is of no values`)
  const chain = (op: 'min' | 'max' | 'mul' | 'or') =>
    rest.reduce<Expression>((left, right) => call(op, left, right), first)
  switch (name) {
    case 'sum':
      return sum(values)
    case 'min':
    case 'max':
      return chain(name)
    case 'product':
      return chain('mul')
    case 'any':
      return isTrue(chain('or'))
    case 'count':
      return sum(values.map(isTrue))
    case 'mean':
      return call('div', sum(values), values.length)
    default:
      return deviation(values, formula, context)
  }
}

const isTrue = (x: Expression): Expression => call('not', call('not', x))

/** sqrt(sum of (x - mean)^2 / (n - 1)); a fault for one value, which has none. */
function deviation(values: readonly Expression[], formula: Call, context: Context): Expression {
  if (values.length < 2) return fault(context, formula, 'the standard deviation is of two values or more')
  const use = nameUse(context, 'stddev')
  const mean = hide(context, `${use}.mean`, { kind: 'auxiliary', equation: call('div', sum(values), values.length) })
  const squares = values.map((x, i) => {
    const difference = hide(context, `${use}.difference${i + 1}`, { kind: 'auxiliary', equation: call('sub', x, mean) })
    return call('mul', difference, difference)
  })
  return call('sqrt', call('div', sum(squares), values.length - 1))
}

/**
 * The number, from 1, of the element at a place in rising order; equal ones by a second value, where there is one, and else keep their
 * order; 0 where there is no such place (XMILE 1.0, 3.7.1.3).
 */
function rank(
  values: readonly Expression[],
  place: Expression,
  ties: readonly Expression[] | undefined,
  context: Context,
): Expression {
  const use = nameUse(context, 'rank')
  const name = (what: string, given: readonly Expression[]) =>
    given.map((x, i) =>
      x.op === 'ref' ? x : hide(context, `${use}.${what}${i + 1}`, { kind: 'auxiliary', equation: x }),
    )
  const named = name('value', values)
  const second = ties && name('tie', ties)
  const isBefore = (j: number, i: number): Expression => {
    const [y, x] = [named[j]!, named[i]!]
    const byPlace = j < i ? 'le' : 'lt'
    if (!second) return call(byPlace, y, x)
    return call('or', call('lt', y, x), call('and', call('eq', y, x), call(byPlace, second[j]!, second[i]!)))
  }
  const wanted = call('round', place)
  const found = named.map((_, i) => {
    const before = named.flatMap((_, j): Term[] => (i === j ? [] : [isBefore(j, i)]))
    return call('mul', i + 1, call('eq', wanted, sum([1, ...before])))
  })
  return sum(found)
}

/** One value, or one for each combination of the elements that the argument gathers. */
function valuesOf(argument: Formula, context: Context, translate: Translate, single: boolean): Expression[] {
  const gathered = gatheredBy(argument, context, single)
  if (gathered.size === 0) return [translate(argument, context)]
  const keys = [...gathered.keys()]
  const dimensions = [...gathered.values()]
  return combinations(dimensions).map((indices) => {
    const places = new Map<string, Place>(context.gathered)
    for (const [k, key] of keys.entries()) places.set(key, { dimension: dimensions[k]!, index: indices[k]! })
    return translate(argument, { ...context, gathered: places })
  })
}

/** The dimensions that an argument runs over, by key, in the order they stand in it. */
function gatheredBy(argument: Formula, context: Context, single: boolean): Map<string, Dimension> {
  const marked = new Map<string, Dimension>()
  const bare = new Map<string, Dimension>()
  visitNames(argument, (name) => {
    const symbol = symbolOf(name, context)
    if (symbol?.kind !== 'value') return
    for (const [k, dimension] of symbol.dimensions.entries()) {
      const subscript = name.subscripts?.[k]
      const occurrence = occurrenceOf(symbol.dimensions, k)
      const key = wildcardKey(dimension, occurrence)
      if (subscript?.kind === 'wildcard') marked.set(key, dimension)
      else if (subscript?.kind === 'all') {
        const all = context.all.dimensions.get(subscript.name)
        if (all) marked.set(allKey(subscript.name), all)
      } else if (subscript?.kind === 'name') {
        const all = gatheredName(subscript.name, dimension, context)
        if (all) marked.set(allKey(subscript.name), all)
      } else if (!name.subscripts && (single || whereIn(dimension, occurrence, context) === undefined))
        bare.set(key, dimension)
    }
  })
  if (marked.size > 0 && single) return marked
  return new Map([...marked, ...bare])
}

/** A dimension by its name, where it names no element and the formula stands at none of it: all are meant (Vensim's XMILE). */
function gatheredName(name: string, dimension: Dimension, context: Context): Dimension | undefined {
  const all = dimension.indexOf.has(name) ? undefined : context.all.dimensions.get(name)
  return all && placeIn(all, 0, context.places, context.all.dimensions) === undefined ? all : undefined
}

/** The names in a formula, but not those in an array function within it, which gathers its own. */
function visitNames(formula: Formula, visit: (name: Extract<Formula, { kind: 'name' }>) => void): void {
  const parts: Formula[] = [formula]
  for (let part = parts.pop(); part; part = parts.pop()) {
    if (part.kind === 'name') visit(part)
    else if (part.kind === 'unary') parts.push(part.operand)
    else if (part.kind === 'binary') parts.push(part.right, part.left)
    else if (part.kind === 'if') parts.push(part.else, part.then, part.condition)
    else if (part.kind === 'call' && functionKind(part.function)?.family !== 'array')
      parts.push(...part.args.toReversed())
  }
}

/** The number of elements of an array or a slice of it, of a dimension, of the points of a table; 1 of any other value. */
function sizeOf(argument: Formula, context: Context): number {
  if (argument.kind === 'name') {
    const symbol = symbolOf(argument, context)
    if (!symbol) {
      const dimension = findSymbol(context.scope, argument.name) ? undefined : context.all.dimensions.get(argument.name)
      if (dimension) return dimension.elements.length
    } else if (symbol.kind === 'table' && hasGraph(symbol)) {
      const { graph } = symbol.source as { graph: Parameters<typeof isGraph>[0] }
      return isGraph(graph) ? graph.xs.length : coreNames(symbol).length
    }
  }
  return [...gatheredBy(argument, context, true).values()].reduce((size, { elements }) => size * elements.length, 1)
}

/** The dimensions of arrays that stand in a formula without subscripts, outside of array functions. */
export function arraysIn(formula: Formula, context: Context): Dimension[] {
  const dimensions: Dimension[] = []
  visitNames(formula, (name) => {
    const symbol = symbolOf(name, context)
    if (symbol?.kind === 'value' && !name.subscripts) dimensions.push(...symbol.dimensions)
  })
  return dimensions
}
