// How fast this worker computes: nanoseconds of one operation on one lane, measured on the shards it ran.

/** Shards that count: the last ones, so that a machine that has become slow is known to be. */
const KEPT = 64
/** A shorter shard measures the call more than the work. */
const LEAST_SECONDS = 0.002

export class Speed {
  readonly #measured: number[] = []
  #next = 0

  /** Notes a shard. `operations`: of the plan on one lane, times lanes. What is too short to tell anything is passed over. */
  note(seconds: number, operations: number): void {
    if (!(seconds >= LEAST_SECONDS) || !(operations > 0)) return
    this.#measured[this.#next] = (seconds * 1e9) / operations
    this.#next = (this.#next + 1) % KEPT
  }

  /** The median, which a few shards that met a stalled machine do not move; null before a shard was noted. */
  get nsPerOperation(): number | null {
    const sorted = [...this.#measured].sort((a, b) => a - b)
    const middle = sorted.length >> 1
    if (sorted.length === 0) return null
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  }
}
