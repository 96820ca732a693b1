// Tests of a nats-server that comes back.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { lacksNatsServer } from '../test/support/nats-server.ts'
import { openNatsBus } from './bus/nats.ts'
import { systemClock as clock } from './clock.ts'
import { keepNatsServer } from './keep-nats-server.ts'
import { silentLog } from './log.ts'
import { isAlive } from './process.ts'

const PATIENCE = { timeout: 60_000, interval: 50 }

describe.skipIf(lacksNatsServer())('a nats-server that is kept', () => {
  const storeDirectory = mkdtempSync(join(tmpdir(), 'quesnay-kept-'))
  afterAll(() => rmSync(storeDirectory, { recursive: true, force: true }))

  it('comes back at its URL each time it is killed, and stays away once it was stopped', async () => {
    const server = await keepNatsServer({ storeDirectory, log: silentLog })
    for (let time = 0; time < 2; time++) {
      const before = server.pid
      process.kill(before, 'SIGKILL')
      await vi.waitUntil(() => server.pid !== before, PATIENCE)
      const bus = await openNatsBus({ url: server.url, clock, log: silentLog })
      expect(await bus.ready()).toBe(true)
      await bus.close()
    }
    const last = server.pid
    await server.stop()
    expect(isAlive(last)).toBe(false)
    expect(server.pid).toBe(last)
  }, 120_000)
})
