// The scenarios' tables: scenarios, and which run answered which question about one.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Scenarios1735689600004 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists scenarios;

      create table scenarios.scenario (
        tenant text not null default 'local',
        id text not null,
        title text not null,
        description text,
        economy_id text,
        reform_id text,
        bank_id text,
        portfolio_id text,
        year int not null,
        horizon_years float8 not null,
        draws int not null,
        seed text not null,
        steps_per_year int not null,
        saves_per_year int not null,
        shocks jsonb not null,
        created_at timestamptz not null,
        primary key (tenant, id)
      );
      create index scenario_newest on scenarios.scenario (tenant, created_at desc, id desc);
      create index scenario_reform on scenarios.scenario (tenant, reform_id);

      -- The same question about a scenario is answered by the same run.
      create table scenarios.scenario_run (
        tenant text not null default 'local',
        scenario_id text not null,
        question_hash text not null,
        run_id text not null,
        created_at timestamptz not null,
        primary key (tenant, scenario_id, question_hash),
        foreign key (tenant, scenario_id) references scenarios.scenario (tenant, id)
      );
      create index scenario_run_run on scenarios.scenario_run (tenant, run_id);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop schema if exists scenarios cascade')
  }
}
