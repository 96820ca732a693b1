// A clock that stands still until a test moves it.
import { type Clock, ulid } from '../../infra/clock.ts'

export interface ManualClock extends Clock {
  /** Moves the time on and wakes, in order, every sleeper whose time has come. */
  advance(ms: number): Promise<void>
  /** How many sleep now. */
  readonly sleepers: number
}

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let now = startMs
  let ids = 0
  const sleeping = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => now,
    jitter: () => 0.5,
    id: () => ulid(now, new Uint8Array(16).fill(ids++ % 32)),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const stop = () => sleeping.delete(sleeper) && reject(signal?.reason)
        const wake = () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        sleeping.add(sleeper)
        signal?.addEventListener('abort', stop, { once: true })
      }),
    get sleepers() {
      return sleeping.size
    },
    async advance(ms) {
      now += ms
      for (const sleeper of [...sleeping].filter((s) => s.at <= now).sort((a, b) => a.at - b.at)) {
        sleeping.delete(sleeper)
        sleeper.wake()
      }
      await new Promise(setImmediate)
    },
  }
}
