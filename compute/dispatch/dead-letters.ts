// Dead letters of a run: which messages could not be worked on, and why. The messages themselves are for operators.
import type { Sql } from '../../infra/store/port.ts'
import type { WireError } from '../../schema/errors.ts'
import { loadRun } from './runs.ts'

export interface DeadLetter {
  readonly shard: number
  readonly reason: WireError
  readonly at: Date
}

/** Of one run at most. */
const MAX_LETTERS = 100

/** Newest first, 100 at most. NOT_FOUND. */
export async function loadDeadLetters(sql: Sql, tenant: string, runId: string): Promise<DeadLetter[]> {
  const { jobId } = await loadRun(sql, tenant, runId)
  return sql.query<DeadLetter>(
    `select shard, reason, created_at as at from fleet.dead_letter where tenant = $1 and job_id = $2
     order by id desc limit ${MAX_LETTERS}`,
    [tenant, jobId],
  )
}
