// Writes a file that a person named.
import { writeFileSync } from 'node:fs'
import { QuesnayError } from '../schema/errors.ts'

/** Replaces what is there. BAD_INPUT, naming --out, where it cannot be written. */
export function writeOut(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content)
  } catch (cause) {
    const message = `cannot write ${path}: ${(cause as NodeJS.ErrnoException).code ?? cause}`
    throw new QuesnayError('BAD_INPUT', message, { path: '--out', suggestion: 'check the folder' }, { cause })
  }
}
