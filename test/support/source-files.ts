// The product's TypeScript files: no tests, no built files, no AssemblyScript (it imports nothing but its own lib).
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../infra/paths.ts'

const ROOMS = ['schema', 'infra', 'compute', 'subgraphs', 'gateway', 'cli']
const APART = ['compute/kernels', 'gateway/page']

/** Paths relative to the package, with forward slashes, sorted. */
export function sourceFiles(): string[] {
  return ROOMS.flatMap(below).sort()
}

function below(folder: string): string[] {
  if (APART.includes(folder)) return []
  return readdirSync(join(packageRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return below(path)
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : []
  })
}
