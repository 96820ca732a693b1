// Credentials as people use them: made by the command line, sent to a server, refused when they end.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createClient as createWsClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFile } from '../../infra/paths.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

let directory: string
let database: TestDatabase
let server: ServerProcess
let environment: Record<string, string>
/** Where the graph answers. */
let endpoint: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'quesnay-access-'))
  database = await freshDatabase()
  environment = { QUESNAY_DATA: directory, DATABASE_URL: database.url, QUESNAY_LOG: 'error' }
  const config = join(directory, 'gateway.yaml')
  writeFileSync(config, 'auth:\n  demo: off\n  developmentIssuer: true\n')
  server = await startServer([], { ...environment, QUESNAY_GATEWAY_CONFIG: config })
  endpoint = new URL('graphql', server.url).href
}, 90_000)
afterAll(async () => {
  await server?.interrupt()
  await database?.drop()
  rmSync(directory, { recursive: true, force: true })
})

async function quesnay(args: readonly string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [builtFile('cli', 'main.js'), ...args], {
    env: inheritedEnvironment({ ...environment, ...more }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { stdout: stdout.trim(), stderr: stderr.trim() }
}
async function post(headers: Record<string, string>, query = '{ economies { totalCount } }') {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body: await response.json() }
}

describe('a server without demo mode', () => {
  it('lets nobody in without credentials, and says how to send them', async () => {
    const answer = await post({})
    expect(answer).toMatchObject({ status: 401, challenge: 'Bearer realm="quesnay"' })
    expect(answer.body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect((await fetch(new URL('/health', server.url))).status).toBe(200)
  })

  it('takes tokens of `quesnay token`, by HTTP, by command and in connection_init', async () => {
    const { stdout: token } = await quesnay(['token', '--tier', 'pro'])
    expect(await post({ authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
      body: { data: { economies: { totalCount: 2 } } },
    })
    const file = join(directory, 'query.graphql')
    writeFileSync(file, '{ economies { totalCount } }')
    const asked = ['query', file, '--endpoint', endpoint, '--json']
    expect((await quesnay(asked)).stderr).toContain('UNAUTHENTICATED')
    expect((await quesnay(asked, { QUESNAY_TOKEN: token })).stdout).toContain('"totalCount"')
    const client = createWsClient({
      url: endpoint.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${token}` },
    })
    const results = client.iterate({ query: '{ economies { totalCount } }' })
    expect((await results.next()).value).toEqual({ data: { economies: { totalCount: 2 } } })
    await client.dispose()
  })

  it('keeps what a token does not allow, and whose it is', async () => {
    const { stdout: token } = await quesnay(['token', '--tenant', 'other'])
    const authorization = `Bearer ${token}`
    expect((await post({ authorization })).body).toEqual({ data: { economies: { totalCount: 0 } } })
    const { body } = await post({ authorization }, 'mutation { cancelRun(input: { id: "x" }) { run { id } } }')
    expect(body).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN', detail: { scopes: [['scenarios:write']] } } }],
    })
  })

  it('takes API keys until they are revoked', async () => {
    const { stdout } = await quesnay([
      'key',
      'create',
      'nightly',
      '--scopes',
      'economies:write',
      '--expires',
      '1d',
      '--json',
    ])
    const { id, key } = JSON.parse(stdout) as { id: string; key: string }
    expect((await post({ 'x-api-key': key })).status).toBe(200)
    const listed = JSON.parse((await quesnay(['key', 'list', '--json'])).stdout) as { id: string; state: string }[]
    expect(listed).toMatchObject([
      { id, label: 'nightly', scopes: ['economies:write'], state: expect.stringMatching(/^until/) },
    ])
    expect(JSON.stringify(listed)).not.toContain(key.slice(-43))
    expect((await quesnay(['key', 'revoke', id])).stdout).toBe(`${id} is revoked`)
    await expect
      .poll(async () => (await post({ 'x-api-key': key })).status, { timeout: 15_000, interval: 500 })
      .toBe(401)
    expect((await quesnay(['key', 'revoke', 'none'])).stderr).toContain('NOT_FOUND')
  })
})

describe('a subgraph of its own', () => {
  it('does not start without the secret that it shares with the gateway', async () => {
    const { stderr } = await quesnay(['subgraph', 'economies'], {
      NATS_URL: 'nats://127.0.0.1:1',
      QUESNAY_HOST: '0.0.0.0',
    })
    expect(stderr).toContain('CONFIG_INVALID')
    expect(stderr).toContain('QUESNAY_CONTEXT_SECRET_FILE')
  })
})
