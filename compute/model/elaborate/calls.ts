// Calls: macros, functions of the language, graphs and arrays by their name.
import { didYouMean } from '../did-you-mean.ts'
import type { Formula } from '../formula/ast.ts'
import { FUNCTIONS, type FunctionKind, functionKind } from '../formula/functions.ts'
import type { Expression } from '../model.ts'
import { type Context, fault, type Translate } from './context.ts'
import { randomFunction } from './draws.ts'
import { expandMacro } from './macros.ts'
import { mathFunction, roundTo } from './math.ts'
import { stateFunction } from './memory.ts'
import { arrayFunction } from './over-arrays.ts'
import { callOfVariable, hasGraph, tableFunction } from './over-tables.ts'
import type { Scope } from './symbols.ts'
import { timeFunction } from './test-inputs.ts'

type Call = Extract<Formula, { kind: 'call' }>

/** The value of a call; a macro goes before a function of its name, and both before a variable. */
export function translateCall(formula: Call, context: Context, translate: Translate): Expression {
  const macros = context.all.macros.get(formula.function.toLowerCase())
  if (macros) return expandMacro(formula, macros, context, translate)
  const kind = functionKind(formula.function)
  if (!kind) return callOfVariable(formula, context, translate) ?? unknown(formula, context)
  const { length } = formula.args
  if (length < kind.least || (length > kind.parameters.length && !kind.many))
    return fault(context, formula, `${usage(kind)} takes ${range(kind)}, not ${length}`)
  if (kind.family === 'array') return arrayFunction(formula, context, translate)
  if (kind.family === 'table') return tableFunction(formula, context, translate)
  if (kind.family === 'random') return randomFunction(formula, kind, context, translate)
  if (kind.name === 'roundTo') {
    const [x, step] = formula.args
    return roundTo(formula, translate(x!, context), translate(step!, context), context)
  }
  const args = formula.args.map((argument) => translate(argument, context))
  if (kind.family === 'math') return mathFunction(kind.name, args)
  return kind.family === 'time' ? timeFunction(formula, args, context) : stateFunction(formula, args, context)
}

const usage = ({ name, parameters }: FunctionKind): string => `${name}(${parameters.join(', ')})`

function range({ least, parameters, many }: FunctionKind): string {
  if (many) return `${least} or more arguments`
  return least === parameters.length ? `${least} arguments` : `${least} to ${parameters.length} arguments`
}

function unknown(formula: Call, context: Context): Expression {
  const names = [...FUNCTIONS.map(({ name }) => name), ...context.all.macros.keys(), ...graphsIn(context.scope)]
  return fault(context, formula, `there is no function ${formula.function}`, didYouMean(formula.function, names))
}

const graphsIn = (scope: Scope): string[] =>
  [...scope.symbols.values()]
    .filter(hasGraph)
    .map(({ shown }) => shown)
    .concat(scope.parent ? graphsIn(scope.parent) : [])
