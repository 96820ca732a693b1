// Reads a run's result: at once where it is there, or when it comes.

import type { BusMessage, Listener } from '../../infra/bus/port.ts'
import type { Bytes } from '../../infra/store/port.ts'
import { fromWireError, isQuesnayError, QuesnayError } from '../../schema/errors.ts'
import { subjects } from '../../schema/jobs.ts'
import { isTerminal } from '../../schema/terms/run.ts'
import type { Fleet, JobKey } from './context.ts'
import { type LoadedRun, loadRun, type StoredRun } from './runs.ts'

/** The stored bytes of a job's merged result; undefined where there are none. */
export async function loadResultBytes(store: Bytes, { tenant, jobId }: JobKey): Promise<Uint8Array | undefined> {
  const [bytes] = await store.bytes('select bytes from fleet.result where tenant = $1 and job_id = $2', [tenant, jobId])
  return bytes
}

/** Where the result of a run lies. RUN_NOT_FINISHED, RUN_CANCELLED, or the run's own error where there is none. */
export function resultKey({ run, jobId }: LoadedRun): JobKey {
  const { tenant, id: runId } = run
  if (run.status === 'CANCELLED') throw new QuesnayError('RUN_CANCELLED', `the run ${runId} was cancelled`, { runId })
  if (run.error) throw fromWireError(run.error)
  if (run.status === 'SUCCEEDED') return { tenant, jobId }
  throw notFinished(run)
}

export function notFinished({ id: runId, status }: StoredRun): QuesnayError {
  return new QuesnayError('RUN_NOT_FINISHED', `the run ${runId} is ${status} and has no result yet`, { runId })
}

/** A run that has ended, and the bytes of its result where they were read with it. */
export interface Ended {
  readonly loaded: LoadedRun
  readonly bytes: Uint8Array | undefined
}

/**
 * Waits until a run has ended: whoever ends it tells those who wait, and they look now and then too, because what is told may be lost.
 * Rejects with NOT_FOUND, and with RUN_TIMEOUT when the time is up.
 */
export async function waitForEnd(
  fleet: Fleet,
  tenant: string,
  runId: string,
  timeoutMs: number,
  pollMs: number,
): Promise<Ended> {
  const { bus, clock, store } = fleet
  const until = clock.now() + timeoutMs
  // Opened before the first look, so that an end in between is not missed.
  const told = await bus.subscribe(subjects.ended(tenant, runId)).catch(() => undefined)
  let end = told && firstOf(told)
  let wasTold = false
  let job: JobKey | undefined
  try {
    for (;;) {
      // Once the end is told, the result is read beside the run that it is held against.
      const reads = job && wasTold ? loadResultBytes(store, job).catch(() => undefined) : undefined
      const [loaded, bytes] = await Promise.all([look(fleet, tenant, runId), reads])
      if (loaded && isTerminal(loaded.run.status)) return { loaded, bytes }
      if (loaded) job = { tenant, jobId: loaded.jobId }
      const left = until - clock.now()
      if (left <= 0) {
        const message = `the run ${runId} is ${loaded?.run.status ?? 'out of sight'} after ${timeoutMs} ms`
        throw new QuesnayError('RUN_TIMEOUT', message, { runId, timeoutMs })
      }
      // What is told wakes once: from then on only the looking goes on.
      wasTold = await heard(fleet, end, Math.min(pollMs, left))
      if (wasTold) end = undefined
    }
  } finally {
    await told?.stop()
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

/** Resolves at the first message; never where the listener stops before. */
function firstOf(messages: Listener<BusMessage>): Promise<void> {
  return new Promise((resolve) => {
    const first = messages[Symbol.asyncIterator]().next()
    // A listener that fails leaves the looking now and then.
    first.then(
      ({ done }) => done || resolve(),
      () => {},
    )
  })
}

/** True where the message came before the time was up. */
async function heard(fleet: Fleet, message: Promise<void> | undefined, ms: number): Promise<boolean> {
  const woken = new AbortController()
  const slept = fleet.clock.sleep(ms, woken.signal).then(
    () => false,
    () => false,
  )
  const first = await Promise.race(message ? [message.then(() => true), slept] : [slept])
  woken.abort('woken')
  return first
}
