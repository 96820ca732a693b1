// API keys of the gateway: of each a hash of its secret, what it may do, and when it was used.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ApiKeys1735689600020 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      create schema if not exists gateway;
      create table gateway.api_key (
        id text primary key,
        tenant text not null,
        -- What it is for.
        label text not null,
        -- SHA-256 of the secret, which is 256 random bits.
        hash bytea not null,
        scopes text[] not null,
        roles text[] not null,
        tier text not null,
        created_at timestamptz not null,
        -- null: never.
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz
      );
      create index api_key_tenant on gateway.api_key (tenant, created_at desc);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop table gateway.api_key')
  }
}
