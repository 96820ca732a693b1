// A member of the fleet: pulls shards, computes them on threads, stores what they gave, and merges jobs that are through.
import type { Bus, Delivery, Listener } from '../../infra/bus/port.ts'
import { subjects } from '../../schema/jobs.ts'
import type { Fleet } from '../dispatch/context.ts'
import { ActiveShards } from './active.ts'
import { Announcer } from './announcer.ts'
import { BindingCache } from './bindings.ts'
import { ColumnCache } from './columns/column-cache.ts'
import { ComputedShards } from './computed.ts'
import { WORKER_SETTINGS, type WorkerContext, type WorkerSettings } from './context.ts'
import { handleDelivery } from './handle.ts'
import { loadKernel } from './kernels.ts'
import { classesOfPull } from './pull-order.ts'
import { ThreadPool } from './thread-pool.ts'
import { watchOnce } from './watch.ts'

export interface WorkerOptions extends Fleet, Partial<WorkerSettings> {
  /** Shards computed at a time, each on a thread of its own; from 1. */
  readonly threads: number
  /** Default: a new one. */
  readonly id?: string
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

/** Starts a worker over a migrated store. Rejects with KERNEL_REFUSED where the kernels are not built, BUS_UNAVAILABLE. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { store, bus, clock, metrics, threads } = options
  for (const name of ['machine', 'stats'] as const) loadKernel(name)
  const id = options.id ?? `w-${clock.id().toLowerCase()}`
  const settings = settingsOf(options)
  const log = options.log.child({ worker: id })
  const fleet: Fleet = { store, bus, clock, log, metrics }
  const worker: WorkerContext = {
    ...fleet,
    id,
    settings,
    pool: new ThreadPool(threads, clock, settings.graceMs),
    active: new ActiveShards(),
    announcer: new Announcer(fleet),
    bindings: new BindingCache(store, new ColumnCache(store, settings.columnCacheBytes), settings.bindingCacheBytes),
    computed: new ComputedShards(settings.computedBytes),
  }
  metrics.slots.set(threads)

  const draining = new AbortController()
  const ending = new AbortController()
  const running = new Set<Promise<void>>()
  const cancels = await bus.subscribe(subjects.cancel('*'))
  const drains = await bus.subscribe(subjects.drain(id))
  await heartbeat(worker)
  log.info({ threads }, 'a worker has started')

  const pulling = pullUntil(draining.signal, worker, running)
  const background = [
    pulling,
    every(settings.watchMs, ending.signal, worker, () => watchOnce(worker)),
    every(settings.heartbeatMs, ending.signal, worker, () => heartbeat(worker)),
    listenTo(cancels, (subject) => worker.active.giveUpJob(subject.split('.').at(-1) ?? '', 'CANCELLED')),
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
    await pulling
    const patience = new AbortController()
    hurry = () => patience.abort()
    const finished = Promise.all(running).then(() => patience.abort())
    if (patienceMs > 0) await clock.sleep(patienceMs, patience.signal).catch(() => {})
    worker.active.giveUpAll('DRAIN')
    await finished
    worker.announcer.stop()
    ending.abort()
    await Promise.all([cancels.stop(), drains.stop()])
    await Promise.all(background)
    await worker.pool.close()
    await forget(bus, id).catch(() => {})
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
 * Waits for a free slot, takes a delivery, then the slot, until told to stop; what arrives too late is given back. The slot is left to
 * merges while there is nothing to pull.
 */
async function pullUntil(signal: AbortSignal, worker: WorkerContext, running: Set<Promise<void>>): Promise<void> {
  let retryMs = FIRST_RETRY_MS
  for (let n = 0; !signal.aborted; n++) {
    if (!(await worker.pool.freed(signal))) return
    let deliveries: Delivery[] = []
    try {
      deliveries = await worker.bus.pull({ classes: classesOfPull(n), max: 1, expiresMs: PULL_MS, signal })
      retryMs = FIRST_RETRY_MS
    } catch (err) {
      worker.log.warn({ err }, 'the bus does not answer')
      await worker.clock.sleep(retryMs, signal).catch(() => {})
      retryMs = Math.min(2 * retryMs, LAST_RETRY_MS)
    }
    const [delivery] = deliveries
    if (!delivery) continue
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

/** Does the work at an interval, whatever it rejects with. */
async function every(ms: number, signal: AbortSignal, worker: WorkerContext, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await worker.clock.sleep(ms, signal).catch(() => {})
    if (signal.aborted) return
    await work().catch((err) => worker.log.debug({ err }, 'a round of the worker did not finish'))
  }
}

async function listenTo(listener: Listener<{ subject: string }>, hear: (subject: string) => void): Promise<void> {
  for await (const { subject } of listener) hear(subject)
}

async function heartbeat(worker: WorkerContext): Promise<void> {
  const bucket = await worker.bus.bucket('qz_workers')
  const body = { id: worker.id, slots: worker.pool.size, busy: worker.pool.busy, at: worker.clock.now() }
  await bucket.put(worker.id, new TextEncoder().encode(JSON.stringify(body)))
}

async function forget(bus: Bus, id: string): Promise<void> {
  await (await bus.bucket('qz_workers')).delete(id)
}
