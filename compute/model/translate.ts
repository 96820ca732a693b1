// From the equations of a model to nodes of a graph: the values of every variable at a step, and those of stocks at the start.

import { initialReferencesOf, referencesOf } from './check.ts'
import { foldExpression, type Leaf } from './expressions.ts'
import { Graph } from './graph.ts'
import type { Expression, Model, TimeSpec, Variable } from './model.ts'
import { topologicalOrder } from './order.ts'

export interface Translation {
  readonly graph: Graph
  /** The node of a variable's value at a step. */
  readonly nodeOf: ReadonlyMap<string, number>
  readonly stocks: ReadonlyMap<string, { readonly initial: number; readonly flow: number }>
}

/** Node of each variable of a checked model, by name. The order of declaration makes no difference. */
export function translate(model: Model): Translation {
  const graph = new Graph(model.tables)
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const names = [...byName.keys()].sort()
  const nodeOf = new Map<string, number>()
  const atStart = new Map<string, number>()
  const stocks = new Map<string, { initial: number; flow: number }>()

  for (const name of ordered(names, (n) => stepReferencesOf(byName.get(n)!))) {
    nodeOf.set(name, stepNode(graph, byName.get(name)!, nodeOf))
  }
  for (const name of ordered(names, (n) => initialReferencesOf(byName.get(n)!))) {
    atStart.set(name, startNode(graph, byName.get(name)!, atStart, nodeOf, model.time))
  }
  for (const name of names) {
    const v = byName.get(name)!
    if (v.kind !== 'stock') continue
    stocks.set(name, { initial: atStart.get(name)!, flow: expressionNode(graph, v.flow, nodeOf) })
  }
  return { graph, nodeOf, stocks }
}

function ordered(names: readonly string[], dependenciesOf: (name: string) => readonly string[]): readonly string[] {
  const ordering = topologicalOrder(names, dependenciesOf)
  if ('cycle' in ordering) throw new Error('a checked model has no cycles')
  return ordering.order
}

const stepReferencesOf = (v: Variable) => (v.kind === 'auxiliary' ? referencesOf(v.equation) : [])

function stepNode(graph: Graph, v: Variable, nodeOf: ReadonlyMap<string, number>): number {
  if (v.kind === 'constant') return graph.number(v.value)
  if (v.kind === 'auxiliary') return expressionNode(graph, v.equation, nodeOf)
  return graph.leaf(v.kind, v.name)
}

/** At the start a stock is its initial value, a series its first value and time the start: all known before the first step. */
function startNode(
  graph: Graph,
  v: Variable,
  atStart: ReadonlyMap<string, number>,
  nodeOf: ReadonlyMap<string, number>,
  time: TimeSpec | undefined,
): number {
  if (v.kind === 'auxiliary') return expressionNode(graph, v.equation, atStart, time)
  if (v.kind === 'stock') return expressionNode(graph, v.initial, atStart, time)
  if (v.kind === 'series') return graph.leaf('seriesAtStart', v.name)
  return nodeOf.get(v.name)!
}

/** @param start where given, time is its start. */
function expressionNode(graph: Graph, root: Expression, nodes: ReadonlyMap<string, number>, start?: TimeSpec): number {
  const leaf = (e: Leaf): number => {
    if (e.op === 'number') return graph.number(e.value)
    if (e.op === 'ref') return nodes.get(e.name)!
    return start ? graph.number(start.start) : graph.leaf('time', '')
  }
  return foldExpression<number>(root, leaf, (e, args) => functionNode(graph, e, args))
}

function functionNode(graph: Graph, e: Expression, args: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0, x0 = 0] = args
  const op = graph.operation.bind(graph)
  switch (e.op) {
    case 'lookup':
    case 'bracket':
      return graph.lookup(e.op, e.table, a)
    case 'number':
    case 'ref':
    case 'time':
      throw new Error('a leaf has no arguments')
    case 'min':
      return extremum(graph, 'min', a, b)
    case 'max':
      return extremum(graph, 'max', a, b)
    case 'clamp':
      return extremum(graph, 'min', extremum(graph, 'max', a, b), c)
    case 'linear':
      return op('mul', a, b)
    // a, S, L, k, x0: a L leaves the inner loop, and -k (S - x0) is k (x0 - S) to the bit.
    case 'sigmoid':
      return op('div', op('mul', a, c), op('add', graph.number(1), op('exp', op('mul', d, op('sub', x0, b)))))
    case 'logarithmic':
      return op('mul', a, op('log1p', b))
    case 'saturating':
      return op('min', op('mul', a, b), op('sub', d, c))
    case 'threshold':
      return op('mul', a, op('pmax', op('sub', b, c), graph.number(0)))
    case 'dampening':
      return op('mul', op('mul', a, b), op('sub', graph.number(1), op('div', c, d)))
    default:
      return op(e.op, ...args)
  }
}

/** Minimum or maximum; with a constant on one side the machine's faster form, whose second operand is never NaN. */
function extremum(graph: Graph, op: 'min' | 'max', a: number, b: number): number {
  const isNumber = (id: number) => graph.nodes[id]!.value !== undefined
  if (isNumber(b)) return graph.operation(op === 'min' ? 'pmin' : 'pmax', a, b)
  if (isNumber(a)) return graph.operation(op === 'min' ? 'pmin' : 'pmax', b, a)
  return graph.operation(op, a, b)
}
