// Rows of results into the time series as a merge stores them, against a raw COPY of the same bytes on the same connection.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EnsembleResult } from '../../compute/dispatch/port.ts'
import { seriesCopy, storeSeries } from '../../compute/dispatch/result-series.ts'
import { systemClock } from '../../infra/clock.ts'
import { createLog } from '../../infra/log.ts'
import { startBundled } from '../../infra/store/bundled.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { RESULT } from '../../infra/store/series/kinds.ts'
import { refreshRollup } from '../../infra/store/series/rollup.ts'
import type { Bench, Figure } from './bench.ts'

const ROUNDS = 9
const JOB = { tenant: 'bench', jobId: 'j-bench' }
const HOUR_MS = 3_600_000

/** All nine statistics of so many outputs and times. */
function ensemble(outputs: number, times: number): EnsembleResult {
  const column = (offset: number) => Float64Array.from({ length: outputs * times }, (_, i) => Math.sqrt(i + offset) / 3)
  const probabilities = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975]
  return {
    kind: 'ENSEMBLE',
    outputs: Array.from({ length: outputs }, (_, i) => ({ name: `output ${i}`, unit: '1' })),
    times: Array.from({ length: times }, (_, i) => 2020 + i / 4),
    probabilities,
    mean: column(1),
    sd: column(2),
    quantiles: probabilities.map((_, i) => column(3 + i)),
  }
}

async function run(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'quesnay-bench-'))
  const log = createLog('error')
  const database = await startBundled(directory, log)
  // One connection: both ways take the same.
  const store = await openStore(database.url, { log, poolSize: 1 })
  try {
    await migrate(store)
    return [
      ...(await measure(store, 'one-run-of-2,400-rows', ensemble(40, 60))),
      ...(await measure(store, '100,000-rows', ensemble(100, 1000))),
    ]
  } finally {
    await store.close()
    await database.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measure(store: Store, name: string, result: EnsembleResult): Promise<readonly Figure[]> {
  const rows = result.outputs.length * result.times.length
  const made = seriesCopy(JOB, result)
  const chunks = [...made.chunks]
  const ways = {
    raw: () => store.transaction((sql) => sql.copyIn(made.text, chunks)),
    stored: () => store.transaction((sql) => storeSeries(sql, JOB, result)),
  }
  const seconds = { raw: [] as number[], stored: [] as number[], refresh: [] as number[] }
  // In turn, each into an empty table: what else the machine does meets both.
  for (let round = 0; round < ROUNDS; round++)
    for (const way of ['raw', 'stored'] as const) {
      await store.query('truncate fleet.result_series, fleet.series_mark, fleet.result_rollup')
      await store.query('checkpoint')
      seconds[way].push(await timed(ways[way]))
      if (way === 'stored')
        seconds.refresh.push(await timed(() => refreshRollup(store, RESULT, new Date(systemClock.now() + HOUR_MS))))
    }
  const raw = median(seconds.raw)
  const figure = (way: string, time: number): Figure => ({
    name: `ingest.${name}.${way}`,
    value: Math.round(rows / time),
    unit: 'rows/s',
    ratio: Math.round((raw / time) * 100) / 100,
  })
  return [
    figure('raw-copy', raw),
    figure('stored-and-marked', median(seconds.stored)),
    figure('rolled-up-later', median(seconds.refresh)),
  ]
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

export const ingestBench: Bench = { name: 'ingest', run }
