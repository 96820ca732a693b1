// Tests of the installer: which commands it runs on which system. What the commands do is not ours to test.
import { describe, expect, it } from 'vitest'
import { type InstallOptions, installServices } from './services.ts'

interface Machine {
  readonly has: readonly string[]
  readonly platform: NodeJS.Platform
  readonly isRoot?: boolean
  readonly fails?: string
  readonly installs?: boolean
}

/** Runs the installer on a machine without nats-server that has the commands given. */
async function installOn({ has, platform, isRoot = false, fails, installs = true }: Machine) {
  const ran: string[] = []
  const said: string[] = []
  const options: InstallOptions = {
    say: (line) => said.push(line),
    platform,
    isRoot,
    find: () => (installs && ran.length > 0 ? '/usr/sbin/nats-server' : undefined),
    run: async (command, args) => {
      const line = [command, ...args].join(' ')
      if (/--version$|sudo -n true$/.test(line)) return { status: has.includes(command) ? 0 : null, said: '' }
      ran.push(line)
      return fails && line.includes(fails) ? { status: 100, said: 'E: no network' } : { status: 0, said: '' }
    },
  }
  const outcome = await installServices(options).catch((error: unknown) => error)
  return { ran, said, outcome }
}

describe('the installer of the services', () => {
  it('runs nothing where nats-server is here', async () => {
    const said: string[] = []
    const never = () => Promise.reject(new Error('nothing is to be run'))
    const found = await installServices({ say: (line) => said.push(line), find: () => '/bin/nats', run: never })
    expect(found).toEqual({ natsServer: '/bin/nats' })
    expect(said).toEqual(['nats-server is here: /bin/nats'])
  })

  it('updates the package lists and installs by apt-get as root', async () => {
    const { ran, outcome } = await installOn({ has: ['apt-get'], platform: 'linux', isRoot: true })
    expect(ran).toEqual([
      'env DEBIAN_FRONTEND=noninteractive apt-get -q update',
      'env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends nats-server',
    ])
    expect(outcome).toEqual({ natsServer: '/usr/sbin/nats-server' })
  })

  it('uses sudo that asks no password where it is not root', async () => {
    const { ran } = await installOn({ has: ['apt-get', 'sudo'], platform: 'linux' })
    expect(ran.every((line) => line.startsWith('sudo -n env '))).toBe(true)
    expect(ran).toHaveLength(2)
  })

  it('installs by brew on macOS', async () => {
    const { ran } = await installOn({ has: ['brew'], platform: 'darwin' })
    expect(ran).toEqual(['brew install nats-server'])
  })

  it.each([
    ['a Linux without apt-get', { has: [], platform: 'linux', isRoot: true }],
    ['a Debian without root or sudo', { has: ['apt-get'], platform: 'linux' }],
    ['a macOS without brew', { has: [], platform: 'darwin' }],
    ['a Windows', { has: [], platform: 'win32' }],
  ] as const)('says what to install, and throws TOOL_MISSING, on %s', async (_, machine) => {
    const { ran, outcome } = await installOn(machine)
    expect(ran).toEqual([])
    expect(outcome).toMatchObject({ code: 'TOOL_MISSING', detail: { tool: 'nats-server' } })
    expect((outcome as { detail: { suggestion: string } }).detail.suggestion).toContain('install nats-server 2.9')
  })

  it('stops at the step that fails and tells what it said', async () => {
    const { ran, outcome } = await installOn({ has: ['apt-get'], platform: 'linux', isRoot: true, fails: 'update' })
    expect(ran).toHaveLength(1)
    expect(outcome).toMatchObject({ code: 'TOOL_MISSING', message: expect.stringContaining('E: no network') })
  })

  it('throws TOOL_MISSING where all steps worked and nats-server is still not found', async () => {
    const { outcome } = await installOn({ has: ['apt-get'], platform: 'linux', isRoot: true, installs: false })
    expect(outcome).toMatchObject({ code: 'TOOL_MISSING' })
  })
})
