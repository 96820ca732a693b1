// A nats-server for tests that want a configuration of their own: TLS, users, a cluster.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '../../infra/clock.ts'
import { findNatsServer } from '../../infra/find-nats-server.ts'

export interface ConfiguredServer {
  readonly port: number
  /** Starts it, or starts it again; resolves when it greets. */
  start(): Promise<void>
  /** Ends it by a signal; resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

/**
 * A server on a loopback port that keeps its files in the directory. It is not started yet.
 * @param lines of its configuration beside address and JetStream.
 */
export function configuredServer(directory: string, port: number, lines: readonly string[]): ConfiguredServer {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'test.conf')
  const own = [
    'host: "127.0.0.1"',
    `port: ${port}`,
    `jetstream { store_dir: ${JSON.stringify(directory)}, max_memory_store: 256MB, max_file_store: 4GB }`,
  ]
  writeFileSync(file, [...own, ...lines, ''].join('\n'))
  let child: ChildProcess | undefined
  let said = ''
  const end = async (signal: NodeJS.Signals) => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill(signal)
    await ended
    process.off('exit', killWithUs)
  }
  // A failed run leaves nothing behind.
  const killWithUs = () => child?.kill('SIGKILL')
  return {
    port,
    end,
    async start() {
      child = spawn(findNatsServer()!, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
      process.once('exit', killWithUs)
      child.stderr!.on('data', (chunk: Buffer) => {
        said = (said + String(chunk)).slice(-4000)
      })
      const until = systemClock.now() + 15_000
      while (!(await greets(port))) {
        if (child.exitCode !== null || systemClock.now() > until) throw new Error(`nats-server did not start: ${said}`)
        await systemClock.sleep(20)
      }
    },
  }
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1000 })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('data', (data) => answer(data.toString().startsWith('INFO ')))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })
}
