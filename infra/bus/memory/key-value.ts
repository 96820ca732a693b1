// A bucket of keys in memory, whose entries may expire.
import type { Clock } from '../../clock.ts'
import { assertKey, assertSize, unavailable } from '../limits.ts'
import type { KeyValueStore } from '../port.ts'

export class MemoryKeyValue implements KeyValueStore {
  readonly #clock: Clock
  readonly #ttlMs: number
  readonly #entries = new Map<string, { value: Uint8Array; expiresAt: number }>()
  #closed = false

  /** @param ttlMs how long an entry lives after its last put; 0 for ever. */
  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock
    this.#ttlMs = ttlMs
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.#check(key)
    assertSize(key, value)
    this.#entries.set(key, {
      value: value.slice(),
      expiresAt: this.#clock.now() + (this.#ttlMs || Number.POSITIVE_INFINITY),
    })
  }

  async create(key: string, value: Uint8Array): Promise<boolean> {
    this.#expire()
    const isNew = !this.#entries.has(key)
    if (isNew) await this.put(key, value)
    return isNew
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.#check(key)
    this.#expire()
    return this.#entries.get(key)?.value.slice()
  }

  async delete(key: string): Promise<void> {
    this.#check(key)
    this.#entries.delete(key)
  }

  async keys(): Promise<string[]> {
    if (this.#closed) throw unavailable('is closed')
    this.#expire()
    return [...this.#entries.keys()].sort()
  }

  close(): void {
    this.#closed = true
  }

  #check(key: string): void {
    if (this.#closed) throw unavailable('is closed')
    assertKey(key)
  }

  #expire(): void {
    const now = this.#clock.now()
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key)
  }
}
