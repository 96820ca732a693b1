// Runs over populations: several reforms in one pass, the rules by their hash, and how the answer is read.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class PopulationRuns1735689600012 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      -- Answers of the rules in code that were before: their runs stay, their questions are asked anew.
      delete from parameters.population_run;
      alter table parameters.population_run
        drop column reform_id,
        add column reform_ids text[] not null,
        add column rule_set_id text not null,
        add column rule_set_hash text not null,
        add column data_version text not null,
        add column reading jsonb not null;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      delete from parameters.population_run;
      alter table parameters.population_run
        drop column reform_ids, drop column rule_set_id, drop column rule_set_hash, drop column data_version, drop column reading,
        add column reform_id text not null,
        add foreign key (tenant, reform_id) references parameters.reform;
    `)
  }
}
