// Rows in the binary format of COPY: doubles go over the wire as they are, bit for bit.
// PostgreSQL 18, COPY, Binary Format.

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Signature, flags (none) and length of an extension (none). */
const HEAD = Buffer.concat([SIGNATURE, Buffer.alloc(8)])
const END = Buffer.from([0xff, 0xff])
/** Length of a field in bytes, i32, before each. */
const LENGTH = 4
const F64 = 8
/** About so many bytes are handed over at a time. */
const CHUNK_BYTES = 256 * 1024

/** Rows that share their texts: `columns[c][row]` follow the texts in each of them. All columns are as long. */
export interface RowGroup {
  readonly texts: readonly string[]
  readonly columns: readonly Float64Array[]
}

/** Chunks for `copy ... from stdin (format binary)` into text columns followed by float8 columns. */
export function* copyRows(groups: Iterable<RowGroup>): Generator<Uint8Array> {
  yield HEAD
  for (const group of groups) yield* rowsOf(group)
  yield END
}

function* rowsOf({ texts, columns }: RowGroup): Generator<Uint8Array> {
  const row = rowWithout(texts, columns.length)
  const first = row.length - columns.length * (LENGTH + F64) + LENGTH
  const rows = columns[0]?.length ?? 0
  const most = Math.max(1, Math.min(rows, Math.floor(CHUNK_BYTES / row.length)))
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from)
    const chunk = repeated(row, count)
    const view = new DataView(chunk.buffer, chunk.byteOffset)
    // Column by column: each is read once from end to end.
    for (const [c, values] of columns.entries()) {
      let at = first + c * (LENGTH + F64)
      for (let i = from; i < from + count; i++, at += row.length) view.setFloat64(at, values[i]!)
    }
    yield chunk
  }
}

/** A row with its texts, whose doubles are still to be filled in. */
function rowWithout(texts: readonly string[], doubles: number): Buffer {
  const head = Buffer.alloc(2)
  head.writeInt16BE(texts.length + doubles)
  const fields = texts.map((text) => {
    const bytes = Buffer.from(text, 'utf8')
    const length = Buffer.alloc(LENGTH)
    length.writeInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  })
  const double = Buffer.alloc(LENGTH + F64)
  double.writeInt32BE(F64)
  return Buffer.concat([head, ...fields, ...Array.from({ length: doubles }, () => double)])
}

/** So many copies, one after the other; each copying doubles what is there. */
function repeated(row: Buffer, count: number): Buffer {
  const all = Buffer.allocUnsafe(row.length * count)
  row.copy(all)
  for (let filled = row.length; filled < all.length; filled *= 2) all.copy(all, filled, 0, filled)
  return all
}
