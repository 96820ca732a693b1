// A bucket of objects over JetStream, laid out as ADR-20 of the NATS architecture says: `nats object` reads it too.
import { JsHeaders, PubHeaders } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { isQuesnayError } from '../../../schema/errors.ts'
import { CHUNK_BYTES, type Chunks, damaged, evenly, isGone, Tally, tooLarge, verified } from '../chunks.ts'
import { assertObjectName, objectLimits } from '../limits.ts'
import type { ObjectBucketName, ObjectInfo, ObjectStore, PutObjectOptions, StoredObject } from '../port.ts'
import { isWrongSequence } from './errors.ts'
import type { Link } from './link.ts'
import { objectStreamOf, REQUEST_TIMEOUT_MS } from './topology.ts'

/** Chunks that are sent before the first is acknowledged: half a megabyte in memory. */
const IN_FLIGHT = 4
/** A reader waits so long for a broker that goes away meanwhile. */
const PATIENCE_MS = 60_000

/** The message that describes an object; its chunks lie under `nuid`. */
interface Meta {
  readonly name: string
  readonly nuid: string
  readonly size: number
  readonly chunks: number
  /** `SHA-256=` and the hash in base64url with padding. */
  readonly digest: string
  readonly deleted?: boolean
  readonly mtime?: string
  /** `written`: ms of the clock when its first chunk was on its way, from when on that ages; other clients do not say it. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * The client's own object store is not used: its reader takes what the broker pushes into memory however slowly it is read, and
 * waits for ever for chunks that are gone. Here a chunk is asked for when it is wanted.
 */
export class NatsObjects implements ObjectStore {
  readonly #link: Link
  readonly #bucket: ObjectBucketName
  readonly #stream: string
  readonly #ttlMs: number

  constructor(link: Link, bucket: ObjectBucketName) {
    void link.topology
    this.#link = link
    this.#bucket = bucket
    this.#stream = objectStreamOf(bucket)
    this.#ttlMs = objectLimits(bucket, link.limits).ttlMs
  }

  async put(name: string, chunks: Chunks, options: PutObjectOptions = {}): Promise<ObjectInfo> {
    assertObjectName(name)
    const { clock } = this.#link
    const nuid = clock.id()
    const written = clock.now()
    try {
      const { bytes, count, sha256 } = await this.#send(name, nuid, chunks, options.signal)
      if (options.sha256 !== undefined && options.sha256 !== sha256) throw damaged(name, `has the hash ${sha256}`)
      const meta = {
        ...{ name, bucket: this.#bucket, description: '', nuid, size: bytes, chunks: count, deleted: false },
        ...{ digest: digestOf(sha256), mtime: new Date(written).toISOString() },
        options: { max_chunk_size: CHUNK_BYTES },
        metadata: { ...options.about, written: String(written) },
      }
      await this.#replace(name, meta)
      return this.#info(meta)
    } catch (error) {
      await this.#purge(nuid).catch(() => undefined)
      throw error
    }
  }

  async head(name: string): Promise<ObjectInfo | undefined> {
    const found = await this.#find(name)
    return found && this.#info(found)
  }

  async get(name: string, signal?: AbortSignal): Promise<StoredObject | undefined> {
    const meta = await this.#find(name)
    if (!meta) return undefined
    const info = this.#info(meta)
    return { info, chunks: verified(this.#read(meta, signal), info) }
  }

  async delete(name: string): Promise<void> {
    const found = await this.#find(name)
    if (!found) return
    await this.#replace(name, { ...found, deleted: true, size: 0, chunks: 0, digest: '' })
    await this.#purge(found.nuid)
  }

  /** Sends the chunks, a few at a time in flight: the source is asked for more only as the broker takes them. */
  async #send(name: string, nuid: string, chunks: Chunks, signal: AbortSignal | undefined) {
    const { js, limits } = this.#link
    const subject = this.#chunksOf(nuid)
    const tally = new Tally()
    const flying: Promise<unknown>[] = []
    let count = 0
    for await (const chunk of evenly(chunks)) {
      signal?.throwIfAborted()
      tally.add(chunk)
      if (tally.bytes > limits.maxObjectBytes) throw tooLarge(name, limits.maxObjectBytes)
      count++
      const sent = this.#link.call(() => js.publish(subject, chunk, { timeout: REQUEST_TIMEOUT_MS }))
      // A later one may fail while the first is awaited.
      sent.catch(() => undefined)
      if (flying.push(sent) >= IN_FLIGHT) await flying.shift()
    }
    await Promise.all(flying)
    signal?.throwIfAborted()
    return { bytes: tally.bytes, count, sha256: tally.sha256() }
  }

  /** Makes `meta` what the name stands for, and removes the chunks of the one before. Of concurrent writers each removes its own forerunner's. */
  async #replace(name: string, meta: Meta): Promise<void> {
    const subject = this.#metaOf(name)
    for (;;) {
      const before = await this.#last(subject)
      const options = headers()
      options.set(JsHeaders.RollupHdr, JsHeaders.RollupValueSubject)
      options.set(PubHeaders.ExpectedLastSubjectSequenceHdr, String(before?.seq ?? 0))
      const stored = await this.#link.call(async () =>
        this.#link.js
          .publish(subject, JSON.stringify(meta), { headers: options, timeout: REQUEST_TIMEOUT_MS })
          .catch((error: unknown) => {
            if (isWrongSequence(error)) return undefined
            throw error
          }),
      )
      if (!stored) continue
      if (before && before.meta.nuid !== meta.nuid) await this.#purge(before.meta.nuid).catch(() => undefined)
      return
    }
  }

  /** The chunks one after another; goes on where it was when the broker was away, or when an equal object took this one's place. */
  async *#read(meta: Meta, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    let { nuid } = meta
    let after = 0
    for (let done = 0; done < meta.chunks; ) {
      signal?.throwIfAborted()
      const found = await this.#patiently(() => this.#next(nuid, after), signal)
      if (found) {
        after = found.seq
        done++
        yield found.data
        continue
      }
      const now = await this.#patiently(() => this.#find(meta.name), signal)
      if (!now) throw isGone(meta.name)
      if (now.nuid === nuid || now.digest !== meta.digest) throw damaged(meta.name, `lacks its chunk ${done}`)
      nuid = now.nuid
      after = 0
      for (let again = 0; again < done; again++) {
        const passed = await this.#patiently(() => this.#next(nuid, after), signal)
        if (!passed) throw damaged(meta.name, `lacks its chunk ${again}`)
        after = passed.seq
      }
    }
  }

  /** The chunk after a position of the stream. A replica may be behind the leader, so where it has none the leader is asked. */
  async #next(nuid: string, after: number): Promise<{ seq: number; data: Uint8Array } | undefined> {
    // The server takes both together; the client's type has them apart.
    const query = { seq: after + 1, next_by_subj: this.#chunksOf(nuid) } as { seq: number }
    const { jsm } = this.#link
    const direct = await this.#link.call(() => jsm.direct.getMessage(this.#stream, query))
    return direct ?? (await this.#link.call(() => jsm.streams.getMessage(this.#stream, query))) ?? undefined
  }

  /** Tries again when the broker is back, if it is soon. */
  async #patiently<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { clock } = this.#link
    const until = clock.now() + PATIENCE_MS
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        const isAway = isQuesnayError(error) && error.code === 'BUS_UNAVAILABLE' && !this.#link.closed
        const left = until - clock.now()
        if (!isAway || left <= 0) throw error
        const patience = AbortSignal.timeout(left)
        await this.#link.untilUp(signal ? AbortSignal.any([signal, patience]) : patience)
        signal?.throwIfAborted()
        // Also where the broker is there and does not answer: an election, for one.
        await clock.sleep(50, signal)
      }
    }
  }

  /** The present object of a name; undefined where it is deleted or its chunks are about to expire. */
  async #find(name: string): Promise<Meta | undefined> {
    assertObjectName(name)
    const meta = (await this.#last(this.#metaOf(name)))?.meta
    if (!meta || meta.deleted) return undefined
    const { expiresAt } = this.#info(meta)
    return expiresAt !== null && expiresAt <= this.#link.clock.now() ? undefined : meta
  }

  async #last(subject: string): Promise<{ seq: number; meta: Meta } | undefined> {
    const query = { last_by_subj: subject }
    const found = await this.#link.call(() => this.#link.jsm.streams.getMessage(this.#stream, query))
    return found ? { seq: found.seq, meta: found.json<Meta>() } : undefined
  }

  async #purge(nuid: string): Promise<void> {
    await this.#link.call(() => this.#link.jsm.streams.purge(this.#stream, { filter: this.#chunksOf(nuid) }))
  }

  #info({ name, size, digest, mtime = '', metadata = {} }: Meta): ObjectInfo {
    const { written = Date.parse(mtime), ...about } = metadata
    const expiresAt = this.#ttlMs === 0 ? null : Number(written) + this.#ttlMs
    return { name, bytes: size, sha256: hexOf(digest), expiresAt, about }
  }

  #chunksOf(nuid: string): string {
    return `$O.${this.#bucket}.C.${nuid}`
  }

  #metaOf(name: string): string {
    return `$O.${this.#bucket}.M.${padded(Buffer.from(name).toString('base64url'))}`
  }
}

const padded = (text: string) => text.padEnd(Math.ceil(text.length / 4) * 4, '=')
const digestOf = (sha256: string) => `SHA-256=${padded(Buffer.from(sha256, 'hex').toString('base64url'))}`
const hexOf = (digest: string) => Buffer.from(digest.slice('SHA-256='.length), 'base64url').toString('hex')
