// How the workers pull: queues in turn, classes weighted, bells, looks once a second, and the crowd that a bell wakes.
import { classesOfPull } from '../../compute/worker/pull-order.ts'
import { JOB_CLASSES } from '../../infra/bus/limits.ts'
import { STAGE } from './tickets.ts'
import type { WorkerState } from './worker-state.ts'
import { BUCKETS, QUEUES } from './workload.ts'
import type { World } from './world.ts'

/** LOOK_AGAIN_MS of bus/nats/work-queue.ts. */
const LOOK_MS = 1000
/** The pull order comes again after so many pulls. */
const ORDERS = Array.from({ length: 12 }, (_, n) => classesOfPull(n).map((name) => JOB_CLASSES.indexOf(name)))

export class Pulling {
  readonly #world: World
  readonly #workers: WorkerState
  readonly #onTaken: (ticket: number) => void
  /** By worker. */
  readonly #pulling: Uint8Array
  readonly #idle: Uint8Array
  readonly #pulls: Int32Array
  readonly #lookedAt: Float64Array
  readonly #markedAt: Float64Array
  readonly #turns: Uint8Array
  /** By worker and queue: when it was found empty; a bell or a look since then makes it worth asking. */
  readonly #emptyAt: Float64Array
  readonly #idlers: number[] = []
  #idleCount = 0
  readonly #look: number

  /** @param onTaken told of the ticket of a shard that a worker has taken, also where it has died meanwhile. */
  constructor(world: World, workers: WorkerState, onTaken: (ticket: number) => void) {
    this.#world = world
    this.#workers = workers
    this.#onTaken = onTaken
    const count = world.options.workers
    this.#pulling = new Uint8Array(count)
    this.#idle = new Uint8Array(count)
    this.#pulls = new Int32Array(count)
    this.#lookedAt = new Float64Array(count).fill(-LOOK_MS)
    this.#markedAt = new Float64Array(count)
    this.#turns = new Uint8Array(count * JOB_CLASSES.length)
    this.#emptyAt = new Float64Array(count * QUEUES)
    this.#look = world.sim.handle((worker) => this.#wake(worker))
    world.onBroker[STAGE.PULL] = (ticket) => this.#pulled(ticket)
    world.onBroker[STAGE.EMPTY] = (ticket) => this.#cameEmpty(ticket)
  }

  /** A worker has died: it asks for nothing any more. */
  forget(worker: number) {
    this.#pulling[worker] = 0
    if (this.#idle[worker] === 1) this.#idleCount--
    this.#idle[worker] = 0
  }

  #pulled(ticket: number) {
    if (this.#workers.holds(ticket)) this.#pulling[this.#world.tickets.worker[ticket]!] = 0
    this.#onTaken(ticket)
  }

  /** Asks for a shard where the worker lives, has a free thread and does not ask already. */
  pull(worker: number) {
    if (this.#workers.alive[worker] === 0 || this.#pulling[worker] === 1 || this.#workers.freeSlots[worker]! <= 0)
      return
    if (this.#idle[worker] === 1) this.#idleCount--
    this.#idle[worker] = 0
    this.#pulling[worker] = 1
    const { sim, queues, options, counts } = this.#world
    const { times, changes } = options
    const empty = changes.pullsWait ? 0 : times.empty
    let questions = 0
    let service = 0
    if (sim.now >= this.#lookedAt[worker]! + LOOK_MS) {
      this.#lookedAt[worker] = sim.now
      if (this.#world.queued > 0) this.#markedAt[worker] = sim.now
      service += times.look
    }
    const order = ORDERS[this.#pulls[worker]!++ % ORDERS.length]!
    const emptyAt = this.#emptyAt
    const markedAt = this.#markedAt[worker]!
    const { rangAt } = this.#world
    const base = worker * QUEUES
    for (let n = 0; n < order.length; n++) {
      const jobClass = order[n]!
      const first = this.#turns[worker * 3 + jobClass]!
      for (let i = 0; i < BUCKETS; i++) {
        const queue = jobClass * BUCKETS + ((first + i) % BUCKETS)
        const foundEmptyAt = emptyAt[base + queue]!
        if (foundEmptyAt >= rangAt[queue]! && foundEmptyAt >= markedAt) continue
        questions++
        if (queues[queue]!.length > 0) {
          this.#turns[worker * 3 + jobClass] = (first + i + 1) % BUCKETS
          emptyAt[base + queue] = -1
          const job = queues[queue]!.take()
          this.#world.queued--
          counts.delivered++
          service += (questions - 1) * empty + times.next
          return this.#ask(STAGE.PULL, worker, job, service)
        }
        emptyAt[base + queue] = sim.now
        if (empty > 0) counts.emptyAnswers++
      }
    }
    if (service + questions * empty === 0) return this.#rest(worker)
    this.#ask(STAGE.EMPTY, worker, -1, service + questions * empty)
  }

  #mayHoldSome(worker: number): boolean {
    const emptyAt = this.#emptyAt
    const markedAt = this.#markedAt[worker]!
    const { rangAt } = this.#world
    const base = worker * QUEUES
    for (let queue = 0; queue < QUEUES; queue++) {
      const foundEmptyAt = emptyAt[base + queue]!
      if (foundEmptyAt < rangAt[queue]! || foundEmptyAt < markedAt) return true
    }
    return false
  }

  /** One question after the other, as one visit to the broker; their round trips are short beside a shard and left out. */
  #ask(stage: number, worker: number, job: number, serviceMs: number) {
    const { tickets, broker } = this.#world
    broker.arrive(tickets.take(stage, worker, this.#workers.life[worker]!, job), serviceMs)
  }

  #cameEmpty(ticket: number) {
    const { tickets } = this.#world
    const worker = tickets.worker[ticket]!
    const lives = this.#workers.holds(ticket)
    tickets.giveBack(ticket)
    if (!lives) return
    this.#pulling[worker] = 0
    // What rang meanwhile is asked for at once.
    if (this.#mayHoldSome(worker)) return this.pull(worker)
    this.#rest(worker)
  }

  /** Nothing to be had: until a bell, or the next look. */
  #rest(worker: number) {
    const { sim } = this.#world
    this.#pulling[worker] = 0
    this.#idle[worker] = 1
    this.#idleCount++
    this.#idlers.push(worker)
    sim.after(Math.max(1, this.#lookedAt[worker]! + LOOK_MS - sim.now), this.#look, worker)
  }

  #wake(worker: number) {
    if (this.#idle[worker] === 1) this.pull(worker)
  }

  /** Every worker hears a bell; every idle one asks, and as many as there are messages are given one. */
  ring(queue: number, count: number) {
    const { sim, options, counts, broker, rangAt } = this.#world
    rangAt[queue] = sim.now
    const { bellPerBatch, pullsWait } = options.changes
    const bells = pullsWait ? 0 : bellPerBatch ? 1 : count
    counts.bells += bells
    if (bells > 0) this.#world.noise(broker, bells * options.workers * options.times.bell)
    let woken = 0
    while (this.#idleCount > 0 && woken < count) {
      const worker = this.#idlers.pop()!
      if (this.#idle[worker] === 0) continue
      woken++
      this.#wake(worker)
    }
    if (this.#idleCount === 0) this.#idlers.length = 0
    if (this.#idleCount === 0 || pullsWait) return
    counts.emptyAnswers += this.#idleCount
    this.#world.noise(broker, this.#idleCount * options.times.empty)
    for (const worker of this.#idlers) if (this.#idle[worker] === 1) this.#emptyAt[worker * QUEUES + queue] = sim.now
  }
}
