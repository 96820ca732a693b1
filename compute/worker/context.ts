// What the parts of a worker share: the fleet, this worker's own things, and its settings.

import type { ShardEnvelope } from '../../schema/jobs.ts'
import type { Admitter } from '../dispatch/admission/admitter.ts'
import type { Fleet } from '../dispatch/context.ts'
import { MACHINE_MAX_PAGES } from '../layout/memory.ts'
import type { ActiveShards } from './active.ts'
import type { Announcer } from './announcer.ts'
import type { BindingCache } from './bindings.ts'
import type { Claim } from './claim.ts'
import type { ComputedShards } from './computed.ts'
import type { Gathered } from './gathered.ts'
import type { KernelShelf } from './kernel/shelf.ts'
import type { Speed } from './speed.ts'
import type { StoreOutcome, ToStore } from './store-shard.ts'
import type { ThreadPool } from './thread-pool.ts'

export interface WorkerSettings {
  /** The bus's acknowledgement timer: a third of it is the time between two heartbeats of a shard. */
  readonly ackWaitMs: number
  /** Time between two heartbeats of the worker. */
  readonly heartbeatMs: number
  /** Time between two looks at cancel flags, deadlines and hangs. */
  readonly watchMs: number
  /** A shard whose progress stands still this long hangs. */
  readonly hangMs: number
  /** Time a cancelled kernel has to give up before its thread is ended. */
  readonly graceMs: number
  /** A merge not renewed within this time is anybody's. */
  readonly leaseMs: number
  /** Time that shards have to finish when the worker drains. */
  readonly drainMs: number
  /** What a shard waits after its first failure; twice as long after each further one, to a minute. */
  readonly retryMs: number
  /** How long a computed shard waits for a store that is away, before it is given back. */
  readonly storePatienceMs: number
  /** How long a shard whose kernel no worker holds waits for one that does, before its job fails. */
  readonly kernelPatienceMs: number
  /** The most pages of 64 KiB that a kernel may declare for its memory. */
  readonly kernelPages: number
  /** Of each thread, for plans and what is on their way through it; a thread that needs more ends alone. */
  readonly threadHeapMb: number
  /** Of plans, inputs and specs. */
  readonly bindingCacheBytes: number
  /** Of the columns of populations, packed. */
  readonly columnCacheBytes: number
  /** Values of shards that are kept for a merge by this worker. */
  readonly computedBytes: number
  /** Values that one round of a merge holds in memory. */
  readonly mergeCells: number
}

export const WORKER_SETTINGS: WorkerSettings = {
  ackWaitMs: 20_000,
  heartbeatMs: 5000,
  watchMs: 1000,
  hangMs: 30_000,
  graceMs: 500,
  leaseMs: 30_000,
  drainMs: 25_000,
  retryMs: 2000,
  storePatienceMs: 30_000,
  kernelPatienceMs: 30_000,
  kernelPages: MACHINE_MAX_PAGES,
  threadHeapMb: 2048,
  bindingCacheBytes: 64 * 1024 * 1024,
  columnCacheBytes: 64 * 1024 * 1024,
  computedBytes: 64 * 1024 * 1024,
  mergeCells: 2 ** 22,
}

export interface WorkerContext extends Fleet {
  readonly id: string
  readonly settings: WorkerSettings
  readonly kernels: KernelShelf
  readonly pool: ThreadPool
  readonly active: ActiveShards
  readonly announcer: Announcer
  readonly admitter: Admitter
  readonly bindings: BindingCache
  readonly computed: ComputedShards
  /** What goes to the database together, by job. */
  readonly claims: Gathered<ShardEnvelope, Claim | undefined>
  readonly stores: Gathered<ToStore, StoreOutcome>
  readonly speed: Speed
  /** Kernels, as name@sha256, that were asked for and that no worker held, and since when. */
  readonly missing: Map<string, number>
}
