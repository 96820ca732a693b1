// A tree as its files say it, before metadata is handed down, cells are filled and units are read.
import type { DatedValue, ParameterKind } from '../tree.ts'
import type { BracketPart } from './known-keys.ts'

/** Plain values of `metadata`; a `unit` or `reference` beside it is in it. */
export type RawMetadata = Readonly<Record<string, unknown>>

interface RawBase {
  /** "path:line". */
  readonly place: string
  readonly description?: string | undefined
  readonly metadata: RawMetadata
}

export interface RawParameter extends RawBase {
  readonly is: 'parameter'
  readonly kind: ParameterKind
  readonly values: readonly DatedValue[]
  /** What values say of themselves, by day, where it is more than one text of a source. */
  readonly valueMetadata?: RawMetadata
}

export interface RawBracket {
  readonly metadata: RawMetadata
  readonly parts: ReadonlyMap<BracketPart, RawParameter>
}

export interface RawScale extends RawBase {
  readonly is: 'scale'
  readonly brackets: readonly RawBracket[]
}

export interface RawNode {
  readonly is: 'node'
  /** Where it is first met. */
  place: string
  label?: string | undefined
  description?: string | undefined
  metadata: RawMetadata
  readonly children: Map<string, RawChild>
}

export type RawChild = RawNode | RawParameter | RawScale

export const emptyNode = (place: string): RawNode => ({ is: 'node', place, metadata: {}, children: new Map() })
