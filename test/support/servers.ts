// The PostgreSQL servers that a contract suite runs over: bundled, the system's, and a TimescaleDB where one is given.
import { loadConfig } from '../../infra/config.ts'
import { findSystemPostgres } from '../../infra/store/binaries.ts'
import { startBundledServer, startSystemServer, type TestServer } from './postgres.ts'

export interface ServerLeg {
  readonly name: string
  /** Why it is left out here; undefined where it runs. */
  readonly lacks: string | undefined
  /** False for a server that is not ours to stop. */
  readonly stoppable: boolean
  start(): Promise<TestServer>
}

/** The bundled server always; the others where they are found. */
export function serverLegs(): ServerLeg[] {
  const { timescaleUrl } = loadConfig()
  const system = findSystemPostgres(process.env['PATH'] ?? '')
  return [
    { name: 'bundled', lacks: undefined, stoppable: true, start: startBundledServer },
    {
      name: 'system',
      lacks: system ? undefined : 'no PostgreSQL >= 15 on the PATH or under /usr/lib/postgresql',
      stoppable: true,
      start: async () => (await startSystemServer())!,
    },
    {
      name: 'timescale',
      lacks: timescaleUrl ? undefined : 'TIMESCALE_URL is not set',
      stoppable: false,
      start: async () => given(timescaleUrl!),
    },
  ]
}

function given(url: string): TestServer {
  const notOurs = () => Promise.reject(new Error('this server is not ours to stop'))
  return { url, pid: 0, stop: notOurs, start: notOurs, kill: notOurs, remove: async () => {} }
}
