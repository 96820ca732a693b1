// Columns and rules of a rule set by the names that people write: an array stands for its elements.
import { QuesnayError } from '../../../../schema/errors.ts'
import { nearest } from '../../../../schema/nearest.ts'
import { nameKey } from './names.ts'
import type { RuleColumn, RuleSet } from './rule-set.ts'

/** A datum or a result of a unit: one number. */
export interface FoundVariable {
  readonly kind: 'COLUMN' | 'RULE'
  /** Of an array the name of one element. */
  readonly name: string
  readonly unit: string
  readonly label: string
  /** The statute; null for data. */
  readonly reference: string | null
}

interface Names {
  /** By key: of an array all its elements. */
  readonly byKey: ReadonlyMap<string, readonly FoundVariable[]>
  readonly columns: ReadonlyMap<string, RuleColumn>
  /** As shown. */
  readonly all: readonly string[]
}

const known = new WeakMap<RuleSet, Names>()

function namesOf(ruleSet: RuleSet): Names {
  const before = known.get(ruleSet)
  if (before) return before
  const byKey = new Map<string, FoundVariable[]>()
  const add = (name: string, variable: FoundVariable) => byKey.set(name, [...(byKey.get(name) ?? []), variable])
  for (const { name, unit, label } of ruleSet.columns) {
    const column = { kind: 'COLUMN', name, unit, label, reference: null } as const
    for (const key of new Set([nameKey(name), nameKey(bareName(name))])) add(key, column)
  }
  for (const { name, unit, label, reference, elements } of ruleSet.rules)
    for (const element of elements) {
      const rule = { kind: 'RULE', name: element, unit, label, reference } as const
      for (const key of new Set([nameKey(name), nameKey(element)])) add(key, rule)
    }
  const names = {
    byKey,
    columns: new Map(ruleSet.columns.map((column) => [nameKey(column.name), column])),
    all: [...new Set([...byKey.values()].flatMap((found) => found.map(({ name }) => name)))],
  }
  known.set(ruleSet, names)
  return names
}

/** `wages` of `wages[head]`. */
export const bareName = (name: string): string => name.replace(/\[.*\]$/, '')

/** Every datum and result of the names, each once, in their order. NOT_FOUND at `path`.n for a name that none has. */
export function findVariables(ruleSet: RuleSet, names: readonly string[], path: string): FoundVariable[] {
  const found = names.flatMap((name, i) => elementsNamed(ruleSet, name, `${path}.${i}`))
  return [...new Map(found.map((variable) => [variable.name, variable])).values()]
}

/** The one number of a name. Errors at `path`: NOT_FOUND; BAD_INPUT for an array. */
export function findVariable(ruleSet: RuleSet, name: string, path: string): FoundVariable {
  const [first, ...others] = elementsNamed(ruleSet, name, path)
  if (others.length === 0) return first!
  const elements = [first!, ...others].map((element) => `"${element.name}"`).join(', ')
  throw new QuesnayError('BAD_INPUT', `${name.slice(0, 120)} is an array`, {
    path,
    suggestion: `name one element: ${elements}`,
  })
}

/** The column of a name. Errors at `path`: NOT_FOUND, also for a rule; BAD_INPUT for an array. */
export function findColumn(ruleSet: RuleSet, name: string, path: string): RuleColumn {
  const { columns } = namesOf(ruleSet)
  const column = columns.get(nameKey(name))
  if (column) return column
  const { kind } = namesOf(ruleSet).byKey.has(nameKey(name)) ? findVariable(ruleSet, name, path) : { kind: undefined }
  const message = kind === 'RULE' ? `${name} is computed, it is no column of data` : undefined
  throw unknown(
    message ?? `${ruleSet.id} has no column "${name.slice(0, 120)}"`,
    name,
    [...columns.values()].map((one) => one.name),
    path,
  )
}

/** The number of a name, or of an array those of its elements. NOT_FOUND at `path`. */
export function elementsNamed(ruleSet: RuleSet, name: string, path: string): readonly FoundVariable[] {
  const { byKey, all } = namesOf(ruleSet)
  const found = byKey.get(nameKey(name))
  if (found) return found
  throw unknown(`${ruleSet.id} has no variable "${name.slice(0, 120)}"`, name, all, path)
}

function unknown(message: string, name: string, candidates: readonly string[], path: string): QuesnayError {
  const like = nearest(name.slice(0, 120), candidates)
  return new QuesnayError('NOT_FOUND', message, {
    path,
    suggestion: like === undefined ? 'see the columns and variables of the rule set' : `did you mean "${like}"?`,
  })
}
