// How many questions of one kind a tenant has under way, counted so that two at once cannot both be the last.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class AtOnce1735689600021 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- Whether one more job of a kind is within what a tenant may have under way, under a lock held to the end of the transaction.
      -- null: no limit.
      create function fleet.one_more(of_tenant text, of_kind text, at_once int) returns boolean
      language plpgsql volatile as $body$
      begin
        if at_once is null then return true; end if;
        perform pg_advisory_xact_lock(hashtextextended('quesnay at once ' || of_tenant || ' ' || of_kind, 0));
        return at_once > (
          select count(*) from fleet.job j
          where j.tenant = of_tenant and j.kind = of_kind and j.status in ('QUEUED', 'RUNNING', 'MERGING'));
      end $body$;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query('drop function fleet.one_more')
  }
}
