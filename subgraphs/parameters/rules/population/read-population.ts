// Reads a data set of units from a file: every column as f64, checked by itself and against the others; all of it, or what is wrong.
import type { Finding } from '../../../shared/types.ts'
import { checkLinks, checkTotals, checkWeights } from './check-rows.ts'
import { ColumnReader } from './column-reader.ts'
import { type CellSink, type ColumnarFormat, UnreadableFile } from './columnar/columnar-file.ts'
import { openColumnarFile } from './columnar/open-file.ts'
import type { DataShape } from './data-shape.ts'
import { Faults } from './faults.ts'
import { type MappedColumn, type MappingGiven, type ResolvedMapping, resolveMapping } from './mapping.ts'
import { UnitIds } from './unit-ids.ts'

export interface DataSet {
  readonly rows: number
  /** By column of the rule set, in the order of names. */
  readonly columns: Readonly<Record<string, Float64Array<ArrayBuffer>>>
  /** Empty cells that took the default, by column. */
  readonly missing: Readonly<Record<string, number>>
  /** Names in the file, by column; none where a value was given for all. */
  readonly sources: Readonly<Record<string, string>>
  readonly format: ColumnarFormat
}

export interface ReadDataSet {
  /** Null where a finding is an ERROR. */
  readonly data: DataSet | null
  readonly rows: number
  readonly findings: Finding[]
}

/** Values of all columns that are held in memory: 512 MiB. */
export const MAX_CELLS = 2 ** 26

/** @param bytes of a CSV, Arrow or Parquet file, gzipped or not */
export async function readPopulation(bytes: Uint8Array, shape: DataShape, given: MappingGiven): Promise<ReadDataSet> {
  try {
    const file = await openColumnarFile(bytes)
    const mapping = resolveMapping(shape, file.names, given)
    const reading = new FileReading(mapping, shape)
    const rows = await file.read(reading.sinks, reading.faults)
    if (rows === 0) throw new UnreadableFile('NO_ROWS', 'the file has no rows', 'give one row a unit')
    return reading.finish(rows, file.format)
  } catch (error) {
    if (error instanceof UnreadableFile) return { data: null, rows: 0, findings: [error.finding] }
    throw error
  }
}

class FileReading {
  readonly faults = new Faults()
  readonly sinks = new Map<string, CellSink[]>()
  readonly #mapping: ResolvedMapping
  readonly #shape: DataShape
  readonly #readers = new Map<string, ColumnReader>()
  /** Of columns that are read only to be compared. */
  readonly #compared = new Map<string, ColumnReader>()

  constructor(mapping: ResolvedMapping, shape: DataShape) {
    this.#mapping = mapping
    this.#shape = shape
    for (const { target, from, factor, codes, default: fallback } of mapping.columns) {
      if (from === null) continue
      // Negative weights have a finding of their own.
      const range = target.name === shape.weight ? { ...target, min: Number.NEGATIVE_INFINITY } : target
      const reader = new ColumnReader({ from, target: range, factor, codes, default: fallback }, this.faults)
      this.#readers.set(target.name, this.#feed(from, reader))
    }
    for (const { total, parts } of mapping.totals)
      for (const name of [total, ...parts])
        if (!this.#compared.has(name)) this.#compared.set(name, this.#feed(name, comparedReader(name)))
    if (mapping.identifier !== null) this.#feed(mapping.identifier, new UnitIds(mapping.identifier, this.faults))
  }

  finish(rows: number, format: ColumnarFormat): ReadDataSet {
    const shape = this.#shape
    const { columns: mapped, findings: found, totals } = this.#mapping
    const findings = [...found]
    if (rows * mapped.length > MAX_CELLS) {
      const message = `${rows} rows of ${mapped.length} columns are more than ${MAX_CELLS} values`
      throw new UnreadableFile('TOO_LARGE', message, 'leave columns out, or import a sample')
    }
    const columns = Object.fromEntries(mapped.map((column) => [column.target.name, this.#valuesOf(column, rows)]))
    checkTotals(totals, (name) => this.#compared.get(name)!.values(rows), this.faults)
    checkWeights(columns[shape.weight], this.#sourceOf(shape.weight), this.faults)
    if (shape.household) checkLinks(columns[shape.household], this.#sourceOf(shape.household), this.faults)
    findings.push(...this.faults.list(), ...this.#emptyCells())
    if (!columns[shape.weight]) findings.push(unweighted(shape.weight))
    if (findings.some(({ severity }) => severity === 'ERROR')) return { data: null, rows, findings }
    const sources = mapped.flatMap(({ target, from }) => (from === null ? [] : [[target.name, from] as const]))
    const missing = [...this.#readers].map(([name, reader]) => [name, reader.missing] as const)
    return {
      data: {
        rows,
        columns,
        missing: Object.fromEntries(missing),
        sources: Object.fromEntries(sources),
        format,
      },
      rows,
      findings,
    }
  }

  #feed<Sink extends CellSink>(from: string, sink: Sink): Sink {
    this.sinks.set(from, [...(this.sinks.get(from) ?? []), sink])
    return sink
  }

  #valuesOf({ target, value }: MappedColumn, rows: number): Float64Array<ArrayBuffer> {
    return this.#readers.get(target.name)?.values(rows) ?? new Float64Array(rows).fill(value)
  }

  /** Where a fault of a column is named: at its column in the file. */
  #sourceOf(name: string): string {
    return this.#readers.get(name)?.reading.from ?? name
  }

  #emptyCells(): Finding[] {
    return [...this.#readers.values()].flatMap(({ missing, reading: { from, target, default: fallback } }) =>
      missing === 0 || fallback === null
        ? []
        : {
            severity: 'WARNING' as const,
            code: 'CELLS_EMPTY',
            path: from,
            message: `${missing === 1 ? 'one empty cell was' : `${missing} empty cells were`} read as ${fallback}`,
            suggestion: `give another default for "${target.name}" where that is wrong`,
          },
    )
  }
}

/** A reader of numbers of any size, as they stand in the file: what is no number differs from its total, or is told where it is mapped. */
function comparedReader(from: string): ColumnReader {
  const target = { name: from, min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY, integer: false }
  return new ColumnReader({ from, target, factor: 1, codes: null, default: 0 }, new Faults())
}

const unweighted = (weight: string): Finding => ({
  severity: 'WARNING',
  code: 'UNWEIGHTED',
  path: weight,
  message: 'no column holds weights: each row stands for one unit',
  suggestion: `map a column of the file to "${weight}"`,
})
