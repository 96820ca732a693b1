// What a job is followed by in traces and logs: kept with it, so that a shard sent again continues the trace.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class JobOrigin1735689600019 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    // runId, requestId, traceparent; empty for jobs from before.
    await sql.query(`alter table fleet.job add column origin jsonb not null default '{}'`)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('alter table fleet.job drop column origin')
  }
}
