// What is left of rates and daily quotas: taken by gateways, shared by all that use this database.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Rates1735689600022 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists gateway;

      -- Unlogged: after a crash every bucket is full again, and no request waits for the disk.
      create unlogged table gateway.rate_bucket (
        key text primary key,
        tokens float8 not null,
        -- What the last statement was given.
        taken float8 not null,
        at timestamptz not null
      );
      create index rate_bucket_at on gateway.rate_bucket (at);

      create table gateway.daily_use (
        tenant text not null,
        -- Of UTC.
        day date not null,
        used bigint not null,
        -- What the last statement was given.
        taken bigint not null,
        primary key (tenant, day)
      );
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      drop table gateway.daily_use;
      drop table gateway.rate_bucket;
    `)
  }
}
