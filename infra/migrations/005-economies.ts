// The economies' tables: economies, their datasets and series, and what was observed.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Economies1735689600005 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists economies;

      create table economies.economy (
        tenant text not null default 'local',
        id text not null,
        name text not null,
        currency text not null,
        default_dataset_id text,
        -- Baseline unemployment of the macro path, per cent of the labour force; null: the general assumption.
        unemployment_rate_pct float8,
        primary key (tenant, id)
      );

      -- A version of a dataset never changes.
      create table economies.dataset (
        tenant text not null default 'local',
        id text not null,
        economy_id text not null,
        title text not null,
        frequency text not null check (frequency in ('ANNUAL', 'QUARTERLY', 'MONTHLY')),
        income_measure text not null,
        government_scope text not null,
        discrepancy text,
        data_version text not null,
        created_at timestamptz not null,
        primary key (tenant, id),
        foreign key (tenant, economy_id) references economies.economy (tenant, id)
      );
      create index dataset_economy on economies.dataset (tenant, economy_id, id);

      create table economies.series (
        tenant text not null default 'local',
        id text not null,
        dataset_id text not null,
        position int not null,
        name text not null,
        label text not null,
        role text,
        unit text not null,
        kind text not null check (kind in ('FLOW', 'FLOW_AT_ANNUAL_RATE', 'RATE', 'STOCK')),
        price_basis text not null,
        precision_step float8,
        origin text not null,
        licence text not null,
        retrieved date not null,
        primary key (tenant, id),
        foreign key (tenant, dataset_id) references economies.dataset (tenant, id)
      );
      create index series_dataset on economies.series (tenant, dataset_id, position);
      -- One series a role: parts and totals do not add.
      create unique index series_role on economies.series (tenant, dataset_id, role) where role is not null;

      create table economies.observation (
        tenant text not null default 'local',
        series_id text not null,
        -- ISO period: bytes order it in time.
        period text collate "C" not null,
        value float8 not null,
        primary key (tenant, series_id, period),
        foreign key (tenant, series_id) references economies.series (tenant, id)
      );
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop schema if exists economies cascade')
  }
}
