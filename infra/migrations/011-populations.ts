// Populations: what is known of a data set of units, whose columns are blobs of the fleet; and files that come in parts.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Populations1735689600011 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create table parameters.population (
        tenant text not null default 'local',
        -- Ordered by bytes, so that pages are the same on every server.
        id text collate "C" not null,
        origin text not null check (origin in ('GENERATED', 'IMPORTED', 'UPRATED')),
        title text not null,
        description text not null,
        source text,
        licence text,
        rule_set_id text not null,
        unit text not null,
        year int not null,
        units int not null,
        weights_total float8 not null,
        data_version text not null,
        -- Of a generated one: which generator, so that another one's data are made anew. Of an imported one: SHA-256 of the file.
        made_by text not null,
        -- Of one carried to another year: what it is carried from, and by what.
        base_id text,
        factors jsonb,
        -- Name, figures, and where the values are: a constant, the SHA-256 of a blob, or the blob and factor that they are computed from.
        columns jsonb not null,
        created_at timestamptz not null,
        primary key (tenant, id),
        foreign key (tenant, base_id) references parameters.population (tenant, id) on delete cascade,
        check ((origin = 'UPRATED') = (base_id is not null and factors is not null))
      );
      create index population_base on parameters.population (tenant, base_id) where base_id is not null;

      -- Parts of a file until all are there and it is imported, or until they are too old.
      create table parameters.upload_part (
        tenant text not null default 'local',
        -- Of the whole file.
        sha256 text not null,
        part int not null,
        size int not null,
        bytes bytea not null,
        created_at timestamptz not null,
        primary key (tenant, sha256, part)
      );
      alter table parameters.upload_part alter column bytes set storage external;
      create index upload_part_age on parameters.upload_part (tenant, created_at);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      drop table if exists parameters.upload_part;
      drop table if exists parameters.population;
    `)
  }
}
