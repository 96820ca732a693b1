// The views over the time series: the same names, columns and answers whatever lies below.
import { rollupOf, type SeriesKind, STATISTICS } from './kinds.ts'
import type { Layout } from './layout.ts'
import { hoursOfMarks } from './rollup.ts'

/** Suffix of the view and unit of its buckets. Weeks begin on Monday, as ISO 8601 says; all in UTC. */
const COARSER = [
  ['daily', 'day'],
  ['weekly', 'week'],
  ['monthly', 'month'],
] as const

/**
 * `create or replace view` statements of a series. Days, weeks and months are joined from hours by date_trunc on every level: TimescaleDB's
 * time_bucket counts weeks and months from origins of its own, hours from the same.
 */
export function viewStatements(kind: SeriesKind, { rollup }: Layout): string[] {
  const keys = kind.keys.join(', ')
  const measures = kind.measures.map(({ name }) => name).join(', ')
  const derived = kind.derived.map(([name, expression]) => `, ${expression} as ${name}`).join('')
  const hours =
    rollup === 'marks' ? hoursOfMarks(kind) : `select tenant, bucket, ${keys}, ${measures} from ${rollupOf(kind)}`
  const joined = kind.measures.map(({ name, join, type }) => `${join}(${name})::${type} as ${name}`).join(', ')
  const hourly = `fleet.${kind.view}_hourly`
  return [
    `create or replace view ${hourly} as
     select tenant, bucket, ${keys}, ${measures}${derived} from (${hours}) hour`,
    ...COARSER.map(
      ([suffix, unit]) => `create or replace view fleet.${kind.view}_${suffix} as
       select tenant, bucket, ${keys}, ${measures}${derived} from (
         select tenant, date_trunc('${unit}', bucket, 'UTC') as bucket, ${keys}, ${joined}
         from ${hourly} group by tenant, date_trunc('${unit}', bucket, 'UTC'), ${keys}) coarser`,
    ),
  ]
}

/** The results of a job as columns in the order of model time. */
export function resultColumns(): string {
  const columns = STATISTICS.map((name) => `array_agg(${name} order by model_time) as ${name}`)
  return `create or replace view fleet.result_columns as
    select tenant, job_id, variable, array_agg(model_time order by model_time) as times, ${columns.join(', ')}
    from fleet.result_series group by tenant, job_id, variable`
}
