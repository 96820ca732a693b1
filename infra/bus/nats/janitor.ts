// Moves messages that were delivered too often from the work queue to the dead letters; a work queue keeps them for ever.
import { JetStreamApiError } from '@nats-io/jetstream'
import { routeOf } from '../subjects.ts'
import type { Link } from './link.ts'
import { ADVISORY, EXHAUSTED, JANITOR, QUEUE, REQUEST_TIMEOUT_MS } from './topology.ts'

/** The server tells its subscribers of an advisory before the stream has stored it: wait for it a little. */
const NEXT = JSON.stringify({ batch: 1, expires: 1000 * 1_000_000 })

interface Exhausted {
  readonly timestamp: string
  readonly stream_seq: number
}

/**
 * Starts to sweep: when the server says that a message is exhausted, and whenever the broker is back. The advisories
 * lie in a stream with one durable consumer that all processes share, so none is lost while nobody runs.
 */
export function startJanitor(link: Link): void {
  let asked = 0
  const sweep = async () => {
    if (asked++ > 0) return
    for (let before = 0; before < asked; ) {
      before = asked
      try {
        while (await sweepOne(link));
      } catch (error) {
        link.log.debug({ err: error }, 'exhausted messages are left for the next sweep')
      }
    }
    asked = 0
  }
  link.nc.subscribe(EXHAUSTED, { callback: () => void sweep() })
  link.onUp(() => void sweep())
}

/** False when no advisory is left. */
async function sweepOne(link: Link): Promise<boolean> {
  return link.call(async ({ queueCreatedMs }) => {
    const msg = await link.nc.request(`$JS.API.CONSUMER.MSG.NEXT.${ADVISORY}.${JANITOR}`, NEXT, {
      timeout: REQUEST_TIMEOUT_MS,
      noMux: true,
    })
    if (!msg.reply?.startsWith('$JS.ACK.')) return false
    const { timestamp, stream_seq } = msg.json<Exhausted>()
    // One from before the stream was made anew names a position that may be another message's now.
    if (Date.parse(timestamp) >= queueCreatedMs) await bury(link, stream_seq)
    await link.nc.request(msg.reply, '+ACK', { timeout: REQUEST_TIMEOUT_MS })
    return true
  })
}

async function bury(link: Link, seq: number): Promise<void> {
  const stored = await link.jsm.streams.getMessage(QUEUE, { seq }).catch((error: unknown) => {
    // Acknowledged late, or purged.
    if (error instanceof JetStreamApiError) return null
    throw error
  })
  if (!stored) return
  const { jobId } = routeOf(stored.subject)
  await link.js.publish(`qz.dlq.${jobId}`, stored.data, { msgID: `${stored.subject}#${seq}` })
  await link.jsm.streams.deleteMessage(QUEUE, seq, false)
  link.log.warn({ jobId, subject: stored.subject }, 'a message was delivered too often and is a dead letter now')
}
