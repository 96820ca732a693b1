// The parameters' tables: trees, parameters, their values by valid and knowledge time, reforms, and the runs that cost them.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Parameters1735689600002 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists parameters;

      create table parameters.tree (
        tenant text not null default 'local',
        id text not null,
        title text not null,
        country text not null,
        currency text not null,
        covers_from date not null,
        covers_to date not null,
        source jsonb not null,
        scales jsonb not null,
        snapshot_hash text not null,
        -- Of the file it was loaded from: a start with the same file loads nothing.
        file_sha256 text not null,
        primary key (tenant, id)
      );

      create table parameters.parameter (
        tenant text not null default 'local',
        -- Ordered by bytes, so that pages are the same on every server.
        id text collate "C" not null,
        tree_id text not null,
        label text not null,
        unit text not null,
        period text,
        vector text not null check (vector in ('NONE', 'FILING_STATUS', 'CHILDREN')),
        law_references text[] not null,
        source jsonb not null,
        origin text,
        expected_least float8 not null,
        expected_greatest float8 not null,
        primary key (tenant, id),
        foreign key (tenant, tree_id) references parameters.tree
      );
      create index parameter_tree on parameters.parameter (tenant, tree_id, id);

      -- Two times: the day from which a value holds, and the day from which that was known.
      create table parameters.parameter_value (
        tenant text not null default 'local',
        parameter_id text collate "C" not null,
        valid_from date not null,
        known_from date not null,
        cells float8[] not null,
        source text,
        primary key (tenant, parameter_id, valid_from, known_from),
        foreign key (tenant, parameter_id) references parameters.parameter on delete cascade
      );

      create table parameters.reform (
        tenant text not null default 'local',
        id text not null,
        tree_id text not null,
        title text not null,
        description text,
        changes jsonb not null,
        snapshot_hash text not null,
        created_at timestamptz not null,
        primary key (tenant, id),
        foreign key (tenant, tree_id) references parameters.tree
      );
      create index reform_newest on parameters.reform (tenant, created_at desc, id desc);

      -- The same question about a reform is answered by the same run.
      create table parameters.population_run (
        tenant text not null default 'local',
        question_hash text not null,
        run_id text not null,
        reform_id text not null,
        population_id text not null,
        year int not null,
        created_at timestamptz not null,
        primary key (tenant, question_hash),
        foreign key (tenant, reform_id) references parameters.reform
      );
      create index population_run_run on parameters.population_run (tenant, run_id);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop schema if exists parameters cascade')
  }
}
