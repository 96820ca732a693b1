// What the name of a variable of the compiled rules stands for: a rule, a datum, or a part within a rule that nobody wrote by itself.
import { canonicalName, displayName, type Formula } from '../../../../../compute/model/formula/ast.ts'
import { printFormula } from '../../../../../compute/model/formula/print-formula.ts'
import type { SourceMacro, SourceModel, SourceVariable } from '../../../../../compute/model/source/source.ts'
import { bareName } from '../../rule-set/find-variables.ts'
import { nameKey } from '../../rule-set/names.ts'
import { textOf } from './formula-of.ts'
import type { LawView } from './law-view.ts'

export interface Described {
  readonly kind: 'RULE' | 'COLUMN' | 'PART'
  readonly label: string
  readonly unit: string | null
  readonly formula: string | null
  readonly reference: string | null
  readonly macros: readonly string[]
}

/** Describes a name that is no parameter. */
export function describe(name: string, view: LawView): Described {
  const { ruleSet } = view.laws
  const column = ruleSet.columns.find((one) => one.name === name)
  if (column)
    return { kind: 'COLUMN', label: column.label, unit: column.unit, formula: null, reference: null, macros: [] }
  const rule = ruleSet.rules.find(({ elements }) => elements.includes(name))
  if (!rule) return describePart(name, view)
  const formula = formulaOf(variableNamed(view.source.variables, bareName(name)), name)
  return {
    kind: 'RULE',
    label: rule.label,
    unit: rule.unit,
    formula: formula ? printFormula(formula) : rule.formula,
    reference: rule.reference,
    macros: formula ? macrosIn(formula, view.source) : [],
  }
}

/** `rule.macro#1.variable`, of an argument `rule.macro#1.parameter`; `rule.marginal#1` is what a schedule is read at. */
function describePart(name: string, view: LawView): Described {
  const equation = view.equationOf(name)
  const part = { kind: 'PART', unit: null, reference: view.variableOf(name)?.provenance ?? null } as const
  const shown = equation ? textOf(equation) : null
  const [, use, last] = /(?:^|\.)([^.]+)#\d+\.([^.#]+)$/.exec(name) ?? []
  const macro = use && view.source.macros.find((one) => canonicalName(one.name) === use)
  if (!macro || last === undefined) {
    const [, what = 'a part'] = /\.([^.]+)#\d+$/.exec(name) ?? []
    return { ...part, label: `What ${what} is read at`, formula: shown, macros: [] }
  }
  const variable = variableNamed(macro.variables, bareName(last))
  if (!variable) return { ...part, label: `${displayName(last)} of ${macro.name}`, formula: shown, macros: [] }
  const formula = formulaOf(variable, last)
  return {
    ...part,
    label: variable.doc ?? `${displayName(last)} of ${macro.name}`,
    unit: variable.unit ?? null,
    formula: formula ? printFormula(formula) : shown,
    macros: formula ? macrosIn(formula, view.source) : [],
  }
}

const variableNamed = (variables: readonly SourceVariable[], name: string): SourceVariable | undefined =>
  variables.find((one) => canonicalName(one.name) === canonicalName(name))

/** The formula of a variable, of an array that of the element named. */
function formulaOf(variable: SourceVariable | undefined, name: string): Formula | undefined {
  if (!variable || !('equation' in variable)) return undefined
  const { equation } = variable
  if (equation.kind === 'formula') return equation.formula
  const [, elements = ''] = /\[(.*)\]$/.exec(nameKey(name)) ?? []
  return equation.formulas[elements]
}

/** Of each macro that a formula calls: `name(parameters) = result`. */
function macrosIn(formula: Formula, { macros }: SourceModel): string[] {
  const called = new Set(callsIn(formula))
  return macros.filter(({ name }) => called.has(canonicalName(name))).map(written)
}

const written = ({ name, parameters, result }: SourceMacro) =>
  `${canonicalName(name)}(${parameters.map((one) => canonicalName(one.name)).join(', ')}) = ${printFormula(result)}`

/** Canonical names of all that a formula calls. */
function callsIn(formula: Formula): string[] {
  const inside = argumentsIn(formula).flatMap(callsIn)
  return formula.kind === 'call' ? [canonicalName(formula.function), ...inside] : inside
}

function argumentsIn(formula: Formula): readonly Formula[] {
  switch (formula.kind) {
    case 'number':
      return []
    case 'name':
      return (formula.subscripts ?? []).flatMap((one) => (one.kind === 'formula' ? [one.formula] : []))
    case 'call':
      return formula.args
    case 'unary':
      return [formula.operand]
    case 'binary':
      return [formula.left, formula.right]
    case 'if':
      return [formula.condition, formula.then, formula.else]
  }
}
