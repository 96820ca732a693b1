// A result of 100 MB fetched from the servers as they are run: all of it, to the bit, and none of them holds it.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, httpClient } from '../../cli/client.ts'
import type { RunRecord } from '../../compute/dispatch/port.ts'
import { freshStore, type TestStore } from '../support/database.ts'
import { ensemble, openFleet, type TestFleet } from '../support/fleet.ts'
import { lacksNatsServer, startTestNatsServer } from '../support/nats-server.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const MB = 1024 * 1024
const MOST_GROWTH_MB = 40
/** Two variables at eleven times: 22 values a lane. */
const LANES = 600_000

interface Link {
  readonly url: string
  readonly bytes: number
  readonly sha256: string
}

let database: TestStore
let fleet: TestFleet
let run: RunRecord
beforeAll(async () => {
  database = await freshStore({ poolSize: 12 })
  fleet = await openFleet({ store: database.store, worker: { threads: 2 } })
  const submitted = await fleet.dispatch.submit(ensemble({ lanes: LANES, result: { kind: 'LANES' } }))
  await fleet.dispatch.settled('local', submitted.id, 100_000)
  run = (await fleet.dispatch.load('local', [submitted.id]))[0]!
}, 120_000)
afterAll(async () => {
  await fleet?.close()
  await database?.drop()
})

/** Resident megabytes of a process now, as proc(5) has them. */
const rssOf = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** A process and all that it started. */
function familyOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || !existsSync(`/proc/${name}/stat`)) return false
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
  })
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))]
}

const isNode = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('.js')

/** The most that any of the processes grew while the work was done. */
async function growthOf(pids: readonly number[], work: () => Promise<unknown>): Promise<number> {
  const before = new Map(pids.map((pid) => [pid, rssOf(pid)]))
  let most = 0
  const look = () => {
    for (const [pid, then] of before) most = Math.max(most, rssOf(pid) - then)
  }
  const looking = setInterval(look, 10)
  await work()
  look()
  clearInterval(looking)
  return most
}

async function fetched(server: ServerProcess, { url, bytes, sha256 }: Link): Promise<void> {
  const response = await fetch(new URL(url, server.url))
  const hash = createHash('sha256')
  let length = 0
  for await (const chunk of response.body!) {
    hash.update(chunk)
    length += chunk.length
  }
  expect([response.status, length, hash.digest('hex')]).toEqual([200, bytes, sha256])
}

async function link(server: ServerProcess, id: string, format: string): Promise<Link> {
  const client = httpClient(server.url)
  const query = `query Q($id: ID!) { run(id: $id) { download(format: ${format}) { url bytes sha256 } } }`
  const { run: found } = await ask<{ run: { download: Link } }>(client, query, { id })
  await client.close()
  return found.download
}

describe.skipIf(!existsSync('/proc/self/status'))('a result of 100 MB', () => {
  const modes = lacksNatsServer() ? ['embedded'] : ['embedded', 'services']

  it.each(modes)(
    'is made a file and fetched from %s servers that do not hold it',
    { timeout: 120_000 },
    async (mode) => {
      const directory = mkdtempSync(join(tmpdir(), 'quesnay-large-'))
      const nats = mode === 'services' ? await startTestNatsServer() : undefined
      const services = nats ? ['--services', '--workers', '1'] : []
      const given = { QUESNAY_DATA: directory, DATABASE_URL: database.url, ...(nats ? { NATS_URL: nats.url } : {}) }
      const server = await startServer(services, given)
      try {
        // Everything that is loaded once is loaded, and as much is allocated as for any answer.
        const small = await fleet.dispatch.submit(ensemble({ lanes: 30_000, result: { kind: 'LANES' } }))
        await fleet.dispatch.settled('local', small.id, 60_000)
        for (const format of ['RAW', 'ARROW', 'CSV']) await fetched(server, await link(server, small.id, format))

        const pids = familyOf(server.child.pid!).filter(isNode)
        const raw = await growthOf(pids, async () => {
          const found = await link(server, run.id, 'RAW')
          expect(found.bytes).toBeGreaterThan(100 * MB)
          expect(found.sha256).toBe(run.resultHash)
          await fetched(server, found)
        })
        const arrow = await growthOf(pids, async () => fetched(server, await link(server, run.id, 'ARROW')))
        expect(Math.max(raw, arrow)).toBeLessThan(MOST_GROWTH_MB)
      } finally {
        await server.interrupt()
        await nats?.stop()
        rmSync(directory, { recursive: true, force: true })
      }
    },
  )
})
