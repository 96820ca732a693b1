// Finds the nats-server program on this machine.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where packages put it when it is not on the PATH: Debian's sbin, releases, Homebrew on Apple silicon and on Linux. */
const PLACES = [
  '/usr/sbin/nats-server',
  '/usr/local/sbin/nats-server',
  '/usr/local/bin/nats-server',
  '/opt/homebrew/bin/nats-server',
  '/home/linuxbrew/.linuxbrew/bin/nats-server',
]

/** The oldest that has all we use; Debian 12 ships 2.9.10. */
const OLDEST = { major: 2, minor: 9 }

/** Absolute path of a nats-server of version 2.9 or later; undefined where there is none. */
export function findNatsServer(): string | undefined {
  const onPath = spawnSync('sh', ['-c', 'command -v nats-server'], { encoding: 'utf8' }).stdout?.trim()
  return [onPath, ...PLACES].find((path) => path && existsSync(path) && isRecent(path))
}

function isRecent(path: string): boolean {
  const said = spawnSync(path, ['-v'], { encoding: 'utf8' }).stdout ?? ''
  const [, major, minor] = (/v(\d+)\.(\d+)/.exec(said) ?? []).map(Number)
  if (major === undefined || minor === undefined) return false
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)
}
