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

/** What the event stream holds. */
export interface EventRange {
  /** Sequence of the oldest event that is kept; one above `last` where none is. */
  readonly first: number
  /** Sequence of the newest event there ever was. */
  readonly last: number
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
  /** Puts a key that is not there; false where it is. Of several who create one, one does. */
  create(key: string, value: Uint8Array): Promise<boolean>
  /** undefined where the key is absent or expired. */
  get(key: string): Promise<Uint8Array | undefined>
  delete(key: string): Promise<void>
  keys(): Promise<string[]>
}

/** qz_jobs: cancel flags. qz_workers: heartbeats, which expire after 15 s. qz_keys: what links to objects are signed with. */
export type BucketName = 'qz_jobs' | 'qz_workers' | 'qz_keys'

/** What is known of a stored object. */
export interface ObjectInfo {
  readonly name: string
  readonly bytes: number
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string
  /** In ms of the clock; null where the bucket's objects do not expire. */
  readonly expiresAt: number | null
  /** What its writer said of it, such as a content type. */
  readonly about: Readonly<Record<string, string>>
}

export interface PutObjectOptions {
  /** What the bytes must hash to: others are refused with OBJECT_DAMAGED and nothing is stored. */
  readonly sha256?: string
  readonly about?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface StoredObject {
  readonly info: ObjectInfo
  /**
   * The bytes, read as they are asked for. The last chunk comes only when the whole is of the length and hash it should have:
   * OBJECT_DAMAGED otherwise, NOT_FOUND where it was deleted or expired meanwhile.
   */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Objects of any length, written and read in chunks: neither side holds a whole one in memory. Nothing that exists here alone matters. */
export interface ObjectStore {
  /**
   * Stores the chunks in their order; nothing is seen of it before the last one. The last of concurrent puts of a name stays, whole.
   * LIMIT_EXCEEDED for an object that is too large, OVERLOADED where the bucket is full, what the chunks or the signal throw.
   */
  put(
    name: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: PutObjectOptions,
  ): Promise<ObjectInfo>
  /** undefined where there is none, or none any more. */
  head(name: string): Promise<ObjectInfo | undefined>
  get(name: string, signal?: AbortSignal): Promise<StoredObject | undefined>
  delete(name: string): Promise<void>
}

/** qz_blobs: rendered results offered for download, which expire. qz_kernels: kernels by their hash. */
export type ObjectBucketName = 'qz_blobs' | 'qz_kernels'

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
  /** What the event stream holds now. */
  eventRange(): Promise<EventRange>
  /**
   * Events that match, from after one sequence up to another, and then it ends: those that are not kept any more are left out. Read
   * batch by batch, so that a slow reader holds at most one batch in memory.
   */
  replay(pattern: string, after: number, through: number): AsyncGenerator<StreamMessage, void>
  bucket(name: BucketName): Promise<KeyValueStore>
  objects(name: ObjectBucketName): Promise<ObjectStore>
  /** True while the broker answers. */
  ready(): Promise<boolean>
  close(): Promise<void>
}
