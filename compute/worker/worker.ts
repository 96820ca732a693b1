// A member of the fleet: pulls shards, computes them on threads, stores what they gave, and merges jobs that are through.
import type { BusMessage, Delivery, Listener } from '../../infra/bus/port.ts'
import { subjects } from '../../schema/jobs.ts'
import { Admitter } from '../dispatch/admission/admitter.ts'
import { CapacityReader } from '../dispatch/admission/capacity.ts'
import type { Fleet } from '../dispatch/context.ts'
import { endSaidAt } from '../dispatch/end-notice.ts'
import { ActiveShards } from './active.ts'
import { Announcer } from './announcer.ts'
import { BindingCache } from './bindings.ts'
import { claimWaiting, MOST_CLAIMED } from './claim.ts'
import { ColumnCache } from './columns/column-cache.ts'
import { ComputedShards } from './computed.ts'
import { WORKER_SETTINGS, type WorkerContext, type WorkerSettings } from './context.ts'
import { Gathered } from './gathered.ts'
import { handleDelivery } from './handle.ts'
import { shareKernels } from './kernel/kernel-store.ts'
import { type KernelShelf, openShelf } from './kernel/shelf.ts'
import { Presence } from './presence.ts'
import { classesOfPull } from './pull-order.ts'
import { Speed } from './speed.ts'
import { MOST_STORED, storeShards } from './store-shard.ts'
import { ThreadPool } from './thread-pool.ts'
import { watchOnce } from './watch.ts'

export interface WorkerOptions extends Fleet, Partial<WorkerSettings> {
  /** Shards computed at a time, each on a thread of its own; from 1. */
  readonly threads: number
  /** Default: a new one. */
  readonly id?: string
  /** The kernels that it may run; default: those of the build. */
  readonly kernels?: KernelShelf
}

export interface Worker {
  readonly id: string
  /** Stops pulling, lets shards finish for up to drainMs, gives back the rest, and ends. */
  drain(): Promise<void>
  /** Gives back what is in hand at once, and ends. */
  stop(): Promise<void>
  /** Resolves when the worker has ended, also where it was told to by the bus. */
  readonly ended: Promise<void>
}

/** How long one pull waits for a delivery. */
const PULL_MS = 5000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 2000

/** Starts a worker over a migrated store. Rejects with KERNEL_REFUSED where the kernels are not built or not signed by a trusted key, BUS_UNAVAILABLE. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { store, bus, clock, metrics, threads } = options
  const id = options.id ?? `w-${clock.id().toLowerCase()}`
  const settings = settingsOf(options)
  const kernels = options.kernels ?? openShelf({ maximumPages: settings.kernelPages })
  const log = options.log.child({ worker: id })
  const fleet: Fleet = { store, bus, clock, log, metrics }
  const worker: WorkerContext = {
    ...fleet,
    id,
    settings,
    kernels,
    pool: new ThreadPool({ size: threads, clock, kernels, ...settings }),
    active: new ActiveShards(),
    announcer: new Announcer(fleet),
    admitter: new Admitter(fleet, new CapacityReader(bus, clock)),
    bindings: new BindingCache(store, new ColumnCache(store, settings.columnCacheBytes), settings.bindingCacheBytes),
    computed: new ComputedShards(settings.computedBytes),
    claims: new Gathered((envelopes) => claimWaiting(worker, envelopes), MOST_CLAIMED),
    stores: new Gathered(
      (shards) => storeShards(worker, shards),
      MOST_STORED,
      ({ bytes }) => bytes.length,
    ),
    speed: new Speed(),
    missing: new Map(),
  }
  const presence = new Presence({ id, bus, clock, pool: worker.pool, speed: worker.speed, kernels })
  metrics.slots.set(threads)

  const draining = new AbortController()
  const ending = new AbortController()
  const running = new Set<Promise<void>>()
  const cancels = await bus.subscribe(subjects.cancel('*'))
  const drains = await bus.subscribe(subjects.drain(id))
  await presence.beat()
  // Who lacks them may have them from the bus; one that has no room for them is no reason not to work.
  await shareKernels(bus, kernels).catch((err) => log.warn({ err }, 'the kernels of this worker are not shared'))
  log.info({ threads }, 'a worker has started')

  const pulling = pullUntil(draining.signal, worker, running)
  const background = [
    pulling,
    every(settings.watchMs, ending.signal, worker, () => watchOnce(worker)),
    every(settings.heartbeatMs, ending.signal, worker, () => presence.beat()),
    listenTo(cancels, ({ subject, data }) =>
      worker.active.giveUpJob(subject.split('.').at(-1) ?? '', 'CANCELLED', endSaidAt(data, clock.now())),
    ),
    listenTo(drains, () => void end(settings.drainMs)),
  ]
  let resolveEnded = () => {}
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve
  })
  let once: Promise<void> | undefined
  let hurry = () => {}

  const end = (patienceMs: number): Promise<void> => {
    if (patienceMs === 0) hurry()
    once ??= finish(patienceMs)
    return once
  }
  const finish = async (patienceMs: number) => {
    draining.abort()
    // A bus that is away hears it with a later heartbeat.
    await presence.drain().catch(() => {})
    await pulling
    const patience = new AbortController()
    hurry = () => patience.abort()
    const finished = Promise.all(running).then(() => patience.abort())
    if (patienceMs > 0) await clock.sleep(patienceMs, patience.signal).catch(() => {})
    worker.active.giveUpAll('DRAIN')
    await finished
    worker.announcer.stop()
    await worker.admitter.stop()
    ending.abort()
    await Promise.all([cancels.stop(), drains.stop()])
    await Promise.all(background)
    await worker.pool.close()
    await presence.leave().catch(() => {})
    log.info('a worker has ended')
    resolveEnded()
  }
  return { id, drain: () => end(settings.drainMs), stop: () => end(0), ended }
}

function settingsOf(options: Partial<WorkerSettings>): WorkerSettings {
  const entries = Object.entries(WORKER_SETTINGS).map(([name, fallback]) => [
    name,
    options[name as keyof WorkerSettings] ?? fallback,
  ])
  return Object.fromEntries(entries) as WorkerSettings
}

/**
 * Waits for a free slot, takes a delivery for each that is free, then the slots, until told to stop; what arrives too late is given back. The slot is left to
 * merges while there is nothing to pull.
 */
async function pullUntil(signal: AbortSignal, worker: WorkerContext, running: Set<Promise<void>>): Promise<void> {
  let retryMs = FIRST_RETRY_MS
  for (let n = 0; !signal.aborted; n++) {
    if (!(await worker.pool.freed(signal))) return
    let deliveries: Delivery[] = []
    try {
      const max = Math.max(1, worker.pool.size - worker.pool.busy)
      deliveries = await worker.bus.pull({ classes: classesOfPull(n), max, expiresMs: PULL_MS, signal })
      retryMs = FIRST_RETRY_MS
    } catch (err) {
      worker.log.warn({ err }, 'the bus does not answer')
      await worker.clock.sleep(retryMs, signal).catch(() => {})
      retryMs = Math.min(2 * retryMs, LAST_RETRY_MS)
    }
    for (const delivery of deliveries) {
      const slot = await worker.pool.acquire(signal)
      if (!slot) {
        await delivery.nak(0).catch(() => {})
        continue
      }
      const work = handleDelivery(worker, delivery, slot).finally(() => {
        slot.release()
        running.delete(work)
      })
      running.add(work)
    }
  }
}

/** Does the work at an interval, whatever it rejects with. */
async function every(ms: number, signal: AbortSignal, worker: WorkerContext, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await worker.clock.sleep(ms, signal).catch(() => {})
    if (signal.aborted) return
    await work().catch((err) => worker.log.debug({ err }, 'a round of the worker did not finish'))
  }
}

async function listenTo(listener: Listener<BusMessage>, hear: (message: BusMessage) => void): Promise<void> {
  for await (const message of listener) hear(message)
}
