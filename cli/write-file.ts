// Writes a file that a person named.
import { closeSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { QuesnayError } from '../schema/errors.ts'

/** Replaces what is there. BAD_INPUT, naming --out, where it cannot be written. */
export function writeOut(path: string, content: string | Uint8Array): void {
  attempt(path, () => writeFileSync(path, content))
}

/** Before work that takes long: BAD_INPUT as of writeOut. What is there is left as it is, and where nothing is nothing stays. */
export function assertWritable(path: string): void {
  attempt(path, () => {
    const there = statSync(path, { throwIfNoEntry: false })
    // Whoever reads from a pipe would take the end of an attempt for the end of the result.
    if (there && !there.isFile() && !there.isDirectory()) return
    closeSync(openSync(path, 'a'))
    if (!there) rmSync(path)
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'it may not be written',
  ENOSPC: 'the disk is full',
}

function attempt(path: string, work: () => void): void {
  try {
    work()
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
    const message = `cannot write ${path}: ${REASONS[code] ?? code}`
    throw new QuesnayError('BAD_INPUT', message, { path: '--out', suggestion: 'check folder and name' }, { cause })
  }
}
