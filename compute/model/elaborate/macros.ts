// Macros: each use has variables of its own.
import { canonicalName, displayName, type Formula } from '../formula/ast.ts'
import type { Expression } from '../model.ts'
import type { SourceMacro } from '../source/source.ts'
import { type Context, fault, hide, LIMITS, nameUse, spend, type Translate, unsupported } from './context.ts'
import { symbolOf } from './references.ts'
import { occurrenceOf, whereIn } from './subscripts.ts'
import { type Declared, declare, newScope, type Scope } from './symbols.ts'

/** What a use takes in time and memory beside its formulas, counted in parts of these. */
const USE = 100

type Call = Extract<Formula, { kind: 'call' }>

/**
 * The value of a macro: `name(arguments)` stands for its result, its variables made anew as `x.name#1.variable`. An argument is
 * worked out once, where the macro is used; one that names a table or a whole array is passed on as it is.
 * A macro that uses itself has no end here: CONSTRUCT_UNSUPPORTED.
 */
export function expandMacro(
  formula: Call,
  macros: readonly SourceMacro[],
  context: Context,
  translate: Translate,
): Expression {
  const given = formula.args.length
  const macro = macros.find(({ parameters }) => given <= parameters.length && given >= leastOf(parameters))
  if (!macro) {
    const [{ name, parameters }] = macros as [SourceMacro]
    const names = parameters.map((p) => p.name).join(', ')
    return fault(context, formula, `${name}(${names}) takes ${parameters.length} arguments, not ${given}`)
  }
  const name = canonicalName(macro.name)
  if (context.scope.macros.length >= LIMITS.macroDepth)
    return unsupported(context, formula, `macros use each other more than ${LIMITS.macroDepth} deep`)
  if (context.scope.macros.includes(name))
    return unsupported(context, formula, `the macro ${macro.name} uses itself, directly or through another`)
  spend(context, USE)
  const use = nameUse(context, name)
  let model: Scope = context.scope
  while (model.parent) model = model.parent
  const scope = newScope(model, [...context.scope.macros, name], context.traits)
  for (const [i, parameter] of macro.parameters.entries()) {
    const argument = formula.args[i]
    if (argument) bind(parameter.name, argument, context, scope, use, translate)
    else if (parameter.default) bind(parameter.name, parameter.default, { ...context, scope }, scope, use, translate)
  }
  const symbols = declare(scope, macro.variables, `${use}.`, context.all.dimensions, context.all.faults)
  context.all.elaborateAll(symbols)
  const { self: _, ...rest } = context
  return translate(macro.result, { ...rest, scope, owner: use, uses: new Map(), gathered: new Map() })
}

const leastOf = (parameters: SourceMacro['parameters']): number =>
  parameters.filter((parameter) => !parameter.default).length

function bind(
  parameter: string,
  argument: Formula,
  context: Context,
  scope: Scope,
  use: string,
  translate: Translate,
): void {
  const name = canonicalName(parameter)
  const symbol = symbolOf(argument, context)
  if (symbol && isWhole(symbol, argument, context)) {
    scope.symbols.set(name, symbol)
    return
  }
  const shown = `${use}.${displayName(parameter)}`
  hide(context, shown, { kind: 'auxiliary', equation: translate(argument, context) })
  scope.symbols.set(name, {
    kind: 'value',
    name,
    path: context.path,
    shown,
    dimensions: [],
    scope,
    inflows: [],
    outflows: [],
    argument: { formula: argument, context },
  })
}

/** A table or a schedule, or an array that stands with no subscripts where the formula stands at no element of it. */
function isWhole(symbol: Declared, argument: Formula, context: Context): boolean {
  if (argument.kind !== 'name' || argument.subscripts) return false
  if (symbol.kind !== 'value') return true
  return symbol.dimensions.some((d, k) => whereIn(d, occurrenceOf(symbol.dimensions, k), context) === undefined)
}
