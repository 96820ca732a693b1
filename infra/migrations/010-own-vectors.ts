// Vectors that a tree of parameters names itself, such as NATION: england, wales.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class OwnVectors1735689600010 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- Lists of cells by the name that parameter.vector has for them.
      alter table parameters.tree add column vectors jsonb not null default '{}';
      alter table parameters.parameter drop constraint parameter_vector_check;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- What the older tables cannot hold goes; the next start of a newer version loads it anew.
      delete from parameters.parameter where vector not in ('NONE', 'FILING_STATUS', 'CHILDREN');
      update parameters.tree set file_sha256 = '' where vectors <> '{}';
      alter table parameters.parameter
        add constraint parameter_vector_check check (vector in ('NONE', 'FILING_STATUS', 'CHILDREN'));
      alter table parameters.tree drop column vectors;
    `)
  }
}
