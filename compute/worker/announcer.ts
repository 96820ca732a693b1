// Announces the jobs a worker has moved on, each no more often than progress is due.
import { announce, PROGRESS_INTERVAL_MS } from '../dispatch/announce.ts'
import type { Fleet, JobKey } from '../dispatch/context.ts'

/** A job that is through within this time says all of it once, and its merge does not stand in line behind an announcement. */
const FIRST_MS = 50

export class Announcer {
  readonly #fleet: Fleet
  readonly #stopping = new AbortController()
  /** Jobs with a round going; true where there is more to say after it. */
  readonly #rounds = new Map<string, boolean>()

  constructor(fleet: Fleet) {
    this.#fleet = fleet
  }

  /** Notes that a job has moved on: said within FIRST_MS, or with the next round; rounds are at least a progress interval apart. */
  moved(job: JobKey): void {
    const key = keyOf(job)
    const going = this.#rounds.has(key)
    this.#rounds.set(key, true)
    if (!going) void this.#round(key, job)
  }

  async #round(key: string, job: JobKey): Promise<void> {
    await this.#fleet.clock.sleep(FIRST_MS, this.#stopping.signal).catch(() => {})
    while (this.#rounds.get(key) && !this.#stopping.signal.aborted) {
      this.#rounds.set(key, false)
      if (await this.now(job)) this.#rounds.set(key, true)
      await this.#fleet.clock.sleep(PROGRESS_INTERVAL_MS, this.#stopping.signal).catch(() => {})
    }
    this.#rounds.delete(key)
  }

  /** Notes that a job ends, which says all there is to say. */
  forget(job: JobKey): void {
    const key = keyOf(job)
    if (this.#rounds.has(key)) this.#rounds.set(key, false)
  }

  /** Says what there is to say; true where progress is left for later. A bus that is away leaves it to the sweeper. */
  async now(job: JobKey): Promise<boolean> {
    try {
      return await announce(this.#fleet, job)
    } catch (err) {
      this.#fleet.log.warn({ err, ...job }, 'a job is announced later')
      return false
    }
  }

  stop(): void {
    this.#stopping.abort()
  }
}

const keyOf = ({ tenant, jobId }: JobKey) => `${tenant}/${jobId}`
