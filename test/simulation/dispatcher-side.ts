// Submission, admission in turn under caps, publication, and the sweepers.
import type { SimulationOptions } from './options.ts'
import { STAGE } from './tickets.ts'
import { QUEUES } from './workload.ts'
import type { World } from './world.ts'

/** Messages published at a time (IN_FLIGHT of dispatch/publish.ts). */
const BATCH = 64
/** Messages that the work queue holds (maxQueued of the bus's limits). */
const MAX_QUEUED = 200_000
/** As the product's defaults: dispatch.ts and sweeper.ts. */
const SWEEP_INTERVAL_MS = 5000
const LOST_AFTER_MS = 45_000
const SWEEP_ROWS = 500
const RETRY_AFTER_MS = 5000
/** PACE_MS of admission/admitter.ts, flowCap and busCap of admission/limits.ts. */
const PACE_MS = 10
const flowCap = ({ workers, slots }: SimulationOptions) => Math.max(32, 4 * workers * slots)
const busCap = ({ workers, slots }: SimulationOptions) => Math.max(1024, 16 * workers * slots)

export class DispatcherSide {
  readonly #world: World
  /** By tenant: its next job to submit, the first of its jobs with shards to publish, and its shards in the three states. */
  readonly #nextJob: Int32Array
  readonly #publishing: Int32Array
  readonly #waiting: Int32Array
  readonly #outbox: Int32Array
  readonly #inFlight: Int32Array
  readonly #submitting: Uint8Array
  #turn = 0
  #going = false
  readonly #admitted: number[] = []
  #allInFlight = 0
  #allOutbox = 0
  #unfinished = 0
  readonly #retry: number
  readonly #sweep: number
  readonly #round: number
  /** Told when messages are in a queue. */
  onPublished: (queue: number, count: number) => void = () => {}

  constructor(world: World) {
    this.#world = world
    const { tenants, dispatchers } = world.options
    this.#nextJob = new Int32Array(tenants)
    this.#publishing = new Int32Array(tenants)
    this.#waiting = new Int32Array(tenants)
    this.#outbox = new Int32Array(tenants)
    this.#inFlight = new Int32Array(tenants)
    this.#submitting = new Uint8Array(tenants)
    this.#retry = world.sim.handle((tenant) => this.#submit(tenant))
    this.#round = world.sim.handle(() => this.#admit())
    this.#sweep = world.sim.handle(() => this.#beginSweep())
    world.onDatabase[STAGE.SUBMIT] = (ticket) => this.#submitted(ticket)
    world.onDatabase[STAGE.ADMIT] = (ticket) => this.#committed(ticket)
    world.onDatabase[STAGE.MARK] = (ticket) => this.#marked(ticket)
    world.onDatabase[STAGE.SWEEP] = (ticket) => this.#swept(ticket)
    world.onBroker[STAGE.PUBLISH] = (ticket) => this.#published(ticket)
    world.onBroker[STAGE.RESEND] = (ticket) => world.tickets.giveBack(ticket)
    // A tenant asks at some moment of the first second, and the sweepers of several processes are out of step.
    for (let tenant = 0; tenant < tenants; tenant++)
      world.sim.after(world.sim.random.next() * 1000, this.#retry, tenant)
    for (let i = 0; i < dispatchers; i++) world.sim.after(world.sim.random.next() * SWEEP_INTERVAL_MS, this.#sweep)
  }

  /** Shards submitted and not stored. */
  get unfinished(): number {
    return this.#unfinished
  }

  /** A shard of the tenant was stored: there is room for another. */
  stored(tenant: number) {
    this.#inFlight[tenant]!--
    this.#waiting[tenant]!--
    this.#unfinished--
    this.#allInFlight--
    this.#kick()
  }

  #submit(tenant: number) {
    const { work, options, counts, sim, tickets } = this.#world
    const job = work.ofTenant[tenant]![this.#nextJob[tenant]!]
    if (job === undefined || this.#submitting[tenant] === 1) return
    if (this.#waiting[tenant]! >= options.maxTenantShards) {
      counts.refusals++
      return sim.after(RETRY_AFTER_MS, this.#retry, tenant)
    }
    this.#submitting[tenant] = 1
    const { submitJob, submitShard } = options.times
    this.#world.statement(tickets.take(STAGE.SUBMIT, -1, 0, job), submitJob + work.shards[job]! * submitShard)
  }

  #submitted(ticket: number) {
    const { work, tickets, counts, sim } = this.#world
    const job = tickets.job[ticket]!
    tickets.giveBack(ticket)
    const tenant = work.tenant[job]!
    const shards = work.shards[job]!
    work.submittedAt[job] = sim.now
    counts.submitted += shards
    this.#submitting[tenant] = 0
    this.#nextJob[tenant]!++
    this.#waiting[tenant]! += shards
    this.#outbox[tenant]! += shards
    this.#unfinished += shards
    this.#allOutbox += shards
    this.#kick()
    this.#submit(tenant)
  }

  /** Notes that there may be room: a round begins where none goes, and is paced. */
  #kick() {
    if (this.#going || this.#allOutbox === 0) return
    this.#going = true
    this.#world.sim.after(PACE_MS, this.#round)
  }

  /**
   * One round, under the one lock that all dispatchers and workers share: whose turn it is and as much as the caps let in. Deficit
   * round robin: shards are cut to cost alike, so a quantum is a batch, and a turn without room is passed over.
   */
  #admit() {
    const { options, work, tickets } = this.#world
    let room = Math.min(MAX_QUEUED, busCap(options)) - this.#allInFlight
    let admitted = 0
    for (let tenant = this.#nextTenant(); tenant >= 0 && room > 0; tenant = this.#nextTenant()) {
      const jobs = work.ofTenant[tenant]!
      while (work.unpublished[jobs[this.#publishing[tenant]!]!] === 0) this.#publishing[tenant]!++
      const job = jobs[this.#publishing[tenant]!]!
      const own = flowCap(options) - this.#inFlight[tenant]!
      const count = Math.min(BATCH, work.unpublished[job]!, own, room)
      work.unpublished[job]! -= count
      this.#outbox[tenant]! -= count
      this.#allOutbox -= count
      this.#inFlight[tenant]! += count
      this.#allInFlight += count
      room -= count
      admitted += count
      this.#admitted.push(tickets.take(STAGE.PUBLISH, -1, 0, job, count))
    }
    this.#world.counts.rounds++
    if (admitted === 0) this.#world.counts.roundsForNothing++
    const { admitRound, admitShard } = options.times
    const ticket = tickets.take(STAGE.ADMIT, -1, 0, -1)
    this.#world.statement(ticket, admitRound + admitted * admitShard)
  }

  #committed(ticket: number) {
    const { tickets, broker, options } = this.#world
    tickets.giveBack(ticket)
    for (const one of this.#admitted.splice(0)) broker.arrive(one, tickets.amount[one]! * options.times.publish)
    this.#going = false
    // Of many workers some have stored a shard meanwhile, and wait for the lock already.
    this.#kick()
  }

  /** The next in turn with something to publish and room for half a batch; -1 where there is none. */
  #nextTenant(): number {
    const { options } = this.#world
    const { tenants } = options
    const most = Math.max(0, flowCap(options) - BATCH / 2)
    for (let i = 0; i < tenants; i++) {
      const tenant = (this.#turn + i) % tenants
      if (this.#outbox[tenant] === 0 || this.#inFlight[tenant]! > most) continue
      this.#turn = (tenant + 1) % tenants
      return tenant
    }
    return -1
  }

  #published(ticket: number) {
    const { options, work, tickets, counts, queues, sim } = this.#world
    const job = tickets.job[ticket]!
    const count = tickets.amount[ticket]!
    counts.published += count
    const queue = work.queue[job]!
    queues[queue]!.push(job, count, sim.now)
    this.#world.queued += count
    this.onPublished(queue, count)
    tickets.stage[ticket] = STAGE.MARK
    this.#world.statement(ticket, options.times.mark + count * options.times.markShard)
  }

  #marked(ticket: number) {
    this.#world.tickets.giveBack(ticket)
  }

  #beginSweep() {
    const { tickets, options } = this.#world
    const scan = 1 + this.#unfinished * options.times.sweepShard
    this.#world.database.arrive(tickets.take(STAGE.SWEEP, -1, 0, -1), scan)
  }

  #swept(ticket: number) {
    const { queues, sim, counts, broker, tickets, options } = this.#world
    let moved = 0
    for (let q = 0; q < QUEUES && moved < SWEEP_ROWS; q++)
      moved += queues[q]!.resend(sim.now, LOST_AFTER_MS, SWEEP_ROWS - moved)
    counts.resent += moved
    tickets.stage[ticket] = STAGE.RESEND
    // Each is taken out of the stream and put in again.
    broker.arrive(ticket, moved * (options.times.publish + options.times.look))
    sim.after(SWEEP_INTERVAL_MS, this.#sweep)
  }
}
