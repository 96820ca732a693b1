// Which parts of an expression its value comes from: of a choice the condition and the branch that was taken.
import { argumentsOf, visitExpression } from '../../../../../compute/model/expressions.ts'
import type { Expression } from '../../../../../compute/model/model.ts'
import { bareName } from '../../rule-set/find-variables.ts'

export interface Read {
  /** Name of a variable of the core model. */
  readonly name: string
  /** Whether the value comes from it: false in the branch of a choice that was not taken. */
  readonly used: boolean
}

export interface Taken {
  /** Every part that the value comes from, a part before its arguments. */
  readonly parts: readonly Expression[]
  /** Every variable, in the order of the expression; of an array whose element was picked the one that was. */
  readonly reads: readonly Read[]
}

/** @param isTrue tells whether a condition holds */
export function takenOf(root: Expression, isTrue: (condition: Expression) => boolean): Taken {
  const parts: Expression[] = []
  const open = [root]
  for (let e = open.pop(); e; e = open.pop()) {
    parts.push(e)
    const args = argumentsOf(e)
    const live = e.op === 'select' ? [args[0]!, isTrue(args[0]!) ? args[1]! : args[2]!] : args
    open.push(...[...live].reverse())
  }
  const used = new Set(parts.flatMap((e) => (e.op === 'ref' ? [e.name] : [])))
  const all = new Set<string>()
  visitExpression(root, (e) => {
    if (e.op === 'ref') all.add(e.name)
  })
  const elements = new Map<string, number>()
  for (const name of all) elements.set(bareName(name), (elements.get(bareName(name)) ?? 0) + 1)
  const reads = [...all]
    .filter((name) => used.has(name) || elements.get(bareName(name)) === 1)
    .map((name) => ({ name, used: used.has(name) }))
  return { parts, reads }
}
