// Which server runs on a cluster's files: found by what it wrote down, believed only where the system confirms it.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../schema/hash.ts'
import { type Clock, systemClock } from '../clock.ts'
import { commandLines, isAlive } from '../process.ts'

export interface Postmaster {
  readonly pid: number
  readonly port: number
}

const LOOK_AGAIN_MS = 10
/** Server processes notice within a second that their postmaster is gone; this is for a machine that is very busy. */
const LEFTOVERS_TIMEOUT_MS = 20_000

/** PostgreSQL's cluster_name for a data directory: it stands in the title of each of its processes. At most 63 bytes. */
export const clusterName = (data: string) => `quesnay-${sha256(data).slice(0, 16)}`

/**
 * The server that runs on the data directory, from its postmaster.pid; undefined where none runs.
 * It is verified to have been started on this very directory, for its number may belong to another process by now.
 */
export function readPostmaster(data: string): Postmaster | undefined {
  // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status.
  const [pid, , , port] = pidFile(data)
  if (!isAlive(Number(pid))) return undefined
  const lines = commandLines()
  const ours = lines === undefined || lines.get(Number(pid))?.includes(` -D ${data} `)
  return ours ? { pid: Number(pid), port: Number(port) } : undefined
}

/**
 * Makes way for a start where a postmaster died without cleaning up: waits until the processes it left are gone, and removes a postmaster.pid
 * whose number belongs to a foreign process (or to a dead one that nobody has buried), which would keep PostgreSQL from starting.
 */
export async function clearLeftovers(data: string, clock: Clock = systemClock): Promise<void> {
  const until = clock.now() + LEFTOVERS_TIMEOUT_MS
  while (hasProcesses(data)) {
    if (clock.now() > until) return
    await clock.sleep(LOOK_AGAIN_MS)
  }
  if (isAlive(Number(pidFile(data)[0]))) rmSync(join(data, 'postmaster.pid'), { force: true })
}

/** True while any process of a server on the data directory lives, also where its postmaster is dead. False on Windows, which does not tell. */
export function hasProcesses(data: string): boolean {
  const title = `postgres: ${clusterName(data)}: `
  return [...(commandLines()?.values() ?? [])].some((line) => line.startsWith(title) || line.includes(` -D ${data} `))
}

function pidFile(data: string): string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}
