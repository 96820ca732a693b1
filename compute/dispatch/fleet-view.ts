// The fleet as one tenant may see it: the workers, what waits in total and of its own, and its newest runs.

import type { Sql } from '../../infra/store/port.ts'
import { isQuesnayError } from '../../schema/errors.ts'
import { JobClass } from '../../schema/terms/run.ts'
import { loadBacklog, loadQueues, type Queue } from './backlog.ts'
import type { Fleet } from './context.ts'
import type { RunRecord } from './port.ts'
import { loadRuns, type StoredRun } from './runs.ts'
import { loadWorkers, type WorkerReport } from './workers.ts'

/** A worker, without the name of its machine and its process there: those are nobody's business but its operator's. */
export interface WorkerView extends Omit<WorkerReport, 'host' | 'pid' | 'startedAt' | 'at'> {
  /** Number of its machine among those seen now, such as host-1. */
  readonly host: string
  readonly startedAt: Date
  /** Since its last heartbeat. */
  readonly heartbeatSeconds: number
}

export interface Load {
  readonly waiting: number
  readonly running: number
  /** Estimated seconds of one thread. */
  readonly costSeconds: number
}

export interface QueueView {
  readonly class: JobClass
  /** Of the tenant that asks, and of all tenants together. */
  readonly own: Load
  readonly total: Load
}

/** `Run`: what is known of a run; the dispatcher adds to what is stored. */
export interface FleetView<Run = RunRecord> {
  readonly at: Date
  /** null while the bus does not answer. */
  readonly workers: readonly WorkerView[] | null
  /** Of every class, the most urgent first. */
  readonly queues: readonly QueueView[]
  /** Estimated seconds until all that waits is done, by the threads that are there; null with `workers`. */
  readonly backlogSeconds: number | null
  /** Of the tenant: those that have not ended first, then the newest. */
  readonly runs: readonly Run[]
}

/** What is read at the same moment from store and bus. STORE_UNAVAILABLE. @param runs how many of the tenant's runs */
export async function viewFleet(fleet: Fleet, tenant: string, runs: number): Promise<FleetView<StoredRun>> {
  const { store, clock } = fleet
  const [reports, queues, backlog, ids] = await Promise.all([
    reportsOf(fleet),
    loadQueues(store),
    loadBacklog(store),
    newestRuns(store, tenant, runs),
  ])
  const slots = reports?.reduce((sum, report) => sum + report.slots, 0)
  const records = await loadRuns(store, tenant, ids)
  return {
    at: new Date(clock.now()),
    workers: reports ? viewWorkers(reports, clock.now()) : null,
    queues: Object.values(JobClass).map((name) => viewQueue(queues, tenant, name)),
    backlogSeconds: slots === undefined ? null : backlog.costSeconds / Math.max(1, slots),
    runs: records.flatMap((record) => record?.run ?? []),
  }
}

async function reportsOf(fleet: Fleet): Promise<readonly WorkerReport[] | undefined> {
  try {
    return await loadWorkers(fleet.bus)
  } catch (error) {
    if (isQuesnayError(error) && error.code === 'BUS_UNAVAILABLE') return undefined
    throw error
  }
}

function viewWorkers(reports: readonly WorkerReport[], now: number): WorkerView[] {
  const hosts = [...new Set(reports.map((report) => report.host))].sort()
  return reports.map(({ host, pid: _pid, startedAt, at, ...report }) => ({
    ...report,
    host: `host-${hosts.indexOf(host) + 1}`,
    startedAt: new Date(startedAt),
    heartbeatSeconds: Math.max(0, now - at) / 1000,
  }))
}

function viewQueue(queues: readonly Queue[], tenant: string, name: JobClass): QueueView {
  const inClass = queues.filter((queue) => queue.class === name)
  const sum = (of: readonly Queue[]): Load => ({
    waiting: of.reduce((n, { waiting }) => n + waiting, 0),
    running: of.reduce((n, { running }) => n + running, 0),
    costSeconds: of.reduce((n, { costSeconds }) => n + costSeconds, 0),
  })
  return { class: name, own: sum(inClass.filter((queue) => queue.tenant === tenant)), total: sum(inClass) }
}

/** Runs that nobody cancelled and whose job goes on, then the newest of all; each once. */
async function newestRuns(sql: Sql, tenant: string, limit: number): Promise<string[]> {
  const rows = await sql.query<{ run_id: string }>(
    `select run_id from (
       (select r.run_id, r.created_at, true as live from fleet.job j join fleet.run r using (tenant, job_id)
        where j.tenant = $1 and j.status in ('QUEUED', 'RUNNING', 'MERGING') and r.cancelled_at is null
        order by r.created_at desc, r.run_id desc limit $2)
       union all
       (select run_id, created_at, false from fleet.run where tenant = $1
        order by created_at desc, run_id desc limit $2)) found
     group by run_id order by bool_or(live) desc, max(created_at) desc, run_id desc limit $2`,
    [tenant, limit],
  )
  return rows.map((row) => row.run_id)
}
