// A formula as an equation of XMILE: its functions by XMILE's names, and those it lacks as calls of macros of ours.
import { canonicalName, type Formula, type Subscript } from '../formula/ast.ts'
import { functionKind } from '../formula/functions.ts'
import { printFormula } from '../formula/print-formula.ts'
import type { GraphicalFunction, SourceVariable } from '../source/source.ts'
import { builtInOf, OWN_MACROS, OWN_PREFIX } from './built-ins.ts'
import { type Graphs, isGraph } from './declare.ts'
import { type Place, unsupported } from './faults.ts'

/** What formulas are written with. */
export interface Writing {
  readonly variables: ReadonlyMap<string, SourceVariable>
  /** Canonical names of the model's macros. */
  readonly macros: ReadonlySet<string>
  /** Functions of ours that need a macro in the file; grows. */
  readonly used: Set<string>
}

type Call = Extract<Formula, { kind: 'call' }>

const TABLE_TYPES: Readonly<Record<string, GraphicalFunction['type'] | undefined>> = {
  lookup: undefined,
  extrapolate: 'extrapolate',
  stepLookup: 'discrete',
}

/** Errors: CONSTRUCT_UNSUPPORTED for functions that XMILE cannot say. */
export function writeFormula(formula: Formula, place: Place, writing: Writing): string {
  return printFormula(prepared(formula, place, writing), {
    dialect: 'xmile',
    name: (name) => (writing.variables.has(name) ? writtenName(name) : name.split('.').map(writtenName).join('.')),
    call: (call, print) => written(call, call.args.map(print), place, writing),
  })
}

/** Remainders towards zero are a function of ours; `name!` of an array's own dimension is `*`. */
function prepared(formula: Formula, place: Place, writing: Writing): Formula {
  const go = (part: Formula) => prepared(part, place, writing)
  switch (formula.kind) {
    case 'number':
      return formula
    case 'name':
      return formula.subscripts
        ? {
            ...formula,
            subscripts: formula.subscripts.map((one, i) => subscript(one, i, formula.name, place, writing)),
          }
        : formula
    case 'call':
      return { ...formula, args: formula.args.map(go) }
    case 'unary':
      return { ...formula, operand: go(formula.operand) }
    case 'binary': {
      const [left, right] = [go(formula.left), go(formula.right)]
      return formula.operator === 'mod'
        ? { kind: 'call', function: 'mod', args: [left, right] }
        : { ...formula, left, right }
    }
    case 'if': {
      const then = go(formula.then)
      return { ...formula, condition: go(formula.condition), then, else: go(formula.else) }
    }
  }
}

function subscript(one: Subscript, i: number, array: string, place: Place, writing: Writing): Subscript {
  if (one.kind === 'formula') return { kind: 'formula', formula: prepared(one.formula, place, writing) }
  if (one.kind !== 'all') return one
  const own = writing.variables.get(array)?.dimensions?.[i]
  if (own !== undefined && canonicalName(own) === one.name) return { kind: 'wildcard' }
  throw unsupported(place, `${array}[${one.name}!], over the elements of another dimension,`)
}

function written(call: Call, args: readonly string[], place: Place, writing: Writing): string | undefined {
  const name = call.function
  if (writing.macros.has(canonicalName(name))) return undefined
  const [first = '', second = '', third = ''] = args
  if (name === 'where') return `(IF ${first} THEN ${second} ELSE ${third})`
  if (name === 'pow') return `(${first})^(${second})`
  if (Object.hasOwn(TABLE_TYPES, name)) return lookup(call, args, place, writing)
  if (Object.hasOwn(OWN_MACROS, name)) {
    const { parameters } = OWN_MACROS[name]!
    if (args.length !== parameters.length) throw unsupported(place, `${name} with ${args.length} arguments`)
    writing.used.add(name)
    return `${OWN_PREFIX}${name}(${args.join(', ')})`
  }
  const known = builtInOf(name)
  // A table or an array called by its name.
  if (!known && writing.variables.has(name)) return undefined
  if (!known) throw unsupported(place, `the function ${name} in XMILE`)
  const [xmile, { parameters, many }] = known
  if (many) return `${xmile.toUpperCase()}(${args.join(', ')})`
  const own = functionKind(name)!.parameters
  const byName = new Map(own.map((parameter, i) => [parameter, args[i]]))
  if (args.some((_, i) => !parameters.includes(own[i]!)))
    throw unsupported(place, `${name} with ${args.length} arguments in XMILE`)
  const given = parameters.map((parameter) => byName.get(parameter))
  while (given.length > 0 && given.at(-1) === undefined) given.pop()
  // What stands before something given cannot be left out; the seed is the one that can be anything.
  return `${xmile.toUpperCase()}(${given.map((one) => one ?? '0').join(', ')})`
}

function lookup(call: Call, args: readonly string[], place: Place, writing: Writing): string {
  const [table] = call.args
  const variable = table?.kind === 'name' ? writing.variables.get(table.name) : undefined
  const graphs = variable && 'graph' in variable && variable.graph ? graphsOf(variable.graph) : []
  const wanted = TABLE_TYPES[call.function]
  // lookup reads a table by its own type.
  if (call.function !== 'lookup' && (graphs.length === 0 || graphs.some(({ type }) => type !== wanted)))
    throw unsupported(place, `${call.function} of a table of another type`, `make its type ${wanted}`)
  return `LOOKUP(${args.join(', ')})`
}

const RESERVED = new Set(['if', 'then', 'else', 'and', 'or', 'not', 'mod'])

/**
 * A name in an equation: in quotation marks where it is no identifier (XMILE 1.0, 3.2.2.1). So is a variable's with
 * a dot, which would else be looked for in a module.
 */
function writtenName(name: string): string {
  const plain = /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) && !/^_|_$/.test(name)
  return plain && !RESERVED.has(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`
}

/** All graphs of a variable. */
export const graphsOf = (graph: Graphs): readonly GraphicalFunction[] =>
  isGraph(graph) ? [graph] : Object.values(graph)
