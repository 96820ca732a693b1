// From what an equation says to a formula: names found, functions told apart, subscripts at their place.
import { didYouMean } from '../did-you-mean.ts'
import type { Formula, Subscript } from '../formula/ast.ts'
import { SPECIAL_FUNCTIONS } from './array-functions.ts'
import { invalid, unsupported } from './faults.ts'
import { FUNCTIONS, UNSUPPORTED } from './functions.ts'
import type { Scope } from './scope.ts'
import type { VensimExpression, VensimName, VensimSubscript } from './syntax.ts'
import { keyOf, shownName } from './tokens.ts'

/**
 * The formula of an expression, read at `scope.place`.
 *
 * MODEL_INVALID for names that are not defined, wrong numbers of arguments and subscripts without meaning; CONSTRUCT_UNSUPPORTED
 * for functions that these models have not. Both name the variable, line and column.
 */
export function translate(expression: VensimExpression, scope: Scope): Formula {
  const { at } = expression
  switch (expression.kind) {
    case 'number':
      if (!Number.isFinite(expression.value)) throw invalid(scope.path, at, 'a number is out of range')
      return { kind: 'number', value: expression.value, at }
    case 'text':
      throw unsupported(scope.path, at, `the text '${expression.value}'`)
    case 'points':
      throw invalid(scope.path, at, 'points can only stand in WITH LOOKUP or behind the name of a lookup')
    case 'unary':
      return { kind: 'unary', operator: expression.operator, operand: translate(expression.operand, scope), at }
    case 'binary': {
      const { operator, left, right } = expression
      return { kind: 'binary', operator, left: translate(left, scope), right: translate(right, scope), at }
    }
    case 'name':
      return nameFormula(expression, scope)
    case 'call':
      return callFormula(expression, scope)
  }
}

function nameFormula(expression: VensimName, scope: Scope): Formula {
  const { subscripts, at } = expression
  const key = keyOf(expression.name)
  const kind = scope.names.get(key)
  if (kind === 'model') return modelName(key, scope, at)
  if (key === 'time' && !subscripts) return { kind: 'name', name: 'time', at }
  if (kind) {
    const has = subscripts ? { subscripts: subscripts.map((one) => subscriptOf(one, scope)) } : {}
    return { kind: 'name', name: key, ...has, at }
  }
  const place = subscripts ? undefined : placeOf(key, scope)
  if (place !== undefined) return { kind: 'number', value: place, at }
  throw undefinedName(expression.name, scope.names.keys(), 'is not defined', scope, at)
}

/** In a macro a dollar sign behind a name says that it is one of the model. */
function modelName(key: string, scope: Scope, at: VensimExpression['at']): Formula {
  const name = key.slice(0, -1)
  if (!scope.names.has(name)) return { kind: 'name', name, at }
  throw unsupported(
    scope.path,
    at,
    `a variable of the model beside one of the macro of the same name, ${key}`,
    'rename one',
  )
}

/** A range or an element as a value is its place, from 1, in the family that it is of. */
function placeOf(key: string, scope: Scope): number | undefined {
  if (!scope.subscripts.ranges.has(key)) return scope.subscripts.placeOf(key)
  const element = elementHere(key, scope)
  return element === undefined ? undefined : scope.subscripts.placeOf(element, key)
}

/** The element of a range that the equation is read at: its own, or by a map that of a range on the left. */
export function elementHere(range: string, { subscripts, place }: Scope): string | undefined {
  const here = place.get(range)
  if (here !== undefined) return here
  for (const [left, element] of place) {
    const mapped = subscripts.mapped(range, left, element)
    if (mapped !== undefined) return mapped
  }
  return undefined
}

function subscriptOf({ name, gathers, at }: VensimSubscript, scope: Scope): Subscript {
  const { subscripts } = scope
  const key = keyOf(name)
  const isRange = subscripts.ranges.has(key)
  if (gathers) {
    if (isRange) return { kind: 'all', name: key }
    throw undefinedName(name, subscripts.ranges.keys(), 'is no subscript range', scope, at)
  }
  if (!isRange) {
    if (subscripts.elements.has(key)) return { kind: 'name', name: key }
    const known = [...subscripts.ranges.keys(), ...subscripts.elements]
    throw undefinedName(name, known, 'is no subscript', scope, at)
  }
  const here = elementHere(key, scope)
  if (here !== undefined) return { kind: 'name', name: here }
  throw invalid(scope.path, at, `the subscript range ${shownName(name)} stands on the right, but not on the left`, {
    suggestion: `write ${shownName(name)}! in a function such as SUM, or map the range`,
  })
}

function callFormula(expression: Extract<VensimExpression, { kind: 'call' }>, scope: Scope): Formula {
  const { name, args, subscripts, outputs, output, at } = expression
  const shown = shownName(name)
  const key = keyOf(name)
  const kind = scope.names.get(key)
  if (kind !== undefined) {
    if (kind === 'variable') throw invalid(scope.path, at, `${shown} is no lookup and takes no argument`)
    expect(args.length, 1, shown, scope, expression)
    const table = nameFormula({ kind: 'name', name, ...(subscripts ? { subscripts } : {}), at }, scope)
    return { kind: 'call', function: 'lookup', args: [table, translate(args[0]!, scope)], at }
  }
  const macro = scope.macros.get(key)
  if (macro) {
    expect(args.length, macro.inputs, shown, scope, expression)
    const called = output === undefined ? macro.called : macro.outputs.get(output)!
    return { kind: 'call', function: called, args: args.map((arg) => translate(arg, scope)), at }
  }
  if (key === 'a_function_of')
    throw invalid(scope.path, at, 'has no equation yet (A FUNCTION OF)', { suggestion: 'write its equation' })
  const special = Object.hasOwn(SPECIAL_FUNCTIONS, key) ? SPECIAL_FUNCTIONS[key] : undefined
  if (special) {
    expect(args.length, special.args, shown, scope, expression)
    return special.make(expression, scope, translate)
  }
  const known = Object.hasOwn(FUNCTIONS, key) ? FUNCTIONS[key] : undefined
  if (!known || outputs.length > 0 || subscripts) throw unknownFunction(shown, key, scope, expression)
  expect(args.length, known.args, shown, scope, expression)
  return {
    ...known.make(
      args.map((arg) => translate(arg, scope)),
      scope,
    ),
    at,
  }
}

function expect(found: number, wanted: number, shown: string, scope: Scope, { at }: VensimExpression): void {
  if (found === wanted) return
  throw invalid(scope.path, at, `${shown} takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${found}`)
}

function unknownFunction(shown: string, key: string, scope: Scope, { at }: VensimExpression) {
  if (Object.hasOwn(UNSUPPORTED, key)) return unsupported(scope.path, at, shown, UNSUPPORTED[key])
  const all = [...Object.keys(FUNCTIONS), ...Object.keys(SPECIAL_FUNCTIONS), ...scope.macros.keys()]
  const lookups = [...scope.names].flatMap(([name, kind]) => (kind === 'lookup' ? [name] : []))
  return unsupported(scope.path, at, `the function ${shown}`, didYouMean(key, [...all, ...lookups], wordsOfKey))
}

function undefinedName(name: string, known: Iterable<string>, what: string, scope: Scope, at: VensimExpression['at']) {
  const suggestion = didYouMean(keyOf(name), known, (key) => key.replaceAll('_', ' '))
  const detail = { name: shownName(name), ...(suggestion ? { suggestion } : {}) }
  return invalid(scope.path, at, `${shownName(name)} ${what}`, detail)
}

const wordsOfKey = (key: string) => key.replaceAll('_', ' ').toUpperCase()
