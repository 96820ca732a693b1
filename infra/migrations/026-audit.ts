// The audit: one row per operation, chained by hashes, and the normalised operations that the rows name.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Audit1735689600026 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists gateway;

      -- A normalised operation is kept once, however often it is asked.
      create table gateway.audit_operation (
        hash text primary key,
        text text not null,
        -- When a row last named it, to within a day.
        last_at timestamptz not null
      );

      -- The head of each chain: one chain per tenant and type of operation, so that what is kept for less long is always the beginning of
      -- a chain. Whoever appends holds this row's lock.
      create table gateway.audit_chain (
        tenant text not null,
        type text not null check (type in ('query', 'mutation', 'subscription')),
        seq bigint not null default 0,
        hash text not null,
        -- The last row that retention deleted: what is left goes on from there.
        deleted_seq bigint not null default 0,
        deleted_hash text not null,
        deleted_at timestamptz,
        primary key (tenant, type)
      );

      create table gateway.audit_entry (
        tenant text not null,
        type text not null,
        seq bigint not null,
        id text not null unique,
        at timestamptz not null,
        subject text not null,
        proof text not null,
        request_id text not null,
        trace_id text,
        operation_name text,
        operation_hash text not null,
        -- json, not jsonb: the hash is over what was written.
        variables json not null,
        withheld json not null,
        versions json not null,
        result_hash text,
        cost json,
        duration_ms int not null,
        outcome text not null,
        -- Of the row that ends a subscription: the id of the one that began it.
        completes text,
        hash text not null,
        primary key (tenant, type, seq)
      );
      create index audit_entry_time on gateway.audit_entry (tenant, at desc, id desc);
      create index audit_entry_age on gateway.audit_entry (type, at);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      drop table gateway.audit_entry;
      drop table gateway.audit_chain;
      drop table gateway.audit_operation;
    `)
  }
}
