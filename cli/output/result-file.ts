// quesnay run --out FILE: the form is told from the name.
import { extname } from 'node:path'
import { QuesnayError } from '../../schema/errors.ts'
import { writeOut } from '../write-file.ts'
import { resultArrow } from './result-arrow.ts'
import type { ResultFile } from './result-columns.ts'
import { resultCsv } from './result-csv.ts'
import { resultJson } from './result-json.ts'

type Writer = (file: ResultFile) => string | Promise<Uint8Array>

const WRITERS: Readonly<Record<string, Writer>> = { '.csv': resultCsv, '.json': resultJson, '.arrow': resultArrow }

/** Writes a result to the file. BAD_INPUT at once where the name has no known form, later where it cannot be written. */
export function resultWriter(path: string): (file: ResultFile) => Promise<void> {
  const write = WRITERS[extname(path).toLowerCase()]
  if (!write)
    throw new QuesnayError('BAD_INPUT', `"${path}" does not end in ${Object.keys(WRITERS).join(', ')}`, {
      path: '--out',
      suggestion: 'name a file such as results.csv',
    })
  return async (file) => writeOut(path, await write(file))
}
