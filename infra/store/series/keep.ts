// One round of keeping a series, whatever lies below: what TimescaleDB's own policies do not do here.
import type { Store } from '../port.ts'
import { setPolicies } from './hypertable.ts'
import type { SeriesKind } from './kinds.ts'
import { layoutOf } from './layout.ts'
import { ensurePartitions } from './partitions.ts'
import { dropOld } from './retention.ts'
import { refreshRollup } from './rollup.ts'
import { summarizeTime } from './time-index.ts'

/** @param keepDays for how long rows are kept; undefined: for ever */
export async function keepSeries(
  store: Pick<Store, 'query' | 'transaction'>,
  kind: SeriesKind,
  keepDays: number | undefined,
  now: Date,
): Promise<void> {
  // What stands counts; the level would only say what to make.
  const layout = await layoutOf(store, kind, 'none')
  if (layout.rollup === 'aggregate') return setPolicies(store, kind, keepDays)
  if (layout.rows === 'partitions') await ensurePartitions(store, kind, now)
  await summarizeTime(store, kind)
  await refreshRollup(store, kind)
  await dropOld(store, kind, layout, keepDays, now)
}
