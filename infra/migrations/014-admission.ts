// Admission: which shards wait and which are on the bus, what tenants may use, and what is kept of a run that failed in part.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Admission1735689600014 implements MigrationInterface {
  async up(sql: QueryRunner): Promise<void> {
    await sql.query(`
      alter table fleet.job
        add column shards_failed int not null default 0,
        -- Seconds of one thread, estimated at submission.
        add column estimated_seconds float8 not null default 0;
      -- Whose shards an equal question may use.
      create index job_unanswered on fleet.job (tenant, parent_key) where status in ('FAILED', 'CANCELLED');
      -- What was computed in a day, and what may be thrown away.
      create index job_finished on fleet.job (tenant, finished_at) include (compute_seconds) where finished_at is not null;

      -- A shard that is not admitted waits in the outbox alone.
      alter table fleet.shard
        add column class text not null default 'p1',
        add column admitted boolean not null default true;
      create index shard_waiting on fleet.shard (tenant, class, job_id, shard) where status = 'QUEUED' and not admitted;
      create index shard_in_flight on fleet.shard (tenant, class, job_id) where status in ('QUEUED', 'RUNNING') and admitted;

      -- null: the row waits for admission.
      alter table fleet.outbox add column admitted_at timestamptz;
      update fleet.outbox set admitted_at = created_at;
      create index outbox_overdue on fleet.outbox (admitted_at) where published_at is null and admitted_at is not null;

      -- Where the round of admission stands: one row per tenant and class that has ever waited.
      create table fleet.flow (
        tenant text not null,
        class text not null,
        -- Seconds that it may still send of its turn.
        deficit float8 not null default 0,
        -- Number of the turn it had last.
        turn bigint not null default 0,
        primary key (tenant, class)
      );

      -- null: the default holds.
      create table fleet.tenant_limit (
        tenant text primary key,
        shards_in_flight int check (shards_in_flight > 0),
        shards_waiting int check (shards_waiting > 0),
        jobs_running int check (jobs_running > 0),
        compute_seconds_per_day float8 check (compute_seconds_per_day >= 0),
        seconds_per_question float8 check (seconds_per_question > 0),
        weight float8 check (weight > 0),
        updated_at timestamptz not null default now()
      );

      -- How many shards of a tenant's class may go to the bus at once, under a lock that is held to the end of the transaction: who
      -- asks next counts those. Each statement within sees what was committed before it, which one statement around it would not.
      create function fleet.room(of_tenant text, of_class text, per_flow int, in_all int, jobs int) returns int
      language plpgsql volatile as $body$
      declare
        held int;
        everywhere int;
      begin
        -- Those that wait go first, and who waits in a long queue need not be locked out one by one.
        if exists (select from fleet.shard s where s.tenant = of_tenant and s.class = of_class and s.status = 'QUEUED' and not s.admitted)
        then return 0; end if;
        perform pg_advisory_xact_lock(hashtextextended('quesnay room ' || of_tenant || ' ' || of_class, 0));
        if exists (select from fleet.shard s where s.tenant = of_tenant and s.class = of_class and s.status = 'QUEUED' and not s.admitted)
        then return 0; end if;
        if jobs is not null and jobs <= (
          select count(distinct s.job_id) from fleet.shard s
          where s.tenant = of_tenant and s.status in ('QUEUED', 'RUNNING') and s.admitted)
        then return 0; end if;
        select count(*) into held from fleet.shard s
          where s.tenant = of_tenant and s.class = of_class and s.status in ('QUEUED', 'RUNNING') and s.admitted;
        select count(*) into everywhere from (
          select from fleet.shard s where s.status in ('QUEUED', 'RUNNING') and s.admitted limit in_all) s;
        return greatest(0, least(per_flow - held, in_all - everywhere));
      end $body$;

      -- Whether an estimate fits into what a tenant has left of its day, under a lock held to the end of the transaction. null: no budget.
      create function fleet.fits(of_tenant text, since timestamptz, estimate float8, budget float8) returns boolean
      language plpgsql volatile as $body$
      begin
        if budget is null then return true; end if;
        perform pg_advisory_xact_lock(hashtextextended('quesnay budget ' || of_tenant, 0));
        return estimate + coalesce((
            select sum(j.compute_seconds) from fleet.job j where j.tenant = of_tenant and j.finished_at >= since), 0)
          + coalesce((
            select sum(greatest(j.estimated_seconds, j.compute_seconds)) from fleet.job j
            where j.tenant = of_tenant and j.status in ('QUEUED', 'RUNNING', 'MERGING')), 0) <= budget;
      end $body$;
    `)
  }

  async down(sql: QueryRunner): Promise<void> {
    await sql.query(`
      drop function fleet.fits;
      drop function fleet.room;
      drop table fleet.tenant_limit;
      drop table fleet.flow;
      drop index fleet.outbox_overdue;
      alter table fleet.outbox drop column admitted_at;
      alter table fleet.shard drop column class, drop column admitted;
      drop index fleet.job_unanswered;
      drop index fleet.job_finished;
      alter table fleet.job drop column shards_failed, drop column estimated_seconds;
    `)
  }
}
