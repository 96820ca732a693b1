// A bucket of keys over a JetStream key-value stream.
import { type KV, Kvm } from '@nats-io/kv'
import { assertKey, assertSize } from '../limits.ts'
import type { BucketName, KeyValueStore } from '../port.ts'
import type { Link } from './link.ts'

export class NatsKeyValue implements KeyValueStore {
  readonly #link: Link
  readonly #kv: KV

  private constructor(link: Link, kv: KV) {
    this.#link = link
    this.#kv = kv
  }

  /** The stream behind it is made with the others (topology.ts); this only binds to it. */
  static async open(link: Link, name: BucketName): Promise<NatsKeyValue> {
    return new NatsKeyValue(link, await link.call(() => new Kvm(link.js).open(name, { allow_direct: true })))
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    assertKey(key)
    assertSize(key, value)
    await this.#link.call(() => this.#kv.put(key, value))
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

  async keys(): Promise<string[]> {
    return this.#link.call(async () => {
      const keys: string[] = []
      for await (const key of await this.#kv.keys()) keys.push(key)
      return keys.sort()
    })
  }
}
