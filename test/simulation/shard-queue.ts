// One consumer's queue of published shards: runs of shards of one job, so that ten million need no memory of their own.

export class ShardQueue {
  #jobs = new Int32Array(64)
  #counts = new Int32Array(64)
  #sentAt = new Float64Array(64)
  #epochs = new Uint8Array(64)
  #head = 0
  #runs = 0
  length = 0
  /** Job, and when it was sent, of the shard taken last. */
  job = -1
  sentAt = 0

  push(job: number, count: number, now: number, epoch = 0): void {
    if (this.#runs === this.#jobs.length) this.#grow()
    const at = (this.#head + this.#runs++) % this.#jobs.length
    this.#jobs[at] = job
    this.#counts[at] = count
    this.#sentAt[at] = now
    this.#epochs[at] = epoch
    this.length += count
  }

  /** Takes the first shard; there is one. */
  take(): number {
    const at = this.#head
    this.job = this.#jobs[at]!
    this.sentAt = this.#sentAt[at]!
    this.length--
    if (--this.#counts[at]! === 0) this.#dropRun()
    return this.job
  }

  /** Sends again, to the end of the line, up to `limit` shards that have waited longer than `lostAfterMs * 2^epoch`; how many. */
  resend(now: number, lostAfterMs: number, limit: number): number {
    let moved = 0
    while (moved < limit && this.#runs > 0) {
      const at = this.#head
      const epoch = this.#epochs[at]!
      if (now - this.#sentAt[at]! < lostAfterMs * 2 ** Math.min(epoch, 5)) break
      const count = Math.min(limit - moved, this.#counts[at]!)
      const job = this.#jobs[at]!
      this.#counts[at]! -= count
      this.length -= count
      if (this.#counts[at] === 0) this.#dropRun()
      this.push(job, count, now, epoch + 1)
      moved += count
    }
    return moved
  }

  #dropRun(): void {
    this.#head = (this.#head + 1) % this.#jobs.length
    this.#runs--
  }

  #grow(): void {
    const old = this.#jobs.length
    const unrolled = <T extends Int32Array | Float64Array | Uint8Array>(to: T, from: T): T => {
      for (let i = 0; i < old; i++) to[i] = from[(this.#head + i) % old]!
      return to
    }
    this.#counts = unrolled(new Int32Array(2 * old), this.#counts)
    this.#sentAt = unrolled(new Float64Array(2 * old), this.#sentAt)
    this.#epochs = unrolled(new Uint8Array(2 * old), this.#epochs)
    this.#jobs = unrolled(new Int32Array(2 * old), this.#jobs)
    this.#head = 0
  }
}
