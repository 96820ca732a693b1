// quesnay rules check: reads a folder of rule files against a tree of parameters, in the process of the command.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { packageFile } from '../../infra/paths.ts'
import { isQuesnayError, QuesnayError } from '../../schema/errors.ts'
import { readTree } from '../../subgraphs/parameters/rules/read-tree.ts'
import { readRuleSet, type TextFile } from '../../subgraphs/parameters/rules/rule-set/read-rule-set.ts'
import type { RuleSet } from '../../subgraphs/parameters/rules/rule-set/rule-set.ts'
import { excerpt } from '../output/excerpt.ts'
import { printable } from '../output/printable.ts'
import { table } from '../output/table.ts'
import { readText } from '../read-input.ts'

interface RulesOptions {
  /** File of the tree; the shipped one of the name in rule-set.yaml where absent. */
  readonly tree?: string
  readonly json?: boolean
}

/**
 * Prints what the rule set of a folder holds. Errors: those of readRuleSet, each fault with its line below; BAD_INPUT where there is
 * no such folder or no tree.
 */
export function checkRules(folder: string, { tree, json = false }: RulesOptions): void {
  const files = filesIn(folder)
  const text = readText(tree ?? shippedTree(files))
  const ruleSet = withLines(folder, files, () => readRuleSet(files, readTree(text)))
  process.stdout.write(json ? `${JSON.stringify(summary(ruleSet))}\n` : printable(describe(ruleSet)))
}

/** The YAML files of the folder, by name; those that map the names of others hold no rules. */
function filesIn(folder: string): TextFile[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new QuesnayError('BAD_INPUT', `there is no folder ${folder}`, {
      path: folder,
      suggestion: 'give a folder with rule-set.yaml and rule files',
    })
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((path) => ({ path, text: readText(join(folder, path)) }))
    .filter(({ text }) => !/^(inputs|outputs):/m.test(text))
}

function shippedTree(files: readonly TextFile[]): string {
  const head = files.find(({ path }) => path === 'rule-set.yaml')?.text ?? ''
  const [, id = ''] = /^tree: *["']?([a-z0-9-]+)/m.exec(head) ?? []
  const file = packageFile('subgraphs', 'parameters', 'data', `${id}.yaml`)
  if (id !== '' && existsSync(file)) return file
  throw new QuesnayError('BAD_INPUT', `there is no shipped tree "${id}"`, {
    path: '--tree',
    suggestion: 'give its file with --tree FILE',
  })
}

interface Fault {
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly suggestion?: string
}

/** Faults shown beside the first. */
const MOST_OTHERS = 40

/** Errors of the work show the lines that they are about. */
function withLines<T>(folder: string, files: readonly TextFile[], work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isQuesnayError(error)) throw error
    const [, ...others] = (error.detail['faults'] ?? []) as readonly Fault[]
    const line = ({ file, line, column }: Fault) =>
      line === undefined ? '' : excerpt(files.find(({ path }) => path === file)?.text ?? '', line, column)
    const told = (fault: Fault) => {
      const place = [fault.file && join(folder, fault.file), fault.line, fault.column].filter((part) => part).join(':')
      const text = `${place}: ${fault.message}${fault.suggestion ? ` (${fault.suggestion})` : ''}`
      return [text, line(fault)].filter((part) => part !== '').join('\n')
    }
    const shown = [line({ ...error.detail, message: error.message }), ...others.slice(0, MOST_OTHERS).map(told)]
    throw new QuesnayError(error.code, error.message, {
      ...error.detail,
      excerpt: shown.filter((part) => part !== '').join('\n'),
    })
  }
}

/** A parameter may have several names. */
const idsOf = (parameters: RuleSet['parameters']) => [...new Set(parameters.map((parameter) => parameter.id))].sort()

const summary = ({ id, years, lawOf, currency, unit, columns, parameters, rules, hash }: RuleSet) => ({
  ...{ id, years, lawOf, currency, unit, hash },
  columns: columns.map(({ name }) => name),
  parameters: idsOf(parameters),
  rules: rules.map(({ name, file, elements }) => ({ name, file, elements })),
})

function describe({ id, title, years, columns, parameters, rules }: RuleSet): string {
  const files = [...new Set(rules.map(({ file }) => file))]
  const counts = files.map((file) => [file, rules.filter((rule) => rule.file === file).length])
  return [
    `${id}: ${title}, ${years.first} to ${years.last}`,
    `${columns.length} columns, ${idsOf(parameters).length} parameters, ${rules.length} rules`,
    '',
    table(['file', 'rules'], counts, [1]),
    '',
    'it can be computed',
    '',
  ].join('\n')
}
