// What a columnar file is to its readers: named columns of cells, whatever the format.
import type { Finding } from '../../../../shared/types.ts'
import type { Faults } from '../faults.ts'

/** A cell as its format gives it; null and undefined where it is empty. */
export type Cell = number | bigint | boolean | string | null | undefined

/** Takes the cells of one column in the order of the rows. @param row from 0 */
export interface CellSink {
  put(row: number, cell: Cell): void
}

export type ColumnarFormat = 'CSV' | 'ARROW' | 'PARQUET'

export interface ColumnarFile {
  readonly format: ColumnarFormat
  /** Names of the columns in their order; a name may stand twice. */
  readonly names: readonly string[]
  /**
   * Hands the cells of the named columns to their sinks and returns the number of rows. Lets other work go on in between.
   * A row that has no cells for all columns is a fault and is passed over.
   * @throws UnreadableFile where it cannot be read on
   */
  read(sinks: ReadonlyMap<string, readonly CellSink[]>, faults: Faults): Promise<number>
}

/** Rows of one data set, as many as one run may have lanes (compute/dispatch/submission.ts). */
export const MAX_ROWS = 1_000_000
export const MAX_COLUMNS = 1_000

/** Thrown where a file cannot be read on; carries what is told of it. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
  readonly finding: Finding

  constructor(code: string, message: string, suggestion: string, path = 'file', options?: ErrorOptions) {
    super(message, options)
    this.finding = { severity: 'ERROR', code, path, message, suggestion }
  }
}

/** Throws TOO_LARGE where there are more rows than a data set may have. */
export function assertRows(rows: number): void {
  if (rows > MAX_ROWS)
    throw new UnreadableFile('TOO_LARGE', `the file has more than ${MAX_ROWS} rows`, 'import a sample of it')
}

/** Lets what else this process has to do go on. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
