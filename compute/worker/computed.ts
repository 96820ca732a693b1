// What this worker computed and has stored: a merge that falls to it need not read it back.
import { LRUCache } from 'lru-cache'
import type { JobKey } from '../dispatch/context.ts'
import type { StoredShard } from '../dispatch/merge.ts'
import { bytesInShard } from './population/shard-bytes.ts'
import type { ShardNumbers } from './population/shard-numbers.ts'

/** Values of a shard's lanes, or of a population's what was summed and kept of them. */
export type ShardContent = Float64Array<ArrayBuffer> | ShardNumbers

interface Computed {
  readonly sha256: string
  readonly content: ShardContent
}

/** Contents of shards by job and number, until their merge or until newer ones need the room. The store stays the truth. */
export class ComputedShards {
  readonly #cache: LRUCache<string, Computed>

  constructor(maxBytes: number) {
    this.#cache = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ content }) => Math.max(1, sizeOf(content)) })
  }

  keep(job: JobKey, shard: number, computed: Computed): void {
    this.#cache.set(keyOf(job, shard), computed)
  }

  /** The values, where they are the ones that are stored. */
  values(job: JobKey, shard: number, sha256: string): Float64Array<ArrayBuffer> | undefined {
    const content = this.#find(job, shard, sha256)
    return content instanceof Float64Array ? content : undefined
  }

  /** The shards of a job that has one alone, where this worker has stored it. */
  whole(job: JobKey & { readonly shards: number; readonly lanes: number }): StoredShard[] | undefined {
    const computed = job.shards === 1 ? this.#cache.get(keyOf(job, 0)) : undefined
    return computed && [{ shard: 0, lanes: job.lanes, sha256: computed.sha256 }]
  }

  /** As `values`, of a population's shard. */
  numbers(job: JobKey, shard: number, sha256: string): ShardNumbers | undefined {
    const content = this.#find(job, shard, sha256)
    return content instanceof Float64Array ? undefined : content
  }

  #find(job: JobKey, shard: number, sha256: string): ShardContent | undefined {
    const computed = this.#cache.get(keyOf(job, shard))
    return computed?.sha256 === sha256 ? computed.content : undefined
  }

  forget(job: JobKey, shards: number): void {
    for (let shard = 0; shard < shards; shard++) this.#cache.delete(keyOf(job, shard))
  }
}

const sizeOf = (content: ShardContent) => (content instanceof Float64Array ? content.byteLength : bytesInShard(content))

const keyOf = ({ tenant, jobId }: JobKey, shard: number) => `${tenant}/${jobId}/${shard}`
