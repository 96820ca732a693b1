// `quesnay serve` and `quesnay gateway` as processes of their own, as people start them: on free ports, in a directory of their own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFile } from '../../infra/paths.ts'

export interface ServerProcess {
  readonly url: string
  readonly child: ChildProcess
  /** Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number | null>
}

/** Starts the server and waits until it says where it is; rejects with what it said where it ends before that. @param hear its log */
export const startServer = (
  args: readonly string[],
  environment: Record<string, string>,
  hear: (text: string) => void = () => {},
): Promise<ServerProcess> => startProcess(['serve', ...args], environment, hear)

/** The same for any command that prints its URL with --json. */
export async function startProcess(
  args: readonly string[],
  environment: Record<string, string>,
  hear: (text: string) => void = () => {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [builtFile('cli', 'main.js'), ...args, '--json'], {
    env: inheritedEnvironment({ QUESNAY_PORT: '0', QUESNAY_LOG: 'error', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    hear(String(chunk))
    said = (said + String(chunk)).slice(-20_000)
  })
  const ended = once(child, 'exit')
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
    ended.then(() => Promise.reject(new Error(`the server ended: ${said}`))),
  ])
  const { url } = JSON.parse(line) as { url: string }
  return {
    url,
    child,
    async interrupt() {
      child.kill('SIGINT')
      await ended
      return child.exitCode
    },
  }
}
