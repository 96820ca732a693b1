// The rule sets that are shipped: read from their files when first asked for, the same in every process.
import { readdirSync, readFileSync } from 'node:fs'
import { packageFile } from '../../../../infra/paths.ts'
import { QuesnayError } from '../../../../schema/errors.ts'
import { nearest } from '../../../../schema/nearest.ts'
import { readTree } from '../read-tree.ts'
import { type RuleMapping, readMapping } from './mappings.ts'
import { readRuleSet } from './read-rule-set.ts'
import type { RuleSet } from './rule-set.ts'

/** By id; each stands in a folder of its name beside the file of the tree that it is over. */
const SHIPPED: Readonly<Record<string, string>> = { 'us-federal': 'us-federal.yaml', uk: 'uk.yaml' }

/** Files that map the names of others to those of the rule set: no rules. */
const MAPPINGS = ['taxcalc.yaml']

const read = new Map<string, RuleSet>()
const mapped = new WeakMap<RuleSet, readonly RuleMapping[]>()

const file = (...parts: string[]) => readFileSync(packageFile('subgraphs', 'parameters', 'data', ...parts), 'utf8')

const folderOf = (id: string) => readdirSync(packageFile('subgraphs', 'parameters', 'data', 'rules', id))

export const ruleSetIds = (): string[] => Object.keys(SHIPPED)

/** Files of the trees that the rule sets are over, each once. */
export const treeFiles = (): string[] => [...new Set(Object.values(SHIPPED))]

/** The rule sets over a tree; none for a tree that is not shipped. */
export const ruleSetsOver = (treeId: string): RuleSet[] =>
  ruleSetIds()
    .filter((id) => SHIPPED[id] === `${treeId}.yaml`)
    .map((id) => requireRuleSet(id, 'ruleSet'))

/** What others call its columns and rules. */
export function mappingsOf(ruleSet: RuleSet): readonly RuleMapping[] {
  const known = mapped.get(ruleSet)
  if (known) return known
  const mappings = folderOf(ruleSet.id)
    .filter((name) => MAPPINGS.includes(name))
    .map((name) => readMapping(name.replace('.yaml', ''), file('rules', ruleSet.id, name), ruleSet))
  mapped.set(ruleSet, mappings)
  return mappings
}

/** NOT_FOUND at `path` for an id that none has. */
export function requireRuleSet(id: string, path: string): RuleSet {
  const known = read.get(id)
  if (known) return known
  if (!Object.hasOwn(SHIPPED, id)) {
    throw new QuesnayError('NOT_FOUND', `there is no rule set "${id.slice(0, 120)}"`, {
      path,
      suggestion: `did you mean "${nearest(id, ruleSetIds()) ?? ruleSetIds().join('", "')}"?`,
    })
  }
  const files = folderOf(id)
    .filter((name) => name.endsWith('.yaml') && !MAPPINGS.includes(name))
    .sort()
    .map((path) => ({ path, text: file('rules', id, path) }))
  const ruleSet = readRuleSet(files, readTree(file(SHIPPED[id]!)))
  read.set(id, ruleSet)
  return ruleSet
}

/** The first over a tree; NOT_FOUND at `path`. */
export function ruleSetOver(treeId: string, path: string): RuleSet {
  const [found] = ruleSetsOver(treeId)
  if (found) return found
  throw new QuesnayError('NOT_FOUND', `no rules are over the tree ${treeId}`, {
    path,
    suggestion: `there are the rules ${ruleSetIds().join(', ')}`,
  })
}
