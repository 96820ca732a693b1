// Services mode as it is run: over servers that are given, and with processes that fall.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask, type GraphClient, httpClient } from '../../cli/client.ts'
import { signToken } from '../../gateway/auth/development-issuer.ts'
import { systemClock } from '../../infra/clock.ts'
import type { Tier } from '../../schema/caller.ts'
import { newAuthority } from '../support/certificates.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { lacksNatsServer, startTestNatsServer, type TestNatsServer } from '../support/nats-server.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const PATIENCE = { timeout: 30_000, interval: 100 }

describe.skipIf(lacksNatsServer())('serve --services over a given PostgreSQL and NATS, with certificates', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-given-'))
  let nats: TestNatsServer
  let database: TestDatabase
  let server: ServerProcess
  let client: GraphClient

  beforeAll(async () => {
    nats = await startTestNatsServer()
    database = await freshDatabase()
    const authority = await newAuthority(directory, 'authority')
    const { certFile, keyFile } = await authority.issue('this-machine', ['127.0.0.1'])
    const config = join(directory, 'gateway.yaml')
    writeFileSync(config, 'limits: { computeSeconds: { free: 1 } }')
    const given = {
      ...{ QUESNAY_DATA: join(directory, 'data'), NATS_URL: nats.url, DATABASE_URL: database.url },
      QUESNAY_GATEWAY_CONFIG: config,
      ...{ QUESNAY_SUBGRAPH_CA: authority.caFile, QUESNAY_SUBGRAPH_CERT: certFile, QUESNAY_SUBGRAPH_KEY: keyFile },
    }
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

  it('holds a stored scenario to the limit of who asks, by what its own process estimates', async () => {
    await ask(
      client,
      'mutation { createScenario(input: { id: "long", title: "t", bankId: "us-health@1.0.0", economyId: "USA", draws: 5000, horizonYears: 50 }) { scenario { id } } }',
    )
    const grant = { tenant: 'local', subject: 'ann', scopes: ['scenarios:write'], roles: [], seconds: 600 } as const
    const as = async (tier: Tier) => {
      const token = await signToken(join(directory, 'data'), { ...grant, tier }, systemClock)
      const query = '{ scenario(id: "long") { estimate { computeSeconds } run { id } } }'
      const response = await fetch(`${server.url}graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      })
      return (await response.json()) as { data: { scenario: { run: object | null } }; errors?: object[] }
    }
    expect(await as('free')).toMatchObject({
      data: { scenario: { estimate: { computeSeconds: expect.any(Number) }, run: null } },
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', detail: { limit: 1, found: expect.any(Number) } } }],
    })
    expect((await as('pro')).errors).toBeUndefined()
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
