// Makes a directory with those above it.
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** From the top down: where a parent cannot hold anything (as in /proc), mkdir's own recursion goes round for ever. */
export function makeDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(directory) !== directory) makeDirectory(dirname(directory))
  try {
    mkdirSync(directory)
  } catch (error) {
    // Another start may have made it by now.
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}
