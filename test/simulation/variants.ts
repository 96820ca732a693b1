// What to compare: the design as it is, at several sizes, and with one change after the other.
import { AS_IS, type SimulationOptions } from './options.ts'
import { COMPARISON_HEAD, comparisonRow, table } from './report.ts'
import { simulate } from './simulate.ts'

const WORKERS = [10, 30, 100, 200, 300, 500, 1000]
const SHARD_MS = [20, 50, 150, 500, 1500, 5000]
/** Enough for the beginning and the end not to count. */
const SHARDS = 500_000

/** Shards per second if every thread always computed. */
const ideal = ({ workers, slots, shardMs }: SimulationOptions) => (1000 * workers * slots) / shardMs

function compare(variants: readonly (readonly [string, SimulationOptions])[]): string {
  const rows = variants.map(([name, options]) => comparisonRow(name, simulate(options), ideal(options)))
  return table([COMPARISON_HEAD, ...rows])
}

/** Where the knee is as workers are added, and as shards are cut longer. */
export function sizes(options: SimulationOptions): string {
  const base = { ...options, shards: Math.min(options.shards, SHARDS) }
  const byWorkers = WORKERS.map((workers) => [`${workers} workers`, { ...base, workers }] as const)
  const byLength = SHARD_MS.map((shardMs) => [`${shardMs} ms a shard`, { ...base, shardMs }] as const)
  return `${compare(byWorkers)}\n\n${compare(byLength)}`
}

/** What each change brings, alone and with those before it. */
export function changes(options: SimulationOptions): string {
  const base = { ...options, shards: Math.min(options.shards, SHARDS) }
  const changed = (more: Partial<SimulationOptions['changes']>) => ({ ...base, changes: { ...AS_IS, ...more } })
  const waiting = { pullsWait: true }
  const batched = { ...waiting, storeBatch: 16 }
  const everything = { ...batched, counterRows: 4 }
  return compare([
    ['announcing under the lock', changed({ announceLooksFirst: false })],
    ['as it is', base],
    ['a bell for a batch', changed({ bellPerBatch: true })],
    ['pulls that wait', changed(waiting)],
    ['+ 16 shards a statement', changed(batched)],
    ['+ 4 counter rows a job', changed(everything)],
    ['+ three databases', { ...changed(batched), databaseCores: 3 * base.databaseCores }],
  ])
}
