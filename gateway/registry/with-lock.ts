// One at a time in the registry of a data directory: two who publish at once would each compose without the other.
import { join } from 'node:path'
import { type Clock, systemClock } from '../../infra/clock.ts'
import { type Lock, type LockHolder, takeLock, thisProcess } from '../../infra/lock-file.ts'
import { makeDirectory } from '../../infra/make-directory.ts'
import { QuesnayError } from '../../schema/errors.ts'

const LOCK = 'subgraphs.lock'
/** Composing and judging take a second or two. */
const WAIT_MS = 30_000
const LOOK_MS = 50

/** Errors: CONFLICT where somebody else is at it for too long; CONFIG_INVALID where the directory cannot be written. */
export async function withLock<T>(
  dataDirectory: string,
  work: () => Promise<T> | T,
  clock: Clock = systemClock,
): Promise<T> {
  const lock = await take(dataDirectory, clock)
  try {
    return await work()
  } finally {
    lock.release()
  }
}

async function take(dataDirectory: string, clock: Clock): Promise<Lock<LockHolder>> {
  const until = clock.now() + WAIT_MS
  for (;;) {
    const lock = await tryLock(dataDirectory, clock)
    if (!('heldBy' in lock)) return lock
    if (clock.now() >= until)
      throw new QuesnayError('CONFLICT', `process ${lock.heldBy.pid} is publishing since ${lock.heldBy.heldSince}`, {
        path: dataDirectory,
        holder: lock.heldBy,
        suggestion: 'wait until it has ended, or end it',
      })
    await clock.sleep(LOOK_MS)
  }
}

async function tryLock(dataDirectory: string, clock: Clock) {
  try {
    makeDirectory(dataDirectory)
    return await takeLock(join(dataDirectory, LOCK), thisProcess(clock), clock)
  } catch (cause) {
    throw new QuesnayError(
      'CONFIG_INVALID',
      `${dataDirectory} cannot be written: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      { path: 'QUESNAY_DATA', suggestion: 'set QUESNAY_DATA to a directory that may be written' },
      { cause },
    )
  }
}
