// Tables and graphs: what they become, and the functions that read them.

import { call } from '../build.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Formula } from '../formula/ast.ts'
import type { Expression, Table, TableFunction } from '../model.ts'
import type { GraphicalFunction } from '../source/source.ts'
import { type Context, type Elaboration, fault, NOTHING, type Translate } from './context.ts'
import { combinations } from './dimensions.ts'
import { elementOf, symbolOf } from './references.ts'
import { isScheduleFunction, readSchedule } from './schedules.ts'
import { resolveElement } from './subscripts.ts'
import {
  coreName,
  type Declared,
  elementKey,
  elementsOf,
  findSymbol,
  type Graphs,
  isGraph,
  isThere,
  namesIn,
} from './symbols.ts'

type Call = Extract<Formula, { kind: 'call' }>

const BY_TYPE: Readonly<Record<GraphicalFunction['type'], TableFunction>> = {
  continuous: 'lookup',
  extrapolate: 'extrapolate',
  discrete: 'stepLookup',
}

/** The graph or graphs of a table, of an auxiliary or of a flow. */
function graphsOf({ source }: Declared): Graphs | undefined {
  return source?.kind === 'table' || source?.kind === 'auxiliary' || source?.kind === 'flow' ? source.graph : undefined
}

/** True for what a graph can be read of: `name(x)` and lookup(name, x). */
export const hasGraph = (symbol: Declared): boolean => graphsOf(symbol) !== undefined

const pointsOf = ({ xs, ys }: GraphicalFunction): Table => ({ xs: [...xs], ys: [...ys] })

/** Adds the tables of the graphs of a variable, each under the name of its core variable. Faults: an element without a graph. */
export function addGraphs(symbol: Declared, all: Elaboration): void {
  const graphs = graphsOf(symbol)
  if (!graphs) return
  if (isGraph(graphs)) {
    all.tables[symbol.shown] = pointsOf(graphs)
    return
  }
  for (const indices of elementsOf(symbol)) {
    const graph = graphs[elementKey(symbol, indices)]
    if (graph) all.tables[coreName(symbol, indices)] = pointsOf(graph)
    else all.faults.add(symbol.source!.name, `${coreName(symbol, indices)} has no graph`, symbol.source)
  }
}

/** The graph of one element at x, by its own type or another function. */
export function readGraph(
  symbol: Declared,
  indices: readonly number[],
  x: Expression,
  how?: TableFunction,
): Expression {
  const graphs = graphsOf(symbol)!
  const graph = isGraph(graphs) ? graphs : graphs[elementKey(symbol, indices)]
  if (!graph) return NOTHING
  const table = isGraph(graphs) ? symbol.shown : coreName(symbol, indices)
  return { op: how ?? BY_TYPE[graph.type], table, x }
}

/**
 * The value of a function of family `table`. lookup(t, x) reads a table by its own type, the others by what they say.
 */
export function tableFunction(formula: Call, context: Context, translate: Translate): Expression {
  const [first, second] = formula.args
  const name = formula.function.toLowerCase()
  const symbol = symbolOf(first, context)
  const x = translate(second!, context)
  if (first?.kind !== 'name') return fault(context, formula, `the first argument of ${formula.function} names a table`)
  if (!symbol) {
    const suggestion = didYouMean(first.name, namesIn(context.scope))
    return fault(context, first, `the table ${first.name} is not declared`, suggestion)
  }
  if (isScheduleFunction(name)) {
    if (symbol.source?.kind === 'schedule') return readSchedule(symbol, first, name, x, context, translate)
    return fault(context, first, `${symbol.shown} is no schedule; ${formula.function} reads thresholds and values`)
  }
  if (!hasGraph(symbol)) {
    const why =
      symbol.kind === 'schedule'
        ? 'is a schedule; use it as marginal, singleAmount, marginalAmount or average'
        : 'has no graph'
    return fault(context, first, `${symbol.shown} ${why}`)
  }
  const how = name === 'lookup' ? undefined : name === 'extrapolate' ? 'extrapolate' : 'stepLookup'
  const indices = resolveElement(first, symbol, context, translate)
  return indices ? elementOf(symbol, indices, first, context, (fixed) => readGraph(symbol, fixed, x, how)) : NOTHING
}

/** `name(x)`: the graph of that name at x, or the element of an array by its place, row-major, from 1 (XMILE 1.0, 3.3.2). */
export function callOfVariable(formula: Call, context: Context, translate: Translate): Expression | null {
  const symbol = findSymbol(context.scope, formula.function)
  const [argument] = formula.args
  if (!symbol || (!hasGraph(symbol) && symbol.dimensions.length === 0)) return null
  if (formula.args.length !== 1 || !argument)
    return fault(context, formula, `${symbol.shown}(x) takes one argument, not ${formula.args.length}`)
  const x = translate(argument, context)
  if (!hasGraph(symbol)) {
    const flat = combinations(symbol.dimensions)
    const place = call('round', x)
    return flat.reduceRight<Expression>(
      (otherwise, indices, i) =>
        isThere(symbol, indices)
          ? call('select', call('eq', place, i + 1), coreName(symbol, indices), otherwise)
          : otherwise,
      { op: 'number', value: 0 },
    )
  }
  const name: Extract<Formula, { kind: 'name' }> = {
    kind: 'name',
    name: formula.function,
    ...(formula.at ? { at: formula.at } : {}),
  }
  const indices = resolveElement(name, symbol, context, translate)
  return indices ? elementOf(symbol, indices, name, context, (fixed) => readGraph(symbol, fixed, x)) : NOTHING
}
