// The bundled PostgreSQL as a process: whom it runs as, where its files lie, and what survives a kill.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runScript } from '../../test/support/child.ts'
import { temporaryDirectory } from '../../test/support/postgres.ts'
import { silentLog } from '../log.ts'
import { packageRoot } from '../paths.ts'
import { isAlive } from '../process.ts'
import { bundledBinaries, reachableBinaries, sharedPlace } from './binaries.ts'
import { startBundled } from './bundled.ts'
import { dataOf } from './cluster.ts'
import type { Database } from './port.ts'
import { hasProcesses, readPostmaster } from './postmaster.ts'
import { canEnter, isRoot, postgresAccount } from './unprivileged.ts'

const account = await postgresAccount(silentLog)
/** Root, in a project that the unprivileged account can read: then a child process can be that account. */
const canBecome = account !== undefined && canEnter(account, packageRoot)
const canDropRights = isRoot() && spawnSync('setpriv', ['--version']).status === 0

let directory: string
const running: Database[] = []
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(async () => {
  for (const database of running.splice(0)) await database.stop()
  for (const home of [directory, join(directory, 'data'), join(directory, 'moved')]) removeOutside(home)
  rmSync(directory, { recursive: true, force: true })
})

/** The files that lie outside of a data directory, which removing it leaves behind. */
function removeOutside(home: string): void {
  if (!existsSync(join(home, 'postgres.json'))) return
  const { directory: outside } = JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as { directory: string }
  rmSync(outside, { recursive: true, force: true })
  rmSync(`${outside}.owner`, { force: true })
}

async function start(home = directory): Promise<Database> {
  const database = await startBundled(home, silentLog)
  running.push(database)
  return database
}

async function stop(database: Database): Promise<void> {
  running.splice(running.indexOf(database), 1)
  await database.stop()
}

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const data = () => dataOf(join(directory, 'postgres'))

const ended = async () => {
  while (hasProcesses(data())) await new Promise((resolve) => setImmediate(resolve))
}

/** Starts it in a child, stores a row, and says its postmaster. */
const START_IN_CHILD = `
  const { startBundled } = await load('infra', 'store', 'bundled.js')
  const { silentLog } = await load('infra', 'log.js')
  const { openStore } = await load('infra', 'store', 'open.js')
  const database = await startBundled(args[0], silentLog)
  const store = await openStore(database.url, { log: silentLog })
  await store.query('create table kept as select 7 as n')
  say({ url: database.url })
  setInterval(() => {}, 1000)`

/** Does the same without what stops it with its parent, as where both were killed. */
const ORPHAN_IN_CHILD = `
  const { initCluster, startCluster } = await load('infra', 'store', 'cluster.js')
  say(await startCluster(args[0]))
  setInterval(() => {}, 1000)`

describe('startBundled', () => {
  it('gives an empty database that keeps what is committed, and the kept one after a stop', async () => {
    const first = await start()
    expect(first.origin).toBe('bundled')
    const durable = `select from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'on'`
    expect(await ask(first.url, durable)).toHaveLength(3)
    await ask(first.url, 'create table kept as select 7 as n')
    await stop(first)
    const second = await start()
    expect(await ask(second.url, 'select * from kept')).toEqual([{ n: 7 }])
  })

  it('stops for good, also when told twice', async () => {
    const database = await start()
    expect(hasProcesses(data())).toBe(true)
    await database.stop()
    await database.stop()
    expect(hasProcesses(data())).toBe(false)
  })

  it('listens on this machine alone, to those who know the password, which we alone can read', async () => {
    const { url } = await start()
    expect(await ask(url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    const wrong = new URL(url)
    wrong.password = 'guess'
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    expect(statSync(join(directory, 'postgres.password')).mode & 0o777).toBe(0o600)
  })

  it('begins again where a first start was cut short', async () => {
    mkdirSync(join(directory, 'postgres', 'pg'), { recursive: true })
    writeFileSync(join(directory, 'postgres', 'pg', 'PG_VERSION'), '18\n')
    const { url } = await start()
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  it('says what PostgreSQL says where it does not start', async () => {
    await stop(await start())
    writeFileSync(join(directory, 'postgres', 'pg', 'postgresql.conf'), 'nonsense = 1\n')
    await expect(start()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: /nonsense/ })
  })

  it('starts where postmaster.pid of a crash names a process that is none of ours', async () => {
    await stop(await start())
    writeFileSync(
      join(directory, 'postgres', 'pg', 'postmaster.pid'),
      `${process.pid}\n${directory}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`,
    )
    const { url } = await start()
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }])
    expect(isAlive(process.pid)).toBe(true)
  })

  it('ends with its process when that is killed, and starts again on what was stored', async () => {
    const child = runScript(START_IN_CHILD, [directory])
    await child.heard()
    await child.kill('SIGKILL')
    await ended()
    const { url } = await start()
    expect(await ask(url, 'select * from kept')).toEqual([{ n: 7 }])
  })

  it('takes over from an orphan that nothing stopped', async () => {
    await stop(await start())
    const options = {
      binaries: reachableBinaries(account),
      account,
      directory: join(directory, 'postgres'),
      password: '',
    }
    const child = runScript(ORPHAN_IN_CHILD, [options])
    const orphan = await child.heard<{ pid: number }>()
    await child.kill('SIGKILL')
    expect(isAlive(orphan.pid)).toBe(true)
    const { url } = await start()
    expect(readPostmaster(data())?.pid).not.toBe(orphan.pid)
    expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  it('comes back at the same URL after the server itself was killed, twice, and still stops for good', async () => {
    const database = await start()
    await ask(database.url, 'create table kept as select 7 as n')
    for (let falls = 0; falls < 2; falls++) {
      const fallen = readPostmaster(data())!.pid
      process.kill(fallen, 'SIGKILL')
      await expect.poll(() => readPostmaster(data())?.pid ?? fallen).not.toBe(fallen)
      await expect.poll(() => ask(database.url, 'select * from kept').catch(() => 'not yet')).toEqual([{ n: 7 }])
    }
    await stop(database)
    expect(hasProcesses(data())).toBe(false)
  })

  it.skipIf(!canBecome)('keeps everything in the data directory of a user who is not root', async () => {
    chmodSync(directory, 0o777)
    const child = runScript(START_IN_CHILD, [join(directory, 'data')], account)
    const { url } = await child.heard<{ url: string }>()
    expect(await ask(url, 'select * from kept')).toEqual([{ n: 7 }])
    expect(existsSync(join(directory, 'data', 'postgres', 'pg', 'PG_VERSION'))).toBe(true)
    expect(existsSync(join(directory, 'data', 'postgres.json'))).toBe(false)
    expect(statSync(join(directory, 'data')).uid).toBe(account?.uid)
    await child.kill('SIGKILL')
  })

  it.skipIf(!canDropRights)('runs as root in a container that may not trace processes of others', async () => {
    const script = `${START_IN_CHILD}; await store.close(); await database.stop(); say('stopped'); process.exit(0)`
    const child = runScript(script, [directory], {
      under: ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace'],
    })
    await child.heard()
    expect(await child.heard()).toBe('stopped')
    expect(hasProcesses(data())).toBe(false)
    expect(await child.ended).toBe(0)
  })
})

describe.skipIf(!isRoot())('startBundled as root in a directory that only root may enter', () => {
  let home: string
  beforeEach(() => {
    chmodSync(directory, 0o700)
    home = join(directory, 'data')
  })

  it('runs, keeping its files elsewhere and a pointer to them', async () => {
    const first = await start(home)
    await ask(first.url, 'create table kept as select 7 as n')
    expect(existsSync(join(home, 'postgres'))).toBe(false)
    const { directory: outside } = JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as {
      directory: string
    }
    expect(statSync(join(outside, 'pg')).uid).toBe(account?.uid)
    await stop(first)
    expect(await ask((await start(home)).url, 'select * from kept')).toEqual([{ n: 7 }])
  })

  it('finds them again after the data directory was moved', async () => {
    const first = await start(home)
    await ask(first.url, 'create table kept as select 7 as n')
    await stop(first)
    renameSync(home, join(directory, 'moved'))
    expect(await ask((await start(join(directory, 'moved'))).url, 'select * from kept')).toEqual([{ n: 7 }])
  })

  it('refuses a copy of the data directory, which would share them', async () => {
    await start(home)
    cpSync(home, join(directory, 'copy'), { recursive: true })
    await expect(start(join(directory, 'copy'))).rejects.toMatchObject({ code: 'DATA_DIRECTORY_HELD', message: /copy/ })
  })

  it('begins empty in a data directory that was removed and made anew, and sets the old files aside', async () => {
    const first = await start(home)
    const { directory: outside } = JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as {
      directory: string
    }
    await ask(first.url, 'create table kept as select 7 as n')
    await stop(first)
    rmSync(home, { recursive: true })
    await expect(ask((await start(home)).url, 'select * from kept')).rejects.toMatchObject({ code: '42P01' })
    const aside = readdirSync(join(outside, '..')).filter((name) =>
      join(outside, '..', name).startsWith(`${outside}.1`),
    )
    expect(aside).toHaveLength(1)
    rmSync(join(outside, '..', aside[0]!), { recursive: true })
  })

  it('copies the binaries, once, to where the account can run them', () => {
    const installed = bundledBinaries()
    const closed = mkdtempSync(join(tmpdir(), 'quesnay-closed-'))
    const root = join(closed, 'native')
    cpSync(installed.root, root, { recursive: true, verbatimSymlinks: true })
    const version = `test-${closed.slice(-6)}`
    const hidden = { root, bin: join(root, 'bin'), version, major: installed.major }
    const { bin } = reachableBinaries(account, hidden)
    try {
      expect(bin.startsWith(join(sharedPlace(account!), `postgresql-${version}`))).toBe(true)
      const said = spawnSync(join(bin, 'postgres'), ['--version'], { ...account, cwd: '/', encoding: 'utf8' })
      expect(said.stdout).toMatch(/^postgres \(PostgreSQL\) \d+/)
      rmSync(root, { recursive: true })
      expect(reachableBinaries(account, { ...hidden, bin: closed }).bin).toBe(bin)
    } finally {
      rmSync(join(bin, '..'), { recursive: true, force: true })
      rmSync(closed, { recursive: true, force: true })
    }
  })
})
