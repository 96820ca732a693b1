// Removes what a killed broker left in the work queue: messages that are acknowledged and yet stored.
import type { ConsumerInfo } from '@nats-io/jetstream'
import { BUCKETS } from '../../../schema/jobs.ts'
import { JOB_CLASSES } from '../limits.ts'
import { deleteMessages } from './delete-messages.ts'
import type { Link } from './link.ts'
import { durableOf, QUEUE } from './topology.ts'

/**
 * Pauses between looks after the broker is back: soon, and then every ten seconds for five minutes, for a consumer's
 * floor moves only when it has again what was in flight (ack wait 20 s) and slow shards are done. A look costs 20 ms.
 */
const PAUSES_MS = [0, 2000, 5000, ...Array<number>(30).fill(10_000)]

/**
 * nats-server 2.9 writes removals and consumers' states at different times. Killed in between, it comes back with
 * messages below a consumer's acknowledgement floor: done, never delivered again, and counted until they are a day
 * old (900 of 3,000 in a trial with six kills). What lies up to a floor found at one look is deleted at the next one, so that
 * the janitor has come to the exhausted messages below it.
 */
export function startRemovingRemains(link: Link): void {
  let round = 0
  link.onUp(() => {
    const mine = ++round
    const looks = async () => {
      let floors: Floors = new Map()
      for (const pauseMs of PAUSES_MS) {
        await link.clock.sleep(pauseMs, link.ended)
        if (mine !== round) return
        await deleteUpTo(link, floors)
        floors = await floorsOf(link)
      }
    }
    looks().catch((error: unknown) => {
      if (!link.closed) link.log.debug({ err: error }, 'the look for remains ended early')
    })
  })
}

/** The filter subject of a consumer, and the position up to which it has all acknowledged. */
type Floors = ReadonlyMap<string, number>

async function floorsOf(link: Link): Promise<Floors> {
  const floors = new Map<string, number>()
  const { state } = await link.call(() => link.jsm.streams.info(QUEUE))
  if (state.messages === 0) return floors
  for (const jobClass of JOB_CLASSES)
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const info = await link.call(() => link.jsm.consumers.info(QUEUE, durableOf(jobClass, bucket)))
      const floor = doneUpTo(info)
      if (floor >= state.first_seq) floors.set(`qz.job.${jobClass}.${bucket}.>`, floor)
    }
  return floors
}

/**
 * Position in the stream up to which a consumer has all acknowledged. Where nothing is outstanding that is all it has delivered: after a
 * kill the floor may stay behind (800 with 1,985 delivered, and 2 with 1,995, in trials).
 */
function doneUpTo({ ack_floor: floor, delivered, num_ack_pending: outstanding }: ConsumerInfo): number {
  return outstanding === 0 ? delivered.stream_seq : floor.stream_seq
}

async function deleteUpTo(link: Link, floors: Floors): Promise<void> {
  let removed = 0
  for (const [filter, floor] of floors) {
    removed += await deleteMessages(link, filter, floor)
  }
  if (removed > 0) link.log.info({ removed }, 'removed messages that a killed broker had kept though they were done')
}
