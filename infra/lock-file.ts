// A lock that is a file: it says who holds it, and is healed where its holder has died.
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Clock } from './clock.ts'
import { isAlive, processStart } from './process.ts'

export interface LockHolder {
  readonly pid: number
  /** Boot and start of the process, which tell it from a later one of the same number; null where the system does not say. */
  readonly processStart: string | null
  /** Since when it holds; ISO 8601, UTC. */
  readonly heldSince: string
}

export interface Lock<H extends LockHolder> {
  /** What others read of who holds it. Does nothing where it is no longer ours. */
  tell(holder: H): void
  /** Does nothing the second time. */
  release(): void
}

/** Longer than another start takes between judging a lock stale and taking it away, in ms. */
const SETTLE_MS = 50

let names = 0

export function thisProcess(clock: Clock): LockHolder {
  return {
    pid: process.pid,
    processStart: processStart(process.pid) ?? null,
    heldSince: new Date(clock.now()).toISOString(),
  }
}

/**
 * The lock, or who holds it. One that a dead process left is healed; also where its number belongs to another process by now.
 * Throws what the file system says where the file cannot be written.
 */
export async function takeLock<H extends LockHolder>(
  file: string,
  mine: H,
  clock: Clock,
): Promise<Lock<H> | { readonly heldBy: H }> {
  let token = JSON.stringify(mine)
  let healed = false
  while (!create(file, token)) {
    const holder = liveHolder<H>(file)
    if (holder) return { heldBy: holder }
    takeAway(file)
    healed = true
  }
  if (healed) {
    // Another start that judged the same lock stale may have taken ours away in place of it: whoever stands now has it.
    await clock.sleep(SETTLE_MS)
    const holder = readHolder<H>(file)
    if (!holder || JSON.stringify(holder) !== token) return { heldBy: holder ?? mine }
  }
  const owns = () => existsSync(file) && readFileSync(file, 'utf8') === token
  return {
    tell(holder) {
      if (!owns()) return
      token = JSON.stringify(holder)
      const next = temporary(file)
      writeFileSync(next, token)
      renameSync(next, file)
    },
    release() {
      if (owns()) rmSync(file, { force: true })
    },
  }
}

/** Who holds it; undefined where nobody does who is alive. */
export function liveHolder<H extends LockHolder>(file: string): H | undefined {
  const holder = readHolder<H>(file)
  return holder && lives(holder) ? holder : undefined
}

/** Makes the lock whole or not at all: a link to a finished file exists or fails, so nobody reads half a lock. */
function create(file: string, content: string): boolean {
  const whole = temporary(file)
  writeFileSync(whole, content)
  try {
    linkSync(whole, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // A file system without links: a reader may then see an empty lock for an instant.
    return createExclusively(file, content)
  } finally {
    rmSync(whole, { force: true })
  }
}

function createExclusively(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Removes a stale lock. Where a live one stands there by now, it is put back. */
function takeAway(file: string): void {
  const aside = temporary(file)
  try {
    renameSync(file, aside)
  } catch {
    // Another start has healed it.
    return
  }
  const holder = liveHolder(aside)
  if (holder) create(file, JSON.stringify(holder))
  rmSync(aside, { force: true })
}

const temporary = (file: string) => `${file}.${process.pid}.${names++}`

function readHolder<H extends LockHolder>(file: string): H | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as H
    return Number.isSafeInteger(holder.pid) ? holder : undefined
  } catch {
    return undefined
  }
}

function lives(holder: LockHolder): boolean {
  if (!isAlive(holder.pid)) return false
  const now = processStart(holder.pid)
  return holder.processStart === null || now === undefined || now === holder.processStart
}
