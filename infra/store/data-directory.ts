// One server per data directory: a lock file that says who holds it and where that server answers.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { QuesnayError } from '../../schema/errors.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type LockHolder, liveHolder, takeLock, thisProcess } from '../lock-file.ts'
import { makeDirectory } from '../make-directory.ts'
import { packageFile } from '../paths.ts'

export interface Holder extends LockHolder {
  /** Where its gateway answers; null while it starts. */
  readonly url: string | null
  readonly version: string
}

export interface Hold {
  readonly directory: string
  /** Writes down where the server answers, for clients that look with findServer. */
  announce(url: string): void
  /** Gives the directory free. Does nothing the second time. */
  release(): void
}

const LOCK = 'server.json'

/**
 * Takes the data directory, making it where it is missing. A lock that a dead process left is healed.
 * Errors: DATA_DIRECTORY_HELD with the holder in its detail; CONFIG_INVALID where it cannot be made or written.
 */
export async function holdDataDirectory(directory: string, clock: Clock = systemClock): Promise<Hold> {
  const mine: Holder = { ...thisProcess(clock), url: null, version: packageVersion() }
  const lock = await writable(directory, () => {
    makeDirectory(directory)
    return takeLock(join(directory, LOCK), mine, clock)
  })
  if ('heldBy' in lock) throw held(directory, lock.heldBy)
  return { directory, announce: (url) => lock.tell({ ...mine, url }), release: () => lock.release() }
}

/** @throws CONFIG_INVALID where the system refuses: no such place, no right, no room, read-only, or a file stands there */
async function writable<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const problem = `cannot be written: ${(cause as Error).message}`
    const fix = 'choose a directory that this account may write, on a disk with room'
    throw new QuesnayError(
      'CONFIG_INVALID',
      `the data directory ${directory} ${problem}`,
      { problems: [{ variable: 'QUESNAY_DATA', problem, fix }], suggestion: `set QUESNAY_DATA: ${fix}` },
      { cause },
    )
  }
}

/** Who holds the data directory; undefined where nobody does who is alive. */
export function findHolder(directory: string): Holder | undefined {
  return liveHolder<Holder>(join(directory, LOCK))
}

/** The server that holds the data directory; undefined where none is alive or it does not answer yet. */
export function findServer(directory: string): (Holder & { readonly url: string }) | undefined {
  const holder = findHolder(directory)
  return holder?.url ? { ...holder, url: holder.url } : undefined
}

function held(directory: string, holder: Holder): QuesnayError {
  const where = holder.url ? ` at ${holder.url}` : ''
  return new QuesnayError(
    'DATA_DIRECTORY_HELD',
    `${directory} is held by process ${holder.pid}${where} since ${holder.heldSince}`,
    {
      path: directory,
      holder,
      suggestion: `stop process ${holder.pid}, or choose another directory with QUESNAY_DATA`,
    },
  )
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version
}
