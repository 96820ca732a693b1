// Reads a run's result: at once where it is there, or when it comes.

import type { Listener, StreamMessage } from '../../infra/bus/port.ts'
import type { Bytes, Sql } from '../../infra/store/port.ts'
import { fromWireError, isQuesnayError, QuesnayError } from '../../schema/errors.ts'
import { type RunEvent, subjects } from '../../schema/jobs.ts'
import { isTerminal } from '../../schema/terms/run.ts'
import type { Fleet, JobKey } from './context.ts'
import type { RunResult } from './port.ts'
import { decodeResult } from './result-bytes.ts'
import { type LoadedRun, loadRun } from './runs.ts'

/** The stored bytes of a job's merged result; undefined where there are none. */
export async function loadResultBytes(store: Bytes, { tenant, jobId }: JobKey): Promise<Uint8Array | undefined> {
  const [bytes] = await store.bytes('select bytes from fleet.result where tenant = $1 and job_id = $2', [tenant, jobId])
  return bytes
}

/** The result of a run that succeeded. NOT_FOUND, RUN_NOT_FINISHED, RUN_CANCELLED, or the run's own error. */
export async function loadResult(store: Sql & Bytes, tenant: string, runId: string): Promise<RunResult> {
  return resultOf(store, await loadRun(store, tenant, runId))
}

/** The same of a run that is loaded. */
export async function resultOf(store: Bytes, { run, jobId }: LoadedRun): Promise<RunResult> {
  const { tenant, id: runId } = run
  if (run.status === 'CANCELLED') throw new QuesnayError('RUN_CANCELLED', `the run ${runId} was cancelled`, { runId })
  if (run.error) throw fromWireError(run.error)
  const bytes = run.status === 'SUCCEEDED' ? await loadResultBytes(store, { tenant, jobId }) : undefined
  if (bytes) return decodeResult(bytes)
  throw new QuesnayError('RUN_NOT_FINISHED', `the run ${runId} is ${run.status} and has no result yet`, { runId })
}

/**
 * Waits until a run has ended: for its event, and now and then by looking, because events may be lost.
 * Rejects with NOT_FOUND, and with RUN_TIMEOUT when the time is up.
 */
export async function waitForEnd(
  fleet: Fleet,
  tenant: string,
  runId: string,
  timeoutMs: number,
  pollMs: number,
): Promise<LoadedRun> {
  const until = fleet.clock.now() + timeoutMs
  // Opened before the first look, so that an end in between is not missed.
  const events = await fleet.bus.listen(subjects.event(tenant, runId, 'state')).catch(() => undefined)
  let ended = events && terminalEvent(events)
  try {
    for (;;) {
      const loaded = await look(fleet, tenant, runId)
      const run = loaded?.run
      if (loaded && isTerminal(loaded.run.status)) return loaded
      const left = until - fleet.clock.now()
      if (left <= 0) {
        const message = `the run ${runId} is ${run?.status ?? 'out of sight'} after ${timeoutMs} ms`
        throw new QuesnayError('RUN_TIMEOUT', message, { runId, timeoutMs })
      }
      // An event wakes once: from then on only the looking goes on.
      if (await heard(fleet, ended, Math.min(pollMs, left))) ended = undefined
    }
  } finally {
    await events?.stop()
  }
}

/** The run; undefined while the store is away, which may pass before the time is up. */
async function look(fleet: Fleet, tenant: string, runId: string): Promise<LoadedRun | undefined> {
  try {
    return await loadRun(fleet.store, tenant, runId)
  } catch (error) {
    if (isQuesnayError(error) && error.code === 'STORE_UNAVAILABLE') return undefined
    throw error
  }
}

/** Resolves at the first event of an end; never where the listener stops before. */
function terminalEvent(events: Listener<StreamMessage>): Promise<void> {
  return new Promise((resolve) => {
    const read = async () => {
      for await (const { data } of events) {
        const { status } = JSON.parse(new TextDecoder().decode(data)) as RunEvent
        if (isTerminal(status)) return resolve()
      }
    }
    // A listener that fails leaves the looking now and then.
    read().catch(() => {})
  })
}

/** True where the event came before the time was up. */
async function heard(fleet: Fleet, event: Promise<void> | undefined, ms: number): Promise<boolean> {
  const woken = new AbortController()
  const slept = fleet.clock.sleep(ms, woken.signal).then(
    () => false,
    () => false,
  )
  const first = await Promise.race(event ? [event.then(() => true), slept] : [slept])
  woken.abort()
  return first
}
