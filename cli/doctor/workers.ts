// Whether workers are alive, of this version, and hold the kernels of this version.
import type { WorkerReport } from '../../compute/dispatch/workers.ts'
import { count, type Finding, findings } from './finding.ts'

const { ok, warn, fail } = findings('workers')

/** @param kernels those built here, each as name@sha256 */
export function checkWorkers(reports: readonly WorkerReport[], version: string, kernels: readonly string[]): Finding {
  const pulling = reports.filter(({ draining }) => !draining)
  const slots = pulling.reduce((sum, report) => sum + report.slots, 0)
  const say = `${count(pulling.length, 'worker')} with ${count(slots, 'slot')}`
  if (slots === 0)
    return fail(`${say}: nothing is computed`, 'start one: quesnay worker, with NATS_URL and DATABASE_URL')
  const other = [...new Set(pulling.map((report) => report.version).filter((one) => one !== version))]
  if (other.length > 0)
    return warn(`${say}, some of version ${other.join(', ')}; this is ${version}`, 'let all run the same version')
  const lacking = pulling.filter((report) => !kernels.every((kernel) => report.kernels.includes(kernel)))
  if (lacking.length > 0)
    return warn(
      `${say}, of which ${lacking.map(({ id }) => id).join(', ')} hold other kernels than those built here`,
      'build all from the same source: npm run build',
    )
  return ok(say)
}
