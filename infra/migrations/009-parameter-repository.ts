// What is written to trees of parameters and by whom, and the repository of reforms: snapshots, commits, branches, tags.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ParameterRepository1735689600009 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- Written by the tenant, not loaded with the tree: a newer file of the tree does not take it away.
      alter table parameters.parameter add column written boolean not null default false;
      alter table parameters.parameter_value add column written boolean not null default false;
      alter table parameters.scale add column written boolean not null default false;
      create index parameter_written on parameters.parameter_value (tenant, parameter_id) where written;

      create table parameters.tree_change (
        tenant text not null default 'local',
        tree_id text not null,
        -- That of the tree after it.
        revision bigint not null,
        author text not null,
        message text not null,
        changed_at timestamptz not null,
        snapshot_before text,
        snapshot_after text not null,
        -- The first thousand of the parameters written; none where the tree was loaded as a whole.
        parameters text[] not null,
        parameter_count int not null,
        value_count int not null,
        primary key (tenant, tree_id, revision),
        foreign key (tenant, tree_id) references parameters.tree on delete cascade
      );

      -- Canonical changes and formulas of a reform, by the hash of them.
      create table parameters.snapshot (
        tenant text not null default 'local',
        hash text not null,
        changes jsonb not null,
        formulas jsonb not null,
        primary key (tenant, hash)
      );

      create table parameters.commit (
        tenant text not null default 'local',
        hash text not null,
        tree_id text not null,
        parents text[] not null,
        -- One more than that of the farthest parent: a commit stands after all that it comes from.
        generation int not null,
        snapshot_hash text not null,
        author text not null,
        message text not null,
        -- As it is in the hash: ISO 8601 in UTC.
        committed_at text not null,
        primary key (tenant, hash),
        foreign key (tenant, tree_id) references parameters.tree,
        foreign key (tenant, snapshot_hash) references parameters.snapshot
      );

      create table parameters.branch (
        tenant text not null default 'local',
        tree_id text not null,
        name text collate "C" not null,
        head text not null,
        created_at timestamptz not null,
        moved_at timestamptz not null,
        primary key (tenant, tree_id, name),
        foreign key (tenant, tree_id) references parameters.tree,
        foreign key (tenant, head) references parameters.commit
      );

      create table parameters.tag (
        tenant text not null default 'local',
        tree_id text not null,
        name text collate "C" not null,
        commit_hash text not null,
        message text,
        created_at timestamptz not null,
        primary key (tenant, tree_id, name),
        foreign key (tenant, tree_id) references parameters.tree,
        foreign key (tenant, commit_hash) references parameters.commit
      );

      alter table parameters.reform
        add column formulas jsonb not null default '[]',
        add column commit_hash text,
        add foreign key (tenant, commit_hash) references parameters.commit;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      delete from parameters.population_run r using parameters.reform f
        where f.tenant = r.tenant and f.id = r.reform_id and f.formulas <> '[]';
      delete from parameters.reform where formulas <> '[]';
      alter table parameters.reform drop column formulas, drop column commit_hash;
      drop table parameters.tag, parameters.branch, parameters.commit, parameters.snapshot, parameters.tree_change;
      alter table parameters.scale drop column written;
      alter table parameters.parameter_value drop column written;
      alter table parameters.parameter drop column written;
    `)
  }
}
