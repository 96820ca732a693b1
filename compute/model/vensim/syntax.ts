// What a Vensim definition says, before its names and functions are understood.
import type { BinaryOperator, Position, UnaryOperator } from '../formula/ast.ts'

/** Names are as written. */
export type VensimExpression =
  | { readonly kind: 'number'; readonly value: number; readonly at: Position }
  | { readonly kind: 'text'; readonly value: string; readonly at: Position }
  | { readonly kind: 'points'; readonly points: readonly Point[]; readonly at: Position }
  | VensimName
  | {
      readonly kind: 'call'
      readonly name: string
      /** Of a lookup. */
      readonly subscripts?: readonly VensimSubscript[]
      readonly args: readonly VensimExpression[]
      /** Of a macro: `F(in : out)`, where each output becomes a variable of this name. */
      readonly outputs: readonly string[]
      /** Which one of the outputs is meant; absent: its result. */
      readonly output?: string
      readonly at: Position
    }
  | {
      readonly kind: 'unary'
      readonly operator: UnaryOperator
      readonly operand: VensimExpression
      readonly at: Position
    }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: VensimExpression
      readonly right: VensimExpression
      readonly at: Position
    }

export interface VensimName {
  readonly kind: 'name'
  readonly name: string
  readonly subscripts?: readonly VensimSubscript[]
  readonly at: Position
}

/** `gathers`: with an exclamation mark. */
export interface VensimSubscript {
  readonly name: string
  readonly gathers: boolean
  readonly at: Position
}

export type Point = readonly [x: number, y: number]

export type RightSide =
  | { readonly kind: 'expression'; readonly expression: VensimExpression }
  /** Row by row: `1,2;3,4;` or a tabbed array. */
  | { readonly kind: 'numbers'; readonly numbers: readonly number[] }
  | { readonly kind: 'lookup'; readonly points: readonly Point[] }
  /** A name alone, or `:=`, or an interpolation mode: its values come from a file. */
  | { readonly kind: 'data'; readonly construct: string }
  | { readonly kind: 'empty' }

export type RangeItem = { readonly name: string } | { readonly from: string; readonly to: string }

export type Statement =
  | {
      readonly kind: 'range'
      readonly name: string
      readonly items: readonly RangeItem[]
      readonly maps: readonly { readonly to: string; readonly items?: readonly string[] }[]
    }
  | { readonly kind: 'alias'; readonly name: string; readonly of: string }
  | {
      readonly kind: 'equation'
      readonly name: string
      readonly subscripts: readonly VensimSubscript[]
      readonly except: readonly (readonly VensimSubscript[])[]
      readonly right: RightSide
    }

/** A part of the file that ends with a bar. */
export interface Definition {
  /** Comments and continuations are blanks in it, so that lines and columns are those of the file. */
  readonly text: string
  readonly at: Position
  /** Without the range in brackets. */
  readonly unit?: string
  readonly doc?: string
}

export interface Parsed {
  readonly statement: Statement
  readonly definition: Definition
  /** Where two readings are current and one was taken. */
  readonly notes: readonly Note[]
}

export interface Note {
  readonly code: string
  readonly message: string
  readonly suggestion: string
}

export interface MacroText {
  readonly header: Definition
  readonly body: readonly Definition[]
}
