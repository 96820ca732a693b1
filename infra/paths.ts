// Where the package's own files lie, whether the code runs from source (tests) or from dist/.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function findRoot(from: string): string {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir
    if (dir === dirname(dir)) throw new Error('package.json of quesnay not found')
  }
}

export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

/** A file of the package as checked out: data, SDL, migrations. */
export const packageFile = (...parts: string[]) => join(packageRoot, ...parts)

/** A file that the build makes: compiled modules (for threads and child processes), kernels, the page. */
export const builtFile = (...parts: string[]) => join(packageRoot, 'dist', ...parts)
