// What this worker computed and has stored: a merge that falls to it need not read it back.
import { LRUCache } from 'lru-cache'
import type { JobKey } from '../dispatch/context.ts'

interface Computed {
  readonly sha256: string
  readonly values: Float64Array<ArrayBuffer>
}

/** Values of shards by job and number, until their merge or until newer ones need the room. The store stays the truth. */
export class ComputedShards {
  readonly #cache: LRUCache<string, Computed>

  constructor(maxBytes: number) {
    this.#cache = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ values }) => Math.max(1, values.byteLength) })
  }

  keep(job: JobKey, shard: number, computed: Computed): void {
    this.#cache.set(keyOf(job, shard), computed)
  }

  /** The values, where they are the ones that are stored. */
  find(job: JobKey, shard: number, sha256: string): Float64Array<ArrayBuffer> | undefined {
    const computed = this.#cache.get(keyOf(job, shard))
    return computed?.sha256 === sha256 ? computed.values : undefined
  }

  forget(job: JobKey, shards: number): void {
    for (let shard = 0; shard < shards; shard++) this.#cache.delete(keyOf(job, shard))
  }
}

const keyOf = ({ tenant, jobId }: JobKey, shard: number) => `${tenant}/${jobId}/${shard}`
