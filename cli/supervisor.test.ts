import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock as clock } from '../infra/clock.ts'
import { silentLog } from '../infra/log.ts'
import { Supervisor } from './supervisor.ts'

/** Listens on the port it is told and says so, answers its process number, and ends when it is asked to. */
const OURS = `
import { createServer } from 'node:http'
const server = createServer((_, response) => response.end(String(process.pid)))
server.listen(Number(process.env.LITTLE_PORT), '127.0.0.1', () =>
  process.send({ ready: 'http://127.0.0.1:' + server.address().port + '/' }))
process.on('SIGTERM', () => process.exit())
`
const SILENT = `
import { createServer } from 'node:http'
createServer().listen(Number(process.env.LITTLE_PORT), '127.0.0.1', () => process.exit(1))
`

describe('a process that is started here', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-supervisor-'))
  const said: string[] = []
  let supervisor: Supervisor
  let foreign: Server | undefined

  afterEach(async () => {
    await supervisor.stop()
    foreign?.close()
    foreign = undefined
  })

  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  const start = (source: string, number = 0) => {
    const module = join(directory, 'little.mjs')
    writeFileSync(module, source)
    supervisor = new Supervisor({ clock, log: silentLog, say: (line) => void said.push(line) })
    return supervisor.start({ name: 'little', module, environment: {}, port: { variable: 'LITTLE_PORT', number } })
  }
  const pidAt = async (url: string) => Number(await (await fetch(url)).text())

  it('says itself where it listens, and has that port again after a fall', async () => {
    const url = await start(OURS)
    const first = await pidAt(url)
    expect(said.at(-1)).toContain(`pid ${first}  ${new URL(url).origin}`)
    process.kill(first, 'SIGKILL')
    const second = await vi.waitUntil(() => pidAt(url).catch(() => undefined), { timeout: 30_000 })
    expect(second).not.toBe(first)
  })

  it('is not ready because a foreign process answers on the port meant for it', async () => {
    foreign = createServer((_, response) => void response.end('{"ready":true}')).listen(0, '127.0.0.1')
    await vi.waitUntil(() => foreign!.listening)
    const { port } = foreign.address() as AddressInfo
    await expect(start(OURS, port)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  })

  it('is not ready where it ends without a word', async () => {
    await expect(start(SILENT)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  })
})
