// quesnay run --out FILE: the form is told from the name.
import { extname } from 'node:path'
import { QuesnayError } from '../../schema/errors.ts'
import { assertWritable, writeOut } from '../write-file.ts'
import { resultArrow } from './result-arrow.ts'
import type { ResultFile } from './result-columns.ts'
import { resultCsv } from './result-csv.ts'
import { resultJson } from './result-json.ts'

type Writer = (file: ResultFile) => string | Promise<Uint8Array>

const WRITERS: Readonly<Record<string, Writer>> = { '.csv': resultCsv, '.json': resultJson, '.arrow': resultArrow }

/**
 * Writes a result to the file, or as CSV to standard output for "-". BAD_INPUT at once where the name has no known form or cannot be
 * written; what stands there is kept until the result is whole.
 */
export function resultWriter(path: string): (file: ResultFile) => Promise<void> {
  if (path === '-') return async (file) => void process.stdout.write(resultCsv(file))
  const write = WRITERS[extname(path).toLowerCase()]
  if (!write)
    throw new QuesnayError('BAD_INPUT', `"${path}" does not end in ${Object.keys(WRITERS).join(', ')}`, {
      path: '--out',
      suggestion: 'name a file such as results.csv, or - for CSV on standard output',
    })
  assertWritable(path)
  return async (file) => writeOut(path, await write(file))
}
