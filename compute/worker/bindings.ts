// The bindings a worker has read, by content; the least recently used go first when they grow too large.
import { LRUCache } from 'lru-cache'
import type { Sql } from '../../infra/store/port.ts'
import { QuesnayError } from '../../schema/errors.ts'
import { sha256 } from '../../schema/hash.ts'
import type { LaneRange } from '../../schema/jobs.ts'
import { loadBlob, loadColumnSlice } from '../dispatch/blobs.ts'
import type { PlanBinding } from '../model/plan.ts'

export class BindingCache {
  readonly #sql: Sql
  readonly #cache: LRUCache<string, PlanBinding>

  /** @param maxBytes of the canonical JSON of all bindings kept. */
  constructor(sql: Sql, maxBytes: number) {
    this.#sql = sql
    this.#cache = new LRUCache({ maxSize: maxBytes })
  }

  /** The binding of this hash; kept per tenant, so that none reads what only another has stored. NOT_FOUND; INTERNAL where its bytes have another hash. */
  async load(tenant: string, hash: string): Promise<PlanBinding> {
    const key = `${tenant}/${hash}`
    const known = this.#cache.get(key)
    if (known) return known
    const bytes = await loadBlob(this.#sql, tenant, hash)
    if (sha256(bytes) !== hash)
      throw new QuesnayError('INTERNAL', `the stored parameters ${hash} are damaged`, { hash })
    const binding = JSON.parse(new TextDecoder().decode(bytes)) as PlanBinding
    this.#cache.set(key, binding, { size: Math.max(1, bytes.byteLength) })
    return binding
  }

  /** The lanes of a shard, of each column. */
  async columns(
    tenant: string,
    binding: PlanBinding,
    range: LaneRange,
  ): Promise<Record<string, Float64Array<ArrayBuffer>>> {
    const columns: Record<string, Float64Array<ArrayBuffer>> = {}
    for (const [name, hash] of Object.entries(binding.columns))
      columns[name] = await loadColumnSlice(this.#sql, tenant, hash, range.from, range.to)
    return columns
  }
}
