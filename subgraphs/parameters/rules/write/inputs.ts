// What is written to a tree, as a person gives it.
import type {
  ParameterKind,
  ParameterVector,
  RoundingMode,
  ScaleKind,
  ScaleStyle,
} from '../../../../schema/terms/tax.ts'

type Maybe<T> = T | null | undefined

/** A value from a day on: one of `value`, `values`, `text`, `list`, `flag` and `ceased`. */
export interface ValueInput {
  readonly from: string
  readonly known?: Maybe<string>
  readonly value?: Maybe<number>
  readonly values?: Maybe<readonly number[]>
  readonly text?: Maybe<string>
  readonly list?: Maybe<readonly string[]>
  readonly flag?: Maybe<boolean>
  readonly ceased?: Maybe<boolean>
  /** Of the numbers, where it is not the parameter's. */
  readonly unit?: Maybe<string>
  readonly source?: Maybe<string>
  /** In place of a value of the same two days. */
  readonly replace?: Maybe<boolean>
}

export interface IndexationInput {
  readonly index: string
  readonly rounding?: Maybe<{ readonly mode: RoundingMode; readonly interval: number }>
  readonly from?: Maybe<string>
  readonly to?: Maybe<string>
  readonly chained?: Maybe<boolean>
}

/** A parameter that is new, or values and properties for one that there is. */
export interface ParameterInput {
  readonly id: string
  readonly label?: Maybe<string>
  readonly description?: Maybe<string>
  readonly kind?: Maybe<ParameterKind>
  readonly unit?: Maybe<string>
  readonly period?: Maybe<string>
  readonly by?: Maybe<ParameterVector>
  /** Where `by` is OWN: the name that the tree has for what the values differ by. */
  readonly vector?: Maybe<string>
  readonly references?: Maybe<readonly { readonly title: string; readonly href?: Maybe<string> }[]>
  /** Bounds outside of which values are not expected. */
  readonly expected?: Maybe<readonly number[]>
  readonly indexation?: Maybe<IndexationInput>
  readonly values?: Maybe<readonly ValueInput[]>
}

export interface ScaleInput {
  readonly id: string
  readonly label: string
  readonly kind: ScaleKind
  readonly style: ScaleStyle
  readonly count: number
  readonly unit?: Maybe<string>
}
