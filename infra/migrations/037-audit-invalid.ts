// The audit of what is no valid operation: a chain of its own, whose rows may stand for several requests.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class AuditInvalid1735689600037 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      alter table gateway.audit_chain drop constraint audit_chain_type_check,
        add constraint audit_chain_type_check check (type in ('query', 'mutation', 'subscription', 'invalid'));
      -- How many requests the row stands for; null: one.
      alter table gateway.audit_entry add column times int;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      delete from gateway.audit_entry where type = 'invalid';
      delete from gateway.audit_chain where type = 'invalid';
      alter table gateway.audit_entry drop column times;
      alter table gateway.audit_chain drop constraint audit_chain_type_check,
        add constraint audit_chain_type_check check (type in ('query', 'mutation', 'subscription'));
    `)
  }
}
