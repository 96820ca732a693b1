// Whether a server holds the data directory, and answers.
import type { Holder } from '../../infra/store/data-directory.ts'
import { type Finding, findings } from './finding.ts'

const { ok, warn, fail } = findings('server')

/** @param answers whether the gateway says that it is ready */
export async function checkServer(
  directory: string,
  holder: Holder | undefined,
  version: string,
  answers: (url: string) => Promise<boolean>,
): Promise<Finding> {
  if (!holder) return ok(`none holds ${directory}`, 'npm start starts one')
  const who = `process ${holder.pid}, version ${holder.version}, since ${holder.heldSince}`
  if (!holder.url)
    return warn(`${who}, holds ${directory} and does not answer yet`, 'wait for it, or end it and start again')
  if (!(await answers(holder.url)))
    return fail(`${who}, does not answer at ${holder.url}`, `see its log; end process ${holder.pid} and start again`)
  if (holder.version !== version)
    return warn(`${who}, answers at ${holder.url}; this is version ${version}`, 'start it again with this version')
  return ok(`${who}, answers at ${holder.url}`)
}

/** Asks the gateway's /ready, for two seconds at most. */
export async function isReady(graphqlUrl: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/ready', graphqlUrl), { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}
