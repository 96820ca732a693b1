// What an expression comes to where the value of every name in it is known, with the arithmetic of plans.
import { levelsOf } from '../entities.ts'
import type { Expression, Model } from '../model.ts'
import { type Context, expressionNode } from './expression-node.ts'
import { Graph } from './graph.ts'

/**
 * The value of an expression of a model without time and without members; NaN where it is not finite.
 * @param known the value of a variable by name
 */
export function knownValue(expression: Expression, tables: Model['tables'], known: (name: string) => number): number {
  const graph = new Graph(levelsOf({}), false, true)
  const context = {
    graph,
    tables,
    nodeOf: (name: string) => graph.number(known(name)),
    now: 0,
    get start(): Context {
      return context
    },
  }
  return graph.nodes[expressionNode(context, expression, 0)]?.value ?? Number.NaN
}
