// Functions with the names and parameters of TimescaleDB's, on a PostgreSQL without it: what is asked of them is checked for syntax,
// order and repetition. They say nothing of TimescaleDB itself, which the suites run over where TIMESCALE_URL names one.
import type { Sql, Store, TimescaleLevel } from '../../infra/store/port.ts'

/**
 * Signatures as documented (docs/time-series.md names the pages). Where TimescaleDB takes "any", a stand-in in plpgsql takes the type that we give.
 * A hypertable is a plain table, and dropping chunks deletes rows of whole 30 days.
 */
const FUNCTIONS = `
  create schema timescaledb_information;
  create table timescaledb_information.hypertables (
    hypertable_schema name, hypertable_name name, time_column name, compression_enabled boolean not null default false,
    primary key (hypertable_schema, hypertable_name));
  create table timescaledb_information.jobs (
    proc_name name, hypertable_schema name, hypertable_name name, config jsonb, schedule_interval interval);
  create table timescaledb_information.continuous_aggregates (
    view_schema name, view_name name, materialization_hypertable_schema name, materialization_hypertable_name name);

  create function schema_of(_relation regclass) returns name language sql stable as
    $$ select nspname from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid = _relation $$;
  create function name_of(_relation regclass) returns name language sql stable as
    $$ select relname from pg_class where oid = _relation $$;

  create function create_hypertable(relation regclass, time_column_name name, partitioning_column name default null,
    number_partitions int default null, associated_schema_name name default null, associated_table_prefix name default null,
    chunk_time_interval interval default null, create_default_indexes boolean default true, if_not_exists boolean default false)
  returns void language plpgsql as $$ begin
    if exists (select from pg_class where oid = relation and relkind = 'p') then
      raise 'table % is already partitioned', relation;
    end if;
    if not if_not_exists and exists (select from timescaledb_information.hypertables where hypertable_name = name_of(relation)) then
      raise 'table % is already a hypertable', relation;
    end if;
    insert into timescaledb_information.hypertables values (schema_of(relation), name_of(relation), time_column_name)
    on conflict do nothing;
  end $$;

  create function time_bucket(bucket_width interval, ts timestamptz) returns timestamptz language sql immutable as
    $$ select date_bin(bucket_width, ts, '2000-01-03 00:00:00+00') $$;

  create function drop_chunks(relation regclass, older_than timestamptz default null, newer_than timestamptz default null, "verbose" boolean default false)
  returns setof text language plpgsql as $$
  declare column_name name := (select time_column from timescaledb_information.hypertables where hypertable_name = name_of(relation));
  begin
    execute format('delete from %s where date_bin(''30 days'', %I, ''2000-01-01Z'') + interval ''30 days'' <= $1', relation, column_name)
      using older_than;
    return;
  end $$;

  create function add_job(_proc name, _relation regclass, _config jsonb, _every interval, _if_not_exists boolean)
  returns int language plpgsql as $$ begin
    if exists (select from timescaledb_information.jobs where proc_name = _proc and hypertable_name = name_of(_relation)) then
      if _if_not_exists then return -1; end if;
      raise '% of % is there', _proc, _relation;
    end if;
    insert into timescaledb_information.jobs values (_proc, schema_of(_relation), name_of(_relation), _config, _every);
    return 1;
  end $$;
  create function remove_job(_proc name, _relation regclass, _if_exists boolean) returns void language plpgsql as $$ begin
    delete from timescaledb_information.jobs where proc_name = _proc and hypertable_name = name_of(_relation);
    if not found and not _if_exists then raise '% of % is not there', _proc, _relation; end if;
  end $$;

  create function add_retention_policy(relation regclass, drop_after interval, if_not_exists boolean default false) returns int language sql as
    $$ select add_job('policy_retention', relation, jsonb_build_object('drop_after', drop_after), '1 day', if_not_exists) $$;
  create function remove_retention_policy(relation regclass, if_exists boolean default false) returns void language sql as
    $$ select remove_job('policy_retention', relation, if_exists) $$;
  create function add_compression_policy(hypertable regclass, compress_after interval, if_not_exists boolean default false) returns int language sql as
    $$ select add_job('policy_compression', hypertable, jsonb_build_object('compress_after', compress_after), '12 hours', if_not_exists) $$;
  create function add_continuous_aggregate_policy(continuous_aggregate regclass, start_offset interval, end_offset interval,
    schedule_interval interval, if_not_exists boolean default false) returns int language plpgsql as $$ begin
    if start_offset < end_offset + interval '2 hours' then raise 'the refresh window must cover two buckets'; end if;
    return add_job('policy_refresh_continuous_aggregate', continuous_aggregate,
      jsonb_build_object('start_offset', start_offset, 'end_offset', end_offset), schedule_interval, if_not_exists);
  end $$;
  create function remove_continuous_aggregate_policy(continuous_aggregate regclass, if_exists boolean default false) returns void language sql as
    $$ select remove_job('policy_refresh_continuous_aggregate', continuous_aggregate, if_exists) $$;
  create procedure refresh_continuous_aggregate(continuous_aggregate regclass, window_start timestamptz, window_end timestamptz) language plpgsql as
    $$ begin null; end $$;`

const AGGREGATE =
  /create materialized view if not exists (\S+)\s+with \(timescaledb\.continuous[^)]*\) as([\s\S]*)\bwith no data/
const COMPRESS = /alter table fleet\.(\S+) set \(timescaledb\.compress\b/

/** Makes the stand-ins in the store's database, and gives a store that passes for one of the level. */
export async function withStandIns(store: Store, level: Exclude<TimescaleLevel, 'none'>): Promise<Store> {
  await store.query(FUNCTIONS)
  const query = translated(store)
  return {
    ...store,
    timescale: level,
    query,
    transaction: (work) => store.transaction((sql) => work({ ...sql, query: translated(sql) })),
  }
}

/** The two statements that PostgreSQL cannot parse: a continuous aggregate becomes a plain view over its select, compression a note. */
function translated(sql: Sql): Sql['query'] {
  return async <Row>(text: string, values?: readonly unknown[]) => {
    const aggregate = AGGREGATE.exec(text)
    if (aggregate) {
      const [, view = '', select = ''] = aggregate
      await sql.query(`create or replace view ${view} as ${select}`)
      await sql.query(
        `insert into timescaledb_information.continuous_aggregates select schema_of($1), name_of($1), schema_of($1), name_of($1)`,
        [view],
      )
      return [] as Row[]
    }
    const compressed = COMPRESS.exec(text)?.[1]
    if (!compressed) return sql.query<Row>(text, values)
    const note = 'update timescaledb_information.hypertables set compression_enabled = true where hypertable_name = $1'
    return sql.query<Row>(note, [compressed])
  }
}
