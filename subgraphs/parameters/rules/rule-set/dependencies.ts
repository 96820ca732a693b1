// What the rules read of each other: columns, rules and parameters, by the names that their authors gave them.
import { allReads } from '../../../../compute/model/references.ts'
import type { RuleSet } from './rule-set.ts'

export interface Dependencies {
  /** Columns and rules that it reads, in the order of its formula. */
  readonly dependsOn: readonly string[]
  /** Ids of parameters. */
  readonly parameters: readonly string[]
  /** Rules that read it, in the order of the rules. */
  readonly usedBy: readonly string[]
}

const known = new WeakMap<RuleSet, ReadonlyMap<string, Dependencies>>()

/** By name of the column (of an array the element) or of the rule; nothing for an unknown name. */
export function dependenciesOf(ruleSet: RuleSet, name: string): Dependencies {
  const all = known.get(ruleSet) ?? allDependencies(ruleSet)
  known.set(ruleSet, all)
  return all.get(name) ?? { dependsOn: [], parameters: [], usedBy: [] }
}

function allDependencies(ruleSet: RuleSet): ReadonlyMap<string, Dependencies> {
  const variables = new Map(ruleSet.model.variables.map((variable) => [variable.name, variable]))
  const shown = new Map([
    ...ruleSet.columns.map(({ name }) => [name, name] as const),
    ...ruleSet.rules.flatMap(({ name, elements }) => elements.map((element) => [element, name] as const)),
  ])
  const ids = new Map(ruleSet.parameters.flatMap(({ id, inputs }) => inputs.map((input) => [input, id] as const)))

  /** Through parts that nobody wrote by themselves. */
  const readsOf = (elements: readonly string[]): string[] => {
    const found = new Set<string>()
    const open = [...elements]
    const seen = new Set(open)
    for (let name = open.shift(); name !== undefined; name = open.shift()) {
      const variable = variables.get(name)
      for (const read of variable ? allReads(variable) : []) {
        if (shown.has(read) || ids.has(read)) found.add(read)
        else if (!seen.has(read)) {
          seen.add(read)
          open.push(read)
        }
      }
    }
    return [...found]
  }

  const rules = ruleSet.rules.map(({ name, elements }) => ({ name, reads: readsOf(elements) }))
  const usedBy = new Map<string, string[]>()
  for (const { name, reads } of rules)
    for (const read of new Set(reads.flatMap((one) => shown.get(one) ?? [])))
      usedBy.set(read, [...(usedBy.get(read) ?? []), name])
  const columns = ruleSet.columns.map(({ name }) => ({ name, reads: [] as string[] }))
  return new Map(
    [...columns, ...rules].map(({ name, reads }) => [
      name,
      {
        dependsOn: [...new Set(reads.flatMap((read) => shown.get(read) ?? []))],
        parameters: [...new Set(reads.flatMap((read) => ids.get(read) ?? []))],
        usedBy: usedBy.get(name) ?? [],
      },
    ]),
  )
}
