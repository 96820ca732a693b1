// What the parts of elaboration share: what has been made so far, and where a formula stands.

import { QuesnayError } from '../../../schema/errors.ts'
import { expression } from '../build.ts'
import type { Formula } from '../formula/ast.ts'
import type { Expression, Table, Variable } from '../model.ts'
import type { SourceFinding, SourceMacro, SourceTime } from '../source/source.ts'
import type { Dimensions, Place } from './dimensions.ts'
import type { Faults } from './faults.ts'
import type { Declared, Scope } from './symbols.ts'

/** What grows while a source is elaborated. */
export interface Elaboration {
  readonly time: SourceTime | undefined
  readonly dimensions: Dimensions
  /** Names as shown by canonical name; the first is the lane. */
  readonly entities: ReadonlyMap<string, string>
  /** By canonical name; several of one name differ in their number of parameters. */
  readonly macros: ReadonlyMap<string, readonly SourceMacro[]>
  readonly faults: Faults
  readonly findings: SourceFinding[]
  readonly variables: Variable[]
  readonly tables: Record<string, Table>
  readonly limits: OutflowLimit[]
  readonly steady: SteadyDemand[]
  /** How many parts of formulas were translated: see LIMITS. */
  readonly spent: { parts: number }
  /** Elaborates the variables of one use of a macro. */
  readonly elaborateAll: (symbols: readonly Declared[]) => void
}

/** An outflow that is held to what its stock has: stock / dt + inflows - the outflows before it. */
export interface OutflowLimit {
  /** Names of core variables. */
  readonly flow: string
  readonly stock: string
  readonly inflows: readonly string[]
  readonly before: readonly string[]
}

/** An expression that may not change over time. */
export interface SteadyDemand {
  readonly path: string
  readonly what: string
  readonly expression: Expression
}

/** What a source may come to: far above any model that is written, and below what would exhaust the memory. */
export const LIMITS = { parts: 4_000_000, macroDepth: 50 } as const

/** Where a formula stands. */
export interface Context {
  readonly all: Elaboration
  readonly scope: Scope
  /** The variable as its author named it, for faults. */
  readonly path: string
  /** The core name that hidden variables are derived from, and how many uses of each function it has had. */
  readonly owner: string
  readonly uses: Map<string, number>
  /** The variable and the element that the formula is of. */
  readonly self?: { readonly symbol: Declared; readonly indices: readonly number[] }
  /** The elements that the variable stands at, in the order of its dimensions. */
  readonly places: readonly Place[]
  /** The elements that an array function has come to: `*dimension#n` for the n-th wildcard of a dimension, `name!`. */
  readonly gathered: ReadonlyMap<string, Place>
  /** What hidden variables take over. */
  readonly traits: Traits
}

export type Traits = Pick<Variable, 'entity' | 'provenance' | 'unchecked'>

export type Translate = (formula: Formula, context: Context) => Expression

/** Without a unit: what is a pure number, or whose unit is not known. */
export const UNITLESS = '1'

/** Stands for a formula that has a fault, so that the others are found too; a model with it is never given out. */
export const NOTHING: Expression = expression(0)

/** Tells a fault of a formula. */
export function fault(
  context: Context,
  formula: Formula | undefined,
  message: string,
  suggestion?: string,
): Expression {
  context.all.faults.add(context.path, message, { at: formula?.at, suggestion })
  return NOTHING
}

/** Tells that a formula has no meaning here. */
export function unsupported(context: Context, formula: Formula | undefined, message: string): Expression {
  context.all.faults.unsupport(context.path, message, { at: formula?.at })
  return NOTHING
}

/**
 * The name of one use of a function: `x.smooth3#1`, from the variable that holds it and the use's place in its equation, so that
 * the order of declarations does not matter.
 */
export function nameUse(context: Context, what: string): string {
  const n = (context.uses.get(what) ?? 0) + 1
  context.uses.set(what, n)
  return `${context.owner}.${what}#${n}`
}

type Hidden<V> = V extends Variable ? Omit<V, 'name' | 'unit' | keyof Traits> : never

/** Adds a variable that its author did not write; gives a reference to it. */
export function hide(context: Context, name: string, variable: Hidden<Variable>): Expression {
  context.all.variables.push({ name, unit: UNITLESS, ...context.traits, ...variable } as Variable)
  return expression(name)
}

/** Counts parts of the model against the limit. Error: LIMIT_EXCEEDED beyond it. */
export function spend({ all, path }: Context, parts: number): void {
  all.spent.parts += parts
  if (all.spent.parts <= LIMITS.parts) return
  const message = `${path}: the model has more than ${LIMITS.parts} parts, its elements and macros counted`
  throw new QuesnayError('LIMIT_EXCEEDED', message, { path, limit: LIMITS.parts })
}

/** Asks that an expression does not change over time. */
export function demandSteady(context: Context, path: string, what: string, expression: Expression): void {
  context.all.steady.push({ path, what, expression })
}

/** The step of time; tells a fault and gives 1 where the model has no time. */
export function stepOf(context: Context, formula: Formula | undefined, what: string): number {
  const { time } = context.all
  if (time) return time.dt
  fault(context, formula, `${what} needs a model with time; give start, stop and dt`)
  return 1
}
