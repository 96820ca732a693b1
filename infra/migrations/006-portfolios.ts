// The portfolios' tables: instruments and their prices, portfolios and their positions, and what runs of risk were asked.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Portfolios1735689600006 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists portfolios;

      create table portfolios.instrument (
        tenant text not null default 'local',
        id text not null,
        name text not null,
        asset_class text not null,
        currency text not null,
        -- Of an exchange rate: the currency that the price is of one unit of.
        base_currency text check ((base_currency is not null) = (asset_class = 'CURRENCY')),
        economy_id text,
        duration float8,
        convexity float8,
        factors jsonb not null default '[]',
        primary key (tenant, id)
      );
      create index instrument_economy on portfolios.instrument (tenant, economy_id, id);

      create table portfolios.price (
        tenant text not null default 'local',
        instrument_id text not null,
        day date not null,
        price float8 not null check (price > 0),
        origin text not null check (origin in ('GENERATED', 'IMPORTED')),
        primary key (tenant, instrument_id, day),
        foreign key (tenant, instrument_id) references portfolios.instrument (tenant, id)
      );

      create table portfolios.portfolio (
        tenant text not null default 'local',
        id text not null,
        title text not null,
        description text,
        currency text not null,
        created_at timestamptz not null,
        primary key (tenant, id)
      );

      create table portfolios.position (
        tenant text not null default 'local',
        portfolio_id text not null,
        instrument_id text not null,
        ordinal int not null,
        quantity float8 not null,
        primary key (tenant, portfolio_id, instrument_id),
        foreign key (tenant, portfolio_id) references portfolios.portfolio (tenant, id),
        foreign key (tenant, instrument_id) references portfolios.instrument (tenant, id)
      );
      create index position_instrument on portfolios.position (tenant, instrument_id);

      -- What a run of risk was asked; the same question is answered by the same run.
      create table portfolios.risk_run (
        tenant text not null default 'local',
        run_id text not null,
        question_hash text not null,
        portfolio_id text not null,
        question jsonb not null,
        created_at timestamptz not null,
        primary key (tenant, run_id)
      );
      create index risk_run_question on portfolios.risk_run (tenant, question_hash, created_at desc);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop schema if exists portfolios cascade')
  }
}
