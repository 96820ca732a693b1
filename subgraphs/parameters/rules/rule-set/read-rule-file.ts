// One file of rules: parameters and scales of the tree by name, variables and macros in the grammar of model files.
import { canonicalName, displayName, type Formula } from '../../../../compute/model/formula/ast.ts'
import { readMacro, readVariables } from '../../../../compute/model/source/read-model-file.ts'
import type { SourceDimension, SourceMacro, SourceVariable } from '../../../../compute/model/source/source.ts'
import { readYaml, type YamlPart } from '../../../../compute/model/source/yaml-part.ts'
import { nearest } from '../../../../schema/nearest.ts'
import { limitsOf, valuesOf } from '../scale.ts'
import type { Parameter, Tree } from '../tree.ts'
import { cellsOf, vectorName } from '../vector.ts'

/** What a rule file may name: the parameters of a tree, and the dimension that stands for each vector. */
export interface RuleFileContext {
  readonly tree: Pick<Tree, 'parameters' | 'scales'>
  /** Put before the ids in the file, with a dot. */
  readonly prefix: string
  readonly vectors: Readonly<Record<string, string>>
  readonly dimensions: readonly SourceDimension[]
}

export interface RuleFile {
  /** Inputs for parameters, schedules for scales, and the rules. */
  readonly variables: readonly SourceVariable[]
  readonly macros: readonly SourceMacro[]
  /** Variables that are parameters, each with its id in the tree. */
  readonly parameters: readonly { readonly name: string; readonly id: string }[]
  /** Canonical names of the rules. */
  readonly rules: readonly string[]
}

/** MODEL_INVALID with line and column: unknown keys and parameters, a rule without doc, unit or provenance, a formula that is none. */
export function readRuleFile(text: string, context: RuleFileContext): RuleFile {
  const root = readYaml(text)
  const { parameters, scales, variables, macros, doc } = root.fields([
    'doc',
    'parameters',
    'scales',
    'variables',
    'macros',
  ])
  if (!doc) throw root.fault('doc is missing', 'say in a line what the file holds')
  const named = (parameters?.entries() ?? []).map(([name, part]) => readParameter(name, part, context))
  const scaled = (scales?.entries() ?? []).map(([name, part]) => readScale(name, part, context))
  const rules = variables ? readVariables(variables) : []
  for (const [name, part] of variables?.entries((name) => name) ?? []) checkRule(name, part)
  return {
    variables: [...named, ...scaled.flatMap((scale) => scale.parameters)]
      .map(({ variable }) => variable)
      .concat(
        scaled.map(({ schedule }) => schedule),
        rules,
      ),
    macros: (macros?.entries() ?? []).map(([name, part]) => readMacro(name, part)),
    parameters: [...named, ...scaled.flatMap((scale) => scale.parameters)].map(({ variable, id }) => ({
      name: displayName(variable.name),
      id,
    })),
    // Schedules and tables are read by rules and have no value themselves.
    rules: rules.filter(({ kind }) => kind === 'auxiliary').map(({ name }) => canonicalName(name)),
  }
}

interface NamedParameter {
  readonly variable: SourceVariable
  readonly id: string
}

function readParameter(name: string, part: YamlPart, context: RuleFileContext): NamedParameter {
  const id = `${context.prefix}.${part.text()}`
  const parameter = context.tree.parameters.find((one) => one.id === id)
  if (parameter) return { variable: inputOf(name, parameter, part, context), id }
  const like = nearest(
    id,
    context.tree.parameters.map((one) => one.id),
  )
  throw part.fault(`the tree has no parameter ${id}`, like && `did you mean ${like}?`)
}

function inputOf(name: string, parameter: Parameter, part: YamlPart, context: RuleFileContext): SourceVariable {
  const { unit, id } = parameter
  const dimension = dimensionOf(parameter, part, context)
  return {
    kind: 'input',
    name,
    // A flag is 1 or 0 in a formula.
    unit: unit === 'boolean' ? 'fraction' : unit,
    provenance: id,
    at: part.at,
    ...(dimension === undefined ? {} : { dimensions: [dimension] }),
  }
}

/** The dimension that stands for the vector of a parameter, as long as it is; undefined where there is one value. */
function dimensionOf(parameter: Parameter, part: YamlPart, { vectors, dimensions }: RuleFileContext) {
  const cells = cellsOf(parameter)
  const vector = vectorName(parameter)
  if (vector === 'NONE') return undefined
  const name = vectors[vector]
  if (name === undefined)
    throw part.fault(
      `${parameter.id} differs by ${vector}, for which the rule set names no dimension`,
      `give vectors: { ${vector}: ... }`,
    )
  const dimension = dimensions.find((one) => canonicalName(one.name) === canonicalName(name))
  if (dimension?.elements.length !== cells.length)
    throw part.fault(
      dimension
        ? `${parameter.id} has ${cells.length} values by ${vector}, the dimension ${name} ${dimension.elements.length} elements`
        : `the rule set has no dimension ${name}, which is to stand for ${vector}`,
      `give dimensions: { ${name}: [${cells.join(', ').toLowerCase()}] }`,
    )
  return name
}

/** A schedule over the parameters of a scale; where one of them differs by a vector, it is an array over its dimension. */
function readScale(
  name: string,
  part: YamlPart,
  context: RuleFileContext,
): { schedule: SourceVariable; parameters: NamedParameter[] } {
  const id = `${context.prefix}.${part.text()}`
  const scale = context.tree.scales.find((one) => one.id === id)
  if (!scale) {
    const like = nearest(
      id,
      context.tree.scales.map((one) => one.id),
    )
    throw part.fault(`the tree has no scale ${id}`, like && `did you mean ${like}?`)
  }
  const inputs = (ids: readonly string[], what: string) =>
    ids.map((parameter, i): NamedParameter => {
      const found = context.tree.parameters.find((one) => one.id === parameter)
      if (!found) throw part.fault(`the scale ${id} lacks the parameter ${parameter}`)
      return { variable: inputOf(`${name} ${what} ${i + 1}`, found, part, context), id: parameter }
    })
  const hasTops = scale.style === 'TOPS'
  const rates = inputs(valuesOf(scale), 'rate')
  const limits = inputs(limitsOf(scale), hasTops ? 'top' : 'threshold')
  const parameters = [...rates, ...limits]
  const dimensions = parameters.flatMap(({ variable }) => variable.dimensions ?? []).slice(0, 1)
  const read = ({ variable }: NamedParameter): Formula => ({ kind: 'name', name: canonicalName(variable.name) })
  return {
    parameters,
    schedule: {
      kind: 'schedule',
      name,
      ...(rates[0]?.variable.unit === undefined ? {} : { unit: rates[0].variable.unit }),
      at: part.at,
      ...(dimensions.length > 0 ? { dimensions } : {}),
      thresholds: hasTops ? [{ kind: 'number', value: 0 }, ...limits.map(read)] : limits.map(read),
      values: rates.map(read),
    },
  }
}

/** A rule without its statute, its unit or a word on what it is cannot be checked by anybody. */
function checkRule(name: string, part: YamlPart): void {
  const needed = ['doc', 'unit', 'provenance'] as const
  const keys = new Set(part.isMap ? part.entries().map(([key]) => key) : [])
  const missing = needed.filter((key) => !keys.has(key))
  if (missing.length === 0) return
  throw part.fault(`the rule has no ${missing.join(', no ')}`, `write ${name}: { formula, unit, doc, provenance }`)
}
