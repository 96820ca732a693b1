// The mechanisms' tables: versions of banks with their nodes, mechanisms, studies and compiled models.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Mechanisms1735689600003 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists mechanisms;

      -- A version of a bank never changes. Ids sort by bytes, so that pages go on where they ended.
      create table mechanisms.bank (
        tenant text not null default 'local',
        id text collate "C" not null,
        name text not null,
        version text not null,
        title text not null,
        content_hash text not null,
        geography text[] not null default '{}',
        origin jsonb not null,
        node_count int not null,
        mechanism_count int not null,
        findings jsonb not null,
        imported_at timestamptz not null,
        primary key (tenant, id)
      );
      create index bank_name on mechanisms.bank (tenant, name, imported_at desc);
      create index bank_geography on mechanisms.bank using gin (geography);

      create table mechanisms.node (
        tenant text not null default 'local',
        id text collate "C" not null,
        bank_id text collate "C" not null,
        key text not null,
        name text not null,
        category text,
        unit text,
        level float8,
        proposed boolean not null,
        stock boolean not null,
        macro_variable text,
        sd float8,
        exposure_share float8,
        initial float8,
        reference float8,
        min float8,
        max float8,
        decay_per_year float8,
        assumptions text[] not null default '{}',
        primary key (tenant, id),
        foreign key (tenant, bank_id) references mechanisms.bank on delete cascade
      );
      create index node_bank on mechanisms.node (tenant, bank_id, id);

      create table mechanisms.mechanism (
        tenant text not null default 'local',
        id text collate "C" not null,
        bank_id text collate "C" not null,
        key text not null,
        name text not null,
        category text,
        version text,
        status text not null check (status in ('ACTIVE', 'DEPRECATED')),
        from_id text collate "C" not null,
        to_id text collate "C" not null,
        orientation text not null,
        sign text,
        kind text not null,
        form jsonb,
        effect jsonb,
        grade text check (grade in ('A', 'B', 'C')),
        evidence jsonb not null,
        moderators jsonb not null,
        description text,
        pathway text[] not null default '{}',
        geography_note text,
        assumptions text[] not null default '{}',
        origin text,
        primary key (tenant, id),
        foreign key (tenant, bank_id) references mechanisms.bank on delete cascade,
        foreign key (tenant, from_id) references mechanisms.node (tenant, id),
        foreign key (tenant, to_id) references mechanisms.node (tenant, id)
      );
      create index mechanism_bank on mechanisms.mechanism (tenant, bank_id, id);
      create index mechanism_from on mechanisms.mechanism (tenant, from_id, id);
      create index mechanism_to on mechanisms.mechanism (tenant, to_id, id);

      -- Studies are shared by all banks of a tenant.
      create table mechanisms.study (
        tenant text not null default 'local',
        id text collate "C" not null,
        doi text,
        citation text not null,
        primary key (tenant, id)
      );

      create table mechanisms.citation (
        tenant text not null default 'local',
        mechanism_id text collate "C" not null,
        position int not null,
        study_id text collate "C",
        text text not null,
        role text not null check (role in ('PRIMARY', 'SUPPORTING')),
        primary key (tenant, mechanism_id, position),
        foreign key (tenant, mechanism_id) references mechanisms.mechanism on delete cascade,
        foreign key (tenant, study_id) references mechanisms.study
      );
      create index citation_study on mechanisms.citation (tenant, study_id, mechanism_id);

      -- What a version of the compiler made of a bank; the model itself lies in the fleet's blobs.
      create table mechanisms.compiled_model (
        tenant text not null default 'local',
        bank_id text collate "C" not null,
        compiler text not null,
        hash text not null,
        variables int not null,
        stocks int not null,
        mechanisms int not null,
        findings jsonb not null,
        primary key (tenant, bank_id, compiler),
        foreign key (tenant, bank_id) references mechanisms.bank on delete cascade
      );
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop schema if exists mechanisms cascade')
  }
}
