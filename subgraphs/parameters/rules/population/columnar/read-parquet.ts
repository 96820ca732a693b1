// Reads a Parquet file column by column: numbers, booleans and texts, plain or by dictionary, packed by any codec but LZO.
import type { FileMetaData, SchemaTree } from 'hyparquet'
import {
  assertRows,
  breathe,
  type Cell,
  type CellSink,
  type ColumnarFile,
  MAX_COLUMNS,
  UnreadableFile,
} from './columnar-file.ts'
import { compressors } from './compression.ts'

/** Apache Parquet format, "File Format": the four bytes at both ends of a file. */
const MAGIC = 'PAR1'

export function isParquet(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4)).toString('latin1') === MAGIC
}

/** @param bytes of the file, unpacked @throws UnreadableFile */
export async function openParquet(bytes: Uint8Array): Promise<ColumnarFile> {
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet')
  const file = {
    byteLength: bytes.byteLength,
    slice: (from: number, to?: number) => new Uint8Array(bytes.subarray(from, to)).buffer,
  }
  const metadata = await readable(() => parquetMetadataAsync(file))
  const rows = Number(metadata.num_rows)
  assertRows(rows)
  const schema = await readable(async () => parquetSchema(metadata))
  const names = schema.children.map(({ element }) => element.name)
  if (names.length > MAX_COLUMNS)
    throw new UnreadableFile('TOO_LARGE', `the file has more than ${MAX_COLUMNS} columns`, 'leave some out')
  return {
    format: 'PARQUET',
    names,
    async read(sinks) {
      for (const [name, takers] of sinks) {
        const column = schema.children.find(({ element }) => element.name === name)
        if (column) await readColumn(file, metadata, column, rows, takers)
      }
      return rows
    },
  }
}

interface FileBytes {
  readonly byteLength: number
  slice(from: number, to?: number): ArrayBuffer
}

async function readColumn(
  file: FileBytes,
  metadata: FileMetaData,
  { element: { name }, children }: SchemaTree,
  rows: number,
  sinks: readonly CellSink[],
): Promise<void> {
  if (children.length > 0) throw unsupported(name)
  const { parquetScan } = await import('hyparquet')
  const { parquet } = await compressors()
  const options = { file, metadata, columns: [name], compressors: parquet }
  const scan = await readable(() => parquetScan(options))
  let row = 0
  for (const range of scan.ranges) {
    const cells = await readable(() => scan.readColumn({ column: name, ...range }))
    for (const cell of cells as Iterable<unknown>) {
      if (typeof cell === 'object' && cell !== null) throw unsupported(name)
      for (const sink of sinks) sink.put(row, cell as Cell)
      row++
    }
    await breathe()
  }
  if (row !== rows)
    throw new UnreadableFile(
      'PARQUET_UNREADABLE',
      `the column "${name}" has ${row} values, the file ${rows} rows`,
      AGAIN,
    )
}

const AGAIN = 'write the file again'

function unsupported(name: string): UnreadableFile {
  const message = `the column "${name}" holds lists, times or other objects`
  return new UnreadableFile('COLUMN_TYPE_UNSUPPORTED', message, 'write it as numbers, booleans or texts', name)
}

/** What goes wrong in the library is wrong in the file. */
async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const message = `the Parquet file cannot be read: ${(cause as Error).message}`
    throw new UnreadableFile('PARQUET_UNREADABLE', message, AGAIN, 'file', { cause })
  }
}
