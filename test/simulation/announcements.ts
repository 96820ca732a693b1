// Progress as the workers announce it: each worker for each job it moves on, at most three times a second, under the job's row lock.
import { STAGE } from './tickets.ts'
import type { WorkerSide } from './worker-side.ts'
import type { WorkerState } from './worker-state.ts'
import type { World } from './world.ts'

/** PROGRESS_INTERVAL_MS of dispatch/announce.ts. */
const INTERVAL_MS = 334
/** Jobs that a worker remembers at a time. */
const REMEMBERED = 64
/** Questions and answers of the transaction beside the commit: begin, the job, its runs, the event, what was said. */
const ROUND_TRIPS = 4

export class Announcements {
  readonly #world: World
  readonly #side: WorkerSide
  readonly #workers: WorkerState
  readonly #jobs: Int32Array
  /** A round is going: its transaction runs, or the time between two of them. */
  readonly #going: Uint8Array
  /** There is more to say when it is over. */
  readonly #more: Uint8Array
  readonly #later: number
  readonly #committed: number

  constructor(world: World, side: WorkerSide, workers: WorkerState) {
    this.#world = world
    this.#side = side
    this.#workers = workers
    const size = world.options.workers * REMEMBERED
    this.#jobs = new Int32Array(size).fill(-1)
    this.#going = new Uint8Array(size)
    this.#more = new Uint8Array(size)
    this.#later = world.sim.handle((place) => this.#again(place))
    this.#committed = world.sim.handle((ticket) => this.#over(ticket))
    world.onDatabase[STAGE.ANNOUNCE] = (ticket) =>
      world.sim.after(world.options.times.flush + ROUND_TRIPS * world.options.times.roundTrip, this.#committed, ticket)
    world.onDatabase[STAGE.ANNOUNCE_LOOK] = (ticket) => this.#looked(ticket)
  }

  /** A worker has moved a job on: said at once, or with its next round. */
  moved(worker: number, job: number) {
    const place = worker * REMEMBERED + (job % REMEMBERED)
    if (this.#jobs[place] === job && this.#going[place] === 1) this.#more[place] = 1
    else this.#begin(worker, job, place)
  }

  #begin(worker: number, job: number, place: number) {
    const { tickets, options } = this.#world
    this.#jobs[place] = job
    this.#going[place] = 1
    this.#more[place] = 0
    const stage = options.changes.announceLooksFirst ? STAGE.ANNOUNCE_LOOK : STAGE.ANNOUNCE
    this.#side.onConnection(tickets.take(stage, worker, this.#workers.life[worker]!, job))
  }

  #again(place: number) {
    if (this.#more[place] === 1) this.#begin(Math.floor(place / REMEMBERED), this.#jobs[place]!, place)
    else this.#going[place] = 0
  }

  /** The lock is had: the transaction runs. */
  locked(ticket: number) {
    this.#world.statement(ticket, this.#world.options.times.announce)
  }

  #due(job: number): boolean {
    const { work, sim } = this.#world
    const news = work.stored[job]! > work.announced[job]!
    return news && (sim.now >= work.announcedAt[job]! + INTERVAL_MS || work.stored[job] === work.shards[job])
  }

  #looked(ticket: number) {
    const { tickets, options, locks, counts } = this.#world
    const job = tickets.job[ticket]!
    if (this.#due(job)) {
      tickets.stage[ticket] = STAGE.ANNOUNCE
      const { counterRows } = options.changes
      return locks.acquire(job * counterRows + (tickets.worker[ticket]! % counterRows), ticket)
    }
    counts.announcesForNothing++
    this.#leave(ticket)
  }

  #over(ticket: number) {
    const { tickets, work, sim, counts, locks, options, broker } = this.#world
    const { counterRows } = options.changes
    const job = tickets.job[ticket]!
    locks.release(job * counterRows + (tickets.worker[ticket]! % counterRows))
    if (this.#due(job)) {
      work.announced[job] = work.stored[job]!
      work.announcedAt[job] = sim.now
      counts.announces++
      this.#world.noise(broker, options.times.publish)
    } else counts.announcesForNothing++
    this.#leave(ticket)
  }

  #leave(ticket: number) {
    const { tickets, work } = this.#world
    const job = tickets.job[ticket]!
    const worker = tickets.worker[ticket]!
    const lives = this.#workers.holds(ticket)
    tickets.giveBack(ticket)
    if (lives) this.#side.disconnect(worker)
    const place = worker * REMEMBERED + (job % REMEMBERED)
    if (this.#jobs[place] !== job) return
    if (work.announced[job]! < work.stored[job]!) this.#more[place] = 1
    this.#world.sim.after(INTERVAL_MS, this.#later, place)
  }
}
