// A result as an Arrow IPC stream, batch by batch; units stand in the metadata of the fields.
import type * as Arrow from 'apache-arrow'
import type { Cells, ResultTable, TableColumn } from './result-table.ts'

export async function* renderArrow(
  table: ResultTable,
  about: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  // Takes a tenth of a second to load, which only this needs.
  const arrow = await import('apache-arrow')

  /** Keeps what the writer has written until it is taken. */
  class Written extends arrow.AsyncByteQueue {
    #pieces: Uint8Array[] = []
    override write(piece: Uint8Array): void {
      if (piece.byteLength > 0) this.#pieces.push(piece)
    }
    take(): Uint8Array[] {
      return this.#pieces.splice(0)
    }
  }

  const types = { text: new arrow.Utf8(), integer: new arrow.Int32(), number: new arrow.Float64() }
  const fields = table.columns.map(({ name, unit, type }) => {
    const metadata = unit === '' ? undefined : new Map([['unit', unit]])
    return new arrow.Field<Arrow.DataType>(name, types[type], false, metadata)
  })
  const schema = new arrow.Schema(fields, new Map(Object.entries(about)))
  const written = new Written()
  const writer = new arrow.RecordBatchStreamWriter()
  writer.reset(written, schema)
  for await (const part of table.parts()) {
    writer.write(batchOf(arrow, schema, table.columns, part))
    yield* written.take()
  }
  writer.finish()
  yield* written.take()
}

function batchOf(
  arrow: typeof Arrow,
  schema: Arrow.Schema,
  columns: readonly TableColumn[],
  part: readonly Cells[],
): Arrow.RecordBatch {
  const children = part.map((cells, i) => dataOf(arrow, columns[i]!, cells))
  const length = part[0]!.length
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children })
  return new arrow.RecordBatch(schema, data)
}

function dataOf(arrow: typeof Arrow, { type }: TableColumn, cells: Cells): Arrow.Data {
  if (type === 'integer') return arrow.makeData({ type: new arrow.Int32(), data: cells as Int32Array })
  if (type === 'number') return arrow.makeData({ type: new arrow.Float64(), data: cells as Float64Array })
  return arrow.vectorFromArray(cells as string[], new arrow.Utf8()).data[0]!
}
