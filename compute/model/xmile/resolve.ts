// The names and functions of an equation, as XMILE has them, become those of the flattened model and of the formula language.
import { didYouMean } from '../did-you-mean.ts'
import type { Formula, Subscript } from '../formula/ast.ts'
import { CONSTANTS, functionKind } from '../formula/functions.ts'
import type { SourceDimension, SourceFinding } from '../source/source.ts'
import { BUILT_IN_NAMES, type BuiltIn, builtIn, OWN_PREFIX } from './built-ins.ts'
import { invalid, type Place, unsupported } from './faults.ts'
import type { Dimensions, Names } from './names.ts'

/** What an equation stands in. */
export interface Scope extends Place {
  /** Canonical; '' for the outermost model. */
  readonly module: string
  readonly names: Names
  readonly dimensions: Dimensions
  /** Canonical name of the variable that it defines. */
  readonly self?: string
  /** The names by which the file's macros may be called, and what they are called in the source; canonical. */
  readonly macros: ReadonlyMap<string, string>
  /** Canonical names that stay as they are: those of a macro. */
  readonly locals: ReadonlySet<string>
  /** How Vensim counts, not XMILE: INT towards zero, MOD with the sign of the dividend. */
  readonly truncates: boolean
  /** True where an index that is none would give no number, but one of ours gives 0. */
  readonly isStrict: boolean
  readonly find: (finding: SourceFinding) => void
}

const NAMESPACES = /^(?:std|isee|vensim)\./
const CONSTANT_NAMES: ReadonlySet<string> = new Set(CONSTANTS)

/** The formula with names and functions resolved in its scope; CONSTRUCT_UNSUPPORTED names a function that is not had. */
export function resolve(formula: Formula, scope: Scope): Formula {
  switch (formula.kind) {
    case 'number':
      return formula
    case 'name':
      return name(formula, scope)
    case 'call':
      return call({ ...formula, function: formula.function.replace(/^std\./, '') }, scope)
    case 'unary':
      return { ...formula, operand: resolve(formula.operand, scope) }
    case 'binary': {
      const left = resolve(formula.left, scope)
      const right = resolve(formula.right, scope)
      return formula.operator === 'mod' ? modulo(left, right, formula, scope) : { ...formula, left, right }
    }
    case 'if':
      return mapIf(formula, (part) => resolve(part, scope))
  }
}

type Name = Extract<Formula, { kind: 'name' }>
type Call = Extract<Formula, { kind: 'call' }>

function mapIf(formula: Extract<Formula, { kind: 'if' }>, map: (part: Formula) => Formula): Formula {
  const then = map(formula.then)
  return { ...formula, condition: map(formula.condition), then, else: map(formula.else) }
}

function name(formula: Name, scope: Scope): Formula {
  const { subscripts, ...bare } = formula
  const own = scope.locals.has(formula.name) ? formula.name : scope.names.find(scope.module, formula.name)
  const plain = formula.name.replace(/^std\./, '')
  if (own === undefined && plain === 'self' && subscripts && scope.self) {
    return { ...bare, name: scope.self, subscripts: subscriptsOf(subscripts, scope.self, scope) }
  }
  if (own === undefined && CONSTANT_NAMES.has(plain)) return { ...formula, name: plain }
  const found = own ?? unknownName(formula.name, scope)
  return subscripts
    ? { ...bare, name: found, subscripts: subscriptsOf(subscripts, found, scope) }
    : { ...bare, name: found }
}

/** What a module does not declare is not looked for around it: as a name of the module it is found to be missing. */
function unknownName(name: string, { module, dimensions }: Scope): string {
  return !module || name.includes('.') || dimensions.get(name) ? name : `${module}.${name}`
}

/** An element's name goes before a variable's (3.7.1); `Location.Boston` is an element of Location. */
function subscriptsOf(subscripts: readonly Subscript[], array: string, scope: Scope): Subscript[] {
  const dimensions = scope.names.get(array)?.dimensions ?? []
  return subscripts.map((subscript, i) => {
    const dimension = scope.dimensions.get(dimensions[i] ?? '')
    if (subscript.kind === 'formula') return computed(resolve(subscript.formula, scope), scope)
    if (subscript.kind === 'all') return part(subscript.name, dimension, scope)
    if (subscript.kind !== 'name') return subscript
    const element = dimension && scope.dimensions.element(dimension, subscript.name)
    if (element !== undefined) return { kind: 'name', name: element }
    if (scope.dimensions.get(subscript.name) || scope.locals.has(subscript.name)) return subscript
    const variable = scope.names.find(scope.module, subscript.name)
    return variable === undefined ? subscript : computed({ kind: 'name', name: variable }, scope)
  })
}

function computed(formula: Formula, scope: Scope): Subscript {
  if (scope.isStrict && formula.kind !== 'number')
    throw unsupported(
      scope,
      'a computed index where invalid_index_value is NaN',
      'set it to 0, which an index that is none gives',
    )
  return { kind: 'formula', formula }
}

/** `from:to`, or the name of a dimension. */
function part(name: string, dimension: SourceDimension | undefined, scope: Scope): Subscript {
  const [, from, to] = /^(.*):(.*)$/s.exec(name) ?? []
  if (from === undefined || to === undefined) return { kind: 'all', name }
  const made = dimension && scope.dimensions.part(dimension, from, to)
  if (made === undefined) throw invalid(scope, `${name} is no range of ${dimension?.name ?? 'the array'}`)
  return { kind: 'all', name: made }
}

function call(formula: Call, scope: Scope): Formula {
  const written = formula.function
  const at = formula.at && { at: formula.at }
  const variable = findName(written, scope)
  if (variable !== undefined && scope.names.get(variable)?.hasGraph) return lookup(variable, formula, scope)
  const macro = scope.macros.get(written)
  if (macro !== undefined) return { ...formula, function: macro, args: formula.args.map((arg) => resolve(arg, scope)) }
  if (written.startsWith(OWN_PREFIX)) return ownFunction(formula, scope)
  const plain = written.replace(NAMESPACES, '')
  const special = Object.hasOwn(SPECIAL, plain) ? SPECIAL[plain] : undefined
  if (special) {
    if (formula.args.length !== special.arguments)
      throw invalid(scope, `${plain.toUpperCase()} takes ${special.arguments} arguments, not ${formula.args.length}`)
    return special.make(formula.args, scope, at)
  }
  if (formula.args.length === 0 && CONSTANT_NAMES.has(plain)) return { kind: 'name', name: plain, ...at }
  const known = builtIn(plain)
  if (known) return builtInCall(plain, known, formula, scope)
  // The parameter of a macro that stands for a table, or an array by a flat index (3.3.2).
  if (variable !== undefined && !functionKind(variable))
    return { ...formula, function: variable, args: formula.args.map((arg) => resolve(arg, scope)) }
  const suggestion = didYouMean(plain, BUILT_IN_NAMES, (name) => name.toUpperCase())
  throw unsupported(scope, `the function ${plain.toUpperCase()}`, suggestion)
}

const findName = (written: string, scope: Scope): string | undefined =>
  scope.locals.has(written) ? written : scope.names.find(scope.module, written)

/** A macro that is called as a function of ours would stand in that one's place; it goes by the namespace of users' functions (3.2.2.3). */
export const macroName = (name: string): string => (functionKind(name) ? `user.${name}` : name)

/** A graphical function called by its name. */
function lookup(name: string, formula: Call, scope: Scope): Formula {
  const [x] = formula.args
  if (formula.args.length !== 1 || !x)
    throw invalid(scope, `${formula.function}, a graphical function, takes one argument`)
  return { ...formula, function: 'lookup', args: [{ kind: 'name', name }, resolve(x, scope)] }
}

interface Special {
  readonly arguments: number
  readonly make: (args: readonly Formula[], scope: Scope, at: Pick<Formula, 'at'> | undefined) => Formula
}

const choice: Special = {
  arguments: 3,
  make: (args, scope, at) => {
    const [condition, then, otherwise] = args.map((arg) => resolve(arg, scope)) as [Formula, Formula, Formula]
    return { kind: 'if', condition, then, else: otherwise, ...at }
  },
}

/** What is not a function of ours by another name. */
const SPECIAL: Readonly<Record<string, Special>> = {
  if_then_else: choice,
  ifthenelse: choice,
  // a decision of a player, who is not there
  game: { arguments: 1, make: ([x], scope) => resolve(x!, scope) },
  mod: {
    arguments: 2,
    make: (args, scope, at) => {
      const [left, right] = args.map((arg) => resolve(arg, scope)) as [Formula, Formula]
      return modulo(left, right, at ?? {}, scope)
    },
  },
  int: {
    arguments: 1,
    make: (args, scope, at) => ({
      kind: 'call',
      function: scope.truncates ? 'int' : 'floor',
      args: args.map((arg) => resolve(arg, scope)),
      ...at,
    }),
  },
  // isee's own: half away from zero
  round: {
    arguments: 1,
    make: (args, scope, at) => ({
      kind: 'call',
      function: 'roundTo',
      args: [resolve(args[0] as Formula, scope), { kind: 'number', value: 1 }],
      ...at,
    }),
  },
  lookup: {
    arguments: 2,
    make: ([table, x], scope, at) => {
      if (table?.kind !== 'name')
        throw invalid(scope, 'the first argument of LOOKUP is the name of a graphical function')
      return { kind: 'call', function: 'lookup', args: [resolve(table, scope), resolve(x!, scope)], ...at }
    },
  },
}

/** a - b floor(a / b), with the sign of the divisor (3.3.1); as Vensim has it, with the sign of the dividend. */
function modulo(left: Formula, right: Formula, at: Pick<Formula, 'at'>, scope: Scope): Formula {
  const place = at.at && { at: at.at }
  if (scope.truncates) return { kind: 'binary', operator: 'mod', left, right, ...place }
  if (draws(left) || draws(right))
    throw unsupported(scope, 'MOD of a random number', 'put the random number in a variable of its own')
  const quotient: Formula = { kind: 'binary', operator: '/', left, right }
  const whole: Formula = { kind: 'call', function: 'floor', args: [quotient] }
  const product: Formula = { kind: 'binary', operator: '*', left: right, right: whole }
  return { kind: 'binary', operator: '-', left, right: product, ...place }
}

function draws(formula: Formula): boolean {
  if (formula.kind === 'call' && functionKind(formula.function)?.family === 'random') return true
  return partsOf(formula).some(draws)
}

/** The formulas a formula is made of. */
function partsOf(formula: Formula): readonly Formula[] {
  switch (formula.kind) {
    case 'number':
      return []
    case 'name':
      return (formula.subscripts ?? []).flatMap((subscript) =>
        subscript.kind === 'formula' ? [subscript.formula] : [],
      )
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

/** `quesnay.f(...)`, as we write functions that XMILE lacks. */
function ownFunction(formula: Call, scope: Scope): Formula {
  const kind = functionKind(formula.function.slice(OWN_PREFIX.length))
  if (!kind) throw unsupported(scope, `the function ${formula.function}`)
  const args = formula.args.map((arg) => resolve(arg, scope))
  const [left, right] = args
  if (kind.name === 'mod' && left && right)
    return { kind: 'binary', operator: 'mod', left, right, ...(formula.at && { at: formula.at }) }
  return { ...formula, function: kind.name, args }
}

function builtInCall(plain: string, known: BuiltIn, formula: Call, scope: Scope): Formula {
  const { parameters, least, many, ours } = known
  const given = formula.args.length
  if (given < least || (!many && given > parameters.length)) {
    const usage = parameters.map((parameter, i) => (i < least ? parameter : `[${parameter}]`)).join(', ')
    throw invalid(scope, `${plain.toUpperCase()}(${usage}${many ? ', ...' : ''}) has ${given} arguments`)
  }
  const args = formula.args.map((arg) => resolve(arg, scope))
  if (many) return { ...formula, function: ours, args }
  const byName = new Map(parameters.map((parameter, i) => [parameter, args[i]]))
  if (byName.get('seed')) {
    scope.find({
      severity: 'INFO',
      code: 'SEED_NOT_USED',
      path: scope.path,
      message: `the seed of ${plain.toUpperCase()} is not used: random numbers follow the seed of the run`,
    })
  }
  const kept: Formula[] = []
  for (const parameter of functionKind(ours)?.parameters ?? []) {
    const value = byName.get(parameter)
    if (value) kept.push(value)
    else if (parameter === 'high' && byName.get('low')) kept.push({ kind: 'name', name: 'inf' })
  }
  const once = ours === 'pulse' && kept[2]?.kind === 'number' && kept[2].value === 0
  return { ...formula, function: ours, args: once ? kept.slice(0, 2) : kept }
}
