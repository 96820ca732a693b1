// The time series' bookkeeping: which there are, up to when their rows were dropped, and which of their hours are to be rolled up.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class TimeSeries1735689600017 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- One row a series; what it is made of is written by infra/store/series at each start.
      create table quesnay.series (
        name text primary key,
        relation text not null,
        time_column text not null,
        -- 'marks': a table that is refreshed from fleet.series_mark; 'aggregate': a continuous aggregate of TimescaleDB, which marks by itself.
        rollup text not null check (rollup in ('marks', 'aggregate')),
        -- What this was made from; another value means that it is made again.
        made_from text not null,
        -- Rows before this instant were dropped, and the rollups before it are final.
        sealed_before timestamptz not null default '-infinity'
      );

      -- Hours whose rollup is not that of their rows. A row per writing, never shared: two writers of an hour do not wait for each other,
      -- and one that commits after a refresh leaves its own mark behind.
      create table fleet.series_mark (
        tenant text not null default 'local',
        series text not null,
        bucket timestamptz not null,
        marked_at timestamptz not null default clock_timestamp()
      );
      create index series_mark_tenant on fleet.series_mark (tenant, series, bucket);
      create index series_mark_bucket on fleet.series_mark (series, bucket);

      -- Says that a tenant's rows of an instant were written; in the transaction that writes them.
      create function fleet.mark_series(_series text, _tenant text, _at timestamptz) returns void language sql as $$
        insert into fleet.series_mark (tenant, series, bucket)
        select _tenant, _series, date_bin('1 hour', _at, '2000-01-01 00:00:00+00')
        from quesnay.series where name = _series and rollup = 'marks'
      $$;

      -- The same for all rows of a span, whoever wrote them: after a backfill by hand. Returns the number of marks.
      create function fleet.mark_series_rows(_series text, _from timestamptz, _to timestamptz) returns bigint language plpgsql as $$
      declare
        series quesnay.series;
        marks bigint := 0;
      begin
        select * into series from quesnay.series where name = _series and rollup = 'marks';
        if found then
          execute format(
            'insert into fleet.series_mark (tenant, series, bucket)
             select distinct tenant, $1, date_bin(''1 hour'', %1$I, ''2000-01-01 00:00:00+00'') from %2$s where %1$I >= $2 and %1$I < $3',
            series.time_column, series.relation) using _series, _from, _to;
          get diagnostics marks = row_count;
        end if;
        return marks;
      end $$;

      -- What of a job's work stands in fleet.job_usage already: a job whose shards are driven again ends more than once.
      alter table fleet.job
        add column usage_seconds float8 not null default 0,
        add column usage_shards int not null default 0;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      alter table fleet.job drop column if exists usage_seconds, drop column if exists usage_shards;
      drop function if exists fleet.mark_series(text, text, timestamptz);
      drop function if exists fleet.mark_series_rows(text, timestamptz, timestamptz);
      -- The views over it are made again by the next start.
      drop table if exists fleet.series_mark cascade;
      drop table if exists quesnay.series;
    `)
  }
}
