// The queues of admission as the database holds them: what waits, what is in flight, and what is let through.
import type { Sql } from '../../../infra/store/port.ts'
import type { JobClass } from '../../../schema/terms/run.ts'
import type { OutboxRow } from '../publish.ts'
import type { Capacity } from './capacity.ts'
import { agedClass, weightOf } from './class-weights.ts'
import type { Dealt, Flow } from './deal.ts'
import { busCap, flowCap } from './limits.ts'

/** A shard that waits. */
interface Waiting {
  readonly jobId: string
  readonly shard: number
  readonly cost: number
}

/** A tenant's queue of one class, its shards in the order they were asked for. */
export interface WaitingFlow extends Flow {
  readonly tenant: string
  readonly class: JobClass
  /** The class that it counts as by the wait of its first shard. */
  readonly countsAs: JobClass
  readonly waiting: readonly Waiting[]
}

export interface Queues {
  /** In the order of their turns. */
  readonly flows: readonly WaitingFlow[]
  /** Places left on the bus. */
  readonly room: number
}

interface FlowRow {
  readonly tenant: string
  readonly class: JobClass
  readonly weight: number
  readonly deficit: number
  readonly held: number
  readonly cap: number
  readonly jobs_running: number | null
  readonly running: readonly string[]
  readonly everywhere: number
  readonly jobs: readonly string[]
  readonly shards: readonly number[]
  readonly costs: readonly number[]
  readonly waited: number
}

/**
 * Every queue with shards that wait, and as many of these as its cap could let in. The queues are found by stepping from one to the next in
 * the index, so that a long one costs no more than a short one.
 */
export async function loadFlows(sql: Sql, capacity: Capacity): Promise<Queues> {
  const rows = await sql.query<FlowRow>(
    `with recursive queue as (
       (select s.tenant, s.class from fleet.shard s where s.status = 'QUEUED' and not s.admitted order by s.tenant, s.class limit 1)
       union all
       select n.tenant, n.class from queue q cross join lateral (
         select s.tenant, s.class from fleet.shard s
         where s.status = 'QUEUED' and not s.admitted and (s.tenant, s.class) > (q.tenant, q.class)
         order by s.tenant, s.class limit 1) n)
     select q.tenant, q.class, coalesce(l.weight, 1) as weight, coalesce(f.deficit, 0) as deficit, c.held, c.cap, l.jobs_running,
       case when l.jobs_running is null then '{}' else array(
         select distinct s.job_id from fleet.shard s
         where s.tenant = q.tenant and s.status in ('QUEUED', 'RUNNING') and s.admitted) end as running,
       (select count(*)::int from fleet.shard s where s.status in ('QUEUED', 'RUNNING') and s.admitted) as everywhere,
       h.jobs, h.shards, h.costs, h.waited
     from queue q
       left join fleet.tenant_limit l on l.tenant = q.tenant
       left join fleet.flow f on f.tenant = q.tenant and f.class = q.class
       cross join lateral (
         select coalesce(l.shards_in_flight, $1::int) as cap, count(*)::int as held from fleet.shard s
         where s.tenant = q.tenant and s.class = q.class and s.status in ('QUEUED', 'RUNNING') and s.admitted) c
       cross join lateral (
         select array_agg(w.job_id) as jobs, array_agg(w.shard) as shards, array_agg(w.cost_seconds) as costs,
           extract(epoch from clock_timestamp() - min(w.published_at))::float8 as waited
         from (select s.job_id, s.shard, s.cost_seconds, s.published_at from fleet.shard s
               where s.tenant = q.tenant and s.class = q.class and s.status = 'QUEUED' and not s.admitted
               order by s.job_id, s.shard limit c.cap + 1) w) h
     order by coalesce(f.turn, 0), q.tenant, q.class`,
    [flowCap(capacity)],
  )
  const allowed = new Map<string, JobsAllowed>()
  const flows = rows.map((row) => flowOf(row, allowed))
  return { flows, room: busCap(capacity) - (rows[0]?.everywhere ?? 0) }
}

/** Jobs of a tenant that may have shards in flight: those that have, and further ones up to its limit. */
class JobsAllowed {
  readonly #jobs: Set<string>
  readonly #limit: number

  constructor({ running, jobs_running: limit }: FlowRow) {
    this.#jobs = new Set(running)
    this.#limit = limit ?? Number.POSITIVE_INFINITY
  }

  has(jobId: string): boolean {
    if (this.#jobs.size < this.#limit) this.#jobs.add(jobId)
    return this.#jobs.has(jobId)
  }
}

function flowOf(row: FlowRow, allowed: Map<string, JobsAllowed>): WaitingFlow {
  const jobs = allowed.get(row.tenant) ?? new JobsAllowed(row)
  allowed.set(row.tenant, jobs)
  const all = row.jobs.map((jobId, i): Waiting => ({ jobId, shard: row.shards[i]!, cost: row.costs[i]! }))
  const barred = all.findIndex(({ jobId }) => !jobs.has(jobId))
  const waiting = all.slice(0, barred < 0 ? row.cap : Math.min(barred, row.cap))
  const countsAs = agedClass(row.class, row.waited)
  return {
    tenant: row.tenant,
    class: row.class,
    countsAs,
    waiting,
    costs: waiting.map(({ cost }) => cost),
    whole: waiting.length === all.length,
    weight: row.weight * weightOf(countsAs),
    deficit: row.deficit,
    room: Math.max(0, row.cap - row.held),
  }
}

/** What a deal lets through, in its order. */
export function admittedBy(
  order: readonly WaitingFlow[],
): (Waiting & Pick<WaitingFlow, 'tenant' | 'class' | 'countsAs'>)[] {
  const sent = new Map<WaitingFlow, number>()
  return order.map((flow) => {
    const at = sent.get(flow) ?? 0
    sent.set(flow, at + 1)
    const { tenant, class: own, countsAs } = flow
    return { ...flow.waiting[at]!, tenant, class: own, countsAs }
  })
}

/**
 * Lets shards through and notes where the round stands; returns their messages in the order given. What was ended or is being ended in the
 * meantime is passed over. A shard that has risen a class goes to the queue of that class.
 */
export async function saveDeal(
  sql: Sql,
  admitted: ReturnType<typeof admittedBy>,
  ring: readonly Dealt<WaitingFlow>[],
): Promise<OutboxRow[]> {
  const rows = await sql.query<OutboxRow & { own: JobClass; counts_as: JobClass }>(
    `with flows as (
       insert into fleet.flow (tenant, class, deficit, turn)
       select f.tenant, f.class, f.deficit, f.turn from unnest($6::text[], $7::text[], $8::float8[]) with ordinality f(tenant, class, deficit, turn)
       on conflict (tenant, class) do update set deficit = excluded.deficit, turn = excluded.turn),
     picked as (
       select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[]) with ordinality p(tenant, job_id, shard, own, counts_as, place)),
     taken as (
       select s.tenant, s.job_id, s.shard from fleet.shard s join picked p using (tenant, job_id, shard)
       where s.status = 'QUEUED' and not s.admitted for update of s skip locked),
     let_through as (
       update fleet.shard s set admitted = true, published_at = clock_timestamp() from taken t
       where (s.tenant, s.job_id, s.shard) = (t.tenant, t.job_id, t.shard) returning s.tenant, s.job_id, s.shard),
     rows as (
       update fleet.outbox o set admitted_at = clock_timestamp() from let_through t
       where (o.tenant, o.job_id, o.shard) = (t.tenant, t.job_id, t.shard) and o.admitted_at is null
       returning o.id, o.tenant, o.job_id, o.shard, o.subject, o.message_id, o.body)
     select r.id, r.subject, r.message_id, r.body, p.own, p.counts_as from rows r join picked p using (tenant, job_id, shard) order by p.place`,
    [
      admitted.map((one) => one.tenant),
      admitted.map((one) => one.jobId),
      admitted.map((one) => one.shard),
      admitted.map((one) => one.class),
      admitted.map((one) => one.countsAs),
      ring.map(({ flow }) => flow.tenant),
      ring.map(({ flow }) => flow.class),
      ring.map(({ deficit }) => deficit),
    ],
  )
  return rows.map(({ own, counts_as: countsAs, ...row }) => ({
    ...row,
    subject: row.subject.replace(`qz.job.${own}.`, `qz.job.${countsAs}.`),
  }))
}
