// The connection to the broker: kept up for ever, its streams put back after each loss, every call bounded in time.
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { QuesnayError } from '../../../schema/errors.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { BusAccess } from '../access.ts'
import { Bell } from '../bell.ts'
import { type BusLimits, unavailable } from '../limits.ts'
import { connectionOptions } from './connection.ts'
import { isMissing, toBusError } from './errors.ts'
import { objectionOf } from './handshake.ts'
import { refusalIn } from './refusal.ts'
import { ensureTopology, REQUEST_TIMEOUT_MS, type Topology } from './topology.ts'

/** nats-server 2.9 goes on deleting a stream's files when it has said it is done, those of a new one of the same name too. */
const AFTER_DELETION_MS = 1000

export interface LinkOptions {
  /** As in NatsBusOptions. */
  readonly url: string
  readonly access: BusAccess
  readonly replicas: number | undefined
  readonly clock: Clock
  readonly log: Log
  readonly limits: BusLimits
  /** How long to try to reach the broker at first, for it may be starting too. */
  readonly connectWithinMs: number
}

export class Link {
  readonly nc: NatsConnection
  readonly jsm: JetStreamManager
  readonly js: JetStreamClient
  readonly clock: Clock
  readonly log: Log
  readonly limits: BusLimits
  /** Rings when the broker is back, when it is lost, and at the end. */
  readonly changed = new Bell()
  /** The present streams; undefined while the broker is away or its streams are being put back. */
  #topology: Topology | undefined
  readonly #replicas: number | undefined
  #restoring = false
  #closed = false
  readonly #inFlight = new Set<(error: Error) => void>()
  readonly #onUp: (() => void)[] = []
  readonly #onLost: (() => void)[] = []
  readonly #end = new AbortController()

  private constructor(nc: NatsConnection, jsm: JetStreamManager, { clock, log, limits, replicas }: LinkOptions) {
    this.nc = nc
    this.jsm = jsm
    this.js = jetstream(nc, { timeout: REQUEST_TIMEOUT_MS })
    this.clock = clock
    this.log = log
    this.limits = limits
    this.#replicas = replicas
  }

  static async open(options: LinkOptions): Promise<Link> {
    const until = options.clock.now() + options.connectWithinMs
    const connection = connectionOptions(options.url, options.access)
    for (;;) {
      let nc: NatsConnection | undefined
      try {
        nc = await connect(connection)
        const jsm = await jetstreamManager(nc, { timeout: REQUEST_TIMEOUT_MS })
        const link = new Link(nc, jsm, options)
        link.#topology = await ensureTopology(link, options.limits, options.replicas)
        link.#watch()
        return link
      } catch (cause) {
        await nc?.close()
        const refusal =
          refusalIn(cause) ?? refusalIn(connection.tls && (await objectionOf(options.url, options.access)))
        if (refusal) throw refusal
        const text = cause instanceof Error ? cause.message : String(cause)
        if (options.clock.now() >= until) throw unavailable(`does not answer: ${text}`, cause)
        await options.clock.sleep(100)
      }
    }
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Aborts when the bus is closed. */
  get ended(): AbortSignal {
    return this.#end.signal
  }

  /** Throws BUS_UNAVAILABLE while the broker is away. */
  get topology(): Topology {
    if (this.#closed) throw unavailable('is closed')
    if (!this.#topology) throw unavailable('does not answer')
    return this.#topology
  }

  get isUp(): boolean {
    return this.#topology !== undefined && !this.#closed
  }

  /** Runs `listener` now and whenever the broker is back. */
  onUp(listener: () => void): void {
    this.#onUp.push(listener)
    if (this.isUp) listener()
  }

  /** Runs `listener` whenever the broker is lost, and at the end. */
  onLost(listener: () => void): void {
    this.#onLost.push(listener)
  }

  /** Resolves when the broker is there, when the bus is closed, or when the signal aborts. */
  async untilUp(signal: AbortSignal): Promise<void> {
    while (!this.isUp && !this.#closed && !signal.aborted)
      await this.changed.wait(this.clock, Number.POSITIVE_INFINITY, signal)
  }

  /**
   * Runs one exchange with the broker. It rejects with BUS_UNAVAILABLE at once where the broker is away or goes away
   * meanwhile; where a stream or consumer turns out to be missing, they are put back for the calls to come.
   */
  async call<T>(work: (topology: Topology) => Promise<T>): Promise<T> {
    const topology = this.topology
    try {
      return await this.#unlessLost(work(topology))
    } catch (error) {
      if (isMissing(error) && this.#topology === topology) {
        this.#lose('has lost its streams')
        void this.#restore(AFTER_DELETION_MS)
      }
      throw error instanceof QuesnayError ? error : toBusError(error)
    }
  }

  /** Resolves when the broker has answered a ping, and so has read all that was sent before it. */
  async flush(withinMs = REQUEST_TIMEOUT_MS): Promise<void> {
    const answered = new AbortController()
    const late = this.clock.sleep(withinMs, answered.signal).then(() => {
      throw unavailable(`did not answer within ${withinMs} ms`)
    })
    late.catch(() => undefined)
    await Promise.race([this.nc.flush(), late]).finally(() => answered.abort())
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#end.abort()
    this.#lose('is closed')
    const drained = this.nc.drain().catch(() => undefined)
    const patience = new AbortController()
    await Promise.race([drained, this.clock.sleep(2000, patience.signal).catch(() => undefined)])
    patience.abort()
    await this.nc.close()
  }

  async #watch(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect') {
        if (!this.#closed) this.log.warn('the message bus is away')
        this.#lose('does not answer')
      } else if (status.type === 'reconnect') {
        void this.#restore()
      }
    }
  }

  #lose(why: string): void {
    this.#topology = undefined
    for (const reject of [...this.#inFlight]) reject(unavailable(why))
    this.#inFlight.clear()
    for (const listener of this.#onLost) listener()
    this.changed.ring()
  }

  /** The promise, or BUS_UNAVAILABLE as soon as the connection is lost. */
  #unlessLost<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#inFlight.add(reject)
      promise.then(resolve, reject).finally(() => this.#inFlight.delete(reject))
    })
  }

  /** Puts the streams back, trying again until it works. */
  async #restore(afterMs = 0): Promise<void> {
    if (this.#restoring) return
    this.#restoring = true
    if (afterMs > 0) await this.clock.sleep(afterMs, this.ended).catch(() => undefined)
    while (!this.#closed && !this.#topology) {
      try {
        this.#topology = await this.#unlessLost(ensureTopology(this, this.limits, this.#replicas))
      } catch (error) {
        this.log.debug({ err: error }, 'the streams of the message bus are not back yet')
        await this.clock.sleep(100, this.ended).catch(() => undefined)
      }
    }
    this.#restoring = false
    if (this.#closed) return
    this.log.info('the message bus is back')
    for (const listener of this.#onUp) listener()
    this.changed.ring()
  }
}
