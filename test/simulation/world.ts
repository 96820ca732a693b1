// What both sides of the simulated fleet share: the clock, the two servers, the work, the queues, and what is counted.
import type { SimulationOptions } from './options.ts'
import { RowLocks } from './row-locks.ts'
import { ShardQueue } from './shard-queue.ts'
import { Simulator } from './simulator.ts'
import { Station } from './station.ts'
import { STAGE, Tickets } from './tickets.ts'
import { makeWorkload, QUEUES, type Workload } from './workload.ts'

/** What took place, in numbers of pieces. */
export interface Counts {
  submitted: number
  published: number
  /** Taken out of a queue by a worker. */
  delivered: number
  /** Put back by the acknowledgement timer, its worker having died. */
  redelivered: number
  resent: number
  computed: number
  stored: number
  /** Stored by a worker that died before it acknowledged: delivered once more, and found to be done. */
  doneAlready: number
  merged: number
  deaths: number
  announces: number
  announcesForNothing: number
  bells: number
  emptyAnswers: number
  refusals: number
  /** Of admission. */
  rounds: number
  roundsForNothing: number
}

export class World {
  readonly options: SimulationOptions
  readonly sim: Simulator
  readonly work: Workload
  readonly tickets = new Tickets()
  readonly queues: readonly ShardQueue[]
  readonly broker: Station
  readonly database: Station
  readonly locks: RowLocks
  /** When a bell rang last for each queue. */
  readonly rangAt = new Float64Array(QUEUES).fill(-1)
  readonly counts: Counts = {
    submitted: 0,
    published: 0,
    delivered: 0,
    redelivered: 0,
    resent: 0,
    computed: 0,
    stored: 0,
    doneAlready: 0,
    merged: 0,
    deaths: 0,
    announces: 0,
    announcesForNothing: 0,
    bells: 0,
    emptyAnswers: 0,
    refusals: 0,
    rounds: 0,
    roundsForNothing: 0,
  }
  /** Messages in the work queue that nobody holds. */
  queued = 0
  /** What each side does when the broker or the database is through with a ticket, and when a row's lock is had. */
  readonly onBroker: ((ticket: number) => void)[] = []
  readonly onDatabase: ((ticket: number) => void)[] = []
  onLock: (ticket: number) => void = () => {}

  constructor(options: SimulationOptions) {
    this.options = options
    this.sim = new Simulator(options.seed)
    this.work = makeWorkload(options, this.sim.random)
    this.queues = Array.from({ length: QUEUES }, () => new ShardQueue())
    const { brokerCores, databaseCores, changes } = options
    const { tickets, onBroker, onDatabase } = this
    this.broker = new Station(this.sim, 'broker', brokerCores, (one) => onBroker[tickets.stage[one]!]!(one))
    this.database = new Station(this.sim, 'database', databaseCores, (one) => onDatabase[tickets.stage[one]!]!(one))
    this.locks = new RowLocks(this.sim, this.work.jobs * changes.counterRows, this.tickets, (t) => this.onLock(t))
    const drop = (ticket: number) => this.tickets.giveBack(ticket)
    this.onBroker[STAGE.NOISE] = drop
    this.onDatabase[STAGE.NOISE] = drop
  }

  /** Work for a server that nobody waits for. */
  noise(station: Station, serviceMs: number): void {
    station.arrive(this.tickets.take(STAGE.NOISE, -1, 0, -1), serviceMs)
  }

  /** A statement: its processor time varies as an exponential does. */
  statement(ticket: number, meanMs: number): void {
    this.database.arrive(ticket, this.sim.random.exponential(meanMs))
  }

  get over(): boolean {
    return this.counts.merged === this.work.jobs
  }
}
