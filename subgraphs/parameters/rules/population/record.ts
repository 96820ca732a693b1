// What is known of a population besides its values.
import type { ColumnFactor } from './uprate.ts'

/** How a population came about. */
export const PopulationOrigin = { GENERATED: 'GENERATED', IMPORTED: 'IMPORTED', UPRATED: 'UPRATED' } as const
export type PopulationOrigin = (typeof PopulationOrigin)[keyof typeof PopulationOrigin]

/** Where the values of a column are. */
export type ColumnValues =
  /** All units have it. */
  | { readonly constant: number }
  /** A blob of little-endian f64. */
  | { readonly sha256: string }
  /** The values of another blob times a factor, until someone needs them. */
  | { readonly base: string; readonly factor: number }

export interface PopulationColumn {
  readonly name: string
  readonly unit: string
  /** Its name in the file it was imported from. */
  readonly source: string | null
  readonly values: ColumnValues
  readonly min: number
  readonly max: number
  /** Weighted, as the total. */
  readonly mean: number
  readonly total: number
  /** Empty cells that took the default. */
  readonly missing: number
}

export interface PopulationRecord {
  readonly id: string
  readonly origin: PopulationOrigin
  readonly title: string
  readonly description: string
  readonly source: string | null
  readonly licence: string | null
  readonly ruleSetId: string
  /** What a row is, such as "tax unit". */
  readonly unit: string
  /** Year whose incomes and prices the figures are of. */
  readonly year: number
  readonly units: number
  /** Number of units that those stand for. */
  readonly weightsTotal: number
  readonly dataVersion: string
  readonly madeBy: string
  readonly baseId: string | null
  readonly factors: readonly ColumnFactor[] | null
  readonly columns: readonly PopulationColumn[]
  readonly createdAt: Date
}
