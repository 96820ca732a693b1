// The views over the time series: the same names, columns and answers over every PostgreSQL, with TimescaleDB and without.
// The legs by stand-ins show that what TimescaleDB would be told parses, comes in order and may be repeated: they are no TimescaleDB.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { refreshAggregate } from '../../infra/store/series/hypertable.ts'
import { keepSeries } from '../../infra/store/series/keep.ts'
import { KINDS, RESULT, rollupOf, type SeriesKind, USAGE } from '../../infra/store/series/kinds.ts'
import { type Layout, layoutOf } from '../../infra/store/series/layout.ts'
import { refreshRollup } from '../../infra/store/series/rollup.ts'
import { prepareTimeSeries } from '../../infra/store/time-series.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import type { TestServer } from '../support/postgres.ts'
import { allDifferences, BUCKETS, differences, type ResultRow, writeResults } from '../support/series-rows.ts'
import { type ServerLeg, serverLegs } from '../support/servers.ts'
import { withStandIns } from '../support/timescale-stand-ins.ts'

interface SeriesLeg extends ServerLeg {
  readonly dress: (store: Store) => Promise<Store>
}

const [bundled] = serverLegs()
const legs: SeriesLeg[] = [
  ...serverLegs().map((leg) => ({ ...leg, dress: async (store: Store) => store })),
  { ...bundled!, name: 'apache by stand-ins over', dress: (store) => withStandIns(store, 'apache') },
  { ...bundled!, name: 'tsl by stand-ins over', dress: (store) => withStandIns(store, 'tsl') },
]

/** Beyond every row of these tests. */
const ALL = new Date('2100-01-01T00:00:00Z')
const NOW = new Date('2031-06-15T12:00:00Z')
const DAY_MS = 86_400_000

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  result: ['tenant', 'bucket', 'variable', 'rows', 'means', 'total', 'lowest', 'highest', 'average'],
  usage: [
    ...['tenant', 'bucket', 'kind', 'class', 'status', 'jobs', 'shards', 'compute_seconds', 'wait_seconds'],
    ...['run_seconds', 'longest_run_seconds', 'average_run_seconds'],
  ],
}

let jobs = 0
const row = (tenant: string, at: Date | string, mean: number | null, variable = 'gdp'): ResultRow => ({
  tenant,
  job: `j${jobs++}`,
  variable,
  modelTime: 0,
  mean,
  at: new Date(at),
})

for (const leg of legs) {
  describe.skipIf(leg.lacks)(`time series, ${leg.name} PostgreSQL`, () => {
    let server: TestServer
    let database: TestDatabase
    let store: Store
    const layouts = new Map<SeriesKind, Layout>()
    const rollsUpByMarks = () => layouts.get(RESULT)!.rollup === 'marks'
    const refresh = async (kind: SeriesKind = RESULT, before = ALL) =>
      rollsUpByMarks() ? refreshRollup(store, kind, before) : void (await refreshAggregate(store, kind))

    beforeAll(async () => {
      server = await leg.start()
      database = await freshDatabase(server.url)
      store = await leg.dress(await openStore(database.url, { log: silentLog, poolSize: 12 }))
      await migrate(store)
      for (const kind of KINDS) layouts.set(kind, await layoutOf(store, kind, store.timescale))
    })
    afterAll(async () => {
      await store?.close()
      await database?.drop()
      await server?.remove()
    })

    it('have the same names and columns', async () => {
      const rows = await store.query<{ view: string; columns: string[] }>(
        `select table_name::text as view, array_agg(column_name::text order by ordinal_position) as columns
         from information_schema.columns where table_schema = 'fleet' and table_name ~ '^(result|usage)_(hourly|daily|weekly|monthly)$'
         group by 1`,
      )
      const wanted = KINDS.flatMap((kind) =>
        BUCKETS.map(([suffix]) => [`${kind.view}_${suffix}`, COLUMNS[kind.name]] as const),
      )
      expect(Object.fromEntries(rows.map(({ view, columns }) => [view, columns]))).toEqual(Object.fromEntries(wanted))
    })

    it('lie as the level of the server makes them', () => {
      const expected = {
        none: { rows: 'partitions', rollup: 'marks' },
        apache: { rows: 'hypertable', rollup: 'marks' },
        tsl: { rows: 'hypertable', rollup: 'aggregate' },
      }
      expect([...layouts.values()]).toEqual([expected[store.timescale], expected[store.timescale]])
    })

    it('change nothing when they are prepared again, and are made again where what they are made from has changed', async () => {
      const shape = () =>
        store.query(
          `select c.oid::regclass::text as name, relkind from pg_class c where relnamespace = 'fleet'::regnamespace order by 1`,
        )
      await prepareTimeSeries(store, NOW)
      const before = await shape()
      await prepareTimeSeries(store, NOW)
      await store.query(`update quesnay.series set made_from = 'an older version'`)
      await prepareTimeSeries(store, NOW)
      expect(await shape()).toEqual(before)
      expect(await store.query(`select from quesnay.series where made_from = 'an older version'`)).toEqual([])
    })

    it('show a row as soon as it is written, whether or not it is rolled up', async () => {
      const now = new Date()
      await writeResults(store, [row('live', now, 2), row('live', now, 4)])
      const [hour] = await store.query(
        `select rows, average, lowest, highest from fleet.result_hourly where tenant = 'live'`,
      )
      expect(hour).toEqual({ rows: 2, average: 3, lowest: 2, highest: 4 })
      await refresh()
      await writeResults(store, [row('live', now, 9)])
      if (!rollsUpByMarks()) await refresh()
      expect(await store.query(`select rows, average from fleet.result_monthly where tenant = 'live'`)).toEqual([
        { rows: 3, average: 5 },
      ])
    })

    it('take the present hour into the table on the way where it has a thousand marks', async () => {
      if (!rollsUpByMarks()) return
      const now = new Date()
      await writeResults(store, [row('busy hour', now, 2), row('few marks', now, 3)])
      await store.query(`select fleet.mark_series('result', 'busy hour', $1) from generate_series(1, 1000)`, [now])
      await refreshRollup(store, RESULT)
      const tenants = await store.query(
        `select distinct tenant from fleet.series_mark where tenant in ('busy hour', 'few marks')`,
      )
      expect(tenants).toEqual([{ tenant: 'few marks' }])
      expect(await allDifferences(store, 'busy hour')).toEqual([])
      expect(await allDifferences(store, 'few marks')).toEqual([])
    })

    it('count hours, days, weeks and months from the same origins on every level: ends of years, of leap days and of weeks', async () => {
      const edges = [
        '2024-12-29T23:59:59.999Z',
        '2024-12-30T00:00:00Z',
        '2024-12-31T23:59:59.999Z',
        '2025-01-01T00:00:00Z',
      ]
      const more = [
        '2024-02-29T23:30:00Z',
        '2024-03-01T00:00:00Z',
        '1999-12-31T23:59:59Z',
        '2000-01-03T00:00:00Z',
        '2031-03-30T01:30:00Z',
      ]
      await writeResults(
        store,
        [...edges, ...more].map((at, i) => row('edges', at, i)),
      )
      await refresh()
      expect(await allDifferences(store, 'edges')).toEqual([])
      const weeks = await store.query<{ bucket: Date; rows: number }>(
        `select bucket, rows from fleet.result_weekly where tenant = 'edges' and bucket between '2024-12-01' and '2025-02-01' order by 1`,
      )
      expect(weeks).toEqual([
        { bucket: new Date('2024-12-23T00:00:00Z'), rows: 1 },
        { bucket: new Date('2024-12-30T00:00:00Z'), rows: 3 },
      ])
    })

    it('take a late row into the hour, day, week and month it belongs to', async () => {
      const at = '2031-02-14T08:15:00Z'
      await writeResults(store, [row('late', at, 1), row('late', '2031-02-14T09:15:00Z', 1)])
      await refresh()
      await writeResults(store, [row('late', at, 1024)])
      if (rollsUpByMarks()) expect(await allDifferences(store, 'late')).toEqual([])
      await refresh()
      expect(await allDifferences(store, 'late')).toEqual([])
      expect(await store.query(`select rows, highest from fleet.result_daily where tenant = 'late'`)).toEqual([
        { rows: 3, highest: 1024 },
      ])
    })

    it('keep apart what has no mean and what is not a number', async () => {
      const at = '2031-04-01T00:30:00Z'
      await writeResults(store, [
        row('odd', at, null),
        row('odd', at, Number.NaN),
        row('odd', at, -0),
        row('odd', at, null, 'jobs'),
      ])
      await refresh()
      expect(await allDifferences(store, 'odd')).toEqual([])
      const [none] = await store.query(
        `select rows, means, average from fleet.result_hourly where tenant = 'odd' and variable = 'jobs'`,
      )
      expect(none).toEqual({ rows: 1, means: 0, average: null })
    })

    it('answer as a plain query over all rows at every moment, with batches in any order and refreshers beside the writers', async () => {
      // Means are multiples of 1/4: their sums are exact in any order. Few hours, so that batches meet in them.
      const hours = [
        '2031-01-31T23:00:00Z',
        '2031-02-01T00:00:00Z',
        '2031-02-02T23:00:00Z',
        '2031-02-03T00:00:00Z',
        '2031-05-05T05:00:00Z',
      ]
      const anyRow = fc.record({
        tenant: fc.constantFrom('a', 'b'),
        variable: fc.constantFrom('gdp', 'jobs'),
        at: fc.tuple(fc.constantFrom(...hours), fc.nat(3_599_999)).map(([hour, ms]) => new Date(Date.parse(hour) + ms)),
        mean: fc.option(fc.integer({ min: -4000, max: 4000 }).map((quarters) => quarters / 4)),
      })
      const anyBatches = fc.array(fc.array(anyRow, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 12 })
      let runs = 0
      await fc.assert(
        fc.asyncProperty(anyBatches, async (batches) => {
          const prefix = `p${runs++}`
          const waiting = batches.map((batch) =>
            batch.map((r) => row(`${prefix}${r.tenant}`, r.at, r.mean, r.variable)),
          )
          let writing = 3
          const writer = async () => {
            for (let batch = waiting.pop(); batch; batch = waiting.pop()) await writeResults(store, batch)
            writing--
          }
          const refresher = async () => {
            do await refresh()
            while (writing > 0)
          }
          const seen: unknown[] = []
          const reader = async () => {
            do seen.push(...(await differences(store, RESULT, 'hourly', `${prefix}%`)))
            while (writing > 0)
          }
          const watchers = rollsUpByMarks() ? [refresher(), refresher(), reader()] : []
          await Promise.all([writer(), writer(), writer(), ...watchers])
          expect(seen).toEqual([])
          if (rollsUpByMarks()) expect(await allDifferences(store, `${prefix}%`)).toEqual([])
          await refresh()
          expect(await allDifferences(store, `${prefix}%`)).toEqual([])
        }),
        { numRuns: 15 },
      )
      if (!rollsUpByMarks()) return
      // With no mark left the views are the table alone.
      expect(await store.query('select from fleet.series_mark')).toEqual([])
      expect(await store.query(`select from ${rollupOf(RESULT)} where tenant like 'p%' limit 1`)).toHaveLength(1)
    })

    it('take in two years of the past at once: copied in, marked, and one round of keeping', async () => {
      const total = 60_000
      await store.query(
        `insert into fleet.result_series (tenant, job_id, variable, model_time, mean, recorded_at)
         select 'past', 'j' || i % 97, 'v' || i % 3, i, i % 1000, timestamptz '2021-01-01Z' + i * interval '17 minutes 31 seconds'
         from generate_series(0, $1::int - 1) i`,
        [total],
      )
      const [{ marks } = { marks: 0 }] = await store.query<{ marks: number }>(
        `select fleet.mark_series_rows('result', '2021-01-01Z', '2023-01-01Z') as marks`,
      )
      if (rollsUpByMarks()) {
        expect(marks).toBe(17_517)
        expect(await differences(store, RESULT, 'hourly', 'past')).toEqual([])
        await keepSeries(store, RESULT, undefined, NOW)
        expect(await store.query(`select from fleet.series_mark`)).toEqual([])
      } else await refresh()
      expect(await allDifferences(store, 'past')).toEqual([])
      expect(await store.query(`select sum(rows)::int as n from fleet.result_monthly where tenant = 'past'`)).toEqual([
        { n: total },
      ])
      if (layouts.get(RESULT)!.rows !== 'partitions') return
      const [strays] = await store.query(
        `select count(*)::int as n from fleet.result_series_default where tenant = 'past'`,
      )
      expect(strays).toEqual({ n: 0 })
      const made = await store.query(`select from pg_class where relname ~ '^result_series_202[12]_[0-9]{2}$'`)
      expect(made).toHaveLength(24)
    })

    describe('of usage', () => {
      const job = (tenant: string, id: string) =>
        store.query(
          `insert into fleet.job (tenant, job_id, parent_key, status, kind, kernel_name, kernel_sha256, abi, params_sha256, seed,
             lanes, result_spec, shards_total, input_hash, created_at)
           values ($1, $2, $2, 'QUEUED', 'SIMULATION', 'machine', 'k', 1, 'p', '0', 64, '{}', 4, 'key', '2031-03-03T10:00:00Z')`,
          [tenant, id],
        )
      const change = (tenant: string, id: string, changes: string) =>
        store.query(`update fleet.job set ${changes} where tenant = $1 and job_id = $2`, [tenant, id])

      it('have a row for each job that ended, however it ended, and none for one that runs', async () => {
        for (const [i, status] of ['SUCCEEDED', 'FAILED', 'CANCELLED', 'RUNNING'].entries()) {
          await job('acct', `u${i}`)
          await change(
            'acct',
            `u${i}`,
            `status = 'RUNNING', started_at = '2031-03-03T10:00:01Z', shards_done = 4, compute_seconds = 2.5`,
          )
          if (status !== 'RUNNING')
            await change('acct', `u${i}`, `status = '${status}', finished_at = '2031-03-03T10:00:0${i + 3}Z'`)
        }
        if (!rollsUpByMarks()) await refresh(USAGE)
        expect(await allDifferences(store, 'acct', USAGE)).toEqual([])
        const rows = await store.query(
          `select status, jobs, shards, compute_seconds, wait_seconds, run_seconds from fleet.usage_daily where tenant = 'acct' order by 1`,
        )
        const took = { jobs: 1, shards: 4, compute_seconds: 2.5, wait_seconds: 1 }
        expect(rows).toEqual([
          { status: 'CANCELLED', ...took, run_seconds: 4 },
          { status: 'FAILED', ...took, run_seconds: 3 },
          { status: 'SUCCEEDED', ...took, run_seconds: 2 },
        ])
      })

      it('count what a job took once, also where it failed, was driven again and ended a second time', async () => {
        await job('redriven', 'r')
        await change(
          'redriven',
          'r',
          `status = 'FAILED', shards_done = 3, compute_seconds = 3, finished_at = '2031-03-03T11:00:00Z'`,
        )
        await change('redriven', 'r', `status = 'RUNNING', finished_at = null`)
        await change(
          'redriven',
          'r',
          `status = 'SUCCEEDED', shards_done = 4, compute_seconds = 4, finished_at = '2031-03-03T11:30:00Z'`,
        )
        if (!rollsUpByMarks()) await refresh(USAGE)
        const [sum] = await store.query(
          `select sum(shards)::int as shards, sum(compute_seconds) as seconds from fleet.usage_hourly where tenant = 'redriven'`,
        )
        expect(sum).toEqual({ shards: 4, seconds: 4 })
      })
    })

    describe('retention', () => {
      it('deletes nothing where nothing says so', async () => {
        const count = () => store.query('select count(*)::int as n from fleet.result_series')
        const before = await count()
        await keepSeries(store, RESULT, undefined, new Date('2060-01-01T00:00:00Z'))
        expect(await count()).toEqual(before)
      })

      it('drops whole months of rows once all of them are older, and keeps every rollup, also of rows that came a moment before', async () => {
        // A chunk of TimescaleDB is no month: the oldest row is in one that has ended by any count.
        const [oldest, old, edge, recent] = [
          '2030-10-05T00:00:00Z',
          '2030-11-30T23:59:59Z',
          '2030-12-01T00:00:00Z',
          '2031-06-01T00:00:00Z',
        ] as const
        await writeResults(store, [
          row('keep', oldest, 0),
          row('keep', old, 1),
          row('keep', edge, 2),
          row('keep', recent, 3),
        ])
        await refresh()
        await writeResults(store, [row('keep', old, 5)])
        if (!rollsUpByMarks()) await refresh()
        const months = () =>
          store.query(`select bucket, rows, total from fleet.result_monthly where tenant = 'keep' order by 1`)
        const before = await months()
        expect(before).toHaveLength(4)
        // 15 December and a few days: December goes on being kept.
        await keepSeries(store, RESULT, 180, NOW)
        if (!rollsUpByMarks()) {
          const [policy] = await store.query(
            `select from timescaledb_information.jobs where proc_name = 'policy_retention'`,
          )
          expect(policy).toBeDefined()
          return
        }
        expect(await months()).toEqual(before)
        const left = await store.query(`select recorded_at from fleet.result_series where tenant = 'keep' order by 1`)
        if (layouts.get(RESULT)!.rows === 'partitions') expect(left).toHaveLength(2)
        expect(left.length).toBeLessThan(5)
      })

      it('takes no row into an hour that is final', async () => {
        if (!rollsUpByMarks()) return
        const months = () =>
          store.query(`select bucket, rows from fleet.result_monthly where tenant = 'keep' order by 1`)
        const before = await months()
        await writeResults(store, [row('keep', '2030-11-30T23:00:00Z', 7)])
        expect(await months()).toEqual(before)
        await keepSeries(store, RESULT, 180, NOW)
        expect(await months()).toEqual(before)
        expect(await store.query(`select from fleet.series_mark where tenant = 'keep'`)).toEqual([])
        const [stray] = await store.query(
          `select count(*)::int as n from fleet.result_series where tenant = 'keep' and recorded_at < '2030-11-01'`,
        )
        expect(stray).toEqual({ n: 0 })
      })

      it('waits no longer than two seconds for who reads the table, and then leaves everything as it was', async () => {
        if (layouts.get(RESULT)!.rows !== 'partitions') return
        await writeResults(store, [row('busy', '2031-01-15T00:00:00Z', 1)])
        await keepSeries(store, RESULT, undefined, NOW)
        const seal = () => store.query(`select sealed_before::text as at from quesnay.series where name = 'result'`)
        const before = await seal()
        await store.transaction(async (reader) => {
          await reader.query('select count(*) from fleet.result_series')
          const later = new Date(NOW.getTime() + 90 * DAY_MS)
          await expect(keepSeries(store, RESULT, 180, later)).rejects.toMatchObject({ code: '55P03' })
        })
        expect(await seal()).toEqual(before)
        expect(await store.query(`select from fleet.result_series where tenant = 'busy'`)).toHaveLength(1)
      })
    })
  })
}
