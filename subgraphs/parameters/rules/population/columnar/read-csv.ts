// Reads a CSV file (RFC 4180) of any length in pieces: the first line is the header, blank lines are passed over.
import { CsvError, type Options, Parser } from 'csv-parse'
import type { Faults } from '../faults.ts'
import { chunksOf } from './chunks.ts'
import { assertRows, type CellSink, type ColumnarFile, MAX_COLUMNS, UnreadableFile } from './columnar-file.ts'

/** A record longer than this has a quote that never closes. */
const MAX_RECORD_BYTES = 1024 * 1024
const DELIMITERS = [',', ';', '\t', '|']

/** @param bytes of the file, gzipped or not @throws UnreadableFile */
export async function openCsv(bytes: Uint8Array): Promise<ColumnarFile> {
  const { names, delimiter } = await readHeader(bytes)
  return {
    format: 'CSV',
    names,
    async read(sinks, faults) {
      const columns = names.flatMap((name, index) => (sinks.get(name) ?? []).map((sink) => ({ index, sink })))
      return readRows(bytes, { delimiter, width: names.length, columns, faults })
    },
  }
}

interface Placed {
  readonly index: number
  readonly sink: CellSink
}

interface Form {
  readonly delimiter: string
  readonly width: number
  readonly columns: readonly Placed[]
  readonly faults: Faults
}

async function readRows(bytes: Uint8Array, { delimiter, width, columns, faults }: Form): Promise<number> {
  // The header is the first record.
  let row = -1
  await parseAll(bytes, { delimiter }, (record) => {
    const at = row++
    if (at < 0) return
    assertRows(row)
    if (record.length === width) for (const { index, sink } of columns) sink.put(at, record[index])
    else
      faults.add(
        'CSV_FIELDS',
        at,
        'fields',
        `the row has ${record.length} fields, the header ${width}`,
        'give one field a column',
      )
  })
  return Math.max(row, 0)
}

/** Names of the columns, and the sign between them that makes the most of them. */
async function readHeader(bytes: Uint8Array): Promise<{ names: string[]; delimiter: string }> {
  let best = { names: [] as string[], delimiter: ',' }
  for (const delimiter of DELIMITERS) {
    let names: string[] = []
    const take = (record: string[]) => {
      names = record
      return false
    }
    // Quotes may make no sense by another sign than the right one; where they make none at all, reading the rows tells.
    await parseAll(bytes, { delimiter, to: 1 }, take).catch((error) => {
      if (!(error instanceof UnreadableFile) || error.finding.code !== 'CSV_UNREADABLE') throw error
    })
    if (names.length > best.names.length) best = { names, delimiter }
  }
  if (best.names.length === 0)
    throw new UnreadableFile('CSV_EMPTY', 'the file is empty', 'give a header and rows', 'csv:1')
  if (best.names.length > MAX_COLUMNS)
    throw new UnreadableFile('TOO_LARGE', `the header has more than ${MAX_COLUMNS} columns`, 'leave some out', 'csv:1')
  return best
}

/** Hands each record on, until one is answered with false. */
async function parseAll(bytes: Uint8Array, options: Options, take: (record: string[]) => unknown): Promise<void> {
  let done = false
  let fault: unknown
  const parser = new Parser({
    bom: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    ...options,
  })
  parser.on('error', (error) => {
    fault ??= error
  })
  // Records are taken as they come and not kept: memory does not grow with the file.
  parser.on('data', (record: string[]) => {
    if (done || fault) return
    try {
      done = take(record) === false
    } catch (error) {
      fault = error
    }
  })
  for await (const chunk of chunksOf(bytes)) {
    if (done || fault) break
    parser.write(chunk)
  }
  if (!done && !fault)
    await new Promise<void>((resolve) => {
      parser.on('error', () => resolve()).on('end', resolve)
      parser.end()
    })
  parser.destroy()
  if (fault) throw asUnreadable(fault)
}

function asUnreadable(fault: unknown): unknown {
  if (!(fault instanceof CsvError)) return fault
  const line = (fault as { lines?: number }).lines ?? 1
  return new UnreadableFile('CSV_UNREADABLE', fault.message, 'close the quote or remove it', `csv:${line}`, {
    cause: fault,
  })
}
