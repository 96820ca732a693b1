// Rows of an ensemble's result for the time-series table, one per output and saved time.
import type { Sql } from '../../infra/store/port.ts'
import type { JobKey } from './context.ts'
import type { EnsembleResult } from './port.ts'

/** Probability -> column of fleet.result_series. */
const COLUMN_OF: ReadonlyMap<number, string> = new Map([
  [0.025, 'p025'],
  [0.05, 'p05'],
  [0.25, 'p25'],
  [0.5, 'p50'],
  [0.75, 'p75'],
  [0.95, 'p95'],
  [0.975, 'p975'],
])

/** Writes all rows in one statement; quantiles that were not asked for are null, those without a column are left out. */
export async function storeSeries(sql: Sql, { tenant, jobId }: JobKey, result: EnsembleResult): Promise<void> {
  const { outputs, times } = result
  const arrays = new Map<string, Float64Array>([
    ['mean', result.mean],
    ['sd', result.sd],
  ])
  for (const [i, probability] of result.probabilities.entries()) {
    const column = COLUMN_OF.get(probability)
    const values = result.quantiles[i]
    if (column && values) arrays.set(column, values)
  }
  const columns = [...arrays.keys()]
  const variables = outputs.flatMap(({ name }) => times.map(() => name))
  const modelTimes = outputs.flatMap(() => times)
  const parameters = columns.map((_, i) => `$${i + 5}::float8[]`).join(', ')
  await sql.query(
    `insert into fleet.result_series (tenant, job_id, variable, model_time, ${columns.join(', ')})
     select $1, $2, * from unnest($3::text[], $4::float8[], ${parameters})`,
    [tenant, jobId, variables, modelTimes, ...columns.map((column) => Array.from(arrays.get(column) ?? []))],
  )
}
