// A rule set under several laws in one model: the law as it is, and beside it what each reform or other data makes different.
import { elaborate } from '../../../../compute/model/elaborate/elaborate.ts'
import { coneOf } from '../../../../compute/model/lowering/cone.ts'
import type { Expression, Model, Variable } from '../../../../compute/model/model.ts'
import { renamedVariable } from '../../../../compute/model/rename.ts'
import { QuesnayError } from '../../../../schema/errors.ts'
import { nearest } from '../../../../schema/nearest.ts'
import { withFormulas } from './formula-changes.ts'
import { nameKey } from './names.ts'
import type { FormulaChange, RuleSet } from './rule-set.ts'

/** A law beside the one that stands: which parameters (ids of the tree) it sets itself, and which formulas it replaces. */
export interface OtherLaw {
  readonly name: string
  readonly parameters: readonly string[]
  readonly formulas: readonly FormulaChange[]
}

/**
 * The rules once more, under a law and with other data. `data`: a column by its name as an expression, whose references are
 * variables of the model as it is then: of the baseline, `x @ side` of a side before.
 */
export interface Side {
  readonly name: string
  /** null: the law as it is. */
  readonly law: OtherLaw | null
  readonly data?: Readonly<Record<string, Expression>>
}

export interface RuleModel {
  readonly model: Model
  /** The variable that holds a result on a side: the baseline's own where the side changes nothing of it. */
  readonly resultOf: (name: string, side?: string) => string
}

/** Name of the input that a law has for a parameter of its own. */
export const inputName = (input: string, law: string | null): string => (law === null ? input : `${input} @ ${law}`)
const onSide = (name: string, side: string) => `${name} @ ${side}`

/**
 * The rule set with its sides, in one pass: what a side does not touch is computed once. Outputs are left to the caller.
 * `constants`: columns whose value is the same for every unit, folded into the rules.
 * Errors: BAD_INPUT for a side named twice; those of withFormulas.
 */
export function ruleModel(
  ruleSet: RuleSet,
  sides: readonly Side[],
  constants: Readonly<Record<string, number>> = {},
): RuleModel {
  const base = withConstants(ruleSet.model, constants)
  const cones = new Map<string, ReadonlySet<string>>()
  let whole: Model = { ...base, outputs: [] }
  for (const side of sides) {
    if (cones.has(side.name))
      throw new QuesnayError('BAD_INPUT', `two sides are named ${side.name}`, {
        path: 'sides',
        suggestion: 'name each once',
      })
    const { cone, variables } = partOf(ruleSet, base, side)
    cones.set(side.name, cone)
    const known = new Set(whole.variables.map(({ name }) => name))
    whole = { ...whole, variables: [...whole.variables, ...variables.filter(({ name }) => !known.has(name))] }
  }
  const resultOf = (name: string, side?: string) =>
    side !== undefined && cones.get(side)?.has(name) ? onSide(name, side) : name
  return { model: whole, resultOf }
}

/** The model with the outputs named; NOT_FOUND at `path` for a name that is none, with the one spelt most alike. */
export function withOutputs(model: Model, outputs: readonly string[], path: string): Model {
  const known = new Map(model.variables.map(({ name }) => [nameKey(name), name]))
  return {
    ...model,
    outputs: [...new Set(outputs)].map((name) => {
      const found = known.get(nameKey(name))
      if (found !== undefined) return found
      const like = nearest(name, known.values())
      throw new QuesnayError('NOT_FOUND', `the rules have no variable "${name.slice(0, 120)}"`, {
        path,
        suggestion: like === undefined ? 'see the variables of the rule set' : `did you mean "${like}"?`,
      })
    }),
  }
}

function withConstants(model: Model, constants: Readonly<Record<string, number>>): Model {
  const fixed = (v: Variable): Variable =>
    v.kind === 'column' && Object.hasOwn(constants, v.name)
      ? { kind: 'constant', name: v.name, unit: v.unit, value: constants[v.name]! }
      : v
  return { ...model, variables: model.variables.map(fixed) }
}

/** The variables of a side: all that is downstream of what it changes, renamed. */
function partOf(ruleSet: RuleSet, base: Model, { name, law, data = {} }: Side) {
  const own = ownInputs(ruleSet, law)
  const replaced = law && law.formulas.length > 0 ? replacedRules(ruleSet, law.formulas) : new Map<string, Variable>()
  const before = new Set(base.variables.map((v) => v.name))
  const variables = [
    ...base.variables.map((v) => replaced.get(v.name) ?? v),
    ...[...replaced.values()].filter((v) => !before.has(v.name)),
  ]
  for (const column of Object.keys(data))
    if (!before.has(column)) throw new QuesnayError('BAD_INPUT', `the rules have no column ${column}`, { path: column })
  const cone = coneOf({ ...base, variables }, [...own, ...replaced.keys(), ...Object.keys(data)]).variables
  const rename = (read: string) =>
    own.has(read) ? inputName(read, law!.name) : cone.has(read) ? onSide(read, name) : read
  const clones = variables
    .filter((v) => cone.has(v.name))
    .map((v): Variable => {
      const given = data[v.name]
      if (!given) return renamedVariable(v, rename(v.name), rename)
      return { kind: 'auxiliary', name: rename(v.name), unit: v.unit, equation: given }
    })
  return { cone: new Set([...cone].filter((read) => !own.has(read))), variables: clones }
}

/** Names of the inputs that a law sets itself. */
function ownInputs(ruleSet: RuleSet, law: OtherLaw | null): ReadonlySet<string> {
  const ids = new Set(law?.parameters ?? [])
  return new Set(ruleSet.parameters.filter(({ id }) => ids.has(id)).flatMap(({ inputs }) => inputs))
}

/** What replacing formulas changes of the model: variables that are new or other ones. */
function replacedRules(ruleSet: RuleSet, formulas: readonly FormulaChange[]): Map<string, Variable> {
  const { variables } = elaborate(withFormulas(ruleSet, formulas)).model
  const before = new Map(ruleSet.model.variables.map((v) => [v.name, JSON.stringify(v)]))
  return new Map(variables.filter((v) => before.get(v.name) !== JSON.stringify(v)).map((v) => [v.name, v]))
}
