// Reads the files of a rule set: rule-set.yaml, which says what it is, and files of rules, which together are one model.
import { checkModel } from '../../../../compute/model/check/check.ts'
import { elaborate } from '../../../../compute/model/elaborate/elaborate.ts'
import { canonicalName, displayName } from '../../../../compute/model/formula/ast.ts'
import { printFormula } from '../../../../compute/model/formula/print-formula.ts'
import { names } from '../../../../compute/model/source/read-variable.ts'
import type { SourceDimension, SourceModel, SourceVariable } from '../../../../compute/model/source/source.ts'
import { readYaml, type YamlPart } from '../../../../compute/model/source/yaml-part.ts'
import { QuesnayError } from '../../../../schema/errors.ts'
import { hashOf, sha256 } from '../../../../schema/hash.ts'
import { nearest } from '../../../../schema/nearest.ts'
import type { Tree } from '../tree.ts'
import { elementNames, nameKey } from './names.ts'
import { type RuleFile, readRuleFile } from './read-rule-file.ts'
import { inEach, inFile, inWhole } from './rule-faults.ts'
import type { Rule, RuleColumn, RulePopulation, RuleSet } from './rule-set.ts'

export interface TextFile {
  /** Name within the folder of the rule set. */
  readonly path: string
  readonly text: string
}

const HEAD = 'rule-set.yaml'

/**
 * Reads a rule set over the parameters of a tree. `files`: rule-set.yaml and any number of rule files.
 * MODEL_INVALID with every fault in `faults` where there are several, each with `file`, and line and column where they are known:
 * what is missing or unknown, another tree or currency, a rule without doc, unit or provenance, a formula that is none, names that
 * stand for nothing, units that do not fit.
 */
export function readRuleSet(files: readonly TextFile[], tree: Tree): RuleSet {
  const head = files.find(({ path }) => path === HEAD)
  if (!head) throw new QuesnayError('MODEL_INVALID', `the rule set has no ${HEAD}`, { path: HEAD })
  const { fields, dimensions, columns, parts, vectors } = inFile(HEAD, () => readHead(head.text, tree))
  const prefix = text(fields, 'prefix')
  const context = { tree, prefix, vectors, dimensions }
  const ruleFiles = inEach(
    files.filter(({ path }) => path !== HEAD),
    ({ text }) => readRuleFile(text, context),
  )
  const source: SourceModel = {
    name: text(fields, 'id'),
    dimensions,
    variables: [...columns.map(({ variable }) => variable), ...ruleFiles.flatMap(({ variables }) => variables)],
    macros: ruleFiles.flatMap(({ macros }) => macros),
    outputs: ruleFiles.flatMap(({ rules }) => rules),
    unitFaults: 'error',
  }
  const elements = (variable: SourceVariable) => elementNames(variable, source)
  const rules = ruleFiles.flatMap((file) => rulesOf(file, file.path, elements))
  const known = [
    ...source.variables.filter(({ kind }) => kind !== 'schedule').flatMap((v) => [displayName(v.name), ...elements(v)]),
  ]
  const fileOf = new Map([
    ...columns.map(({ variable }) => [canonicalName(variable.name), HEAD] as const),
    ...ruleFiles.flatMap(({ path, variables }) => variables.map(({ name }) => [canonicalName(name), path] as const)),
  ])
  const { model } = inWhole(fileOf, () => elaborate(source))
  inWhole(fileOf, () => checkModel(model))
  return {
    id: source.name,
    title: text(fields, 'title'),
    description: text(fields, 'description'),
    treeId: tree.id,
    country: tree.country,
    currency: text(fields, 'currency'),
    unit: text(fields, 'unit'),
    years: inFile(HEAD, () => readYears(required(fields, 'years'))),
    lawOf: inFile(HEAD, () => readDay(required(fields, 'lawOf'))),
    columns: columns.flatMap(({ variable, column }) => elements(variable).map((name) => ({ ...column, name }))),
    parameters: ruleFiles.flatMap((file) =>
      file.parameters.map(({ name, id }) => {
        const variable = file.variables.find((v) => displayName(v.name) === name)!
        return { name, id, unit: variable.unit!, inputs: elements(variable) }
      }),
    ),
    rules,
    population: inFile(HEAD, () => readPopulation(parts, known, elements, source)),
    source,
    model,
    hash: hashOf({ files: files.map(({ path, text }) => [path, sha256(text)]).sort(), model }),
  }
}

export const HEAD_KEYS = [
  ...['id', 'title', 'description', 'tree', 'prefix', 'years', 'lawOf', 'currency', 'unit'],
  ...['dimensions', 'vectors', 'columns', 'population'],
] as const

type Fields = { readonly [key in string]?: YamlPart }

function readHead(source: string, tree: Tree) {
  const root = readYaml(source)
  const fields: Fields = root.fields(HEAD_KEYS)
  for (const key of HEAD_KEYS)
    if (!fields[key] && key !== 'dimensions' && key !== 'vectors')
      throw root.fault(`${key} is missing`, `write ${key}: ...`)
  const wanted = { tree: tree.id, currency: tree.currency } as const
  for (const key of ['tree', 'currency'] as const)
    if (fields[key]!.text() !== wanted[key])
      throw fields[key]!.fault(`the ${key} is ${fields[key]!.text()}, that of the parameters ${wanted[key]}`)
  const dimensions = (fields['dimensions']?.entries() ?? []).map(
    ([name, part]): SourceDimension => ({ name, elements: part.list().map((element) => element.text()) }),
  )
  const vectors = Object.fromEntries((fields['vectors']?.entries() ?? []).map(([name, part]) => [name, part.text()]))
  const columns = required(fields, 'columns')
    .entries((name) => name)
    .map(readColumn)
  return { fields, dimensions, vectors, columns, parts: required(fields, 'population') }
}

function readColumn([name, part]: [string, YamlPart]): { variable: SourceVariable; column: Omit<RuleColumn, 'name'> } {
  const fields = part.fields(['unit', 'doc', 'default', 'min', 'max', 'integer', 'dimensions'])
  if (!fields.unit || !fields.doc) throw part.fault('a column has a unit and a doc', 'write { unit: USD, doc: ... }')
  const unit = fields.unit.text()
  return {
    variable: {
      kind: 'column',
      name,
      unit,
      at: part.at,
      ...(fields.dimensions ? { dimensions: names(fields.dimensions) } : {}),
    },
    column: {
      unit,
      label: fields.doc.text(),
      default: fields.default?.number() ?? null,
      min: fields.min?.number() ?? null,
      max: fields.max?.number() ?? null,
      integer: fields.integer?.boolean() ?? false,
    },
  }
}

function rulesOf(file: RuleFile, path: string, elements: (variable: SourceVariable) => string[]): Rule[] {
  const own = new Set(file.rules)
  return file.variables
    .filter((variable) => own.has(canonicalName(variable.name)))
    .map((variable) => ({
      name: displayName(variable.name),
      unit: variable.unit!,
      label: variable.doc!,
      reference: variable.provenance!,
      formula: formulaText(variable),
      file: path,
      elements: elements(variable),
    }))
}

function formulaText(variable: SourceVariable): string {
  if (!('equation' in variable)) return ''
  const { equation } = variable
  if (equation.kind === 'formula') return printFormula(equation.formula)
  return Object.entries(equation.formulas)
    .map(([element, formula]) => `${element}: ${printFormula(formula)}`)
    .join('\n')
}

function readPopulation(
  part: YamlPart,
  known: readonly string[],
  elements: (variable: SourceVariable) => string[],
  source: SourceModel,
): RulePopulation {
  const fields = part.fields([
    ...(['weight', 'persons', 'market income', 'net income', 'employer contributions', 'earnings', 'groups'] as const),
    'programmes',
  ])
  const byKey = new Map(known.map((name) => [nameKey(name), name]))
  const named = (name: YamlPart): string => {
    const found = byKey.get(nameKey(name.text()))
    if (found !== undefined) return found
    const like = nearest(name.text(), known)
    throw name.fault(`the rule set has no ${name.text()}`, like && `did you mean ${like}?`)
  }
  const one = (key: keyof typeof fields): string => {
    const field = fields[key]
    if (!field) throw part.fault(`${key} is missing`, `write ${key}: the name of a column or a rule`)
    return named(field)
  }
  const earnings = one('earnings')
  const array = source.variables.find((variable) => displayName(variable.name) === earnings)
  return {
    weight: one('weight'),
    persons: one('persons'),
    marketIncome: one('market income'),
    netIncome: one('net income'),
    employerContributions: fields['employer contributions'] ? named(fields['employer contributions']) : null,
    earnings: array ? elements(array) : [earnings],
    groups: (fields.groups?.entries() ?? []).map(([name, column]) => ({ name, column: named(column) })),
    programmes: (fields.programmes?.entries() ?? []).map(([name, programme]) => {
      const { variable, kind } = programme.fields(['variable', 'kind'])
      if (!variable || !kind) throw programme.fault('a programme has a variable and a kind')
      return { name, variable: named(variable), kind: kind.oneOf<'TAX' | 'BENEFIT'>(['TAX', 'BENEFIT']) }
    }),
  }
}

function readYears(part: YamlPart): { first: number; last: number } {
  const { first, last } = part.fields(['first', 'last'])
  if (!first || !last) throw part.fault('years has a first and a last', 'write years: { first: 2022, last: 2026 }')
  return { first: first.number(), last: last.number() }
}

function readDay(part: YamlPart): string {
  const day = part.text()
  if (/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day)) return day
  throw part.fault(`"${day}" is no day of a year`, 'write it as 01-01')
}

/** readHead has seen to it that it is there. */
const required = (fields: Fields, key: string): YamlPart => fields[key]!
const text = (fields: Fields, key: string): string => inFile(HEAD, () => required(fields, key).text())
