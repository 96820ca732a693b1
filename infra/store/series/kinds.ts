// The time series there are: what a row of each is, and what an hour of it is rolled up to.

/** One figure of a rollup, of a bucket's rows and of several buckets. Every one adds up: an average is derived in the views. */
export interface Measure {
  readonly name: string
  readonly type: 'bigint' | 'float8'
  /** An aggregate over rows, such as `count(*)`. */
  readonly ofRows: string
  /** The aggregate that joins the figures of several buckets. */
  readonly join: 'sum' | 'min' | 'max'
}

export interface SeriesKind {
  readonly name: string
  /** Schema and name of the table of rows. */
  readonly relation: string
  /** The column of the time, a timestamptz. */
  readonly time: string
  /** Columns and key, as `create table` takes them. Every unique key holds the time, as partitions and hypertables need it. */
  readonly columns: string
  /** What beside tenant and hour a row of the rollup is about. */
  readonly keys: readonly string[]
  readonly measures: readonly Measure[]
  /** Names and expressions over measures that the views add. */
  readonly derived: readonly (readonly [string, string])[]
  /** The views are `fleet.<view>_hourly`, `_daily`, `_weekly` and `_monthly`. */
  readonly view: string
  /** Where chunks are compressed: every column of the key segments or orders them, else uniqueness could not be held. */
  readonly segmentBy: string
  readonly orderBy: string
}

export const STATISTICS = ['mean', 'sd', 'p025', 'p05', 'p25', 'p50', 'p75', 'p95', 'p975'] as const

/** Results of runs: a row an output and saved time, by the instant of recording. */
export const RESULT: SeriesKind = {
  name: 'result',
  relation: 'fleet.result_series',
  time: 'recorded_at',
  columns: `
    tenant text not null default 'local',
    job_id text not null,
    variable text not null,
    model_time float8 not null,
    ${STATISTICS.map((name) => `${name} float8`).join(', ')},
    recorded_at timestamptz not null default now(),
    primary key (tenant, job_id, variable, model_time, recorded_at)`,
  keys: ['variable'],
  measures: [
    { name: 'rows', type: 'bigint', ofRows: 'count(*)', join: 'sum' },
    { name: 'means', type: 'bigint', ofRows: 'count(mean)', join: 'sum' },
    { name: 'total', type: 'float8', ofRows: 'sum(mean)', join: 'sum' },
    { name: 'lowest', type: 'float8', ofRows: 'min(mean)', join: 'min' },
    { name: 'highest', type: 'float8', ofRows: 'max(mean)', join: 'max' },
  ],
  derived: [['average', 'total / nullif(means, 0)']],
  view: 'result',
  segmentBy: 'tenant, job_id, variable',
  orderBy: 'model_time, recorded_at',
}

/** What jobs took: a row an ending, by its instant. */
export const USAGE: SeriesKind = {
  name: 'usage',
  relation: 'fleet.job_usage',
  time: 'ended_at',
  columns: `
    tenant text not null default 'local',
    ended_at timestamptz not null,
    job_id text not null,
    kind text not null,
    class text not null,
    status text not null,
    shards int not null,
    compute_seconds float8 not null,
    -- From submission until the first shard was taken, and from there to the end.
    wait_seconds float8 not null,
    run_seconds float8 not null,
    primary key (tenant, ended_at, job_id)`,
  keys: ['kind', 'class', 'status'],
  measures: [
    { name: 'jobs', type: 'bigint', ofRows: 'count(*)', join: 'sum' },
    { name: 'shards', type: 'bigint', ofRows: 'sum(shards)', join: 'sum' },
    { name: 'compute_seconds', type: 'float8', ofRows: 'sum(compute_seconds)', join: 'sum' },
    { name: 'wait_seconds', type: 'float8', ofRows: 'sum(wait_seconds)', join: 'sum' },
    { name: 'run_seconds', type: 'float8', ofRows: 'sum(run_seconds)', join: 'sum' },
    { name: 'longest_run_seconds', type: 'float8', ofRows: 'max(run_seconds)', join: 'max' },
  ],
  derived: [['average_run_seconds', 'run_seconds / nullif(jobs, 0)']],
  view: 'usage',
  segmentBy: 'tenant',
  orderBy: 'ended_at, job_id',
}

export const KINDS = [RESULT, USAGE] as const

/** The table of hours, or the continuous aggregate. */
export const rollupOf = (kind: SeriesKind) => `fleet.${kind.view}_rollup`

/** Name of the table of rows within its schema. */
export const bareName = (kind: SeriesKind) => kind.relation.slice(kind.relation.indexOf('.') + 1)
