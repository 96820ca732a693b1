// A bucket of keys over a JetStream key-value stream.
import { type KV, Kvm } from '@nats-io/kv'
import { assertKey, assertSize } from '../limits.ts'
import type { BucketName, KeyValueStore } from '../port.ts'
import { isWrongSequence } from './errors.ts'
import type { Link } from './link.ts'

export class NatsKeyValue implements KeyValueStore {
  readonly #link: Link
  readonly #kv: KV
  readonly #name: BucketName

  private constructor(link: Link, kv: KV, name: BucketName) {
    this.#link = link
    this.#name = name
    this.#kv = kv
  }

  /** The stream behind it is made with the others (topology.ts); this only binds to it. */
  static async open(link: Link, name: BucketName): Promise<NatsKeyValue> {
    return new NatsKeyValue(link, await link.call(() => new Kvm(link.js).open(name, { allow_direct: true })), name)
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    assertKey(key)
    assertSize(key, value)
    await this.#link.call(() => this.#kv.put(key, value))
  }

  async create(key: string, value: Uint8Array): Promise<boolean> {
    assertKey(key)
    assertSize(key, value)
    return this.#link.call(async () => {
      try {
        await this.#kv.create(key, value)
        return true
      } catch (error) {
        if (isWrongSequence(error)) return false
        throw error
      }
    })
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    assertKey(key)
    const entry = await this.#link.call(() => this.#kv.get(key))
    return entry?.operation === 'PUT' ? entry.value : undefined
  }

  async delete(key: string): Promise<void> {
    assertKey(key)
    await this.#link.call(() => this.#kv.delete(key))
  }

  /**
   * The client's own listing waits for as many messages as there were when it began, and so for ever where one expires meanwhile:
   * the stream is asked for its subjects instead.
   */
  async keys(): Promise<string[]> {
    return this.#link.call(async () => {
      const prefix = `$KV.${this.#name}.`
      const { state } = await this.#link.jsm.streams.info(`KV_${this.#name}`, { subjects_filter: `${prefix}>` })
      const known = Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix.length))
      // A deleted key leaves a note of it.
      const entries = await Promise.all(known.map((key) => this.#kv.get(key)))
      return known.filter((_, i) => entries[i]?.operation === 'PUT').sort()
    })
  }
}
