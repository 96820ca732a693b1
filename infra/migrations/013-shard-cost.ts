// What each shard is estimated to cost, for admission, the backlog and the scaling of workers.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ShardCost1735689600013 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- Seconds of one thread, estimated at submission from the plan; 0 for shards that were stored before.
      alter table fleet.shard add column cost_seconds float8 not null default 0;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('alter table fleet.shard drop column cost_seconds')
  }
}
