// Whom PostgreSQL runs as: it refuses root, so that root hands it to a user without rights.
import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { QuesnayError } from '../../schema/errors.ts'
import type { Log } from '../log.ts'

const exec = promisify(execFile)

export interface Account {
  readonly uid: number
  readonly gid: number
}

const NAME = 'quesnay'
/** Accounts to fall back to, in this order, where none can be made. */
const FALLBACKS = ['postgres', '_postgres', 'nobody']
/** Ways to make a system user: shadow-utils (Debian, Fedora, ...), then BusyBox (Alpine). */
const WAYS_TO_ADD = [
  ['useradd', ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', NAME]],
  ['adduser', ['-S', '-D', '-H', NAME]],
] as const

export const isRoot = (): boolean => process.getuid?.() === 0

/**
 * The account for a PostgreSQL started here: undefined (ourselves) where we are not root; else the system user `quesnay`,
 * made where it is missing, or `postgres` or `nobody` where it cannot be made. Errors: TOOL_MISSING where there is none of them.
 */
export async function postgresAccount(log: Log): Promise<Account | undefined> {
  if (!isRoot()) return undefined
  const own = await lookUp(NAME)
  if (own) return own
  for (const [program, args] of WAYS_TO_ADD) {
    // Several services may add it at once: what counts is that it is there afterwards.
    await exec(program, args).catch(() => {})
    const made = await lookUp(NAME)
    if (made) {
      log.info({ user: NAME }, 'made a system user for PostgreSQL, which refuses to run as root')
      return made
    }
  }
  for (const name of FALLBACKS) {
    const found = await lookUp(name)
    if (found) return found
  }
  throw new QuesnayError('TOOL_MISSING', 'PostgreSQL refuses to run as root and no unprivileged user can be made', {
    suggestion: `add a system user named ${NAME}, or start as a user other than root`,
  })
}

async function lookUp(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await exec('id', [flag, name])).stdout)),
    )
    return uid && gid ? { uid, gid } : undefined
  } catch {
    return undefined
  }
}

/** True where the account may enter the directory and all directories above it. The directory must exist. */
export function canEnter(account: Account, directory: string): boolean {
  const { mode, uid, gid } = statSync(directory)
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  if ((mode & bit) === 0) return false
  const above = dirname(directory)
  return above === directory || canEnter(account, above)
}

/** True where the directory is ours alone to write, so that nobody else can have put anything into it. */
export function isOursAlone(directory: string): boolean {
  const { mode, uid } = statSync(directory)
  return uid === userInfo().uid && (mode & 0o022) === 0
}
