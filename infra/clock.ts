// The one place that reads the wall clock and the machine's randomness.
import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A new id: 26 characters of Crockford base 32, sorted by time of making (the ULID specification). */
  id(): string
  /** A random number in [0, 1), for jitter only: never for a result. */
  jitter(): number
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export function ulid(timeMs: number, random: Uint8Array): string {
  let time = ''
  for (let t = timeMs, i = 0; i < 10; i++, t = Math.floor(t / 32)) time = CROCKFORD[t % 32] + time
  let rest = ''
  for (let i = 0; i < 16; i++) rest += CROCKFORD[(random[i] ?? 0) & 31]
  return time + rest
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      // One signal may end hundreds of sleeps, each of which takes its listener away: Node would warn of the eleventh.
      if (signal) setMaxListeners(0, signal)
      const timer = setTimeout(done, ms)
      function done() {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      function stop() {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', stop, { once: true })
    }),
  id: () => ulid(Date.now(), randomBytes(16)),
  jitter: () => Math.random(),
}
