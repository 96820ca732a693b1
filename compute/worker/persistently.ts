// Tries a piece of work on the store again while the store is away.
import { inSpan } from '../../infra/tracing.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import type { ActiveShard } from './active.ts'
import type { WorkerContext } from './context.ts'

const FIRST_DELAY_MS = 100
const LAST_DELAY_MS = 2000

/** A span of the shard, or of its job's merge, of the same name as the operation is timed under. */
export function persistently<T>(
  worker: WorkerContext,
  active: ActiveShard,
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  return inSpan(`${active.merges ? 'merge' : 'shard'}.${operation}`, {}, () =>
    repeated(worker, active, operation, work),
  )
}

/**
 * The work's result, timed under the operation's name. Work that meets STORE_UNAVAILABLE is done again for up to storePatienceMs, so it must bear to be done twice;
 * the shard counts as moving meanwhile. Any other error, and the last one, is the caller's.
 */
async function repeated<T>(
  worker: WorkerContext,
  active: ActiveShard,
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  const until = worker.clock.now() + worker.settings.storePatienceMs
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, LAST_DELAY_MS)) {
    const done = worker.metrics.storeSeconds.startTimer({ operation })
    try {
      return await work()
    } catch (error) {
      const away = isQuesnayError(error) && error.code === 'STORE_UNAVAILABLE'
      if (!away || active.givenUp || worker.clock.now() + delayMs > until) throw error
      active.step()
      await worker.clock.sleep(delayMs, active.signal).catch(() => {})
    } finally {
      done()
    }
  }
}
