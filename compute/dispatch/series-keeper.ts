// The keeper of the time series: makes partitions ahead of time, rolls up what was marked, and drops what is older than asked.

import { keepSeries } from '../../infra/store/series/keep.ts'
import { KINDS, type SeriesKind } from '../../infra/store/series/kinds.ts'
import type { Fleet } from './context.ts'

export interface KeeperOptions {
  /** Time between two rounds. */
  readonly keepIntervalMs: number
  /** For how many days the rows of a series are kept, by its name; one that is absent or undefined is kept for ever. */
  readonly keepDays: Readonly<Partial<Record<string, number | undefined>>>
}

export interface Keeper {
  stop(): Promise<void>
}

/** Keeps the series at an interval until it is stopped. Any number of processes may; what fails is logged and tried the next time. */
export function startKeeper(fleet: Pick<Fleet, 'store' | 'clock' | 'log'>, options: KeeperOptions): Keeper {
  const stopping = new AbortController()
  const round = async (kind: SeriesKind) => {
    try {
      await keepSeries(fleet.store, kind, options.keepDays[kind.name], new Date(fleet.clock.now()))
    } catch (err) {
      fleet.log.warn({ err, series: kind.name }, 'a time series was not kept this time')
    }
  }
  const loop = async () => {
    // The start is left to those who wait for it.
    for (;;) {
      await fleet.clock.sleep(options.keepIntervalMs, stopping.signal).catch(() => {})
      if (stopping.signal.aborted) return
      for (const kind of KINDS) if (!stopping.signal.aborted) await round(kind)
    }
  }
  const ended = loop()
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}
