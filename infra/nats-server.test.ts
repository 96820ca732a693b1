// Tests of our own nats-server: its start, its end, and what a killed owner leaves behind.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runScript } from '../test/support/child.ts'
import { lacksNatsServer } from '../test/support/nats-server.ts'
import { openNatsBus } from './bus/nats.ts'
import { systemClock } from './clock.ts'
import { silentLog } from './log.ts'
import { type NatsServer, natsPassword, runningNats, startNatsServer } from './nats-server.ts'
import { isAlive } from './process.ts'

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => resolve(true)).on('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

describe.skipIf(lacksNatsServer())('our own nats-server', () => {
  let storeDirectory: string
  const running: NatsServer[] = []
  const start = async (port?: number) => {
    const server = await startNatsServer({ storeDirectory, log: silentLog, ...(port === undefined ? {} : { port }) })
    running.push(server)
    return server
  }
  beforeEach(() => {
    storeDirectory = join(mkdtempSync(join(tmpdir(), 'quesnay nats-')), 'new "store"')
  })
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop()
    rmSync(join(storeDirectory, '..'), { recursive: true, force: true })
  })

  it('answers on a free loopback port as soon as it is started, in a directory that it makes', async () => {
    const server = await start()
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`)
    expect(await answers(server.port)).toBe(true)
    expect(existsSync(join(storeDirectory, 'jetstream'))).toBe(true)
  })

  it('admits nobody without its password, which is kept and which nobody else may read', async () => {
    const password = natsPassword(storeDirectory)
    expect(natsPassword(storeDirectory)).toBe(password)
    const server = await startNatsServer({ storeDirectory, password, log: silentLog })
    running.push(server)
    expect(server.url).toBe(`nats://quesnay:${password}@127.0.0.1:${server.port}`)
    expect(runningNats(storeDirectory)).toBe(server.url)
    for (const file of ['password', 'nats-server.conf'])
      expect(statSync(join(storeDirectory, file)).mode & 0o077, file).toBe(0)
    const options = { clock: systemClock, log: silentLog }
    const bus = await openNatsBus({ ...options, url: server.url })
    expect(await bus.ready()).toBe(true)
    await bus.close()
    for (const user of ['', 'quesnay:wrong@', 'other:wrong@']) {
      const url = `nats://${user}127.0.0.1:${server.port}`
      await expect(openNatsBus({ ...options, url })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    }
  })

  it('is gone after stop, and stopping again does nothing', async () => {
    const server = await start()
    await server.stop()
    await server.stop()
    await server.ended
    expect(isAlive(server.pid)).toBe(false)
    expect(runningNats(storeDirectory)).toBeUndefined()
    expect(await answers(server.port)).toBe(false)
  })

  it('starts again on the same port after kill -9', async () => {
    const first = await start()
    await first.kill9()
    const second = await start(first.port)
    expect(second.port).toBe(first.port)
    expect(await answers(second.port)).toBe(true)
  })

  it('refuses a directory on which another server runs, and names its process', async () => {
    const first = await start()
    const error = await startNatsServer({ storeDirectory, log: silentLog }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'DATA_DIRECTORY_HELD', detail: { pid: first.pid } })
    expect(await answers(first.port)).toBe(true)
  })

  it('ends the server that a killed process left behind', async () => {
    const owner = runScript(
      `const { startNatsServer } = await load('infra', 'nats-server.js')
       const { silentLog } = await load('infra', 'log.js')
       const { port } = await startNatsServer({ storeDirectory: args[0], log: silentLog })
       say(port)
       setInterval(() => {}, 1000)`,
      [storeDirectory],
    )
    const orphan = await owner.heard<number>()
    await owner.kill('SIGKILL')
    expect(await answers(orphan)).toBe(true)
    const server = await start()
    expect(await answers(orphan)).toBe(false)
    expect(await answers(server.port)).toBe(true)
  })

  it('throws BUS_UNAVAILABLE with what the server said where it cannot start', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => blocker.once('listening', resolve))
    const { port } = blocker.address() as { port: number }
    await expect(start(port)).rejects.toMatchObject({
      code: 'BUS_UNAVAILABLE',
      message: expect.stringContaining('address already in use'),
    })
    blocker.close()
  })
})
