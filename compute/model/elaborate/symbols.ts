// What names stand for: variables, tables and schedules of a model or of one use of a macro.

import { didYouMean } from '../did-you-mean.ts'
import { canonicalName, displayName, type Formula } from '../formula/ast.ts'
import type { GraphicalFunction, SourceVariable } from '../source/source.ts'
import type { Context, Traits } from './context.ts'
import { combinations, type Dimension, type Dimensions } from './dimensions.ts'
import type { Faults } from './faults.ts'

export interface Declared {
  readonly kind: 'value' | 'table' | 'schedule'
  /** Canonical. */
  readonly name: string
  /** As its author wrote it: for faults. */
  readonly path: string
  /** The name of the core variable, of an array without its elements. */
  readonly shown: string
  readonly dimensions: readonly Dimension[]
  /** Absent for the parameter of a macro. */
  readonly source?: SourceVariable
  /** Where it is declared. */
  readonly scope: Scope
  /** Of a stock: canonical names of its flows, in order. */
  readonly inflows: readonly string[]
  readonly outflows: readonly string[]
  /** Of the parameter of a macro: what stands for it in this use, and where. */
  readonly argument?: { readonly formula: Formula; readonly context: Context }
}

/** Stocks that a flow fills or drains. */
export interface FlowEnds {
  readonly into: Declared[]
  readonly outOf: Declared[]
}

export interface Scope {
  /** By canonical name. */
  readonly symbols: Map<string, Declared>
  /** By canonical name of the flow. */
  readonly ends: Map<string, FlowEnds>
  /** Where names are looked for that are not here: null for the model, the model for a macro. */
  readonly parent: Scope | null
  /** Names of the macros that are being expanded, outermost first. */
  readonly macros: readonly string[]
  /** What the variables of a macro take over from the one that uses it. */
  readonly traits: Traits
}

export const newScope = (parent: Scope | null = null, macros: readonly string[] = [], traits: Traits = {}): Scope => ({
  symbols: new Map(),
  ends: new Map(),
  parent,
  macros,
  traits,
})

const NONE: readonly string[] = []

/** The symbol of a canonical name: of the macro's own, else of the model. */
export function findSymbol(scope: Scope, name: string): Declared | undefined {
  for (let s: Scope | null = scope; s; s = s.parent) {
    const symbol = s.symbols.get(name)
    if (symbol) return symbol
  }
  return undefined
}

/** Names that can be referred to, as shown, for suggestions. */
export function namesIn(scope: Scope): string[] {
  return [...scope.symbols.values()].map(({ shown }) => shown).concat(scope.parent ? namesIn(scope.parent) : [])
}

/** The name of the core variable of one element: `name[a,b]`. */
export function coreName({ shown, dimensions }: Declared, indices: readonly number[]): string {
  if (dimensions.length === 0) return shown
  return `${shown}[${dimensions.map((d, k) => d.shownElements[indices[k]!]!).join(',')}]`
}

/** The combinations of elements that a symbol has, row-major: of a partial array those with an equation or a graph. */
export const elementsOf = (symbol: Declared): number[][] =>
  combinations(symbol.dimensions).filter((indices) => isThere(symbol, indices))

/** False for an element that a partial array leaves out. */
export function isThere(symbol: Declared, indices: readonly number[]): boolean {
  const { source, dimensions } = symbol
  if (dimensions.length === 0 || !source?.partial) return true
  const equation = source.kind === 'stock' ? source.initial : 'equation' in source ? source.equation : undefined
  const given = equation?.kind === 'elements' ? equation.formulas : 'graph' in source ? source.graph : undefined
  return given === undefined || isGraph(given as Graphs) || Object.hasOwn(given, elementKey(symbol, indices))
}

/** The names of all core variables of a symbol, row-major. */
export const coreNames = (symbol: Declared): string[] => elementsOf(symbol).map((indices) => coreName(symbol, indices))

/** How an equation or a graph of one combination is keyed: canonical names of the elements, joined by a comma. */
export const elementKey = ({ dimensions }: Declared, indices: readonly number[]): string =>
  dimensions.map((d, k) => d.elements[indices[k]!]!).join(',')

/** One graph for all elements, or one for each. */
export type Graphs = GraphicalFunction | Readonly<Record<string, GraphicalFunction>>

/** True for one graph for all elements. */
export const isGraph = (graph: Graphs): graph is GraphicalFunction => Array.isArray((graph as GraphicalFunction).xs)

/**
 * Declares variables in a scope, their core names behind `prefix`, and then the ends of their flows.
 * Faults: a name declared twice, a dimension that is not declared.
 */
export function declare(
  scope: Scope,
  variables: readonly SourceVariable[],
  prefix: string,
  dimensions: Dimensions,
  faults: Faults,
): Declared[] {
  const symbols = variables.map((source): Declared => {
    const name = canonicalName(source.name)
    const path = displayName(source.name)
    if (scope.symbols.has(name)) faults.add(path, 'the name is declared twice; rename one of the two', source)
    const own = (source.dimensions ?? []).flatMap((name) => {
      const dimension = dimensions.get(canonicalName(name))
      if (dimension) return [dimension]
      const known = [...dimensions.values()].map(({ shown }) => shown)
      const suggestion = didYouMean(name, known)
      faults.add(path, `the dimension ${name} is not declared`, { at: source.at, suggestion })
      return []
    })
    const kind = source.kind === 'table' || source.kind === 'schedule' ? source.kind : 'value'
    const [inflows, outflows] = source.kind === 'stock' ? [source.inflows, source.outflows] : [NONE, NONE]
    const symbol: Declared = {
      kind,
      name,
      path,
      shown: prefix + path,
      dimensions: own,
      source,
      scope,
      inflows: inflows.map(canonicalName),
      outflows: outflows.map(canonicalName),
    }
    scope.symbols.set(name, symbol)
    return symbol
  })
  for (const stock of symbols) declareEnds(stock, scope)
  return symbols
}

/** Flows that are not declared are told where they are read. */
function declareEnds(stock: Declared, scope: Scope): void {
  const record = (end: keyof FlowEnds, flows: readonly string[]) => {
    for (const name of new Set(flows)) {
      const owner = findSymbol(scope, name)?.scope ?? scope
      const ends = owner.ends.get(name) ?? { into: [], outOf: [] }
      ends[end].push(stock)
      owner.ends.set(name, ends)
    }
  }
  record('into', stock.inflows)
  record('outOf', stock.outflows)
}
