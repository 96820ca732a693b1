// Waiting with an end.
import type { Clock } from '../infra/clock.ts'

/** Waits until the work has settled, or the time is over. True where it settled. */
export async function waitAtMost(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const inTime = new AbortController()
  const late = clock.sleep(ms, inTime.signal).then(
    () => false,
    () => true,
  )
  const settled = work.then(
    () => true,
    () => true,
  )
  const won = await Promise.race([settled, late])
  inTime.abort()
  return won
}
