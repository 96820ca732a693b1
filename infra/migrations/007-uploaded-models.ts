// Scenarios of uploaded models: the model beside the scenario, which then has no year and no horizon of a network.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class UploadedModels1735689600007 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      alter table scenarios.scenario
        alter column year drop not null,
        alter column horizon_years drop not null,
        alter column steps_per_year drop not null,
        alter column saves_per_year drop not null,
        -- Hashes of text and model, time and changes; the text and the model themselves are blobs of the fleet.
        add column uploaded_model jsonb,
        add constraint scenario_time check (
          case when uploaded_model is null then num_nonnulls(year, horizon_years, steps_per_year, saves_per_year) = 4
               else num_nonnulls(year, horizon_years, steps_per_year, saves_per_year, bank_id) = 0 end);
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      delete from scenarios.scenario_run r using scenarios.scenario s
        where s.tenant = r.tenant and s.id = r.scenario_id and s.uploaded_model is not null;
      delete from scenarios.scenario where uploaded_model is not null;
      alter table scenarios.scenario
        drop constraint scenario_time,
        drop column uploaded_model,
        alter column year set not null,
        alter column horizon_years set not null,
        alter column steps_per_year set not null,
        alter column saves_per_year set not null;
    `)
  }
}
