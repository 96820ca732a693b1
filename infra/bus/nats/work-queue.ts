// The work queue over JetStream: one durable consumer per (class, bucket), asked in turn.
import { createInbox, errors, type Msg } from '@nats-io/transport-node'
import { BUCKETS } from '../../../schema/jobs.ts'
import { Bell } from '../bell.ts'
import { JOB_CLASSES, unavailable } from '../limits.ts'
import type { Delivery, PullOptions } from '../port.ts'
import { routeOf } from '../subjects.ts'
import { deleteMessages } from './delete-messages.ts'
import { isNoResponders } from './errors.ts'
import type { Link } from './link.ts'
import { durableOf, QUEUE, REQUEST_TIMEOUT_MS, type Topology } from './topology.ts'

/** How often to look for what no bell announces: messages whose consumer died, or that another process gave back. */
const LOOK_AGAIN_MS = 1000
const NEXT = JSON.stringify({ batch: 1, no_wait: true })
/** After a purge or an exhausted message nats-server 2.9 leaves one request unanswered; answers come within 1 ms. */
const ANSWER_WITHIN_MS = 100

const bellOf = (durable: string) => `qz.bell.${durable}`

/**
 * Pulling is built on three facts measured on nats-server 2.9.10: asking an empty consumer costs 0.25 ms, the
 * stream's count of messages 0.27 ms, but the state of all 48 consumers 19 ms with 5,000 messages queued. So each
 * process keeps the set of consumers that may have messages. A sender rings `qz.bell.<class>_<bucket>` after it has
 * stored a message, an empty answer takes the consumer out of the set, and once a second, if the stream holds
 * anything at all, every consumer is asked again. No more is ever asked for than a pull can take, for a message
 * handed back would lose one of its deliveries.
 */
export class NatsWorkQueue {
  readonly #link: Link
  readonly #bell = new Bell()
  readonly #maybe = new Set<string>()
  /** The bucket that each class's next pull begins with. */
  readonly #turns = new Map<string, number>()
  #lookedAt = 0

  constructor(link: Link) {
    this.#link = link
    link.nc.subscribe(bellOf('*'), { callback: (_, msg) => this.#mark(msg.subject.slice(bellOf('').length)) })
    link.onUp(() => this.#markAll())
    link.onLost(() => this.#bell.ring())
  }

  async enqueue(subject: string, data: Uint8Array, messageId: string): Promise<{ duplicate: boolean }> {
    const { jobClass, bucket } = routeOf(subject)
    return this.#link.call(async () => {
      const { duplicate } = await this.#link.js.publish(subject, data, {
        msgID: messageId,
        timeout: REQUEST_TIMEOUT_MS,
      })
      if (!duplicate) this.#link.nc.publish(bellOf(durableOf(jobClass, bucket)))
      return { duplicate }
    })
  }

  async pull({ classes, max, expiresMs, signal }: PullOptions): Promise<Delivery[]> {
    const { clock } = this.#link
    const until = clock.now() + expiresMs
    while (!signal?.aborted) {
      await this.#look()
      const taken = await this.#take(classes, max)
      if (taken.length > 0) return taken
      if (this.#candidates(classes).length > 0) continue
      const now = clock.now()
      if (now >= until) break
      const untilLook = Math.min(until, this.#lookedAt + LOOK_AGAIN_MS) - now
      await this.#bell.wait(clock, Math.max(1, untilLook), signal)
    }
    return []
  }

  async purge(pattern: string): Promise<number> {
    const [, , jobClass, bucket] = pattern.split('.')
    if (jobClass !== '*' && jobClass !== '>' && bucket !== '*' && bucket !== '>')
      return deleteMessages(this.#link, pattern)
    const { purged } = await this.#link.call(() => this.#link.jsm.streams.purge(QUEUE, { filter: pattern }))
    return purged
  }

  async backlog(): Promise<number> {
    return (await this.#link.call(() => this.#link.jsm.streams.info(QUEUE))).state.messages
  }

  #mark(durable: string): void {
    this.#maybe.add(durable)
    this.#bell.ring()
  }

  #markAll(): void {
    for (const name of JOB_CLASSES)
      for (let bucket = 0; bucket < BUCKETS; bucket++) this.#maybe.add(durableOf(name, bucket))
    this.#bell.ring()
  }

  /** Once a second: whatever the stream holds may wait in any consumer. */
  async #look(): Promise<void> {
    const now = this.#link.clock.now()
    if (now < this.#lookedAt + LOOK_AGAIN_MS) return void this.#link.topology
    this.#lookedAt = now
    if ((await this.backlog()) > 0) this.#markAll()
  }

  #candidates(classes: readonly string[]): string[] {
    return [...this.#maybe].filter((durable) => classes.some((name) => durable.startsWith(`${name}_`)))
  }

  async #take(classes: readonly string[], max: number): Promise<Delivery[]> {
    const taken: Delivery[] = []
    for (const name of classes) {
      while (taken.length < max) {
        const durables = this.#nextInTurn(name, max - taken.length)
        if (durables.length === 0) break
        taken.push(...(await this.#ask(durables, taken.length > 0)))
      }
    }
    return taken
  }

  /** Up to `max` consumers of the class that may have a message, one after another round the buckets, again and again. */
  #nextInTurn(name: string, max: number): string[] {
    const first = this.#turns.get(name) ?? 0
    const round: number[] = []
    for (let i = 0; i < BUCKETS; i++) {
      const bucket = (first + i) % BUCKETS
      if (this.#maybe.has(durableOf(name, bucket))) round.push(bucket)
    }
    if (round.length === 0) return []
    const buckets = Array.from({ length: Math.min(max, 64) }, (_, i) => round[i % round.length] as number)
    this.#turns.set(name, ((buckets.at(-1) as number) + 1) % BUCKETS)
    return buckets.map((bucket) => durableOf(name, bucket))
  }

  /** Asks each consumer for one message; those that have none leave the set. What came is kept where one of them fails. */
  async #ask(durables: readonly string[], hasSome: boolean): Promise<Delivery[]> {
    for (const durable of durables) this.#maybe.delete(durable)
    const answers = await Promise.allSettled(durables.map((durable) => this.#next(durable)))
    const taken = answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []))
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (failed && taken.length === 0 && !hasSome) throw failed.reason
    return taken
  }

  #next(durable: string): Promise<Delivery | undefined> {
    return this.#link.call(async (topology) => {
      const msg = await this.#answer(`$JS.API.CONSUMER.MSG.NEXT.${QUEUE}.${durable}`)
      // Nobody answers for a consumer that somebody deleted either: this throws, and it is put back.
      if (!msg) await this.#link.jsm.consumers.info(QUEUE, durable)
      if (!msg?.reply?.startsWith('$JS.ACK.')) return undefined
      this.#mark(durable)
      return this.#delivery(msg, msg.reply, durable, topology)
    })
  }

  /**
   * The answer to a request for a message, which comes under its own subject and so to a subscription of its own.
   * Before it gives up it awaits a round trip: an answer that is already on its way must not be lost because this
   * process was too busy to read it.
   */
  #answer(subject: string): Promise<Msg | undefined> {
    return new Promise((resolve, reject) => {
      const answered = new AbortController()
      const callback = (error: Error | null, msg: Msg) => {
        answered.abort('answered')
        const isMissing = msg?.data.length === 0 && msg.headers?.code === 503
        if (error || isMissing) reject(error ?? new errors.NoRespondersError(subject))
        else resolve(msg)
      }
      const subscription = this.#link.nc.subscribe(createInbox(), { max: 1, callback })
      this.#link.nc.publish(subject, NEXT, { reply: subscription.getSubject() })
      const giveUp = async () => {
        await this.#link.clock.sleep(ANSWER_WITHIN_MS, answered.signal)
        await this.#link.flush()
        subscription.unsubscribe()
        resolve(undefined)
      }
      giveUp().catch((error: unknown) => {
        subscription.unsubscribe()
        reject(error)
      })
    })
  }

  #delivery(msg: Msg, reply: string, durable: string, { queueCreated }: Topology): Delivery {
    let settled = false
    const send = (word: string) =>
      this.#link.call(async (topology) => {
        // The stream was lost and made anew: this position may by now be another message's.
        if (topology.queueCreated !== queueCreated) return
        await this.#link.nc.request(reply, word, { timeout: REQUEST_TIMEOUT_MS }).catch((error: unknown) => {
          if (!isNoResponders(error)) throw error
        })
      })
    const settle = async (word: string) => {
      if (settled) return
      settled = true
      await send(word).catch((error: unknown) => {
        settled = false
        throw error
      })
    }
    return {
      subject: msg.subject,
      data: msg.data,
      attempt: attemptIn(reply),
      ack: () => settle('+ACK'),
      term: () => settle('+TERM'),
      nak: async (delayMs) => {
        const delay = Math.max(0, Math.ceil(delayMs))
        await settle(delay === 0 ? '-NAK' : `-NAK ${JSON.stringify({ delay: delay * 1_000_000 })}`)
        this.#ringAfter(delay, durable)
      },
      working: async () => {
        if (settled) return void this.#link.topology
        await send('+WPI')
      },
    }
  }

  #ringAfter(delayMs: number, durable: string): void {
    if (delayMs > 10 * LOOK_AGAIN_MS) return
    const ring = () => {
      if (this.#link.isUp) this.#link.nc.publish(bellOf(durable))
    }
    if (delayMs === 0) ring()
    // A little later than the server's own timer, which rings no bell.
    else this.#link.clock.sleep(delayMs + 5, this.#link.ended).then(ring, () => undefined)
  }
}

/** Reads the delivery count of `$JS.ACK.<stream>.<consumer>.<count>...`, or of the form with domain and account. */
function attemptIn(reply: string): number {
  const tokens = reply.split('.')
  const attempt = Number(tokens[tokens.length === 9 ? 4 : 6])
  if (!Number.isSafeInteger(attempt)) throw unavailable(`answered with ${reply}`)
  return attempt
}
