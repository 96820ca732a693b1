// What a model's outputs and identities need, by name: all else is left out.
import { visitExpression } from '../expressions.ts'
import type { Expression, Model } from '../model.ts'
import { allEquations, allReads, readsOf } from '../references.ts'

/** The model without the variables, blocks and correlations that no output and no identity depends on; variables by name. */
export function livingPart(model: Model): Model {
  const byName = new Map(model.variables.map((v) => [v.name, v]))
  const solveOf = new Map((model.solves ?? []).flatMap((s) => s.unknowns.map((name) => [name, s] as const)))
  const groupOf = new Map((model.correlations ?? []).flatMap((c) => c.names.map((name) => [name, c.names] as const)))
  const identities = (model.identities ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const living = new Set<string>()
  const everything = ({ now, start }: ReturnType<typeof readsOf>) => [...now, ...start]
  const open = [...model.outputs, ...identities.flatMap((i) => everything(readsOf([i.left, i.right])))]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (living.has(name)) continue
    living.add(name)
    for (const read of allReads(byName.get(name)!)) if (!living.has(read)) open.push(read)
    const solve = solveOf.get(name)
    if (solve) open.push(...solve.unknowns, ...everything(readsOf(Object.values(solve.guess ?? {}))))
    // The numbers behind a correlated parameter are drawn of its whole group.
    for (const other of groupOf.get(name) ?? []) if (!living.has(other)) open.push(other)
  }
  return {
    ...model,
    variables: model.variables.filter((v) => living.has(v.name)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    solves: (model.solves ?? [])
      .filter((s) => s.unknowns.some((name) => living.has(name)))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    correlations: (model.correlations ?? []).filter((c) => c.names.some((name) => living.has(name))),
    identities,
  }
}

/** Entities that a variable is of or a reduction goes over; undefined where there is but one. */
export function usedEntities({ variables, identities = [], entities }: Model): Set<string> | undefined {
  if (!entities || entities.length < 2) return undefined
  const used = new Set<string>()
  const visit = (e: Expression) => {
    if (e.op === 'reduce') used.add(e.over)
  }
  for (const v of variables) {
    if (v.entity !== undefined) used.add(v.entity)
    for (const e of allEquations(v)) visitExpression(e, visit)
  }
  for (const { left, right } of identities) for (const e of [left, right]) visitExpression(e, visit)
  return used
}
