// Reads an Arrow IPC file (Feather version 2) or stream: numbers, booleans, texts and dictionaries of them.
import type { Table, Vector } from 'apache-arrow'
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

/** Rows after which other work may go on. */
const PIECE = 65_536

/** First and last bytes of a file, a continuation marker, and the end of a stream (Arrow columnar format 1.5, "IPC"). */
const MAGIC = Buffer.from('ARROW1')
const CONTINUATION = Buffer.from([0xff, 0xff, 0xff, 0xff])
const END = Buffer.concat([CONTINUATION, Buffer.alloc(4)])

const beginsWith = (bytes: Uint8Array, start: Uint8Array) =>
  Buffer.compare(bytes.subarray(0, start.length), start) === 0
const endsWith = (bytes: Uint8Array, end: Uint8Array) => Buffer.compare(bytes.subarray(-end.length), end) === 0

/** True for a file and for a stream. */
export const isArrow = (bytes: Uint8Array): boolean => beginsWith(bytes, MAGIC) || beginsWith(bytes, CONTINUATION)

/** @param bytes of the file, unpacked @throws UnreadableFile */
export async function openArrow(bytes: Uint8Array): Promise<ColumnarFile> {
  const table = await readTable(bytes)
  assertRows(table.numRows)
  const names = table.schema.fields.map(({ name }) => name)
  if (names.length > MAX_COLUMNS)
    throw new UnreadableFile('TOO_LARGE', `the file has more than ${MAX_COLUMNS} columns`, 'leave some out')
  return {
    format: 'ARROW',
    names,
    async read(sinks) {
      for (const [name, takers] of sinks) await readColumn(table, name, takers)
      return table.numRows
    },
  }
}

async function readTable(bytes: Uint8Array): Promise<Table> {
  const { CompressionType, compressionRegistry, tableFromIPC } = await import('apache-arrow')
  const { lz4Frame, zstd } = await compressors()
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: lz4Frame })
  compressionRegistry.set(CompressionType.ZSTD, { decode: zstd })
  try {
    // The library takes what is cut short for the end.
    if (!endsWith(bytes, beginsWith(bytes, MAGIC) ? MAGIC : END)) throw new Error('it has no end')
    return tableFromIPC(bytes)
  } catch (cause) {
    throw unreadable(cause)
  }
}

async function readColumn(table: Table, name: string, sinks: readonly CellSink[]): Promise<void> {
  const { DataType } = await import('apache-arrow')
  const vector = table.getChild(name)
  if (!vector) return
  const type = DataType.isDictionary(vector.type) ? vector.type.valueType : vector.type
  const readable =
    DataType.isInt(type) ||
    DataType.isFloat(type) ||
    DataType.isBool(type) ||
    DataType.isUtf8(type) ||
    DataType.isLargeUtf8(type) ||
    DataType.isNull(type)
  if (!readable)
    throw new UnreadableFile(
      'COLUMN_TYPE_UNSUPPORTED',
      `the column "${name}" is of type ${type}`,
      'write it as numbers, booleans or texts',
      name,
    )
  await hand(vector, sinks)
}

async function hand(vector: Vector, sinks: readonly CellSink[]): Promise<void> {
  for (let row = 0; row < vector.length; row++) {
    if (row % PIECE === PIECE - 1) await breathe()
    const cell = cellAt(vector, row)
    for (const sink of sinks) sink.put(row, cell)
  }
}

function cellAt(vector: Vector, row: number): Cell {
  try {
    return vector.get(row) as Cell
  } catch (cause) {
    throw unreadable(cause)
  }
}

function unreadable(cause: unknown): UnreadableFile {
  const message = `the Arrow file cannot be read: ${(cause as Error).message}`
  return new UnreadableFile('ARROW_UNREADABLE', message, 'write it again as an IPC file or stream', 'file', { cause })
}
