// The bus of the services mode: NATS JetStream, from nats-server 2.9 on.
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { BusAccess } from './access.ts'
import { Inbox } from './inbox.ts'
import { assertCursor, assertPull, assertSize, BUS_LIMITS, type BusLimits } from './limits.ts'
import { NatsEventStream } from './nats/event-stream.ts'
import { startJanitor } from './nats/janitor.ts'
import { NatsKeyValue } from './nats/key-value.ts'
import { Link } from './nats/link.ts'
import { NatsObjects } from './nats/objects.ts'
import { startRemovingRemains } from './nats/remains.ts'
import { NatsWorkQueue } from './nats/work-queue.ts'
import type { Bus, BusMessage } from './port.ts'
import { assertBelow, assertPlain, assertSubject, EVENTS_PATTERN, QUEUE_PATTERN } from './subjects.ts'

export interface NatsBusOptions {
  /** `nats://[token@ or user:password@]host:port`, or several separated by commas; `tls://` for an encrypted connection. */
  readonly url: string
  readonly access?: BusAccess
  /** Copies of each stream and bucket, 1 to 5, each on a broker of its own; default 3 where the broker is one of three or more, else 1. */
  readonly replicas?: number | undefined
  readonly clock: Clock
  readonly log: Log
  /** Only tests shorten them. Streams and consumers that differ are brought into line. */
  readonly limits?: Partial<BusLimits>
  /** How long to try to reach the broker; default 10 s, for it may be starting too. */
  readonly connectWithinMs?: number
}

/**
 * Connects, and makes the streams, consumers and buckets that are missing.
 * From then on the connection is kept up for ever: while the broker is away calls reject with BUS_UNAVAILABLE at once,
 * when it is back what it lost is made again and listeners and subscriptions go on.
 * Throws BUS_UNAVAILABLE where the broker does not answer in time or has no JetStream; at once CONFIG_INVALID for a bad URL, a file that
 * cannot be read, or credentials that the broker refuses, and BUS_UNAVAILABLE where its certificate is out of time.
 */
export async function openNatsBus(options: NatsBusOptions): Promise<Bus> {
  const { url, clock, log, connectWithinMs = 10_000 } = options
  const { access = {}, replicas } = options
  const limits = { ...BUS_LIMITS, ...options.limits }
  const link = await Link.open({ url, access, replicas, clock, log, limits, connectWithinMs })
  const queue = new NatsWorkQueue(link)
  const events = new NatsEventStream(link)
  const inboxes = new Set<Inbox<BusMessage>>()
  startJanitor(link)
  startRemovingRemains(link)

  return {
    adapter: 'nats',
    async publish(subject, data) {
      assertSubject(subject)
      assertPlain(subject)
      assertSize(subject, data)
      await link.call(async () => link.nc.publish(subject, data))
    },
    async subscribe(pattern) {
      assertPlain(pattern)
      return link.call(async () => {
        const subscription = link.nc.subscribe(pattern, {
          callback: (_, { subject, data }) => inbox.push({ subject, data }),
        })
        const inbox: Inbox<BusMessage> = new Inbox(() => {
          inboxes.delete(inbox)
          subscription.unsubscribe()
        })
        inboxes.add(inbox)
        // So that what others publish from now on is heard.
        await link.flush()
        return inbox
      })
    },
    async enqueue(subject, data, messageId) {
      assertSize(subject, data)
      return queue.enqueue(subject, data, messageId)
    },
    async pull(pullOptions) {
      assertPull(pullOptions)
      return queue.pull(pullOptions)
    },
    async purge(pattern) {
      assertBelow(pattern, QUEUE_PATTERN)
      return queue.purge(pattern)
    },
    backlog: () => queue.backlog(),
    async emit(subject, data) {
      assertSubject(subject)
      assertBelow(subject, EVENTS_PATTERN)
      assertSize(subject, data)
      return events.emit(subject, data)
    },
    async listen(pattern, after) {
      assertBelow(pattern, EVENTS_PATTERN)
      assertCursor(after)
      return events.listen(pattern, after)
    },
    eventRange: () => events.range(),
    replay(pattern, after, through) {
      assertBelow(pattern, EVENTS_PATTERN)
      assertCursor(after)
      return events.replay(pattern, after, through)
    },
    bucket: (name) => NatsKeyValue.open(link, name),
    objects: async (name) => new NatsObjects(link, name),
    async ready() {
      if (!link.isUp) return false
      return link
        .call(() => link.nc.rtt())
        .then(
          () => true,
          () => false,
        )
    },
    async close() {
      if (link.closed) return
      await events.close()
      for (const inbox of [...inboxes]) await inbox.stop()
      await link.close()
    },
  }
}
