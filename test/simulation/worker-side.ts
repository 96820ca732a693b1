// The workers: how they claim, compute, store, acknowledge and merge what they pulled, what they do beside that, and how they die.
import { Announcements } from './announcements.ts'
import type { DispatcherSide } from './dispatcher-side.ts'
import { Pulling } from './pulling.ts'
import { Lines, STAGE } from './tickets.ts'
import { WorkerState } from './worker-state.ts'
import type { World } from './world.ts'

/** As the product's defaults: worker/context.ts, worker/main.ts and bus/nats/work-queue.ts. */
const ACK_WAIT_MS = 20_000
const HEARTBEAT_MS = 5000
const WATCH_MS = 1000
const CONNECTIONS_BESIDE_THREADS = 4
const RESTART_MS = 10_000
const MS_PER_HOUR = 3_600_000

export class WorkerSide {
  readonly #world: World
  readonly #dispatchers: DispatcherSide
  readonly #announcements: Announcements
  readonly #workers: WorkerState
  readonly #pulling: Pulling
  /** By worker. */
  readonly #connections: Int32Array
  readonly #forConnection: Lines
  readonly #forSlot: Lines
  #computing = 0
  #computingSince = 0
  #slotMs = 0
  readonly #on: Record<'computed' | 'flushed' | 'redeliver' | 'beat' | 'watch' | 'die' | 'start' | 'kv', number>

  constructor(world: World, dispatchers: DispatcherSide) {
    this.#world = world
    this.#dispatchers = dispatchers
    const { sim, options, tickets } = world
    const { workers } = options
    this.#workers = new WorkerState(workers, tickets)
    this.#pulling = new Pulling(world, this.#workers, (ticket) => this.#taken(ticket))
    this.#connections = new Int32Array(workers)
    this.#forConnection = new Lines(workers, tickets)
    this.#forSlot = new Lines(workers, tickets)
    this.#on = {
      computed: sim.handle((ticket) => this.#computed(ticket)),
      flushed: sim.handle((ticket) => this.#flushed(ticket)),
      redeliver: sim.handle((ticket) => this.#redeliver(ticket)),
      beat: sim.handle(() => world.noise(world.database, options.times.beat)),
      watch: sim.handle((worker) => this.#watch(worker)),
      die: sim.handle(() => this.#die()),
      start: sim.handle((worker) => this.#start(worker)),
      kv: sim.handle((worker) => this.#heartbeat(worker)),
    }
    this.#announcements = new Announcements(world, this, this.#workers)
    const { onBroker, onDatabase } = world
    onBroker[STAGE.ACK] = (ticket) => tickets.giveBack(ticket)
    onDatabase[STAGE.CLAIM] = (ticket) => this.#committed(ticket)
    onDatabase[STAGE.MERGE_READ] = (ticket) => this.#committed(ticket)
    // These hold a row's lock until the disk has them.
    for (const stage of [STAGE.STORE, STAGE.MERGE_STORE])
      onDatabase[stage] = (ticket) => sim.after(options.times.flush, this.#on.flushed, ticket)
    world.onLock = (ticket) => this.#locked(ticket)
    dispatchers.onPublished = (queue, count) => this.#pulling.ring(queue, count)
    for (let worker = 0; worker < workers; worker++) {
      this.#start(worker)
      sim.after(sim.random.next() * HEARTBEAT_MS, this.#on.kv, worker)
      sim.after(sim.random.next() * WATCH_MS, this.#on.watch, worker)
    }
    this.#nextDeath()
  }

  /** Milliseconds that threads computed. */
  get slotMs(): number {
    this.#countSlots(0)
    return this.#slotMs
  }

  // A shard in hand

  #taken(ticket: number) {
    const { tickets } = this.#world
    if (!this.#workers.holds(ticket)) return this.#lose(ticket)
    const worker = tickets.worker[ticket]!
    this.#workers.freeSlots[worker]!--
    tickets.stage[ticket] = STAGE.CLAIM
    this.onConnection(ticket)
    this.#pulling.pull(worker)
  }

  /** Begins the ticket's statement when its worker's pool has a connection for it. */
  onConnection(ticket: number) {
    const worker = this.#world.tickets.worker[ticket]!
    if (this.#connections[worker]! >= this.#world.options.slots + CONNECTIONS_BESIDE_THREADS)
      return this.#forConnection.append(worker, ticket)
    this.#connections[worker]!++
    this.#begin(ticket)
  }

  #begin(ticket: number) {
    const { tickets, options, locks, work } = this.#world
    const { times, changes } = options
    const job = tickets.job[ticket]!
    switch (tickets.stage[ticket]) {
      case STAGE.CLAIM:
        return this.#world.statement(ticket, times.claim)
      case STAGE.ANNOUNCE_LOOK:
        return this.#world.statement(ticket, times.announceLook)
      case STAGE.MERGE_READ:
        return this.#world.statement(ticket, work.shards[job]! * times.mergeShard)
      default:
        return locks.acquire(job * changes.counterRows + (tickets.worker[ticket]! % changes.counterRows), ticket)
    }
  }

  /** The row is ours: the statement runs. With batches, what waits behind for the same row is stored with it. */
  #locked(ticket: number) {
    const { tickets, options, locks } = this.#world
    const { times, changes } = options
    if (tickets.stage[ticket] === STAGE.ANNOUNCE) return this.#announcements.locked(ticket)
    let service = times.store
    if (tickets.stage[ticket] === STAGE.STORE && changes.storeBatch > 1) {
      const row = this.#rowOf(ticket)
      let last = ticket
      for (let n = 1; n < changes.storeBatch; n++) {
        const next = locks.waiting.first(row)
        if (next < 0 || tickets.stage[next] !== STAGE.STORE) break
        locks.take(row)
        tickets.next[next] = -1
        tickets.next[last] = next
        last = next
        service += times.store * BATCHED_SHARE
      }
    }
    this.#world.statement(ticket, service)
  }

  #rowOf(ticket: number): number {
    const { tickets, options } = this.#world
    const { counterRows } = options.changes
    return tickets.job[ticket]! * counterRows + (tickets.worker[ticket]! % counterRows)
  }

  /** A statement is committed. */
  #flushed(ticket: number) {
    const { tickets, locks } = this.#world
    const stage = tickets.stage[ticket]!
    if (stage === STAGE.STORE || stage === STAGE.MERGE_STORE) locks.release(this.#rowOf(ticket))
    for (let next = ticket; next >= 0; ) {
      const after = stage === STAGE.STORE ? tickets.next[next]! : -1
      this.#committed(next)
      next = after
    }
  }

  #committed(ticket: number) {
    const { tickets } = this.#world
    const lives = this.#workers.holds(ticket)
    if (lives) this.disconnect(tickets.worker[ticket]!)
    switch (tickets.stage[ticket]) {
      case STAGE.CLAIM:
        return lives ? this.#compute(ticket) : this.#lose(ticket)
      case STAGE.STORE:
        return this.#stored(ticket, lives)
      case STAGE.MERGE_READ:
        return lives ? this.#mergeOnThread(ticket) : this.#lose(ticket)
      default:
        return this.#mergeStored(ticket, lives)
    }
  }

  /** A connection of the worker's pool is free: whoever waits for one has it. */
  disconnect(worker: number) {
    const next = this.#forConnection.shift(worker)
    if (next >= 0) this.#begin(next)
    else this.#connections[worker]!--
  }

  #compute(ticket: number) {
    const { sim, options, tickets } = this.#world
    // The wait for the disk at the claim's commit is the slot's too.
    const lengthMs = options.times.flush + options.shardMs * (0.5 + sim.random.next())
    tickets.stage[ticket] = STAGE.COMPUTE
    this.#countSlots(1)
    for (let at = ACK_WAIT_MS / 3; at < lengthMs; at += ACK_WAIT_MS / 3) sim.after(at, this.#on.beat)
    sim.after(lengthMs, this.#on.computed, ticket)
  }

  #computed(ticket: number) {
    const { tickets, counts } = this.#world
    this.#countSlots(-1)
    if (!this.#workers.holds(ticket)) return this.#lose(ticket)
    const worker = tickets.worker[ticket]!
    if (tickets.stage[ticket] === STAGE.MERGE_COMPUTE) tickets.stage[ticket] = STAGE.MERGE_STORE
    else {
      counts.computed++
      tickets.stage[ticket] = STAGE.STORE
    }
    // The thread goes on with another shard, or with a merge that waits for it, while this one is stored.
    this.#freeSlot(worker)
    this.onConnection(ticket)
  }

  #freeSlot(worker: number) {
    const merge = this.#forSlot.shift(worker)
    if (merge >= 0) return this.onConnection(merge)
    this.#workers.freeSlots[worker]!++
    this.#pulling.pull(worker)
  }

  #stored(ticket: number, lives: boolean) {
    const { tickets, work, counts, sim } = this.#world
    const job = tickets.job[ticket]!
    const worker = tickets.worker[ticket]!
    if (work.stored[job]!++ === 0) work.firstStoredAt[job] = sim.now
    counts.stored++
    this.#dispatchers.stored(work.tenant[job]!)
    if (!lives) counts.doneAlready++
    if (work.stored[job] === work.shards[job]) {
      tickets.stage[ticket] = STAGE.MERGE_READ
      if (!lives) return this.#lose(ticket)
      if (this.#workers.freeSlots[worker]! <= 0) return this.#forSlot.append(worker, ticket)
      this.#workers.freeSlots[worker]!--
      return this.onConnection(ticket)
    }
    if (lives) this.#announcements.moved(worker, job)
    this.#acknowledge(ticket)
  }

  #mergeOnThread(ticket: number) {
    const { sim, tickets, work, options } = this.#world
    tickets.stage[ticket] = STAGE.MERGE_COMPUTE
    this.#countSlots(1)
    sim.after(work.shards[tickets.job[ticket]!]! * options.times.mergeComputeShard, this.#on.computed, ticket)
  }

  #mergeStored(ticket: number, lives: boolean) {
    const { tickets, work, counts, sim } = this.#world
    const job = tickets.job[ticket]!
    if (work.endedAt[job]! < 0) {
      work.endedAt[job] = sim.now
      counts.merged++
    }
    if (lives) this.#announcements.moved(tickets.worker[ticket]!, job)
    this.#acknowledge(ticket)
  }

  #acknowledge(ticket: number) {
    const { tickets, broker, options } = this.#world
    tickets.stage[ticket] = STAGE.ACK
    broker.arrive(ticket, options.times.ack)
  }

  #countSlots(change: number) {
    const { now } = this.#world.sim
    this.#slotMs += this.#computing * (now - this.#computingSince)
    this.#computingSince = now
    this.#computing += change
  }

  // Life and death

  #start(worker: number) {
    this.#workers.alive[worker] = 1
    this.#workers.freeSlots[worker] = this.#world.options.slots
    this.#pulling.pull(worker)
  }

  #nextDeath() {
    const { sim, options } = this.#world
    if (options.hoursBetweenDeaths === 0) return
    sim.after(sim.random.exponential((options.hoursBetweenDeaths * MS_PER_HOUR) / options.workers), this.#on.die)
  }

  #die() {
    const { sim, options, counts } = this.#world
    const worker = sim.random.below(options.workers)
    this.#nextDeath()
    if (this.#workers.alive[worker] === 0) return
    counts.deaths++
    this.#workers.alive[worker] = 0
    this.#workers.life[worker]!++
    this.#pulling.forget(worker)
    this.#connections[worker] = 0
    for (const lines of [this.#forConnection, this.#forSlot])
      for (let ticket = lines.shift(worker); ticket >= 0; ticket = lines.shift(worker)) this.#lose(ticket)
    sim.after(RESTART_MS, this.#on.start, worker)
  }

  /** Its worker is gone: the message comes back when the acknowledgement timer runs out. */
  #lose(ticket: number) {
    const { sim, tickets } = this.#world
    const stage = tickets.stage[ticket]!
    if (stage === STAGE.ANNOUNCE || stage === STAGE.ANNOUNCE_LOOK) return tickets.giveBack(ticket)
    sim.after(ACK_WAIT_MS, this.#on.redeliver, ticket)
  }

  #redeliver(ticket: number) {
    const { tickets, work, queues, sim, counts } = this.#world
    const job = tickets.job[ticket]!
    const stage = tickets.stage[ticket]!
    if (stage === STAGE.MERGE_READ || stage === STAGE.MERGE_COMPUTE || stage === STAGE.MERGE_STORE) {
      // Whoever gets the message finds the merge to do.
      const worker = this.#anyone()
      tickets.worker[ticket] = worker
      tickets.life[ticket] = this.#workers.life[worker]!
      tickets.stage[ticket] = STAGE.MERGE_READ
      if (this.#workers.freeSlots[worker]! <= 0) return this.#forSlot.append(worker, ticket)
      this.#workers.freeSlots[worker]!--
      return this.onConnection(ticket)
    }
    tickets.giveBack(ticket)
    counts.redelivered++
    const queue = work.queue[job]!
    queues[queue]!.push(job, 1, sim.now)
    this.#world.queued++
  }

  #anyone(): number {
    const { random } = this.#world.sim
    for (;;) {
      const worker = random.below(this.#workers.alive.length)
      if (this.#workers.alive[worker] === 1) return worker
    }
  }

  #heartbeat(worker: number) {
    const { sim, options, broker } = this.#world
    if (this.#workers.alive[worker] === 1) this.#world.noise(broker, options.times.heartbeat)
    if (!this.#world.over) sim.after(HEARTBEAT_MS, this.#on.kv, worker)
  }

  /** Once a second the cancel flag of each job in hand is read. */
  #watch(worker: number) {
    const { sim, options, broker } = this.#world
    const inHand = options.slots - this.#workers.freeSlots[worker]!
    if (this.#workers.alive[worker] === 1 && inHand > 0) this.#world.noise(broker, inHand * options.times.heartbeat)
    sim.after(WATCH_MS, this.#on.watch, worker)
  }
}

/** What a row costs more in a statement of many, against a statement of its own: unnest stores 366,000 rows/s where single rows are 2,800. */
const BATCHED_SHARE = 0.1
