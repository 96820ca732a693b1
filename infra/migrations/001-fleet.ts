// The fleet's tables: jobs, runs, shards, what they computed, and what is still to be published.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Fleet1735689600001 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists fleet;

      -- Content-addressed values: params of jobs, compiled models that subgraphs hand each other.
      create table fleet.blob (
        tenant text not null default 'local',
        sha256 text not null,
        bytes bytea not null,
        created_at timestamptz not null default now(),
        primary key (tenant, sha256)
      );
      -- Numbers do not compress, and what is stored as it is can be read in slices.
      alter table fleet.blob alter column bytes set storage external;

      -- One question being computed, shared by all runs that ask it.
      create table fleet.job (
        tenant text not null default 'local',
        job_id text not null,
        parent_key text not null,
        salt text not null default '',
        status text not null default 'QUEUED'
          check (status in ('QUEUED', 'RUNNING', 'MERGING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
        kind text not null,
        class text not null default 'p1',
        kernel_name text not null,
        kernel_sha256 text not null,
        abi int not null,
        params_sha256 text not null,
        seed text not null,
        lanes int not null,
        chunk_steps int not null default 0,
        result_spec jsonb not null,
        shards_total int not null,
        shards_done int not null default 0,
        input_hash text not null,
        result_hash text,
        compute_seconds float8 not null default 0,
        attempt_epoch int not null default 0,
        merge_owner text,
        merge_lease_until timestamptz,
        -- What subscribers have heard: how many shards, and when.
        announced_done int not null default 0,
        progress_at timestamptz,
        provenance jsonb not null default '{}',
        error jsonb,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        finished_at timestamptz,
        deadline_at timestamptz,
        primary key (tenant, job_id)
      );
      -- Two equal questions in flight, or one in flight and one answered, are one job. A verification carries a salt.
      create unique index job_question on fleet.job (tenant, parent_key, salt)
        where status not in ('FAILED', 'CANCELLED');
      -- What the sweeper looks through.
      create index job_live on fleet.job (tenant, created_at) where status in ('QUEUED', 'RUNNING', 'MERGING');

      -- One asking of a question about an object of the graph.
      create table fleet.run (
        tenant text not null default 'local',
        run_id text not null,
        job_id text not null,
        kind text not null,
        subject_type text not null,
        subject_id text not null,
        cached boolean not null default false,
        cancelled_at timestamptz,
        verifies text,
        -- The status that subscribers have heard last.
        announced text not null default 'QUEUED',
        -- What this asking says of its sources; equal questions may name them differently.
        provenance jsonb not null default '{}',
        created_at timestamptz not null default now(),
        primary key (tenant, run_id),
        foreign key (tenant, job_id) references fleet.job on delete cascade
      );
      create index run_newest on fleet.run (tenant, created_at desc, run_id desc);
      create index run_subject on fleet.run (tenant, subject_type, subject_id);
      create index run_job on fleet.run (tenant, job_id);
      create index run_unannounced on fleet.run (tenant, job_id) where announced in ('QUEUED', 'RUNNING', 'MERGING');

      create table fleet.shard (
        tenant text not null default 'local',
        job_id text not null,
        shard int not null,
        lane_from int not null,
        lane_to int not null check (lane_to > lane_from),
        shard_key text not null,
        status text not null default 'QUEUED'
          check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
        -- When it was last handed to the bus, or was to be.
        published_at timestamptz not null default now(),
        attempt_epoch int not null default 0,
        deaths int not null default 0,
        heartbeat_at timestamptz,
        worker_id text,
        primary key (tenant, job_id, shard),
        foreign key (tenant, job_id) references fleet.job on delete cascade
      );
      create index shard_unfinished on fleet.shard (tenant, heartbeat_at) where status in ('QUEUED', 'RUNNING');

      create table fleet.shard_result (
        tenant text not null default 'local',
        job_id text not null,
        shard int not null,
        shard_key text not null,
        sha256 text not null,
        bytes bytea not null,
        compute_seconds float8 not null,
        worker_id text not null,
        created_at timestamptz not null default now(),
        primary key (tenant, job_id, shard),
        foreign key (tenant, job_id) references fleet.job on delete cascade
      );

      alter table fleet.shard_result alter column bytes set storage external;

      -- Other bits for a shard that has a result: kept aside as evidence, never used.
      create table fleet.shard_conflict (
        id bigint generated always as identity primary key,
        tenant text not null default 'local',
        job_id text not null,
        shard int not null,
        shard_key text not null,
        sha256 text not null,
        bytes bytea not null,
        worker_id text not null,
        created_at timestamptz not null default now(),
        foreign key (tenant, job_id) references fleet.job on delete cascade
      );
      create index shard_conflict_job on fleet.shard_conflict (tenant, job_id, shard);

      -- Written with the job in one transaction, published after it.
      create table fleet.outbox (
        id bigint generated always as identity primary key,
        tenant text not null default 'local',
        job_id text not null,
        shard int not null,
        subject text not null,
        message_id text not null,
        body bytea not null,
        created_at timestamptz not null default now(),
        published_at timestamptz,
        foreign key (tenant, job_id) references fleet.job on delete cascade
      );
      create index outbox_unpublished on fleet.outbox (id) where published_at is null;
      create index outbox_job on fleet.outbox (tenant, job_id, shard);

      -- The merged result.
      create table fleet.result (
        tenant text not null default 'local',
        job_id text not null,
        result_hash text not null,
        spec jsonb not null,
        bytes bytea not null,
        created_at timestamptz not null default now(),
        primary key (tenant, job_id),
        foreign key (tenant, job_id) references fleet.job on delete cascade
      );
      alter table fleet.result alter column bytes set storage external;
      create index result_by_hash on fleet.result (tenant, result_hash);

      create table fleet.dead_letter (
        id bigint generated always as identity primary key,
        tenant text not null default 'local',
        job_id text not null,
        shard int not null,
        reason jsonb not null,
        body bytea not null,
        created_at timestamptz not null default now()
      );
      create index dead_letter_job on fleet.dead_letter (tenant, job_id, shard);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop schema fleet cascade')
  }
}
