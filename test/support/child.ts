// A child process that runs the built code, for tests about processes: who dies, who holds what, who may do what.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { builtFile } from '../../infra/paths.ts'

export interface Child {
  readonly pid: number
  /** The next value that the script passed to `say`; rejects with what it wrote to standard error when it ends without one. */
  heard<T>(): Promise<T>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Resolves with the exit code when it has ended. */
  readonly ended: Promise<number | null>
}

export interface ChildOptions {
  readonly uid?: number
  readonly gid?: number
  /** A command to run it under, such as ['setpriv', ...]. */
  readonly under?: readonly string[]
}

/**
 * Runs an async script. It has `load(...parts)` to import a built module, `say(value)` to hand a value to the test, and `args`.
 * It goes on until it is killed or ends by itself; `npm run build:code` first.
 */
export function runScript(script: string, args: readonly unknown[] = [], options: ChildOptions = {}): Child {
  const root = builtFile()
  if (!existsSync(root)) throw new Error('dist/ is missing: npm run build:code')
  const source = `
    const load = (...parts) => import(${JSON.stringify(pathToFileURL(root).href)} + '/' + parts.join('/'))
    const say = (value) => console.log(JSON.stringify(value))
    const args = ${JSON.stringify(args)}
    ${script}`
  const [command = '', ...rest] = [...(options.under ?? []), process.execPath, '--input-type=module', '-e', source]
  const { uid, gid } = options
  const account = uid === undefined || gid === undefined ? {} : { uid, gid }
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...account })
  return watch(child)
}

function watch(child: ChildProcess): Child {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  let complaints = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      complaints += error.message
      resolve(null)
    })
    child.on('exit', (code) => resolve(code))
  })
  return {
    pid: child.pid ?? 0,
    ended,
    async heard<T>() {
      const { value, done } = await lines.next()
      if (!done) return JSON.parse(value) as T
      await ended
      throw new Error(`the child ended without a word: ${complaints}`)
    },
    async kill(signal) {
      child.kill(signal)
      await ended
    },
  }
}
