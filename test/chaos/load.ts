// The load under which chaos breaks things: runs of many tenants, some shared, some cancelled, and what became of each.
import type { RunRecord, Submission } from '../../compute/dispatch/port.ts'
import { systemClock as clock } from '../../infra/clock.ts'
import { isTerminal } from '../../schema/terms/run.ts'
import type { Random } from '../simulation/random.ts'
import type { House } from './house.ts'
import { flood, type KnownQuestion } from './questions.ts'

/** Runs that may wait or run at a time. */
const MOST_OPEN = 12
/** A tenant asks so many runs before another takes its place: a question asked again by the same one is not computed again. */
const RUNS_OF_A_TENANT = 8
const TENANTS_AT_A_TIME = 4
const CANCELLED_SHARE = 0.12
const SHARED_SHARE = 0.2
const LOOK_MS = 300

export interface OpenRun {
  readonly tenant: string
  readonly id: string
  /** null of a flood, whose shards alone are counted. */
  readonly resultHash: string | null
  /** It was asked to be cancelled: it may be, and it may have ended before. */
  readonly cancelled: boolean
}

export class Load {
  readonly runs: OpenRun[] = []
  /** Submissions that were answered with an error: the caller knows of no run. */
  refused = 0
  readonly #house: House
  readonly #questions: readonly KnownQuestion[]
  readonly #random: Random
  #asked = 0
  #floods = 0
  #open: OpenRun[] = []

  constructor(house: House, questions: readonly KnownQuestion[], random: Random) {
    this.#house = house
    this.#questions = questions
    this.#random = random
  }

  get open(): number {
    return this.#open.length
  }

  /** Asks one run after the other, as long as few enough are open, until told to stop. */
  async keepUp(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#open.length < MOST_OPEN) await this.#askOne()
      else await this.look()
      await clock.sleep(LOOK_MS * this.#random.next(), signal).catch(() => {})
    }
  }

  /** Forgets of the open runs those that have ended. */
  async look(): Promise<void> {
    const { dispatch } = this.#house
    for (const tenant of new Set(this.#open.map((run) => run.tenant))) {
      const ids = this.#open.filter((run) => run.tenant === tenant).map(({ id }) => id)
      const records = await dispatch.load(tenant, ids).catch(() => [])
      const over = new Set(records.filter((one) => one && isTerminal(one.status)).map((one) => one!.id))
      this.#open = this.#open.filter(({ id }) => !over.has(id))
    }
  }

  /** Many shards of one tenant at once. */
  async flood(): Promise<void> {
    const question = flood(`flood-${this.#floods++}`, 200 + this.#random.below(400))
    await this.#submit(question, null, false)
  }

  async #askOne(): Promise<void> {
    const round = Math.floor(this.#asked / (RUNS_OF_A_TENANT * TENANTS_AT_A_TIME))
    const tenant = `tenant-${round}-${this.#random.below(TENANTS_AT_A_TIME)}`
    const question = this.#questions[this.#random.below(this.#questions.length)]!
    const cancelled = this.#random.next() < CANCELLED_SHARE
    const copies = this.#random.next() < SHARED_SHARE ? 2 : 1
    this.#asked += copies
    const asking = Array.from({ length: copies }, (_, i) =>
      this.#submit(question.of(tenant), question.resultHash, cancelled && i === 0),
    )
    await Promise.all(asking)
  }

  async #submit(question: Submission, resultHash: string | null, cancelled: boolean): Promise<void> {
    const { dispatch } = this.#house
    let run: RunRecord
    try {
      run = await dispatch.submit(question)
    } catch {
      this.refused++
      return
    }
    const { tenant } = question
    const open = { tenant, id: run.id, resultHash, cancelled }
    this.runs.push(open)
    this.#open.push(open)
    if (!cancelled) return
    await clock.sleep(500 * this.#random.next())
    // Where the store is away the run is not cancelled, and goes on.
    await dispatch.cancel(tenant, run.id).catch(() => {})
  }
}
