// What can only be told where every name is known: circles, and what is drawn once but would have to change over time.

import { blocksOf, orderWithBlocks } from '../lowering/blocks.ts'
import { changingNames } from '../lowering/changing.ts'
import type { Model, Variable } from '../model.ts'
import { readsOf, variableReads } from '../references.ts'
import type { ModelFault } from './check.ts'

/** Auxiliaries may not depend on themselves but through a solve block; nor may initial values, through auxiliaries or other initial values. */
export function circleFaults(model: Model): ModelFault[] {
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const names = [...byName.keys()].sort()
  const solves = model.solves ?? []
  const unknowns = new Set(solves.flatMap((s) => s.unknowns))

  const readsNow = (name: string) => variableReads(byName.get(name)!).now.now
  const stepwise = orderWithBlocks(names, readsNow, blocksOf(solves, readsNow))
  if ('cycle' in stepwise) return [tell(stepwise.cycle, 'the auxiliaries', unknowns)]

  const readsAtStart = (name: string) => variableReads(byName.get(name)!).initial
  const blocks = blocksOf(solves, readsAtStart, (solve) => {
    const { now, start } = readsOf(Object.values(solve.guess ?? {}))
    return [...now, ...start]
  })
  const initial = orderWithBlocks(names, readsAtStart, blocks)
  if ('cycle' in initial) return [tell(initial.cycle, 'the initial values', unknowns)]
  return drawFaults(model, byName)
}

function tell(cycle: readonly string[], what: string, unknowns: ReadonlySet<string>): ModelFault {
  const path = cycle[0]!
  const circle = `${what} depend on each other in a circle: ${cycle.join(' -> ')}`
  if (cycle.some((name) => unknowns.has(name))) {
    return { path, message: `${circle}; the solve blocks wait for each other: make them one` }
  }
  const suggestion = `declare a solve block with the unknowns ${[...new Set(cycle)].join(', ')}`
  return what === 'the auxiliaries'
    ? { path, message: `${circle}; ${suggestion}`, suggestion }
    : { path, message: circle }
}

function drawFaults(model: Model, byName: ReadonlyMap<string, Variable>): ModelFault[] {
  const once = model.variables.filter((v) => v.kind === 'random' && !v.everyStep)
  if (!model.time || !once.some(hasExpressions)) return []
  const changing = changingNames(model)
  return once.flatMap((v): ModelFault[] => {
    const { now, time } = variableReads(v).now
    const name = now.find((read) => changing.has(read))
    if (!time && name === undefined) return []
    const what = name === undefined ? 'the time' : byName.get(name)!.name
    const fix = name === undefined ? 'draw it at every step' : `take initial(${name}), or draw it at every step`
    return [
      { path: v.name, message: `it is drawn once, but its distribution depends on ${what}, which changes; ${fix}` },
    ]
  })
}

const hasExpressions = (v: Variable) => {
  const { now, start, time } = variableReads(v).now
  return time || now.length > 0 || start.length > 0
}
