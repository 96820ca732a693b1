// Whether the kernels are built, signed by a key that is trusted here, and which they are.
import { openShelf, type ShelfOptions } from '../../compute/worker/kernel/shelf.ts'
import { type Finding, findings } from './finding.ts'
import { guarded } from './guarded.ts'

const { ok, fail } = findings('kernels')
/** What a job cannot do without. */
const NEEDED = ['machine', 'stats']

/** Each is shown by the first 12 digits of its hash. */
export async function checkKernels(options: ShelfOptions): Promise<readonly Finding[]> {
  return guarded('kernels', () => {
    const names = openShelf(options).names
    const lacking = NEEDED.filter((name) => !names.some((kernel) => kernel.startsWith(`${name}@`)))
    if (lacking.length > 0) return fail(`${lacking.join(' and ')} not built`, 'npm run build')
    return ok(`signed: ${names.map((name) => name.slice(0, name.indexOf('@') + 13)).join(', ')}`)
  })
}

/** Those this machine would run, each as name@sha256; none where they are not built. */
export function heldKernels(options: ShelfOptions): readonly string[] {
  try {
    return openShelf(options).names
  } catch {
    return []
  }
}
