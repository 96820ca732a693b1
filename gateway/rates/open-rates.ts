// The step of rates with what keeps them, as configuration says.
import type { Logger } from 'pino'
import type { Clock } from '../../infra/clock.ts'
import type { Metrics } from '../../infra/metrics.ts'
import type { Store } from '../../infra/store/port.ts'
import { databaseRates } from './database.ts'
import { guardedRates } from './guarded.ts'
import { memoryRates } from './memory.ts'
import type { Rates } from './rates-config.ts'
import { type RatesStep, ratesStep } from './rates-step.ts'

export interface RatesDeps {
  readonly rates: Rates
  /** Absent: each gateway counts for itself. */
  readonly store: Store | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** undefined where nothing is counted. */
export function openRates({ rates, store, clock, log, metrics }: RatesDeps): RatesStep | undefined {
  if (rates.kept === 'off') return undefined
  const memory = memoryRates(clock)
  if (rates.kept === 'memory' || !store) return ratesStep({ rates, store: memory, clock, metrics })
  const { patienceMs } = rates
  const instead = rates.whenDown === 'open' ? memory : undefined
  const shared = guardedRates(databaseRates(store), { clock, log, metrics, patienceMs, instead })
  return ratesStep({ rates, store: shared, clock, metrics })
}
