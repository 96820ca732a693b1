// Walks over expressions, without recursion along a long sum.
import type { Expression, FunctionName } from './model.ts'

/** Number of arguments of each function. */
export const ARITY: Readonly<Record<FunctionName, number>> = {
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  neg: 1,
  abs: 1,
  min: 2,
  max: 2,
  clamp: 3,
  sqrt: 1,
  exp: 1,
  log: 1,
  pow: 2,
  floor: 1,
  ceil: 1,
  lt: 2,
  le: 2,
  eq: 2,
  and: 2,
  or: 2,
  not: 1,
  select: 3,
  linear: 2,
  sigmoid: 5,
  logarithmic: 2,
  saturating: 4,
  threshold: 3,
  dampening: 4,
}

export type Leaf = Extract<Expression, { op: 'number' | 'ref' | 'time' }>

export const isLeaf = (e: Expression): e is Leaf => e.op === 'number' || e.op === 'ref' || e.op === 'time'

/** The direct arguments of an expression; none for a leaf. */
export function argumentsOf(e: Expression): readonly Expression[] {
  if (isLeaf(e)) return []
  if (e.op === 'lookup' || e.op === 'bracket') return [e.x]
  return e.args
}

/** Calls `visit` for every node, a node before its arguments. */
export function visitExpression(root: Expression, visit: (e: Expression) => void): void {
  const stack: Expression[] = [root]
  for (let e = stack.pop(); e; e = stack.pop()) {
    visit(e)
    stack.push(...argumentsOf(e).toReversed())
  }
}

/**
 * Folds an expression from its leaves up, arguments in order. Recurses into every argument but the first, so that a sum of
 * thousands of terms is no deeper than its deepest term.
 */
export function foldExpression<T>(root: Expression, leaf: (e: Leaf) => T, node: (e: Expression, args: T[]) => T): T {
  const spine: Expression[] = []
  let e = root
  while (!isLeaf(e)) {
    spine.push(e)
    e = argumentsOf(e)[0]!
  }
  let result = leaf(e)
  for (let parent = spine.pop(); parent; parent = spine.pop()) {
    const rest = argumentsOf(parent)
      .slice(1)
      .map((argument) => foldExpression(argument, leaf, node))
    result = node(parent, [result, ...rest])
  }
  return result
}
