// The columns a worker has read, packed and shared with its threads; the least recently used go first when they grow too large.
import { LRUCache } from 'lru-cache'
import type { Bytes } from '../../../infra/store/port.ts'
import { QuesnayError } from '../../../schema/errors.ts'
import { sha256 } from '../../../schema/hash.ts'
import { asFloats, loadBlob } from '../../dispatch/blobs.ts'
import { bytesOfColumn, type PackedColumn, pack } from './packed.ts'

export class ColumnCache {
  readonly #store: Bytes
  readonly #cache: LRUCache<string, PackedColumn>
  readonly #loading = new Map<string, Promise<PackedColumn>>()

  /** @param maxBytes of all packed columns kept; those of work in hand stay for as long as it lasts */
  constructor(store: Bytes, maxBytes: number) {
    this.#store = store
    this.#cache = new LRUCache({ maxSize: maxBytes, sizeCalculation: (column) => Math.max(1, bytesOfColumn(column)) })
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#cache.calculatedSize
  }

  /**
   * The column of this hash; kept per tenant, so that none reads what only another has stored.
   * NOT_FOUND; BAD_INPUT: a value is not finite; INTERNAL where its bytes have another hash.
   */
  async load(tenant: string, hash: string): Promise<PackedColumn> {
    const key = `${tenant}/${hash}`
    const known = this.#cache.get(key) ?? this.#loading.get(key)
    if (known) return known
    const loading = this.#read(tenant, hash)
    this.#loading.set(key, loading)
    try {
      const column = await loading
      this.#cache.set(key, column)
      return column
    } finally {
      this.#loading.delete(key)
    }
  }

  async #read(tenant: string, hash: string): Promise<PackedColumn> {
    const bytes = await loadBlob(this.#store, tenant, hash)
    if (sha256(bytes) !== hash) throw new QuesnayError('INTERNAL', `the stored column ${hash} is damaged`, { hash })
    const values = asFloats(bytes)
    const wrong = firstNotFinite(values)
    if (wrong < 0) return pack(values)
    const message = `the stored column ${hash} is not finite at ${wrong}`
    throw new QuesnayError('BAD_INPUT', message, { path: 'columns', sha256: hash, index: wrong })
  }
}

function firstNotFinite(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i
  return -1
}
