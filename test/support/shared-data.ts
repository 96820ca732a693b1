// The outside figures that tests check against; they stay in ../shared/data and are never copied.
import { existsSync } from 'node:fs'
import { packageFile } from '../../infra/paths.ts'

/** Absolute path of a file below ../shared/data. */
export const sharedData = (...parts: string[]) => packageFile('..', 'shared', 'data', ...parts)

/**
 * For `describe.skipIf(lacksSharedData())`: true where the figures are not at hand. With CI=true a missing figure fails.
 */
export function lacksSharedData(...parts: string[]): boolean {
  if (existsSync(sharedData(...parts))) return false
  if (process.env['CI'] === 'true') throw new Error(`../shared/data/${parts.join('/')} is missing and CI=true`)
  console.warn(`skipped: ../shared/data/${parts.join('/')} is not here`)
  return true
}
