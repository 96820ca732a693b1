// A nats-server of our own: started with JetStream on a loopback port, watched, and stopped again.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { QuesnayError } from '../schema/errors.ts'
import { systemClock as clock } from './clock.ts'
import { findNatsServer } from './find-nats-server.ts'
import type { Log } from './log.ts'
import { commandLines, isAlive, processStart } from './process.ts'

export interface NatsServer {
  /** With user and password, where it has one. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Asks it to end, and ends it after five seconds; resolves when it is gone. */
  stop(): Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill9(): Promise<void>
}

export interface NatsServerOptions {
  /** Made where missing. JetStream keeps its files in `jetstream` below it. */
  readonly storeDirectory: string
  /** Default: a free one. */
  readonly port?: number
  /** Of the one user who may connect, `quesnay`; default: everybody on this machine may. */
  readonly password?: string
  readonly log: Log
  readonly readyWithinMs?: number
}

/**
 * Starts nats-server on 127.0.0.1 and waits until JetStream answers.
 * A server that a killed process left behind on the same directory is ended first; one that still has its owner throws
 * DATA_DIRECTORY_HELD. Throws TOOL_MISSING without nats-server, BUS_UNAVAILABLE where it does not come up.
 */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const { storeDirectory, log, readyWithinMs = 15_000 } = options
  const program = findNatsServer()
  if (!program)
    throw new QuesnayError('TOOL_MISSING', 'nats-server is not installed', {
      tool: 'nats-server',
      suggestion: 'npm run services',
    })
  mkdirSync(storeDirectory, { recursive: true })
  await endOrphan(storeDirectory, log)
  writeOwner(storeDirectory)
  const config = join(storeDirectory, 'nats-server.conf')
  // Made anew each time: a file that is there keeps the rights it has.
  rmSync(config, { force: true })
  writeFileSync(config, configText(storeDirectory, options), { mode: 0o600 })

  // A group of its own: a terminal's Ctrl-C reaches only us, who stop it last.
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  const said = hear(child, log)
  const ended = once(child, 'exit').then(
    () => undefined,
    () => undefined,
  )
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  ended.then(() => process.off('exit', killWithUs))

  const port = await ready(child, storeDirectory, readyWithinMs).catch((cause) => {
    child.kill('SIGKILL')
    throw new QuesnayError('BUS_UNAVAILABLE', `nats-server did not start: ${said.slice(-5).join(' | ')}`, {}, { cause })
  })
  const pid = child.pid as number
  log.debug({ pid, port, storeDirectory }, 'nats-server is up')
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const patience = new AbortController()
    await Promise.race([
      ended,
      clock.sleep(5000, patience.signal).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      ),
    ])
    await ended
    patience.abort()
  }
  return {
    url: urlOf(port, options.password),
    port,
    pid,
    ended,
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
  }
}

const USER = 'quesnay'

const urlOf = (port: number, password: string | undefined) =>
  `nats://${password === undefined ? '' : `${USER}:${encodeURIComponent(password)}@`}127.0.0.1:${port}`

/** The URL of the server that runs on this directory, for other processes of whoever may read its password; undefined where none runs. */
export function runningNats(storeDirectory: string): string | undefined {
  if (!ownerLives(storeDirectory) || !existsSync(pidFile(storeDirectory))) return undefined
  const ports = portsFile(storeDirectory, Number(readFileSync(pidFile(storeDirectory), 'utf8').trim()))
  const port = existsSync(ports) ? portIn(readFileSync(ports, 'utf8')) : undefined
  return port === undefined
    ? undefined
    : urlOf(port, existsSync(passwordFile(storeDirectory)) ? natsPassword(storeDirectory) : undefined)
}

const passwordFile = (storeDirectory: string) => join(storeDirectory, 'password')

/** The password of a server on this directory: made once, readable by us alone. */
export function natsPassword(storeDirectory: string): string {
  const file = passwordFile(storeDirectory)
  mkdirSync(storeDirectory, { recursive: true })
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

const portsDirectory = (storeDirectory: string) => join(storeDirectory, 'ports')
const portsFile = (storeDirectory: string, pid: number | undefined) =>
  join(portsDirectory(storeDirectory), `nats-server_${pid}.ports`)
const pidFile = (storeDirectory: string) => join(storeDirectory, 'nats-server.pid')

function configText(storeDirectory: string, { port = -1, password }: NatsServerOptions): string {
  rmSync(portsDirectory(storeDirectory), { recursive: true, force: true })
  mkdirSync(portsDirectory(storeDirectory))
  return [
    '# Written at each start.',
    'host: "127.0.0.1"',
    `port: ${port}`,
    'server_name: quesnay',
    `pid_file: ${JSON.stringify(pidFile(storeDirectory))}`,
    `ports_file_dir: ${JSON.stringify(portsDirectory(storeDirectory))}`,
    'max_payload: 1MB',
    ...(password === undefined ? [] : [`authorization { user: ${USER}, password: ${JSON.stringify(password)} }`]),
    `jetstream { store_dir: ${JSON.stringify(storeDirectory)}, max_memory_store: 256MB, max_file_store: 4GB }`,
    '',
  ].join('\n')
}

/** Waits for the ports file and then for a greeting that offers JetStream; returns the port. */
async function ready(child: ChildProcess, storeDirectory: string, withinMs: number): Promise<number> {
  const until = clock.now() + withinMs
  const file = portsFile(storeDirectory, child.pid)
  for (;;) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) throw new Error('it ended')
    const port = existsSync(file) ? portIn(readFileSync(file, 'utf8')) : undefined
    if (port !== undefined && (await greets(port))) return port
    if (clock.now() > until) throw new Error(`it was not ready within ${withinMs} ms`)
    await clock.sleep(10)
  }
}

function portIn(text: string): number | undefined {
  const found = /nats:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** True where the port answers with an INFO line that says JetStream is on. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1000 })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('data', (data) => answer(/^INFO .*"jetstream":true/.test(data.toString())))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })
}

/** Ends a server on this directory whose owner is gone: two of them would write the same files. */
async function endOrphan(storeDirectory: string, log: Log): Promise<void> {
  const file = pidFile(storeDirectory)
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : 0
  // Not `isAlive`: where nobody reaps, a killed process keeps its number, but not its command line.
  const runs = () => commandLines()?.get(pid)?.includes(join(storeDirectory, 'nats-server.conf')) === true
  if (!runs()) return
  if (ownerLives(storeDirectory))
    throw new QuesnayError('DATA_DIRECTORY_HELD', `nats-server ${pid} runs on ${storeDirectory}`, {
      pid,
      storeDirectory,
    })
  log.warn({ pid, storeDirectory }, 'ending a nats-server that a killed process left behind')
  process.kill(pid, 'SIGKILL')
  while (runs()) await clock.sleep(20)
}

interface Owner {
  readonly pid: number
  readonly start: string | undefined
}

const ownerFile = (storeDirectory: string) => join(storeDirectory, 'owner.json')

function writeOwner(storeDirectory: string): void {
  const owner: Owner = { pid: process.pid, start: processStart(process.pid) }
  writeFileSync(ownerFile(storeDirectory), JSON.stringify(owner))
}

function ownerLives(storeDirectory: string): boolean {
  if (!existsSync(ownerFile(storeDirectory))) return false
  const { pid, start } = JSON.parse(readFileSync(ownerFile(storeDirectory), 'utf8')) as Owner
  return isAlive(pid) && processStart(pid) === start
}

/** Passes the server's lines to our log; keeps the last ones for an error message. */
function hear(child: ChildProcess, log: Log): string[] {
  const last: string[] = []
  child.on('error', (error) => last.push(error.message))
  child.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      last.push(line)
      if (last.length > 20) last.shift()
      log[/\[(ERR|FTL)\]/.test(line) ? 'warn' : 'trace']({ from: 'nats-server' }, line)
    }
  })
  return last
}
