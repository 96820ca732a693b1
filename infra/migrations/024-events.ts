// The outbox of events: what a transaction tells subscribers of, until it is on the bus.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Events1735689600024 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists events;
      create table events.outbox (
        id bigint generated always as identity primary key,
        tenant text not null,
        subject text not null,
        -- JSON.
        body text not null,
        created_at timestamptz not null default clock_timestamp()
      );
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop schema events cascade')
  }
}
