// One server per data directory: a lock file that says who holds it and where that server answers.
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { QuesnayError } from '../../schema/errors.ts'
import { type Clock, systemClock } from '../clock.ts'
import { packageFile } from '../paths.ts'
import { isAlive, processStart } from '../process.ts'

export interface Holder {
  readonly pid: number
  /** Boot and start of the process, which tell it from a later one of the same number; null where the system does not say. */
  readonly processStart: string | null
  /** Since when it holds the directory; ISO 8601, UTC. */
  readonly heldSince: string
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
/** Longer than another start takes between judging a lock stale and taking it away, in ms. */
const SETTLE_MS = 50

let names = 0

/**
 * Takes the data directory, making it where it is missing. A lock that a dead process left is healed; also where its number belongs to another process by now.
 * Errors: DATA_DIRECTORY_HELD with the holder in its detail; CONFIG_INVALID where it cannot be made or written.
 */
export async function holdDataDirectory(directory: string, clock: Clock = systemClock): Promise<Hold> {
  const lock = join(directory, LOCK)
  const mine: Holder = {
    pid: process.pid,
    processStart: processStart(process.pid) ?? null,
    heldSince: new Date(clock.now()).toISOString(),
    url: null,
    version: packageVersion(),
  }
  let token = JSON.stringify(mine)
  let healed = false
  writable(directory, () => makeDirectory(directory))
  while (!writable(directory, () => create(lock, token))) {
    const holder = readHolder(lock)
    if (holder && lives(holder)) throw held(directory, holder)
    takeAway(lock)
    healed = true
  }
  if (healed) {
    // Another start that judged the same lock stale may have taken ours away in place of it: whoever stands now has it.
    await clock.sleep(SETTLE_MS)
    const holder = readHolder(lock)
    if (!holder || JSON.stringify(holder) !== token) throw held(directory, holder ?? mine)
  }
  const owns = () => existsSync(lock) && readFileSync(lock, 'utf8') === token
  return {
    directory,
    announce(url) {
      if (!owns()) return
      token = JSON.stringify({ ...mine, url })
      const next = temporary(lock)
      writeFileSync(next, token)
      renameSync(next, lock)
    },
    release() {
      if (owns()) rmSync(lock, { force: true })
    },
  }
}

/** From the top down: where a parent cannot hold anything (as in /proc), mkdir's own recursion goes round for ever. */
function makeDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(directory) !== directory) makeDirectory(dirname(directory))
  try {
    mkdirSync(directory)
  } catch (error) {
    // Another start may have made it by now.
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** @throws CONFIG_INVALID where the system refuses: no such place, no right, no room, read-only, or a file stands there */
function writable<T>(directory: string, work: () => T): T {
  try {
    return work()
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

/** The server that holds the data directory; undefined where none is alive or it does not answer yet. */
export function findServer(directory: string): (Holder & { readonly url: string }) | undefined {
  const holder = readHolder(join(directory, LOCK))
  return holder?.url && lives(holder) ? { ...holder, url: holder.url } : undefined
}

/** Makes the lock whole or not at all: a link to a finished file exists or fails, so nobody reads half a lock. */
function create(lock: string, content: string): boolean {
  const whole = temporary(lock)
  writeFileSync(whole, content)
  try {
    linkSync(whole, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // A file system without links: a reader may then see an empty lock for an instant.
    return createExclusively(lock, content)
  } finally {
    rmSync(whole, { force: true })
  }
}

function createExclusively(lock: string, content: string): boolean {
  try {
    writeFileSync(lock, content, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes a stale lock. Where a live one stands there by now, it is put back. */
function takeAway(lock: string): void {
  const aside = temporary(lock)
  try {
    renameSync(lock, aside)
  } catch {
    // Another start has healed it.
    return
  }
  const holder = readHolder(aside)
  if (holder && lives(holder)) create(lock, JSON.stringify(holder))
  rmSync(aside, { force: true })
}

const temporary = (lock: string) => `${lock}.${process.pid}.${names++}`

function readHolder(lock: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(lock, 'utf8')) as Holder
    return Number.isSafeInteger(holder.pid) ? holder : undefined
  } catch {
    return undefined
  }
}

function lives(holder: Holder): boolean {
  if (!isAlive(holder.pid)) return false
  const now = processStart(holder.pid)
  return holder.processStart === null || now === undefined || now === holder.processStart
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
