// Who is admitted next, and how much: deficit round robin over the queues of tenants and classes. No clock, no store.
//
// M. Shreedhar and G. Varghese, Efficient Fair Queueing Using Deficit Round Robin (SIGCOMM 1995). The unit is estimated seconds.

/** A tenant's queue of one class. */
export interface Flow {
  /** Its share of what is admitted, in proportion to the others'; above 0. */
  readonly weight: number
  /** Seconds left of its last turn, from 0. */
  readonly deficit: number
  /** Estimated seconds of the shards that wait, first come first: as many as could be admitted, or all. */
  readonly costs: readonly number[]
  /** How many of them its own cap lets in. */
  readonly room: number
  /** Whether `costs` are all that wait. */
  readonly whole: boolean
}

/** Whether the first so many of a flow are admitted, and where that leaves it. */
export interface Dealt<F extends Flow> {
  readonly flow: F
  readonly count: number
  readonly deficit: number
}

export interface Deal<F extends Flow> {
  /** The flow of each shard admitted, in the order of admission. */
  readonly order: readonly F[]
  /** All flows, in the order of their next turns. */
  readonly ring: readonly Dealt<F>[]
}

/** Seconds that a turn gives a flow of weight 1. */
export const QUANTUM_SECONDS = 0.02
/** What a shard costs the fleet at least, however little is computed. */
export const LEAST_SECONDS = 0.002

/**
 * Deals `room` places among flows, which are given in the order of their turns. A flow has its turn: where its first shard costs more than its
 * deficit it is given a quantum times its weight, and sends while the deficit lasts. What is left of it stays, unless nothing waits any more.
 * A turn that the end of the room cuts off goes on with the next deal. No place stays empty while a shard could have it.
 */
export function deal<F extends Flow>(flows: readonly F[], room: number): Deal<F> {
  let ring = flows.map((flow) => new Turn(flow))
  const order: F[] = []
  let left = room
  while (left > 0 && ring.some((turn) => turn.open)) {
    passEmptyRounds(ring)
    const done: Turn<F>[] = []
    for (const turn of ring) {
      if (left === 0) break
      if (turn.open && !turn.pays) turn.deficit += turn.quantum
      for (; left > 0 && turn.open && turn.pays; left--) order.push(turn.send())
      // Cut off in the middle: it stays at the head of the ring.
      if (!turn.open || !turn.pays) done.push(turn)
    }
    const first = ring.filter((turn) => !done.includes(turn))
    ring = [...first, ...done]
  }
  return { order, ring: ring.map((turn) => turn.result()) }
}

class Turn<F extends Flow> {
  readonly flow: F
  deficit: number
  #sent = 0

  constructor(flow: F) {
    this.flow = flow
    this.deficit = flow.deficit
  }

  get open(): boolean {
    return this.#sent < Math.min(this.flow.costs.length, this.flow.room)
  }

  get cost(): number {
    return Math.max(LEAST_SECONDS, this.flow.costs[this.#sent]!)
  }

  get pays(): boolean {
    return this.cost <= this.deficit
  }

  get quantum(): number {
    return QUANTUM_SECONDS * this.flow.weight
  }

  /** Rounds until the first shard is paid for. */
  get rounds(): number {
    return Math.ceil((this.cost - this.deficit) / this.quantum)
  }

  send(): F {
    this.deficit -= this.cost
    this.#sent++
    return this.flow
  }

  result(): Dealt<F> {
    const emptied = this.flow.whole && this.#sent === this.flow.costs.length
    return { flow: this.flow, count: this.#sent, deficit: emptied ? 0 : this.deficit }
  }
}

/** Rounds in which nobody could pay, given at once: a shard of hours does not take a million of them. */
function passEmptyRounds(ring: readonly Turn<Flow>[]): void {
  const open = ring.filter((turn) => turn.open)
  const empty = Math.min(...open.map((turn) => turn.rounds)) - 1
  if (empty > 0) for (const turn of open) turn.deficit += empty * turn.quantum
}
