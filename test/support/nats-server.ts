// A nats-server for tests: on a free loopback port, in a temporary directory, stopped at the end.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNatsServer } from '../../infra/find-nats-server.ts'
import { silentLog } from '../../infra/log.ts'
import { type NatsServer, startNatsServer } from '../../infra/nats-server.ts'

/** For `describe.skipIf(lacksNatsServer())`: true where it is not installed. With CI=true a missing one fails. */
export function lacksNatsServer(): boolean {
  if (findNatsServer()) return false
  if (process.env['CI'] === 'true') throw new Error('nats-server is missing and CI=true: npm run services')
  console.warn('skipped: nats-server is not installed; npm run services installs it')
  return true
}

export interface TestNatsServer {
  readonly url: string
  /** Of its process, as long as this start lives. */
  readonly pid: number
  readonly storeDirectory: string
  kill9(): Promise<void>
  /** Starts it again on the same port; `emptied` loses everything it stored. */
  restart(options?: { emptied?: boolean }): Promise<void>
  /** Ends it and removes its directory. */
  stop(): Promise<void>
}

export async function startTestNatsServer(): Promise<TestNatsServer> {
  const storeDirectory = mkdtempSync(join(tmpdir(), 'quesnay-nats-'))
  let server: NatsServer = await startNatsServer({ storeDirectory, log: silentLog })
  const { url, port } = server
  return {
    url,
    get pid() {
      return server.pid
    },
    storeDirectory,
    kill9: () => server.kill9(),
    async restart({ emptied = false } = {}) {
      await server.stop()
      if (emptied) rmSync(storeDirectory, { recursive: true, force: true })
      server = await startNatsServer({ storeDirectory, port, log: silentLog })
    },
    async stop() {
      await server.stop()
      rmSync(storeDirectory, { recursive: true, force: true })
    },
  }
}
