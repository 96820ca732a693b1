// The workers that are there: what each says of itself with its heartbeats.
import type { Bus } from '../../infra/bus/port.ts'

/** What a worker says of itself with each heartbeat; the bucket qz_workers holds it for 15 s. */
export interface WorkerReport {
  readonly id: string
  /** Of the package. */
  readonly version: string
  readonly host: string
  readonly pid: number
  /** Shards it computes at a time. */
  readonly slots: number
  readonly busy: number
  /** True once it pulls no more and is about to end. */
  readonly draining: boolean
  /** Each as name@sha256. */
  readonly kernels: readonly string[]
  /** Nanoseconds of one operation on one lane, as this worker measures them; null before it has measured. */
  readonly nsPerOperation: number | null
  readonly rssBytes: number
  /** Milliseconds of the clock, as `at`, the time of the report. */
  readonly startedAt: number
  readonly at: number
}

/** Reports of all workers whose heartbeat has not run out, by id; entries that are no report are passed over. BUS_UNAVAILABLE. */
export async function loadWorkers(bus: Bus): Promise<readonly WorkerReport[]> {
  const bucket = await bus.bucket('qz_workers')
  const entries = await Promise.all((await bucket.keys()).map(async (id) => readReport(id, await bucket.get(id))))
  return entries.filter((report) => report !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1))
}

export function encodeReport(report: WorkerReport): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(report))
}

/** undefined where the entry has gone, is no JSON, is another worker's, or lacks a member. */
function readReport(id: string, entry: Uint8Array | undefined): WorkerReport | undefined {
  if (!entry) return undefined
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(entry))
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const members = value as Record<string, unknown>
  const whole = Object.entries(MEMBERS).every(([name, good]) => good(members[name]))
  return whole && members['id'] === id ? (value as WorkerReport) : undefined
}

const isText = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown) => typeof value === 'number'
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

const MEMBERS: { readonly [member in keyof WorkerReport]: (value: unknown) => boolean } = {
  id: isText,
  version: isText,
  host: isText,
  pid: isCount,
  slots: isCount,
  busy: isCount,
  draining: (value) => typeof value === 'boolean',
  kernels: (value) => Array.isArray(value) && value.every(isText),
  nsPerOperation: (value) => value === null || (isNumber(value) && (value as number) > 0),
  rssBytes: isCount,
  startedAt: isNumber,
  at: isNumber,
}
