// Each variable of a source becomes one core variable for each of its elements.

import { didYouMean } from '../did-you-mean.ts'
import { canonicalName, type Formula } from '../formula/ast.ts'
import type { Expression, Variable } from '../model.ts'
import type { Equation, SourceVariable } from '../source/source.ts'
import { type Context, type Elaboration, NOTHING, type Traits, UNITLESS } from './context.ts'
import { conveyorStock } from './conveyors.ts'
import { combinations } from './dimensions.ts'
import { distributionOf } from './draws.ts'
import { flowEquation, isDriven } from './flows.ts'
import { addGraphs, readGraph } from './over-tables.ts'
import { stockOf } from './stocks.ts'
import { coreName, type Declared, elementKey, elementsOf } from './symbols.ts'
import { translate } from './translate.ts'

/** Adds the core variables of a symbol, row-major, each behind the hidden ones that it needs. */
export function elaborateVariable(symbol: Declared, all: Elaboration): void {
  const source = symbol.source!
  checkElements(symbol, all)
  addGraphs(symbol, all)
  if (symbol.kind !== 'value') return
  for (const indices of elementsOf(symbol)) {
    const name = coreName(symbol, indices)
    const context = contextOf(symbol, indices, name, all)
    const unit = source.unit?.trim() || UNITLESS
    all.variables.push({ name, unit, ...context.traits, ...bodyOf(source, symbol, indices, context) } as Variable)
  }
}

/** Where the equation of one element stands. */
export function contextOf(symbol: Declared, indices: readonly number[], owner: string, all: Elaboration): Context {
  return {
    all,
    scope: symbol.scope,
    path: symbol.path,
    owner,
    uses: new Map(),
    self: { symbol, indices },
    places: symbol.dimensions.map((dimension, k) => ({ dimension, index: indices[k]! })),
    gathered: new Map(),
    traits: traitsOf(symbol, all),
  }
}

function traitsOf({ path, source, scope }: Declared, all: Elaboration): Traits {
  const { entity: named, provenance, unchecked, at } = source!
  const entity = named === undefined ? undefined : all.entities.get(canonicalName(named))
  if (named !== undefined && entity === undefined) {
    const suggestion = didYouMean(named, all.entities.values())
    all.faults.add(path, `the entity ${named} is not declared`, { at, suggestion })
  }
  return {
    ...scope.traits,
    ...(entity === undefined ? {} : { entity }),
    ...(provenance === undefined ? {} : { provenance }),
    ...(unchecked ? { unchecked: true } : {}),
  }
}

type Body<V> = V extends Variable ? Omit<V, 'name' | 'unit' | keyof Traits> : never

function bodyOf(
  source: SourceVariable,
  symbol: Declared,
  indices: readonly number[],
  context: Context,
): Body<Variable> {
  const given = <K extends 'default' | 'macroVariable'>(key: K) => {
    const value = (source as { [key in K]?: unknown })[key]
    return value === undefined ? {} : { [key]: value }
  }
  switch (source.kind) {
    case 'input':
      return { kind: 'input', ...given('default') }
    case 'series':
      return { kind: 'series', ...given('default'), ...given('macroVariable') }
    case 'column':
      return { kind: 'column' }
    case 'random': {
      const distribution = distributionOf(source.distribution, context, translate)
      return distribution ? { kind: 'random', distribution } : { kind: 'constant', value: 0 }
    }
    case 'stock': {
      const flow = source.flow && evaluate(source.flow, context)
      const initial = evaluate(source.initial, context)
      return source.conveyor
        ? conveyorStock(symbol, source, initial, context, translate)
        : stockOf(symbol, source, initial, flow, context, translate)
    }
    case 'auxiliary':
    case 'flow':
      return ruleOf(source, symbol, indices, context)
    default:
      throw new Error(`a ${source.kind} has no core variable`)
  }
}

/** A constant where the equation is a number, else an auxiliary. */
function ruleOf(
  source: Extract<SourceVariable, { kind: 'auxiliary' | 'flow' }>,
  symbol: Declared,
  indices: readonly number[],
  context: Context,
): Body<Variable> {
  const own = (): Expression => {
    const x = evaluate(source.equation, context)
    return source.graph ? readGraph(symbol, indices, x) : x
  }
  const equation =
    isDriven(symbol) || source.nonNegative ? flowEquation(symbol, source, own, context, translate) : own()
  return equation.op === 'number' ? { kind: 'constant', value: equation.value } : { kind: 'auxiliary', equation }
}

/** The formula of the element that the context stands at, translated. */
function evaluate(equation: Equation, context: Context): Expression {
  const formula = formulaAt(equation, context)
  return formula ? translate(formula, context) : NOTHING
}

function formulaAt(equation: Equation, { self }: Context): Formula | undefined {
  if (equation.kind === 'formula') return equation.formula
  // What is missing was told by checkElements.
  return equation.formulas[elementKey(self!.symbol, self!.indices)]
}

/** Faults: a combination of elements without an equation, an equation of one that is not there. */
function checkElements(symbol: Declared, all: Elaboration): void {
  const source = symbol.source!
  const equations =
    source.kind === 'stock' ? [source.initial, source.flow] : 'equation' in source ? [source.equation] : []
  if (equations.every((equation) => equation?.kind !== 'elements')) return
  const keys = combinations(symbol.dimensions).map((indices) => elementKey(symbol, indices))
  const known = new Set(keys)
  const { path } = symbol
  for (const equation of equations) {
    if (equation?.kind !== 'elements') continue
    for (const key of keys)
      if (!source.partial && !Object.hasOwn(equation.formulas, key))
        all.faults.add(path, `the element ${key} has no equation`, source)
    for (const key of Object.keys(equation.formulas)) {
      if (known.has(key)) continue
      all.faults.add(path, `there is no element ${key}`, { at: source.at, suggestion: didYouMean(key, keys) })
    }
  }
}
