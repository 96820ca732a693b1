// Holds the outflows of stocks that are not negative to what these have.

import { call, sum } from '../build.ts'
import type { Expression, Variable } from '../model.ts'
import { readsOf } from '../references.ts'
import type { OutflowLimit } from './context.ts'

/**
 * The variables with each limited outflow at most stock / dt + inflows - the outflows before it, and that at least 0.
 * An inflow that itself depends on the outflow within the step (two stocks that feed each other) is left out of what is there:
 * it arrives too late to leave in the same step.
 */
export function limitOutflows(variables: Variable[], limits: readonly OutflowLimit[], dt: number): Variable[] {
  if (limits.length === 0) return variables
  const dependencies = dependenciesOf(variables, limits)
  const available = new Map<string, Expression>()
  for (const { flow, stock, inflows, before } of limits) {
    const known = inflows.filter((inflow) => !reaches(inflow, flow, dependencies))
    const there = sum([call('div', stock, dt), ...known])
    const rest = before.reduce<Expression>((left, outflow) => call('sub', left, outflow), there)
    available.set(flow, call('max', 0, rest))
  }
  return variables.map((variable) => {
    const most = available.get(variable.name)
    if (!most) return variable
    if (variable.kind === 'auxiliary') return { ...variable, equation: call('min', variable.equation, most) }
    if (variable.kind !== 'constant') return variable
    const { value, ...rest } = variable
    return { ...rest, kind: 'auxiliary', equation: call('min', value, most) }
  })
}

type Dependencies = (name: string) => readonly string[]

/** What each variable depends on within a step, with all limits. */
function dependenciesOf(variables: readonly Variable[], limits: readonly OutflowLimit[]): Dependencies {
  const equations = new Map(variables.flatMap((v) => (v.kind === 'auxiliary' ? [[v.name, v.equation]] : [])))
  const limited = new Map(limits.map((limit) => [limit.flow, [...limit.inflows, ...limit.before]]))
  const known = new Map<string, readonly string[]>()
  return (name) => {
    const before = known.get(name)
    if (before) return before
    const equation = equations.get(name)
    const all = [...(equation ? readsOf([equation]).now : []), ...(limited.get(name) ?? [])]
    known.set(name, all)
    return all
  }
}

function reaches(from: string, to: string, dependencies: Dependencies): boolean {
  const seen = new Set([from])
  const open = [from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true
    for (const next of dependencies(name)) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
  return false
}
