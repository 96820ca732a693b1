// From an expression to nodes of the graph.
import { foldExpression, isTableExpression } from '../expressions.ts'
import type { Expression, Model, Reduction } from '../model.ts'
import { extremum } from './distributions.ts'
import type { Graph, MemberOperation } from './graph.ts'

/** What an expression is evaluated in. */
export interface Context {
  readonly graph: Graph
  readonly tables: Model['tables']
  /** Node of a variable's value. */
  readonly nodeOf: (name: string) => number
  /** The time where it is known: at the start. */
  readonly now: number | undefined
  /** The same at the start, for `initial`. */
  readonly start: Context
}

/** The node of an expression that is evaluated for the entity of a level. */
export function expressionNode(context: Context, root: Expression, level: number): number {
  const { graph, tables } = context
  return foldExpression<number>(
    root,
    (e) => {
      if (e.op === 'number') return graph.number(e.value)
      if (e.op === 'ref') return context.nodeOf(e.name)
      if (e.op === 'time' || e.op === 'stepTime') {
        return context.now === undefined ? graph.leaf(e.op, '') : graph.number(context.now)
      }
      if (e.op === 'initial') return kept(graph, expressionNode(context.start, e.x, level))
      if (e.op !== 'reduce') return undefined
      const member = graph.levels.levelOf(e.over)
      return reduction(graph, e.how, expressionNode(context, e.x, member), member, level)
    },
    (e, args) => (isTableExpression(e) ? graph.lookup(e.op, tables[e.table]!, args[0]!) : functionNode(graph, e, args)),
  )
}

/** A value at the start that later steps read: copied where its slot goes on to hold the values of later steps. */
export function kept(graph: Graph, id: number): number {
  return graph.nodes[id]!.leaf?.endsWith('AtStart') ? graph.operation('copy', id) : id
}

const GATHER: Readonly<Record<Exclude<Reduction, 'any'>, MemberOperation>> = {
  sum: 'sumMembers',
  min: 'minMembers',
  max: 'maxMembers',
  count: 'countMembers',
}

function reduction(graph: Graph, how: Reduction, x: number, member: number, group: number): number {
  if (how !== 'any') return graph.members(GATHER[how], x, member, group)
  return graph.members('maxMembers', graph.operation('not', graph.operation('not', x)), member, group)
}

function functionNode(graph: Graph, e: Expression, args: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0, x0 = 0] = args
  const op = graph.operation.bind(graph)
  if (!('args' in e)) throw new Error(`${e.op} is no function`)
  switch (e.op) {
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
