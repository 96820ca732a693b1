// Opens a columnar file by what its bytes say it is: Parquet, Arrow, or else CSV; each may be gzipped.
import { chunksOf, isGzip, wholeOf } from './chunks.ts'
import { type ColumnarFile, UnreadableFile } from './columnar-file.ts'
import { isArrow, openArrow } from './read-arrow.ts'
import { openCsv } from './read-csv.ts'
import { isParquet, openParquet } from './read-parquet.ts'

/** Of an Arrow or Parquet file, which is read from memory. */
const MAX_BYTES = 512 * 1024 * 1024
const HEAD_BYTES = 8

/** @throws UnreadableFile */
export async function openColumnarFile(bytes: Uint8Array): Promise<ColumnarFile> {
  if (bytes.length === 0) throw new UnreadableFile('FILE_EMPTY', 'the file is empty', 'give a file with rows')
  const head = isGzip(bytes) ? await headOf(bytes) : bytes
  if (isParquet(head)) return openParquet(await wholeOf(bytes, MAX_BYTES))
  if (isArrow(head)) return openArrow(await wholeOf(bytes, MAX_BYTES))
  return openCsv(bytes)
}

/** The first bytes of what is packed. */
async function headOf(bytes: Uint8Array): Promise<Uint8Array> {
  for await (const chunk of chunksOf(bytes)) return chunk.subarray(0, HEAD_BYTES)
  return new Uint8Array()
}
