// The bus: what the rest of Quesnay asks of a message broker. Adapters: memory.ts (embedded), nats.ts (services).

/** One message of the work queue, held until it is settled. Settling twice does nothing. */
export interface Delivery {
  readonly subject: string
  readonly data: Uint8Array
  /** 1 for the first delivery. */
  readonly attempt: number
  ack(): Promise<void>
  /** Gives it back, to be delivered again no sooner than after the delay; after six deliveries it goes to `qz.dlq.<jobId>`. */
  nak(delayMs: number): Promise<void>
  /** Removes it for good. */
  term(): Promise<void>
  /** Resets the acknowledgement timer (ackWaitMs). */
  working(): Promise<void>
}

export interface BusMessage {
  readonly subject: string
  readonly data: Uint8Array
}

export interface StreamMessage extends BusMessage {
  /** Position in the event stream: strictly rising, the cursor of a subscriber. */
  readonly sequence: number
}

/** Messages as they come; `stop` ends the iteration. */
export interface Listener<T> extends AsyncIterable<T> {
  stop(): Promise<void>
}

export interface PullOptions {
  /** Job classes in the order of preference of this pull, such as ['p0', 'p1']. */
  readonly classes: readonly string[]
  /** At most this many deliveries. */
  readonly max: number
  /** How long to wait for the first one, at least 1000 ms. */
  readonly expiresMs: number
  readonly signal?: AbortSignal
}

export interface KeyValueStore {
  put(key: string, value: Uint8Array): Promise<void>
  /** undefined where the key is absent or expired. */
  get(key: string): Promise<Uint8Array | undefined>
  delete(key: string): Promise<void>
  keys(): Promise<string[]>
}

/** qz_jobs: cancel flags. qz_workers: heartbeats, which expire after 15 s. */
export type BucketName = 'qz_jobs' | 'qz_workers'

/**
 * Subjects are dotted; patterns take `*` (one token) and a trailing `>` (the rest), as in NATS.
 * After `close`, and while the broker is away, calls reject with BUS_UNAVAILABLE.
 */
export interface Bus {
  readonly adapter: 'memory' | 'nats'
  /** At most once, to whoever listens now. */
  publish(subject: string, data: Uint8Array): Promise<void>
  subscribe(pattern: string): Promise<Listener<BusMessage>>
  /** Into the work queue `qz.job.>`; the same messageId within two minutes is stored once. */
  enqueue(subject: string, data: Uint8Array, messageId: string): Promise<{ duplicate: boolean }>
  /**
   * Up to `max` deliveries of the work queue, tenants' buckets in turn; empty when none came in time, or when the
   * signal aborts. Between look-ups a message that another process gave back may wait up to a second.
   */
  pull(options: PullOptions): Promise<Delivery[]>
  /**
   * Removes messages of the work queue that match and returns their number. One that a consumer holds is not delivered
   * again. Their message ids stay known for two minutes.
   */
  purge(pattern: string): Promise<number>
  /** Messages of the work queue not yet acknowledged or terminated. */
  backlog(): Promise<number>
  /** Into the event stream `qz.ev.>`, kept an hour; returns its sequence. */
  emit(subject: string, data: Uint8Array): Promise<number>
  /** Events that match, from after the given sequence, or only new ones where none is given. */
  listen(pattern: string, after?: number): Promise<Listener<StreamMessage>>
  bucket(name: BucketName): Promise<KeyValueStore>
  /** True while the broker answers. */
  ready(): Promise<boolean>
  close(): Promise<void>
}
