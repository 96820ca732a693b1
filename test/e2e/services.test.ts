// Services mode as it is run: over servers that are given, and with processes that fall.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask, type GraphClient, httpClient } from '../../cli/client.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const PATIENCE = { timeout: 30_000, interval: 100 }

describe.skipIf(lacksNatsServer())('serve --services over a given PostgreSQL and NATS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-given-'))
  let nats: TestNatsServer
  let database: TestDatabase
  let server: ServerProcess
  let client: GraphClient

  beforeAll(async () => {
    nats = await startTestNatsServer()
    database = await freshDatabase()
    const given = { QUESNAY_DATA: directory, NATS_URL: nats.url, DATABASE_URL: database.url }
    server = await startServer(['--services', '--workers', '1'], given)
    client = httpClient(server.url)
  }, 90_000)
  afterAll(async () => {
    await client?.close()
    await server?.interrupt()
    await nats?.stop()
    await database?.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  const economies = () => ask<{ economies: { totalCount: number } }>(client, '{ economies { totalCount } }')

  it('keeps its figures in the database given', async () => {
    expect((await economies()).economies.totalCount).toBe(2)
    const given = new pg.Client({ connectionString: database.url })
    await given.connect()
    const { rows } = await given.query('select count(*)::int as count from economies.economy')
    await given.end()
    expect(rows).toEqual([{ count: 2 }])
  })

  it('starts a subgraph again that was killed, and answers as before', async () => {
    const main = join('subgraphs', 'economies', 'main.js')
    const own = () => childrenOf(server.child.pid!, main)
    const [before] = own()
    process.kill(before!, 'SIGKILL')
    await vi.waitUntil(() => own().some((pid) => pid !== before), PATIENCE)
    const answers = async () => (await economies().catch(() => undefined))?.economies.totalCount === 2
    await vi.waitUntil(answers, PATIENCE)
  })
})

/** Processes of a module that a process started. */
function childrenOf(parent: number, module: string): number[] {
  const { stdout } = spawnSync('ps', ['-axwwo', 'pid=,ppid=,command='], { encoding: 'utf8' })
  return stdout.split('\n').flatMap((line) => {
    const [pid, by, ...command] = line.trim().split(/\s+/)
    return Number(by) === parent && command.some((word) => word.endsWith(module)) ? [Number(pid)] : []
  })
}
