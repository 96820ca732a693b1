// Walks over expressions, without recursion along a long sum.
import type { Expression, FunctionName, TableFunction } from './model.ts'

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
  sin: 1,
  cos: 1,
  arctan: 1,
  floor: 1,
  ceil: 1,
  truncate: 1,
  round: 1,
  remainder: 2,
  normalQuantile: 1,
  normalProbability: 1,
  gammaQuantile: 2,
  betaQuantile: 3,
  poissonQuantile: 2,
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

export const TABLE_FUNCTIONS: readonly TableFunction[] = ['lookup', 'extrapolate', 'stepLookup', 'bracket']

type Leaf = Extract<Expression, { op: 'number' | 'ref' | 'time' | 'stepTime' }>
type TableExpression = Extract<Expression, { op: TableFunction }>

const isLeaf = (e: Expression): e is Leaf =>
  e.op === 'number' || e.op === 'ref' || e.op === 'time' || e.op === 'stepTime'

export const isTableExpression = (e: Expression): e is TableExpression => 'table' in e

const NONE: readonly Expression[] = []

/** The direct arguments of an expression; none for a leaf. */
export function argumentsOf(e: Expression): readonly Expression[] {
  if ('args' in e) return e.args
  return 'x' in e ? [e.x] : NONE
}

/** Calls `visit` for every node, a node before its arguments; what `enter` refuses is visited, its arguments are not. */
export function visitExpression(
  root: Expression,
  visit: (e: Expression) => void,
  enter: (e: Expression) => boolean = () => true,
): void {
  const stack: Expression[] = [root]
  for (let e = stack.pop(); e; e = stack.pop()) {
    visit(e)
    if (!enter(e)) continue
    const args = argumentsOf(e)
    for (let i = args.length - 1; i >= 0; i--) stack.push(args[i]!)
  }
}

/** The same expression with every reference renamed. */
export function renameReferences(root: Expression, rename: (name: string) => string): Expression {
  return foldExpression<Expression>(
    root,
    (e) => (e.op === 'ref' ? { op: 'ref', name: rename(e.name) } : isLeaf(e) ? e : undefined),
    (e, args) => ('args' in e ? { ...e, args } : ({ ...e, x: args[0]! } as Expression)),
  )
}

/**
 * Folds an expression from its ends up, arguments in order. Recurses into every argument but the first, so that a sum of
 * thousands of terms is no deeper than its deepest term.
 * @param end the result of an expression whose arguments are not folded: of every leaf at least; undefined for all others
 */
export function foldExpression<T>(
  root: Expression,
  end: (e: Expression) => T | undefined,
  node: (e: Expression, args: T[]) => T,
): T {
  const spine: Expression[] = []
  let e = root
  let result = end(e)
  while (result === undefined) {
    spine.push(e)
    e = argumentsOf(e)[0]!
    result = end(e)
  }
  for (let parent = spine.pop(); parent; parent = spine.pop()) {
    const args = argumentsOf(parent)
    const values = [result]
    for (let i = 1; i < args.length; i++) values.push(foldExpression(args[i]!, end, node))
    result = node(parent, values)
  }
  return result
}
