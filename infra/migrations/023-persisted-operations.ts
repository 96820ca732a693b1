// Operations that are published: clients ask for them by id, and where only such are answered, no others.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class PersistedOperations1735689600023 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists gateway;

      create table gateway.persisted_operation (
        id text primary key,
        -- Of the body, in hexadecimal.
        sha256 text not null,
        name text not null,
        type text not null check (type in ('query', 'mutation', 'subscription')),
        body text not null,
        published_at timestamptz not null default now()
      );

      -- Counts changes, so that gateways see at a glance whether there are any.
      create sequence gateway.persisted_change;
      create function gateway.persisted_changed() returns trigger language plpgsql as $body$
      begin
        perform nextval('gateway.persisted_change');
        return null;
      end $body$;
      create trigger persisted_changed after insert or update or delete on gateway.persisted_operation
        for each statement execute function gateway.persisted_changed();
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      drop table gateway.persisted_operation;
      drop function gateway.persisted_changed;
      drop sequence gateway.persisted_change;
    `)
  }
}
