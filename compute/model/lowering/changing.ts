// Which variables change over time: everything that is computed from a stock, the time, a series or another that changes.
import type { Model, Variable } from '../model.ts'
import { variableReads } from '../references.ts'

/** Names of the variables whose values may differ between steps. Of a model without time: none. Unknowns of a block change together. */
export function changingNames(model: Model): Set<string> {
  if (!model.time) return new Set()
  const together = new Map(
    (model.solves ?? []).flatMap(({ unknowns }) => unknowns.map((name) => [name, unknowns] as const)),
  )
  const seeds = model.variables.filter(changesByItself).map((v) => v.name)
  return downstream(seeds, model.variables, (v) => variableReads(v).now.now, together)
}

/** The seeds, and everything computed from them by way of what each variable reads. */
export function downstream(
  seeds: readonly string[],
  variables: readonly Variable[],
  readsOf: (v: Variable) => readonly string[],
  together: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const readers = new Map<string, string[]>()
  for (const v of variables) {
    for (const read of readsOf(v)) {
      const already = readers.get(read)
      if (already) already.push(v.name)
      else readers.set(read, [v.name])
    }
  }
  const reached = new Set<string>()
  const open = [...seeds]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    for (const next of readers.get(name) ?? []) if (!reached.has(next)) open.push(next)
    for (const next of together.get(name) ?? []) if (!reached.has(next)) open.push(next)
  }
  return reached
}

function changesByItself(v: Variable): boolean {
  switch (v.kind) {
    case 'stock':
    case 'series':
    case 'trajectory':
    case 'previous':
    case 'delay':
      return true
    case 'random':
      return v.everyStep === true || variableReads(v).now.time
    default:
      return variableReads(v).now.time
  }
}
