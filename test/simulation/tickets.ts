// Tickets: what goes through the stations, as numbers into typed arrays that are used again; and lines of them.

export const STAGE = {
  PULL: 0,
  EMPTY: 1,
  CLAIM: 2,
  COMPUTE: 3,
  STORE: 4,
  ACK: 5,
  ANNOUNCE: 6,
  ANNOUNCE_LOOK: 7,
  MERGE_READ: 8,
  MERGE_COMPUTE: 9,
  MERGE_STORE: 10,
  SUBMIT: 11,
  PUBLISH: 12,
  MARK: 13,
  SWEEP: 14,
  RESEND: 15,
  NOISE: 16,
  ADMIT: 17,
} as const

export class Tickets {
  stage = new Uint8Array(4096)
  worker = new Int32Array(4096)
  /** The life of the worker that holds it: a later one does not know it. */
  life = new Int32Array(4096)
  job = new Int32Array(4096)
  /** How many pieces of work it stands for. */
  amount = new Int32Array(4096)
  next = new Int32Array(4096)
  #free = -1
  #made = 0
  #held = 0

  get held(): number {
    return this.#held
  }

  take(stage: number, worker: number, life: number, job: number, amount = 1): number {
    const ticket = this.#free >= 0 ? this.#free : this.#make()
    if (ticket === this.#free) this.#free = this.next[ticket]!
    this.#held++
    this.stage[ticket] = stage
    this.worker[ticket] = worker
    this.life[ticket] = life
    this.job[ticket] = job
    this.amount[ticket] = amount
    this.next[ticket] = -1
    return ticket
  }

  giveBack(ticket: number): void {
    this.#held--
    this.next[ticket] = this.#free
    this.#free = ticket
  }

  #make(): number {
    if (this.#made === this.stage.length) {
      const size = 2 * this.#made
      const wider = (from: Int32Array) => {
        const to = new Int32Array(size)
        to.set(from)
        return to
      }
      const stage = new Uint8Array(size)
      stage.set(this.stage)
      this.stage = stage
      this.worker = wider(this.worker)
      this.life = wider(this.life)
      this.job = wider(this.job)
      this.amount = wider(this.amount)
      this.next = wider(this.next)
    }
    return this.#made++
  }
}

/** Many lines of tickets, each first in first out, linked through the tickets themselves. */
export class Lines {
  readonly #tickets: Tickets
  readonly #heads: Int32Array
  readonly #tails: Int32Array
  readonly lengths: Int32Array

  constructor(count: number, tickets: Tickets) {
    this.#tickets = tickets
    this.#heads = new Int32Array(count).fill(-1)
    this.#tails = new Int32Array(count).fill(-1)
    this.lengths = new Int32Array(count)
  }

  append(line: number, ticket: number): void {
    this.#tickets.next[ticket] = -1
    const tail = this.#tails[line]!
    if (tail < 0) this.#heads[line] = ticket
    else this.#tickets.next[tail] = ticket
    this.#tails[line] = ticket
    this.lengths[line]!++
  }

  /** The first of a line, taken out of it; -1 where nobody waits. */
  shift(line: number): number {
    const head = this.#heads[line]!
    if (head < 0) return -1
    const next = this.#tickets.next[head]!
    this.#heads[line] = next
    if (next < 0) this.#tails[line] = -1
    this.lengths[line]!--
    this.#tickets.next[head] = -1
    return head
  }

  /** The first of a line; -1 where nobody waits. */
  first(line: number): number {
    return this.#heads[line]!
  }
}
