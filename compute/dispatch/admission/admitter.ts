// Admits in the background: as often as there is room, and never two rounds of one process at a time.
import { Bell } from '../../../infra/bus/bell.ts'
import type { Fleet } from '../context.ts'
import { admitWaiting } from './admit.ts'
import type { CapacityReader } from './capacity.ts'
import { flowCap } from './limits.ts'

/** What is freed within this time is dealt in one round; longer by this per thread of the fleet, whose processes all deal for one another. */
const PACE_MS = 100
const PACE_PER_SLOT_MS = 2
/** This part of a queue's places, freed by one process, is dealt at once: the bus is not to run dry between two rounds. */
const PART_FREED = 1 / 3

export class Admitter {
  readonly #fleet: Fleet
  readonly #capacity: CapacityReader
  readonly #stopping = new AbortController()
  readonly #hurry = new Bell()
  #again = false
  #freed = 0
  #rounds: Promise<void> | undefined

  constructor(fleet: Fleet, capacity: CapacityReader) {
    this.#fleet = fleet
    this.#capacity = capacity
  }

  /** Notes that a shard is through while others wait: its place is dealt with those of others. */
  freed(): void {
    this.#freed++
    this.#start()
    if (this.#due) this.#hurry.ring()
  }

  /** Deals at once, because much may have changed. */
  kick(): void {
    this.#freed = Number.POSITIVE_INFINITY
    this.#start()
    this.#hurry.ring()
  }

  get #due(): boolean {
    return this.#freed >= PART_FREED * flowCap(this.#capacity.now)
  }

  #start(): void {
    this.#again = true
    if (!this.#stopping.signal.aborted) this.#rounds ??= this.#work()
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#fleet
    const { signal } = this.#stopping
    while (this.#again && !signal.aborted) {
      const paceMs = PACE_MS + PACE_PER_SLOT_MS * this.#capacity.now.slots
      if (!this.#due) await this.#hurry.wait(clock, paceMs * (0.5 + clock.jitter() / 2), signal)
      this.#again = false
      this.#freed = 0
      // The sweeper does what a round did not.
      await admitWaiting(this.#fleet, this.#capacity.now).catch((err) =>
        log.debug({ err }, 'a round of admission did not finish'),
      )
    }
    this.#rounds = undefined
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#rounds
  }
}
