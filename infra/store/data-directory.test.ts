// The data directory's lock: one server at a time, whatever dies.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runScript } from '../../test/support/child.ts'
import { processStart } from '../process.ts'
import { findServer, type Holder, holdDataDirectory } from './data-directory.ts'

let directory: string
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'quesnay-lock-')), 'data')
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

const lock = () => join(directory, 'server.json')
const HOLD = `
  const { holdDataDirectory } = await load('infra', 'store', 'data-directory.js')
  try {
    const hold = await holdDataDirectory(args[0])
    hold.announce('http://127.0.0.1:4321/')
    say('held')
    setInterval(() => {}, 1000)
  } catch (error) {
    say(error.code)
  }`

/** A lock as a process wrote it that has since died. */
async function leaveStale(change: Partial<Holder> = {}): Promise<void> {
  const child = runScript(HOLD, [directory])
  expect(await child.heard()).toBe('held')
  await child.kill('SIGKILL')
  writeFileSync(lock(), JSON.stringify({ ...JSON.parse(readFileSync(lock(), 'utf8')), ...change }))
}

describe('holdDataDirectory', () => {
  it('makes the directory, and frees it again', async () => {
    const hold = await holdDataDirectory(directory)
    expect(existsSync(lock())).toBe(true)
    hold.release()
    hold.release()
    expect(existsSync(lock())).toBe(false)
    ;(await holdDataDirectory(directory)).release()
  })

  it('tells a second start who holds it, since when and where it answers', async () => {
    const child = runScript(HOLD, [directory])
    expect(await child.heard()).toBe('held')
    await expect(holdDataDirectory(directory)).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_HELD',
      message: expect.stringMatching(new RegExp(`process ${child.pid} at http://127.0.0.1:4321/ since \\d{4}-`)),
      detail: { holder: { pid: child.pid, url: 'http://127.0.0.1:4321/', version: expect.any(String) } },
    })
    await child.kill('SIGKILL')
  })

  it('says which variable to mend where the directory cannot be made, and does not hang', async () => {
    const refused = { code: 'CONFIG_INVALID', detail: { problems: [{ variable: 'QUESNAY_DATA' }] } }
    const file = join(directory, '..', 'a-file')
    writeFileSync(file, '')
    await expect(holdDataDirectory(file)).rejects.toMatchObject(refused)
    await expect(holdDataDirectory(join(file, 'within', 'it'))).rejects.toMatchObject(refused)
    if (existsSync('/proc')) await expect(holdDataDirectory('/proc/none/at-all')).rejects.toMatchObject(refused)
  })

  it('makes every directory on the way to it', async () => {
    const deep = join(directory, 'a', 'b')
    ;(await holdDataDirectory(deep)).release()
    expect(existsSync(deep)).toBe(true)
  })

  it('refuses a second start within one process', async () => {
    const hold = await holdDataDirectory(directory)
    await expect(holdDataDirectory(directory)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_HELD' })
    hold.release()
  })

  it('heals the lock of a process that was killed', async () => {
    await leaveStale()
    const hold = await holdDataDirectory(directory)
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid })
    hold.release()
  })

  it.skipIf(processStart(process.pid) === undefined)(
    'heals the lock of a dead process whose number belongs to another one now',
    async () => {
      await leaveStale({ pid: process.pid })
      ;(await holdDataDirectory(directory)).release()
    },
  )

  it.each(['', '{"pid":', '{}', '{"pid":-1}'])('heals a lock that cannot be read: %j', async (content) => {
    ;(await holdDataDirectory(directory)).release()
    writeFileSync(lock(), content)
    ;(await holdDataDirectory(directory)).release()
  })

  it('goes to one alone of six that find a stale lock at once', async () => {
    await leaveStale()
    const children = Array.from({ length: 6 }, () => runScript(HOLD, [directory]))
    const heard = await Promise.all(children.map((child) => child.heard<string>()))
    expect(heard.sort()).toEqual([...Array.from({ length: 5 }, () => 'DATA_DIRECTORY_HELD'), 'held'])
    await Promise.all(children.map((child) => child.kill('SIGKILL')))
  })

  it('does not free what another process holds by now', async () => {
    const hold = await holdDataDirectory(directory)
    const others = JSON.stringify({ pid: 1 })
    writeFileSync(lock(), others)
    hold.announce('http://127.0.0.1:1/')
    hold.release()
    expect(readFileSync(lock(), 'utf8')).toBe(others)
  })

  it('leaves no temporary files behind', async () => {
    await leaveStale()
    const hold = await holdDataDirectory(directory)
    hold.announce('http://127.0.0.1:1/')
    hold.release()
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('findServer', () => {
  it('finds none where nobody ever started', () => {
    expect(findServer(directory)).toBeUndefined()
  })

  it('finds a server once it has announced where it answers, and not after it freed the directory', async () => {
    const hold = await holdDataDirectory(directory)
    expect(findServer(directory)).toBeUndefined()
    hold.announce('http://127.0.0.1:4000/')
    expect(findServer(directory)).toMatchObject({ url: 'http://127.0.0.1:4000/', pid: process.pid })
    hold.release()
    expect(findServer(directory)).toBeUndefined()
  })

  it('finds none where the one that announced itself was killed', async () => {
    await leaveStale()
    expect(findServer(directory)).toBeUndefined()
  })
})
