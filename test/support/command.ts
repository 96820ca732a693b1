// The quesnay command as a person runs it: a process of its own, what it printed, and how it ended.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { inheritedEnvironment } from '../../infra/config.ts'
import { builtFile } from '../../infra/paths.ts'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** Starts `quesnay ...args`; `input` is its standard input. `npm run build:code` first. */
export function startCommand(args: readonly string[], environment: Record<string, string>, input = ''): Started {
  const child = spawn(process.execPath, [builtFile('cli', 'main.js'), ...args], {
    env: inheritedEnvironment({ QUESNAY_LOG: 'error', ...environment }),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input)
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.out += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.err += chunk
  })
  const ended = once(child, 'close').then(([code]) => {
    // Whatever a command does, nobody is shown where in our code it happened.
    if (/^\s+at .+:\d+:\d+\)?$/m.test(said.out + said.err))
      throw new Error(`a stack trace was printed:\n${said.out}${said.err}`)
    return { code: code as number | null, ...said }
  })
  return { child, ended }
}
