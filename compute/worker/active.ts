// The shards that a worker has in hand: who they are, whether they move, and how they are told to give up.
import type { Delivery } from '../../infra/bus/port.ts'
import type { ShardEnvelope } from '../../schema/jobs.ts'

/** Why a shard in hand is given up. */
export type GivenUp = 'CANCELLED' | 'HUNG' | 'DEADLINE' | 'DRAIN'

export class ActiveShard {
  readonly envelope: ShardEnvelope
  readonly delivery: Delivery
  readonly #abort = new AbortController()
  #steps = 0
  #chunks: () => number = () => 0
  #why: GivenUp | undefined
  /** True once the work is on the job's merge, no longer on the shard. */
  merges = false
  /** Kept by the watch: the progress at its last look, and when it was seen to move and to beat. */
  seen = -1
  movedAt: number
  beatAt: number
  /** When it was said that it is to be given up, if that is known. */
  saidAt: number | undefined

  constructor(envelope: ShardEnvelope, delivery: Delivery, now: number) {
    this.envelope = envelope
    this.delivery = delivery
    this.movedAt = now
    this.beatAt = now
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** undefined while it is to go on. */
  get givenUp(): GivenUp | undefined {
    return this.#why
  }

  /** Rises with each thing done: a chunk of the kernel, or a step of the worker itself. */
  get progress(): number {
    return this.#steps + this.#chunks()
  }

  step(): void {
    this.#steps++
  }

  /** Counts the chunks of a thread from here on. */
  follow(chunks: () => number): void {
    this.#chunks = chunks
  }

  /** The first reason stands. `since`: when it was said, which the thread's grace counts from; default: now. */
  giveUp(why: GivenUp, since?: number): void {
    this.#why ??= why
    this.saidAt ??= since
    this.#abort.abort({ since })
  }
}

const keyOf = ({ tenant, jobId, shard }: ShardEnvelope) => `${tenant}/${jobId}/${shard}`

export class ActiveShards implements Iterable<ActiveShard> {
  readonly #shards = new Map<string, ActiveShard>()

  /** Takes a shard in hand; undefined where it is in hand already, by an earlier delivery. */
  begin(envelope: ShardEnvelope, delivery: Delivery, now: number): ActiveShard | undefined {
    const key = keyOf(envelope)
    if (this.#shards.has(key)) return undefined
    const active = new ActiveShard(envelope, delivery, now)
    this.#shards.set(key, active)
    return active
  }

  end(active: ActiveShard): void {
    this.#shards.delete(keyOf(active.envelope))
  }

  giveUpJob(jobId: string, why: GivenUp, since?: number): void {
    for (const active of this.#shards.values()) if (active.envelope.jobId === jobId) active.giveUp(why, since)
  }

  giveUpAll(why: GivenUp): void {
    for (const active of this.#shards.values()) active.giveUp(why)
  }

  [Symbol.iterator](): Iterator<ActiveShard> {
    return [...this.#shards.values()][Symbol.iterator]()
  }
}
