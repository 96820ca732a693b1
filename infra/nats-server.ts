// A nats-server of our own: started with JetStream on a loopback port, watched, and stopped again.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { QuesnayError } from '../schema/errors.ts'
import { systemClock as clock } from './clock.ts'
import { findNatsServer } from './find-nats-server.ts'
import type { Log } from './log.ts'

export interface NatsServer {
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
  const config = join(storeDirectory, 'nats-server.conf')
  writeFileSync(config, configText(storeDirectory, options.port ?? -1))

  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
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
  return { url: `nats://127.0.0.1:${port}`, port, pid, ended, stop: () => end('SIGTERM'), kill9: () => end('SIGKILL') }
}

const portsDirectory = (storeDirectory: string) => join(storeDirectory, 'ports')
const pidFile = (storeDirectory: string) => join(storeDirectory, 'nats-server.pid')

function configText(storeDirectory: string, port: number): string {
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
    `jetstream { store_dir: ${JSON.stringify(storeDirectory)}, max_memory_store: 256MB, max_file_store: 4GB }`,
    '',
  ].join('\n')
}

/** Waits for the ports file and then for a greeting that offers JetStream; returns the port. */
async function ready(child: ChildProcess, storeDirectory: string, withinMs: number): Promise<number> {
  const until = clock.now() + withinMs
  const file = join(portsDirectory(storeDirectory), `nats-server_${child.pid}.ports`)
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
  const running = pid > 1 ? processOf(pid) : undefined
  if (!running?.args.includes(join(storeDirectory, 'nats-server.conf'))) return
  if (running.parent !== 1)
    throw new QuesnayError('DATA_DIRECTORY_HELD', `nats-server ${pid} runs on ${storeDirectory}`, {
      pid,
      storeDirectory,
    })
  log.warn({ pid, storeDirectory }, 'ending a nats-server that a killed process left behind')
  process.kill(pid, 'SIGKILL')
  while (processOf(pid)) await clock.sleep(20)
}

/** Parent and command line of a live process, from /proc where there is one: slim images have no ps. */
function processOf(pid: number): { parent: number; args: string } | undefined {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The second field is the name in brackets and may hold spaces; behind it come state and parent.
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return state === 'Z' ? undefined : { parent: Number(parent), args }
    } catch {
      return undefined
    }
  }
  const { stdout, status } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' })
  return status === 0 ? { parent: Number.parseInt(stdout, 10), args: stdout } : undefined
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
