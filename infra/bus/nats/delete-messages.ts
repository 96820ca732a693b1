// Deletes messages of the work queue one by one.
import type { Link } from './link.ts'
import { QUEUE } from './topology.ts'

/**
 * Deletes what waits under a pattern, up to a position in the stream. After a purge whose pattern is a consumer's own, or lies within
 * it, nats-server 2.9.10 no longer delivers what else waits in that consumer, and forgets what is in flight; deleting by sequence leaves
 * both alone. Returns how many there were.
 */
export async function deleteMessages(link: Link, pattern: string, upTo = Number.POSITIVE_INFINITY): Promise<number> {
  const { streams } = link.jsm
  let deleted = 0
  for (let seq = 1; ; deleted++) {
    // The server takes `next_by_subj` here as it does for direct reads; the client's type leaves it out.
    const query = { seq, next_by_subj: pattern } as { seq: number }
    const found = await link.call(() => streams.getMessage(QUEUE, query))
    if (!found || found.seq > upTo) return deleted
    seq = found.seq + 1
    await link.call(() => streams.deleteMessage(QUEUE, found.seq, false))
  }
}
