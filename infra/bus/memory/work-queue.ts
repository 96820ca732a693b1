// The work queue in memory: what JetStream's JOBS stream and its 48 consumers do.

import { QuesnayError } from '../../../schema/errors.ts'
import { BUCKETS } from '../../../schema/jobs.ts'
import type { Clock } from '../../clock.ts'
import { Bell } from '../bell.ts'
import { type BusLimits, JOB_CLASSES, unavailable } from '../limits.ts'
import type { Delivery, PullOptions } from '../port.ts'
import { matches, routeOf } from '../subjects.ts'

interface Entry {
  readonly subject: string
  readonly data: Uint8Array
  readonly lane: Lane
  attempt: number
  /** READY to be pulled; HELD by a consumer until dueAt; DELAYED by a nak until dueAt; GONE when settled or purged. */
  state: 'READY' | 'HELD' | 'DELAYED' | 'GONE'
  dueAt: number
}

/** One (class, bucket): messages in the order they came, those delivered again before new ones. */
interface Lane {
  again: Entry[]
  fresh: Entry[]
  /** Entries of `fresh` before this index are taken. */
  head: number
}

interface JobLanes {
  readonly lanes: readonly Lane[]
  /** The bucket the next pull begins with. */
  turn: number
}

export class MemoryWorkQueue {
  readonly #clock: Clock
  readonly #limits: BusLimits
  readonly #deadLetter: (subject: string, data: Uint8Array) => void
  readonly #classes = new Map<string, JobLanes>()
  readonly #entries = new Set<Entry>()
  /** HELD and DELAYED entries: what may fall due. */
  readonly #timed = new Set<Entry>()
  /** messageId -> when it was stored, oldest first. */
  readonly #seen = new Map<string, number>()
  readonly #bell = new Bell()
  #closed = false

  constructor(clock: Clock, limits: BusLimits, deadLetter: (subject: string, data: Uint8Array) => void) {
    this.#clock = clock
    this.#limits = limits
    this.#deadLetter = deadLetter
    for (const name of JOB_CLASSES) {
      const lanes = Array.from({ length: BUCKETS }, (): Lane => ({ again: [], fresh: [], head: 0 }))
      this.#classes.set(name, { lanes, turn: 0 })
    }
  }

  get size(): number {
    return this.#entries.size
  }

  add(subject: string, data: Uint8Array, messageId: string): { duplicate: boolean } {
    const { jobClass, bucket } = routeOf(subject)
    this.#forgetIds()
    if (this.#seen.has(messageId)) return { duplicate: true }
    if (this.#entries.size >= this.#limits.maxQueued)
      throw new QuesnayError('OVERLOADED', `the work queue holds ${this.#limits.maxQueued} messages and takes no more`)
    const lane = this.#classes.get(jobClass)?.lanes[bucket] as Lane
    const entry: Entry = { subject, data: data.slice(), lane, attempt: 0, state: 'READY', dueAt: 0 }
    this.#seen.set(messageId, this.#clock.now())
    this.#entries.add(entry)
    lane.fresh.push(entry)
    this.#bell.ring()
    return { duplicate: false }
  }

  async pull({ classes, max, expiresMs, signal }: PullOptions): Promise<Delivery[]> {
    const until = this.#clock.now() + expiresMs
    while (!signal?.aborted) {
      if (this.#closed) throw unavailable('is closed')
      const nextDueAt = this.#release()
      const taken = this.#take(classes, max)
      if (taken.length > 0) return taken.map((entry) => this.#deliver(entry))
      const now = this.#clock.now()
      if (now >= until) break
      await this.#bell.wait(this.#clock, Math.min(until, nextDueAt) - now, signal)
    }
    return []
  }

  purge(pattern: string): number {
    let count = 0
    for (const entry of this.#entries) {
      if (!matches(pattern, entry.subject)) continue
      this.#remove(entry)
      count++
    }
    return count
  }

  close(): void {
    this.#closed = true
    this.#bell.ring()
  }

  #take(classes: readonly string[], max: number): Entry[] {
    const taken: Entry[] = []
    for (const name of classes) {
      const job = this.#classes.get(name) as JobLanes
      for (let empty = 0; empty < BUCKETS && taken.length < max; ) {
        const entry = shift(job.lanes[job.turn] as Lane)
        job.turn = (job.turn + 1) % BUCKETS
        empty = entry ? 0 : empty + 1
        if (entry) taken.push(entry)
      }
    }
    return taken
  }

  #deliver(entry: Entry): Delivery {
    const attempt = ++entry.attempt
    this.#hold(entry, 'HELD', this.#limits.ackWaitMs)
    let settled = false
    const settle = async (act: () => void) => {
      if (settled) return
      if (this.#closed) throw unavailable('is closed')
      settled = true
      act()
    }
    const mine = () => entry.state === 'HELD' && entry.attempt === attempt
    return {
      subject: entry.subject,
      data: entry.data.slice(),
      attempt,
      // A late acknowledgement counts even when somebody else has the message by now, as in JetStream.
      ack: () => settle(() => this.#remove(entry)),
      term: () => settle(() => this.#remove(entry)),
      nak: (delayMs) => settle(() => mine() && this.#giveBack(entry, delayMs)),
      working: async () => {
        if (this.#closed) throw unavailable('is closed')
        if (!settled && mine()) this.#hold(entry, 'HELD', this.#limits.ackWaitMs)
      },
    }
  }

  #hold(entry: Entry, state: 'HELD' | 'DELAYED', ms: number): void {
    entry.state = state
    entry.dueAt = this.#clock.now() + ms
    this.#timed.add(entry)
  }

  #giveBack(entry: Entry, delayMs: number): void {
    this.#hold(entry, 'DELAYED', Math.max(0, delayMs))
    this.#bell.ring()
  }

  /** Makes ready what fell due; returns when the next one does (Infinity for none). */
  #release(): number {
    const now = this.#clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const entry of this.#timed) {
      if (entry.dueAt > now) {
        next = Math.min(next, entry.dueAt)
        continue
      }
      this.#timed.delete(entry)
      if (entry.attempt >= this.#limits.maxDeliver) {
        this.#remove(entry)
        this.#deadLetter(`qz.dlq.${routeOf(entry.subject).jobId}`, entry.data)
        continue
      }
      entry.state = 'READY'
      entry.lane.again.push(entry)
    }
    return next
  }

  #remove(entry: Entry): void {
    entry.state = 'GONE'
    this.#entries.delete(entry)
    this.#timed.delete(entry)
  }

  #forgetIds(): void {
    const before = this.#clock.now() - this.#limits.duplicateWindowMs
    for (const [id, at] of this.#seen) {
      if (at > before) return
      this.#seen.delete(id)
    }
  }
}

/** Takes the lane's next ready entry; entries that were purged in the meantime are passed over. */
function shift(lane: Lane): Entry | undefined {
  for (let entry = lane.again.shift(); entry; entry = lane.again.shift()) if (entry.state === 'READY') return entry
  while (lane.head < lane.fresh.length) {
    const entry = lane.fresh[lane.head++] as Entry
    if (lane.head === lane.fresh.length || lane.head > 1024) {
      lane.fresh.splice(0, lane.head)
      lane.head = 0
    }
    if (entry.state === 'READY') return entry
  }
  return undefined
}
