// What an equation is read in: the names around it, and where in an array it stands.
import type { Formula, Position } from '../formula/ast.ts'
import type { Subscripts } from './subscripts.ts'
import type { Note, Point, VensimExpression } from './syntax.ts'

export interface Scope {
  /** The variable, as shown. */
  readonly path: string
  readonly at: Position
  readonly subscripts: Subscripts
  readonly names: Names
  readonly macros: ReadonlyMap<string, Macro>
  /** Of each range on the left: the element at which the equation is read, or the range itself where it is read for all at once. */
  readonly place: ReadonlyMap<string, string>
  /** The key of a table that is made for points in the middle of an equation. */
  table(points: readonly Point[], of: VensimExpression): string
  /** The key of the table mirrored at x = 0. */
  mirrored(key: string): string
  /** The elements along each dimension of an array; none of what has no dimensions, undefined of what is no variable. */
  layout(key: string): readonly (readonly string[])[] | undefined
  /** The value of a variable that is made of numbers. */
  constant(key: string): number | undefined
  note(severity: 'INFO' | 'WARNING', note: Note): void
}

export interface Macro {
  readonly name: string
  /** What it is in formulas: its key, or another name where a function of the formula language has that. */
  readonly called: string
  readonly inputs: number
  /** By key of an output beside its result: what that one is in formulas. */
  readonly outputs: ReadonlyMap<string, string>
}

/** By key. A parameter of a macro may stand for a lookup or a variable. */
export type Names = ReadonlyMap<string, 'variable' | 'lookup' | 'parameter' | 'model'>

export type Translate = (expression: VensimExpression, scope: Scope) => Formula
