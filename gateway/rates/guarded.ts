// Rates while the database does not answer: counted in this process, or refused, as configuration says.
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import { QuesnayError } from '../../schema/errors.ts'
import type { RateStore } from './port.ts'

export interface GuardedDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'rateFailures'>
  readonly patienceMs: number
  /** Asked instead; absent: STORE_UNAVAILABLE. */
  readonly instead: RateStore | undefined
}

/** After a failure the database is left alone for this time. */
const REST_MS = 5_000

/** Errors: STORE_UNAVAILABLE where nothing is asked instead. */
export function guardedRates(store: RateStore, { clock, log, metrics, patienceMs, instead }: GuardedDeps): RateStore {
  let restsUntilMs = 0

  async function guarded<T>(work: (rates: RateStore) => Promise<T>): Promise<T> {
    if (clock.now() < restsUntilMs) return otherwise(work)
    const done = new AbortController()
    try {
      const late = clock.sleep(patienceMs, done.signal).then(() => {
        throw new Error(`no answer within ${patienceMs} ms`)
      })
      const answer = work(store)
      // Whichever comes second is heard by nobody.
      for (const one of [late, answer]) one.catch(() => undefined)
      return await Promise.race([answer, late])
    } catch (error) {
      restsUntilMs = clock.now() + REST_MS
      metrics.rateFailures.inc()
      log.warn({ err: error }, 'the database does not say what is left of a rate')
      return otherwise(work)
    } finally {
      done.abort()
    }
  }

  async function otherwise<T>(work: (rates: RateStore) => Promise<T>): Promise<T> {
    if (instead) return work(instead)
    throw new QuesnayError('STORE_UNAVAILABLE', 'the database does not say how much may still be asked', {
      suggestion: 'try again in a few seconds; rates.whenDown: open answers meanwhile',
    })
  }

  return {
    takeFromBucket: (...args) => guarded((rates) => rates.takeFromBucket(...args)),
    takeFromDay: (...args) => guarded((rates) => rates.takeFromDay(...args)),
    giveToBucket: (...args) => guarded((rates) => rates.giveToBucket(...args)),
    giveToDay: (...args) => guarded((rates) => rates.giveToDay(...args)),
    sweep: () => guarded((rates) => rates.sweep()),
  }
}
