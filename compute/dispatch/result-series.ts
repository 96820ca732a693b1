// Rows of an ensemble's result for the time-series table, one per output and saved time.
import { copyRows, type RowGroup } from '../../infra/store/copy-rows.ts'
import type { Transaction } from '../../infra/store/port.ts'
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

export interface SeriesCopy {
  readonly text: string
  readonly chunks: Iterable<Uint8Array>
}

/** The statement and its input. Quantiles that were not asked for are null, those without a column are left out. */
export function seriesCopy({ tenant, jobId }: JobKey, result: EnsembleResult): SeriesCopy {
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
  const modelTimes = Float64Array.from(times)
  const groups = outputs.map(({ name }, output): RowGroup => {
    const from = output * times.length
    const columns = [...arrays.values()].map((values) => values.subarray(from, from + times.length))
    return { texts: [tenant, jobId, name], columns: [modelTimes, ...columns] }
  })
  const columns = ['tenant', 'job_id', 'variable', 'model_time', ...arrays.keys()]
  const text = `copy fleet.result_series (${columns.join(', ')}) from stdin (format binary)`
  return { text, chunks: copyRows(groups) }
}

/** Writes all rows by one COPY and marks their hour, so that its rollup is made again. */
export async function storeSeries(sql: Transaction, job: JobKey, result: EnsembleResult): Promise<void> {
  const { text, chunks } = seriesCopy(job, result)
  await sql.copyIn(text, chunks)
  // The rows' time is that of the transaction.
  await sql.query(`select fleet.mark_series('result', $1, now())`, [job.tenant])
}

/** Up to so many rows go with the statement that ends the job, which spares four round trips; COPY is faster from some hundreds on. */
const FEW_ROWS = 128

/** Variables, model times, then mean, sd and each quantile that has a column: arrays as a statement takes them. */
export type SeriesColumns = readonly (readonly string[] | string | null)[]

export const NO_SERIES: SeriesColumns = Array.from({ length: 4 + COLUMN_OF.size }, () => null)

/** The rows of a small result as columns; undefined where they are too many. */
export function fewRows(result: EnsembleResult): SeriesColumns | undefined {
  const { outputs, times, probabilities } = result
  if (outputs.length * times.length > FEW_ROWS) return undefined
  const quantiles = [...COLUMN_OF.keys()].map((probability) => result.quantiles[probabilities.indexOf(probability)])
  return [
    outputs.flatMap(({ name }) => times.map(() => name)),
    floats(outputs.flatMap(() => [...times])),
    ...[result.mean, result.sd, ...quantiles].map((values) => (values ? floats(values) : null)),
  ]
}

/** As an array of PostgreSQL, exact to the bit: the driver would lose the sign of a zero. */
const floats = (values: Iterable<number>) =>
  `{${Array.from(values, (value) => (Object.is(value, -0) ? '-0' : String(value))).join()}}`
