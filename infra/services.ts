// The outside programs of the services mode: installs nats-server where it is missing.
import { spawn } from 'node:child_process'
import { QuesnayError } from '../schema/errors.ts'
import { findNatsServer } from './find-nats-server.ts'

/** What runs a command to its end: its exit status (null where it could not be started) and all it said. */
export type RunCommand = (command: string, args: readonly string[]) => Promise<{ status: number | null; said: string }>

const runCommand: RunCommand = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', (error) => resolve({ status: null, said: error.message }))
    child.on('close', (status) => resolve({ status, said }))
  })

export interface InstallOptions {
  /** Hears one line per step. */
  readonly say: (line: string) => void
  readonly find?: () => string | undefined
  readonly run?: RunCommand
  readonly platform?: NodeJS.Platform
  readonly isRoot?: boolean
}

/**
 * Installs what the services mode needs and is not here: nats-server, by apt-get on Debian and Ubuntu (as root or
 * with sudo that asks no password), by brew on macOS.
 * Throws TOOL_MISSING, saying what to install, where neither is possible or the installation failed.
 * @returns the path of nats-server.
 */
export async function installServices(options: InstallOptions): Promise<{ natsServer: string }> {
  const { say, find = findNatsServer, run = runCommand, platform = process.platform } = options
  const here = find()
  if (here) {
    say(`nats-server is here: ${here}`)
    return { natsServer: here }
  }
  for (const step of await stepsFor(platform, options.isRoot ?? process.getuid?.() === 0, run)) {
    say(`$ ${step.join(' ')}`)
    const [command = '', ...args] = step
    const { status, said } = await run(command, args)
    if (status !== 0) throw missing(`${step.join(' ')} failed: ${said.trim().split('\n').slice(-3).join(' | ')}`)
  }
  const natsServer = find()
  if (!natsServer) throw missing('nats-server was installed but is not found, or is older than 2.9')
  say(`nats-server is installed: ${natsServer}`)
  return { natsServer }
}

async function stepsFor(platform: NodeJS.Platform, isRoot: boolean, run: RunCommand): Promise<string[][]> {
  const has = async (command: string, ...args: string[]) => (await run(command, args)).status === 0
  if (platform === 'darwin' && (await has('brew', '--version'))) return [['brew', 'install', 'nats-server']]
  if (platform === 'linux' && (await has('apt-get', '--version'))) {
    const root = isRoot ? [] : ['sudo', '-n']
    if (!isRoot && !(await has('sudo', '-n', 'true'))) throw missing('apt-get needs root, and sudo asks for a password')
    const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q']
    return [
      [...root, ...quiet, 'update'],
      [...root, ...quiet, 'install', '-y', '--no-install-recommends', 'nats-server'],
    ]
  }
  throw missing('this system has neither apt-get nor brew')
}

function missing(why: string): QuesnayError {
  return new QuesnayError('TOOL_MISSING', `nats-server is missing and was not installed: ${why}`, {
    tool: 'nats-server',
    suggestion:
      'install nats-server 2.9 or later so that it stands on the PATH: apt-get install nats-server, brew install nats-server, or a release from https://github.com/nats-io/nats-server/releases',
  })
}
