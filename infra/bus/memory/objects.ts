// A bucket of objects of the embedded bus: files in a directory, so that a large one costs no memory.
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { QuesnayError } from '../../../schema/errors.ts'
import type { Clock } from '../../clock.ts'
import { CHUNK_BYTES, type Chunks, damaged, evenly, isGone, Tally, tooLarge, verified } from '../chunks.ts'
import { assertObjectName, type BusLimits, objectLimits, unavailable } from '../limits.ts'
import type { ObjectBucketName, ObjectInfo, ObjectStore, PutObjectOptions, StoredObject } from '../port.ts'

interface Entry {
  readonly info: ObjectInfo
  readonly file: string
}

/** What is stored is known to this process alone, and gone with it. */
export class MemoryObjects implements ObjectStore {
  readonly #clock: Clock
  readonly #directory: () => Promise<string>
  readonly #maxObjectBytes: number
  readonly #maxBytes: number
  readonly #ttlMs: number
  readonly #entries = new Map<string, Entry>()
  /** Bytes of what is stored and of what is being written. */
  #bytes = 0
  #count = 0
  #closed = false

  /** @param directory makes it where it is missing. */
  constructor(name: ObjectBucketName, clock: Clock, limits: BusLimits, directory: () => Promise<string>) {
    const { maxBytes, ttlMs } = objectLimits(name, limits)
    this.#clock = clock
    this.#directory = async () => {
      const own = join(await directory(), name)
      await mkdir(own, { recursive: true })
      return own
    }
    this.#maxObjectBytes = limits.maxObjectBytes
    this.#maxBytes = maxBytes
    this.#ttlMs = ttlMs
  }

  async put(name: string, chunks: Chunks, { sha256, about = {}, signal }: PutObjectOptions = {}): Promise<ObjectInfo> {
    this.#check(name)
    await this.#expire()
    const file = join(await this.#directory(), String(++this.#count))
    const expiresAt = this.#ttlMs === 0 ? null : this.#clock.now() + this.#ttlMs
    const tally = new Tally()
    try {
      const handle = await open(`${file}.part`, 'wx')
      try {
        for await (const chunk of evenly(chunks)) {
          signal?.throwIfAborted()
          tally.add(chunk)
          this.#bytes += chunk.byteLength
          if (tally.bytes > this.#maxObjectBytes) throw tooLarge(name, this.#maxObjectBytes)
          if (this.#bytes > this.#maxBytes) throw full()
          await handle.write(chunk)
        }
        signal?.throwIfAborted()
      } finally {
        await handle.close()
      }
      const info = { name, bytes: tally.bytes, sha256: tally.sha256(), expiresAt, about: { ...about } }
      if (sha256 !== undefined && sha256 !== info.sha256) throw damaged(name, `has the hash ${info.sha256}`)
      await rename(`${file}.part`, file)
      if (this.#closed) throw unavailable('is closed')
      const before = this.#entries.get(name)
      this.#entries.set(name, { info, file })
      if (before) await this.#remove(before)
      return info
    } catch (error) {
      this.#bytes -= tally.bytes
      await rm(`${file}.part`, { force: true })
      throw error
    }
  }

  async head(name: string): Promise<ObjectInfo | undefined> {
    this.#check(name)
    await this.#expire()
    return this.#entries.get(name)?.info
  }

  async get(name: string, signal?: AbortSignal): Promise<StoredObject | undefined> {
    const info = await this.head(name)
    return info && { info, chunks: verified(this.#read(info, signal), info) }
  }

  /** Opened at the first chunk: from then on it is read to its end though it is replaced or deleted meanwhile. */
  async *#read({ name, sha256 }: ObjectInfo, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const entry = this.#entries.get(name)
    if (!entry) throw isGone(name)
    if (entry.info.sha256 !== sha256) throw damaged(name, 'was replaced by another before it was read')
    const handle = await open(entry.file, 'r').catch((cause: NodeJS.ErrnoException) => {
      throw damaged(name, `cannot be read: ${cause.code}`)
    })
    try {
      for (;;) {
        signal?.throwIfAborted()
        const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES)
        if (bytesRead === 0) return
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await handle.close()
    }
  }

  async delete(name: string): Promise<void> {
    this.#check(name)
    const entry = this.#entries.get(name)
    this.#entries.delete(name)
    if (entry) await this.#remove(entry)
  }

  close(): void {
    this.#closed = true
    this.#entries.clear()
  }

  #check(name: string): void {
    if (this.#closed) throw unavailable('is closed')
    assertObjectName(name)
  }

  async #expire(): Promise<void> {
    const now = this.#clock.now()
    for (const [name, entry] of this.#entries) {
      if (entry.info.expiresAt === null || entry.info.expiresAt > now) continue
      this.#entries.delete(name)
      await this.#remove(entry)
    }
  }

  async #remove({ file, info }: Entry): Promise<void> {
    this.#bytes -= info.bytes
    await rm(file, { force: true })
  }
}

function full(): QuesnayError {
  return new QuesnayError('OVERLOADED', 'the message bus is full: its objects take all the room', {
    retryAfterMs: 1000,
  })
}
