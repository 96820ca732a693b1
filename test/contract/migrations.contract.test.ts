// What the migrations make, over every PostgreSQL it may meet: tables with tenants, once, also for five services at once; the time series.
import type { QueryRunner } from 'typeorm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../infra/log.ts'
import { migrations } from '../../infra/migrations/index.ts'
import { migrate } from '../../infra/store/migrate.ts'
import { openStore } from '../../infra/store/open.ts'
import type { Store } from '../../infra/store/port.ts'
import { RESULT } from '../../infra/store/series/kinds.ts'
import { ensurePartitions } from '../../infra/store/series/partitions.ts'
import { prepareTimeSeries } from '../../infra/store/time-series.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import type { TestServer } from '../support/postgres.ts'
import { serverLegs } from '../support/servers.ts'

for (const leg of serverLegs()) {
  describe.skipIf(leg.lacks)(`migrate on ${leg.name} PostgreSQL`, () => {
    let server: TestServer
    let empty: TestDatabase
    let own: Store
    beforeAll(async () => {
      server = await leg.start()
      empty = await freshDatabase(server.url)
      own = await openStore(empty.url, { log: silentLog })
    })
    afterAll(async () => {
      await own?.close()
      await empty?.drop()
      await server?.remove()
    })

    it('runs each migration once when five services start at once', async () => {
      const stores = await Promise.all(
        Array.from({ length: 5 }, () => openStore(empty.url, { log: silentLog, poolSize: 2 })),
      )
      const ran = await Promise.all(stores.map((each) => migrate(each)))
      await Promise.all(stores.map((each) => each.close()))
      expect(ran.flat().sort()).toEqual(migrations.map((each) => each.name).sort())
    })

    it('does nothing the second time', async () => {
      expect(await migrate(own)).toEqual([])
      expect(await own.query('select count(*) as n from quesnay.migrations')).toEqual([{ n: migrations.length }])
    })

    it.skipIf(!leg.stoppable)('says which right a user lacks who may not create', async () => {
      const role = `guest_${empty.url.slice(-16)}`
      await own.query(`create role ${role} login password 'guest'`)
      const url = new URL(empty.url)
      url.username = role
      url.password = 'guest'
      const guest = await openStore(url.href, { log: silentLog })
      await expect(migrate(guest)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: /grant create on database/,
      })
      await guest.close()
      await own.query(`drop role ${role}`)
    })

    it('rolls a migration back that fails, keeps those before it, and runs it once it is mended', async () => {
      class First1800000000001 {
        up = async (sql: QueryRunner) => void (await sql.query('create table public.first (id int)'))
        down = async () => {}
      }
      class Second1800000000002 {
        static broken = true
        up = async (sql: QueryRunner) => {
          await sql.query('create table public.second (id int)')
          if (Second1800000000002.broken) await sql.query('select nonsense')
        }
        down = async () => {}
      }
      const list = [...migrations, First1800000000001, Second1800000000002]
      const made = () => own.query(`select tablename from pg_tables where schemaname = 'public' order by 1`)
      await expect(migrate(own, { migrations: list })).rejects.toMatchObject({ code: '42703' })
      expect(await made()).toEqual([{ tablename: 'first' }])
      Second1800000000002.broken = false
      expect(await migrate(own, { migrations: list })).toEqual(['Second1800000000002'])
      expect(await made()).toEqual([{ tablename: 'first' }, { tablename: 'second' }])
    })

    it('leaves no table without a tenant that leads its key or an index', async () => {
      const bare = await own.query(`
          select c.oid::regclass::text as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p') and not c.relispartition
            and n.nspname in ('fleet', 'parameters', 'mechanisms', 'scenarios', 'economies', 'portfolios')
            and not exists (
              select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
              where i.indrelid = c.oid and a.attname = 'tenant' and a.attnotnull)`)
      expect(bare).toEqual([])
    })

    it('lets two equal questions in flight be one job, and a failed one be asked again', async () => {
      const job = (id: string, status: string, salt = '') =>
        own.query(
          `insert into fleet.job (job_id, parent_key, salt, status, kind, kernel_name, kernel_sha256, abi, params_sha256,
               seed, lanes, result_spec, shards_total, input_hash)
             values ($1, 'key', $3, $2, 'SIMULATION', 'machine', 'k', 1, 'p', '0', 64, '{}', 1, 'key')`,
          [id, status, salt],
        )
      await job('a', 'FAILED')
      await job('b', 'QUEUED')
      await expect(job('c', 'QUEUED')).rejects.toMatchObject({ code: '23505', constraint: 'job_question' })
      await job('d', 'QUEUED', 'verification')
    })

    describe('of the time series', () => {
      const record = (at: string, time = 0) =>
        own.query(
          `insert into fleet.result_series (job_id, variable, model_time, mean, recorded_at) values ('a', 'gdp', $2::float8, $2 * 10, $1)`,
          [at, time],
        )
      const partitionOf = async (at: string) =>
        (
          await own.query<{ name: string }>(
            `select tableoid::regclass::text as name from fleet.result_series where recorded_at = $1`,
            [at],
          )
        )[0]?.name

      it('makes the partitions of this month and three more ahead, once', async () => {
        if (own.timescale === 'none') {
          const made = await ensurePartitions(own, RESULT, new Date('2031-11-30T23:59:59Z'))
          const expected = ['2031_11', '2031_12', '2032_01', '2032_02'].map((month) => `result_series_${month}`)
          expect(made).toEqual(expected)
          const next = await ensurePartitions(own, RESULT, new Date('2031-12-01T00:00:00Z'))
          expect(next).toEqual(['result_series_2032_03'])
        }
        await record('2031-12-31T23:59:59.999Z')
        if (own.timescale === 'none') {
          expect(await partitionOf('2031-12-31T23:59:59.999Z')).toBe('fleet.result_series_2031_12')
        }
      })

      it('loses no row for which no partition was made, and moves it when the month comes', async () => {
        await record('2040-05-05T00:00:00Z')
        if (own.timescale === 'none') {
          expect(await partitionOf('2040-05-05T00:00:00Z')).toBe('fleet.result_series_default')
          await ensurePartitions(own, RESULT, new Date('2040-03-01T00:00:00Z'))
          expect(await partitionOf('2040-05-05T00:00:00Z')).toBe('fleet.result_series_2040_05')
        }
        expect(await own.query(`select from fleet.result_series where recorded_at = '2040-05-05'`)).toHaveLength(1)
      })

      it('answers columns in the order of model time, whatever the level', async () => {
        await own.query('delete from fleet.result_series')
        for (const time of [2, 0, 1]) await record('2031-12-01T00:00:00Z', time)
        const rows = await own.query('select variable, times, mean, p50 from fleet.result_columns')
        expect(rows).toEqual([{ variable: 'gdp', times: [0, 1, 2], mean: [0, 10, 20], p50: [null, null, null] }])
      })

      it('changes nothing the second time', async () => {
        const shape = () =>
          own.query(`select c.oid::regclass::text as name, relkind from pg_class c join pg_namespace n on n.oid = relnamespace
              where nspname = 'fleet' order by 1`)
        await prepareTimeSeries(own, new Date('2031-12-01T00:00:00Z'))
        const before = await shape()
        await prepareTimeSeries(own, new Date('2031-12-31T00:00:00Z'))
        expect(await shape()).toEqual(before)
      })
    })
  })
}
