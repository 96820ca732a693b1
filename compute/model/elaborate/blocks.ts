// What stands beside the variables: solve blocks, identities, correlations and outputs.
import { didYouMean } from '../did-you-mean.ts'
import { canonicalName, displayName } from '../formula/ast.ts'
import type { Correlation, Expression, Identity, SolveBlock } from '../model.ts'
import type { SourceCorrelation, SourceIdentity, SourceModel, SourceSolve } from '../source/source.ts'
import type { Context, Elaboration } from './context.ts'
import { combinations, type Dimension } from './dimensions.ts'
import { arraysIn } from './over-arrays.ts'
import { coreName, coreNames, type Declared, elementsOf, findSymbol, isThere, namesIn, type Scope } from './symbols.ts'
import { translate } from './translate.ts'
import { contextOf } from './variables.ts'

/** The variable of a name that has a value; null with a fault at `path` where there is none. */
function valueNamed(name: string, what: string, path: string, scope: Scope, all: Elaboration): Declared | null {
  const symbol = findSymbol(scope, canonicalName(name))
  if (symbol?.kind === 'value') return symbol
  const suggestion = symbol ? undefined : didYouMean(name, namesIn(scope))
  const why = symbol ? `is a ${symbol.kind}, which has no value of its own` : 'is not declared'
  all.faults.add(path, `${what} ${name} ${why}`, { suggestion })
  return null
}

/**
 * Core names of the outputs: those named, an array as all its elements, row-major, or one element as `name[a,b]`; by default all
 * variables of the first entity that have a value, in the order of declaration.
 */
export function outputsOf(source: SourceModel, scope: Scope, all: Elaboration): string[] {
  const [lane] = all.entities.values()
  if (!source.outputs)
    return [...scope.symbols.values()]
      .filter(({ kind, source }) => kind === 'value' && isOfLane(source?.entity, lane))
      .flatMap(coreNames)
  return source.outputs.flatMap((name) => {
    if (!findSymbol(scope, canonicalName(name))) {
      const element = elementNamed(name, scope)
      if (element !== undefined) return [element]
    }
    const symbol = valueNamed(name, 'the output', `outputs.${name}`, scope, all)
    return symbol ? coreNames(symbol) : []
  })
}

const isOfLane = (entity: string | undefined, lane: string | undefined): boolean =>
  entity === undefined || lane === undefined || canonicalName(entity) === canonicalName(lane)

/** `name[a,b]`, as the column of one element is named. */
function elementNamed(text: string, scope: Scope): string | undefined {
  const [, name, subscripts] = /^(.*)\[(.*)\]$/s.exec(text.trim()) ?? []
  const symbol = name === undefined ? undefined : findSymbol(scope, canonicalName(name))
  if (symbol?.kind !== 'value' || symbol.dimensions.length === 0) return undefined
  const indices = subscripts!.split(',').map((s, k) => symbol.dimensions[k]?.indexOf.get(canonicalName(s)))
  if (indices.length !== symbol.dimensions.length || indices.includes(undefined)) return undefined
  return isThere(symbol, indices as number[]) ? coreName(symbol, indices as number[]) : undefined
}

/** Correlations over core names. Faults: a name that has no value, a matrix of another size. */
export function correlationsOf(sources: readonly SourceCorrelation[], scope: Scope, all: Elaboration): Correlation[] {
  return sources.map(({ names, matrix }) => {
    const path = `correlations.${names[0] ?? ''}`
    const expanded = names.flatMap((name) => {
      const symbol = valueNamed(name, 'the random number', path, scope, all)
      return symbol ? coreNames(symbol) : []
    })
    if (matrix.length !== expanded.length || matrix.some((row) => row.length !== expanded.length))
      all.faults.add(path, `the matrix is not ${expanded.length} by ${expanded.length}, as its names are`)
    return { names: expanded, matrix }
  })
}

/** Newton's method unless told otherwise, to ten digits, in at most 50 steps: see SolveBlock. */
const SOLVE = { method: 'newton', tolerance: 1e-10, maxIterations: 50, damping: 1 } as const

/** Solve blocks over core names. Faults: an unknown that has no value, a guess of what is no unknown. */
export function solvesOf(sources: readonly SourceSolve[], scope: Scope, all: Elaboration): SolveBlock[] {
  return sources.map(({ name, unknowns, guess: given, ...options }) => {
    const path = `solves.${name}`
    const symbols = unknowns.flatMap((unknown) => valueNamed(unknown, 'the unknown', path, scope, all) ?? [])
    const guess: Record<string, Expression> = {}
    for (const [unknown, formula] of Object.entries(given ?? {})) {
      const symbol = symbols.find((s) => s === findSymbol(scope, canonicalName(unknown)))
      if (!symbol) {
        const suggestion = didYouMean(unknown, unknowns)
        all.faults.add(path, `the guess is of ${unknown}, which is no unknown`, { suggestion })
        continue
      }
      for (const indices of elementsOf(symbol)) {
        const element = coreName(symbol, indices)
        guess[element] = translate(formula, contextOf(symbol, indices, `${name}.${element}`, all))
      }
    }
    const chosen = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
    return {
      name,
      unknowns: symbols.flatMap(coreNames),
      ...SOLVE,
      ...chosen,
      ...(Object.keys(guess).length > 0 ? { guess } : {}),
    }
  })
}

/** What rounding leaves of an identity over a few thousand terms. */
const IDENTITY_TOLERANCE = 1e-9

/** Identities; one over arrays is one for each combination of their elements, `name[a,b]`. */
export function identitiesOf(sources: readonly SourceIdentity[], scope: Scope, all: Elaboration): Identity[] {
  return sources.flatMap(({ name, left, right, tolerance = IDENTITY_TOLERANCE }) => {
    const context: Context = {
      all,
      scope,
      path: `identities.${name}`,
      owner: name,
      uses: new Map(),
      places: [],
      gathered: new Map(),
      traits: {},
    }
    const dimensions: Dimension[] = [...new Set([...arraysIn(left, context), ...arraysIn(right, context)])]
    return combinations(dimensions).map((indices): Identity => {
      const places = dimensions.map((dimension, k) => ({ dimension, index: indices[k]! }))
      const shown = places.map(({ dimension, index }) => dimension.shownElements[index]).join(',')
      const element = shown === '' ? name : `${displayName(name)}[${shown}]`
      const here: Context = { ...context, owner: element, places }
      return { name: element, left: translate(left, here), right: translate(right, here), tolerance }
    })
  })
}
