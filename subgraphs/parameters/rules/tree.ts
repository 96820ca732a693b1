// A tree of parameters as plain data: what files, the store and the rules share.
import { hashOf, sha256 } from '../../../schema/hash.ts'
import type { ParameterKind, RoundingMode, ScaleKind, ScaleStyle } from '../../../schema/terms/tax.ts'
import type { Differing, Vectors } from './vector.ts'

export type { ParameterKind, RoundingMode, ScaleKind, ScaleStyle } from '../../../schema/terms/tax.ts'

export interface Source {
  readonly name: string
  readonly licence: string
  /** YYYY-MM-DD. */
  readonly retrieved: string
  readonly note?: string
}

export interface Reference {
  readonly title: string
  readonly href?: string
}

/** What TEXT and LIST parameters hold. */
export type Content = string | readonly (string | number | boolean)[]

/** What keys without a meaning of ours hold, kept so that an export gives them back. */
export type Metadata = Readonly<Record<string, unknown>>

/** One value, or one per cell of the vector, from a day on, as known from a day on. */
export interface DatedValue {
  /** YYYY-MM-DD, compared as text; 0000-01-01 is since ever. */
  readonly from: string
  /** First day it was the law as known. */
  readonly known: string
  /** One per cell, infinities allowed, 1 or 0 for yes or no; empty for TEXT and LIST, and where the parameter has ceased. */
  readonly values: readonly number[]
  /** Of TEXT and LIST. */
  readonly content?: Content
  /** From this day on the parameter does not exist. */
  readonly ceased?: true
  /** Computed by indexation, not written by the law. */
  readonly derived?: true
  /** Where this very value comes from, if not from the parameter's source. */
  readonly source?: string
}

export interface Rounding {
  readonly mode: RoundingMode
  /** Greater than 0, in the parameter's unit. */
  readonly interval: number
}

/** How a parameter goes on after its last value of the law: by an index. */
export interface Indexation {
  /** Id of the parameter that is the index, in the same tree; 'self' for the parameter's own growth. */
  readonly index: string | 'self'
  readonly rounding: Rounding | null
  /** First and last day between which growth is measured or applied; see rules/indexation. */
  readonly from?: string
  readonly to?: string
  /** Each value from the rounded one before it; otherwise all from the last value of the law. */
  readonly chained: boolean
}

export interface Parameter extends Differing {
  /** Words joined by dots, in the spelling of the source. */
  readonly id: string
  readonly label: string
  readonly description?: string
  readonly kind: ParameterKind
  readonly unit: string
  /** Of an amount: the period it is for, such as "year". */
  readonly period: string | null
  readonly references: readonly Reference[]
  readonly source: Source
  /** Its name at the source. */
  readonly origin: string | null
  /** Values outside of these bounds are possible but not to be expected. */
  readonly expected: readonly [least: number, greatest: number]
  /** By from, then by known. */
  readonly values: readonly DatedValue[]
  readonly indexation?: Indexation
  readonly metadata?: Metadata
}

/**
 * Brackets. Style TOPS: the parameters <id>.<n>.rate, and <id>.<n>.top for all but the last, n from 1.
 * Style THRESHOLDS: <id>.<n>.threshold, and <id>.<n>.rate, amount or average_rate as the kind has it.
 * A bracket exists on the days on which both of its parameters do.
 */
export interface Scale {
  readonly id: string
  readonly label: string
  readonly kind: ScaleKind
  readonly style: ScaleStyle
  /** Number of brackets. */
  readonly count: number
  /** Of the amount that it is applied to. */
  readonly unit?: string
  readonly metadata?: Metadata
}

/** What is said of an inner node of the tree; nodes of which nothing is said are not listed. */
export interface ParameterNode {
  readonly id: string
  readonly label: string
  readonly description?: string
  readonly unit?: string
  /** What the levels below it run over, such as ["filing_status", "range(1,11)"]. */
  readonly breakdown?: readonly string[]
  readonly metadata?: Metadata
}

export interface Tree {
  readonly id: string
  readonly title: string
  readonly country: string
  readonly currency: string
  /** First and last day that the figures cover. */
  readonly from: string
  readonly to: string
  readonly source: Source
  /** Cells of the vectors that it names itself, by name. */
  readonly vectors?: Vectors
  readonly nodes: readonly ParameterNode[]
  readonly scales: readonly Scale[]
  readonly parameters: readonly Parameter[]
}

/** What a tree's identity is made of beside its parameters. */
export type TreeFrame = Pick<Tree, 'id' | 'from' | 'to' | 'scales'>

/** Identity of the figures of one parameter: kind, unit, vector, indexation and every dated value; texts do not count. */
export function parameterHashOf({ kind, unit, period, by, vector, indexation, values }: Parameter): string {
  const { index, rounding, from, to, chained } = indexation ?? {}
  // Lists of a fixed order: as good as canonical JSON, and 55,000 of them take a third of the time.
  return sha256(
    JSON.stringify([
      [kind, unit, period, by, ...(vector ? [vector.name, ...vector.cells] : [])],
      indexation ? [index, rounding ? [rounding.mode, rounding.interval] : null, from, to, chained] : null,
      values.map((value) => [
        value.from,
        value.known,
        value.values.map(hashable),
        value.content ?? null,
        value.ceased ?? false,
        value.derived ?? false,
      ]),
    ]),
  )
}

/** Identity of the figures of a tree: its days, its scales and the hash of each parameter. */
export function snapshotHashOf(tree: Tree): string {
  return treeHashOf(
    tree,
    tree.parameters.map((parameter) => ({ id: parameter.id, hash: parameterHashOf(parameter) })),
  )
}

/** The same from the hashes of the parameters, in any order. */
export function treeHashOf(tree: TreeFrame, parameters: readonly { id: string; hash: string }[]): string {
  const lines = parameters.map(({ id, hash }) => `${id} ${hash}\n`).sort()
  const scales = tree.scales.map(({ id, kind, style, count }) => [id, kind, style, count] as const)
  const frame = { tree: tree.id, from: tree.from, to: tree.to, scales: scales.sort(([a], [b]) => (a < b ? -1 : 1)) }
  return hashOf({ ...frame, parameters: sha256(lines.join('')) })
}

/** JSON has no infinities. */
const hashable = (value: number) => (Number.isFinite(value) ? value : String(value))
