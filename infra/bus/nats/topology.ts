// The streams, consumers and buckets that Quesnay keeps in JetStream: made where missing, brought into line where they differ.
import {
  AckPolicy,
  type ConsumerConfig,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { BUCKETS } from '../../../schema/jobs.ts'
import { type BusLimits, JOB_CLASSES, objectLimits } from '../limits.ts'
import type { ObjectBucketName } from '../port.ts'
import { EVENTS_PATTERN, QUEUE_PATTERN } from '../subjects.ts'

export const QUEUE = 'JOBS'
export const EVENTS = 'EVENTS'
export const objectStreamOf = (name: ObjectBucketName) => `OBJ_${name}`
export const ADVISORY = 'ADVISORY'
const DEAD_LETTERS = 'DLQ'
/** The durable consumer of ADVISORY by which exhausted messages are moved to the dead letters. */
export const JANITOR = 'janitor'
export const EXHAUSTED = `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${QUEUE}.*`

const MIB = 1024 * 1024
const nanos = (ms: number) => ms * 1_000_000

/** How long a request to the broker may take before it counts as away. */
export const REQUEST_TIMEOUT_MS = 5000

interface JetStreamApi {
  readonly nc: NatsConnection
  readonly jsm: JetStreamManager
}

type Stream = Partial<StreamConfig> & { name: string }

/**
 * EVENTS takes progress as well as state, so that one listener has them in one order; progress is at most four a
 * second per job. Nothing here is newer than nats-server 2.9.
 */
export function streamsOf(limits: BusLimits): Stream[] {
  const common = { storage: StorageType.File, retention: RetentionPolicy.Limits }
  const eventAge = nanos(limits.eventAgeMs)
  return [
    {
      ...common,
      name: QUEUE,
      subjects: [QUEUE_PATTERN],
      retention: RetentionPolicy.Workqueue,
      discard: DiscardPolicy.New,
      max_bytes: 1024 * MIB,
      max_msgs: limits.maxQueued,
      max_age: nanos(86_400_000),
      duplicate_window: nanos(limits.duplicateWindowMs),
    },
    {
      ...common,
      name: EVENTS,
      subjects: [EVENTS_PATTERN],
      discard: DiscardPolicy.Old,
      max_bytes: 256 * MIB,
      max_msgs: limits.maxEvents,
      max_age: eventAge,
      duplicate_window: Math.min(nanos(120_000), eventAge),
    },
    { ...common, name: ADVISORY, subjects: [EXHAUSTED], max_bytes: 16 * MIB, max_msgs: 10_000 },
    { ...common, name: DEAD_LETTERS, subjects: ['qz.dlq.>'], max_bytes: 256 * MIB, max_msgs: 100_000 },
    bucketStream('qz_jobs', limits.jobsTtlMs),
    bucketStream('qz_workers', limits.workersTtlMs),
    bucketStream('qz_keys', 0),
    objectStream('qz_blobs', limits),
    objectStream('qz_kernels', limits),
  ]
}

/** The stream behind a bucket of objects, as ADR-20 of the NATS architecture lays it out. */
function objectStream(name: ObjectBucketName, limits: BusLimits): Stream {
  const { maxBytes, ttlMs } = objectLimits(name, limits)
  return {
    name: objectStreamOf(name),
    subjects: [`$O.${name}.C.>`, `$O.${name}.M.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_bytes: maxBytes,
    max_age: nanos(ttlMs),
    duplicate_window: windowOf(ttlMs),
    allow_rollup_hdrs: true,
    allow_direct: true,
  }
}

/** No longer than messages live; 0 is for ever. */
const windowOf = (ttlMs: number) => nanos(ttlMs === 0 ? 120_000 : Math.min(120_000, ttlMs))

/** The stream behind a key-value bucket, as ADR-8 of the NATS architecture lays it out. */
function bucketStream(name: string, ttlMs: number): Stream {
  return {
    name: `KV_${name}`,
    subjects: [`$KV.${name}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_bytes: 64 * MIB,
    max_msgs_per_subject: 1,
    max_age: nanos(ttlMs),
    duplicate_window: windowOf(ttlMs),
    allow_rollup_hdrs: true,
    allow_direct: true,
    deny_delete: true,
  }
}

export const durableOf = (jobClass: string, bucket: number) => `${jobClass}_${bucket}`

export function queueConsumers(limits: BusLimits): Partial<ConsumerConfig>[] {
  return JOB_CLASSES.flatMap((jobClass) =>
    Array.from({ length: BUCKETS }, (_, bucket) => ({
      durable_name: durableOf(jobClass, bucket),
      filter_subject: `qz.job.${jobClass}.${bucket}.>`,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(limits.ackWaitMs),
      max_deliver: limits.maxDeliver,
      // Messages given back with a delay count as pending; the default of 1,000 could block a bucket.
      max_ack_pending: 20_000,
    })),
  )
}

/** What identifies the present streams: another value means that the old ones are lost, and their messages with them. */
export interface Topology {
  readonly queueCreated: string
  readonly queueCreatedMs: number
  /** Added to a position in the stream it gives the sequence: see event-stream.ts. */
  readonly eventsBase: number
}

/**
 * Makes what is missing and updates what differs; one listing each, so that a second process is quick.
 * @param replicas of each stream; undefined leaves those that are there as they are: a node that is down at the moment is no reason
 *   to keep fewer copies.
 */
export async function ensureTopology(api: JetStreamApi, limits: BusLimits, replicas?: number): Promise<Topology> {
  const infos = new Map<string, StreamInfo>()
  for (const stream of streamsOf(limits)) infos.set(stream.name, await ensureStream(api, stream, replicas))
  await ensureConsumers(api, QUEUE, queueConsumers(limits))
  await ensureConsumers(api, ADVISORY, [
    { durable_name: JANITOR, filter_subject: EXHAUSTED, ack_policy: AckPolicy.Explicit, ack_wait: nanos(20_000) },
  ])
  const queueCreated = infos.get(QUEUE)?.created ?? ''
  return {
    queueCreated,
    queueCreatedMs: Date.parse(queueCreated),
    eventsBase: Date.parse(infos.get(EVENTS)?.created ?? '') * 1000,
  }
}

/** Three where the broker is one of a cluster of three nodes or more; the addresses of those it sees come with its greeting. */
function replicasOf({ info }: NatsConnection): number {
  return info?.cluster !== undefined && (info.connect_urls?.length ?? 0) >= 3 ? 3 : 1
}

async function ensureStream({ nc, jsm }: JetStreamApi, stream: Stream, replicas?: number): Promise<StreamInfo> {
  const have = await jsm.streams.info(stream.name).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined
    throw error
  })
  const want = { ...stream, num_replicas: replicas ?? have?.config.num_replicas ?? replicasOf(nc) }
  if (!have) return jsm.streams.add(want)
  return differs(want, have.config) ? jsm.streams.update(want.name, want) : have
}

async function ensureConsumers(api: JetStreamApi, stream: string, wanted: Partial<ConsumerConfig>[]): Promise<void> {
  const { consumers } = api.jsm
  // The names alone: a listing with state costs the server a count over the whole stream for each consumer.
  const answer = await api.nc.request(`$JS.API.CONSUMER.NAMES.${stream}`, '{}', { timeout: REQUEST_TIMEOUT_MS })
  const have = new Set(answer.json<{ consumers?: string[] | null }>().consumers)
  const present = wanted.find((want) => have.has(want.durable_name as string))
  // All are made alike, so the first one tells whether the configuration has changed since.
  const stale = present && differs(present, (await consumers.info(stream, present.durable_name as string)).config)
  for (const want of wanted) if (stale || !have.has(want.durable_name as string)) await consumers.add(stream, want)
}

export function differs(want: object, have: object): boolean {
  return Object.entries(want).some(
    ([key, value]) => JSON.stringify((have as Record<string, unknown>)[key]) !== JSON.stringify(value),
  )
}
