// What may not change over time: transit times and leaks of conveyors.
import { visitExpression } from '../expressions.ts'
import type { Expression, Variable } from '../model.ts'
import type { SteadyDemand } from './context.ts'
import type { Faults } from './faults.ts'

/** Tells CONSTRUCT_UNSUPPORTED for each expression that depends on time, a stock, a series or a draw at each step. */
export function checkSteady(demands: readonly SteadyDemand[], variables: readonly Variable[], faults: Faults): void {
  if (demands.length === 0) return
  const byName = new Map(variables.map((v) => [v.name, v]))
  const known = new Map<string, boolean>()
  const isSteady = (root: Expression): boolean => {
    let steady = true
    visitExpression(
      root,
      (e) => {
        if (e.op === 'time' || e.op === 'stepTime') steady = false
        else if (e.op === 'ref' && steady) steady = isSteadyVariable(e.name)
      },
      (e) => e.op !== 'initial',
    )
    return steady
  }
  const isSteadyVariable = (name: string): boolean => {
    const before = known.get(name)
    if (before !== undefined) return before
    // A circle of auxiliaries is told elsewhere.
    known.set(name, true)
    const v = byName.get(name)
    const steady =
      v === undefined ||
      v.kind === 'constant' ||
      v.kind === 'input' ||
      v.kind === 'column' ||
      (v.kind === 'random' && !v.everyStep) ||
      (v.kind === 'auxiliary' && isSteady(v.equation))
    known.set(name, steady)
    return steady
  }
  for (const { path, what, expression } of demands)
    if (!isSteady(expression)) faults.unsupport(path, `${what} changes over time; it is one number for a run`)
}
