// The life of one delivery: claim, compute, store, acknowledge; or the reason why not.
import type { Delivery } from '../../infra/bus/port.ts'
import { inSpan } from '../../infra/tracing.ts'
import { QuesnayError, toWireError, type WireError } from '../../schema/errors.ts'
import { parseEnvelope, type ShardEnvelope } from '../../schema/jobs.ts'
import { withIds } from '../dispatch/context.ts'
import { failJob } from '../dispatch/endings.ts'
import { endThrough, failShard, isOfOneShard } from '../dispatch/isolate.ts'
import { type MergeJob, releaseMerge } from '../dispatch/merge.ts'
import type { ActiveShard } from './active.ts'
import { POISON_DEATHS, releaseShard } from './claim.ts'
import type { ComputedShard } from './compute-shard.ts'
import type { WorkerContext } from './context.ts'
import { beginComputing, claimBeside, isNew } from './early-computing.ts'
import { backoffMs, classify } from './failure.ts'
import { followed, shardSpan } from './followed.ts'
import { mergeJob } from './merge-job.ts'
import { assertHeld, KernelElsewhere, passOn } from './missing-kernel.ts'
import { persistently } from './persistently.ts'
import { storeShard } from './store-shard.ts'
import { type Slot, TaskCancelled } from './thread-pool.ts'

/** Works on a delivery and settles it; never rejects. What could not be settled is delivered again. */
export async function handleDelivery(worker: WorkerContext, delivery: Delivery, slot: Slot): Promise<void> {
  try {
    let envelope: ShardEnvelope
    try {
      envelope = parseEnvelope(delivery.data)
    } catch (error) {
      return await refuse(worker, delivery, toWireError(error))
    }
    const active = worker.active.begin(envelope, delivery, worker.clock.now())
    // A second delivery of what is in hand here: looked at again when the first one is through.
    if (!active) return await delivery.nak(worker.settings.ackWaitMs / 2)
    const own = followed(worker, envelope)
    try {
      await shardSpan(own, active, (span) =>
        workOn(own, active, slot).catch((error) => {
          span.fail(error)
          return giveUp(own, active, error)
        }),
      )
    } finally {
      worker.active.end(active)
    }
  } catch (err) {
    worker.log.warn({ err, subject: delivery.subject }, 'a delivery was not settled; it comes again')
  }
}

async function workOn(worker: WorkerContext, active: ActiveShard, slot: Slot): Promise<void> {
  const { envelope, delivery } = active
  // Before it is claimed: a shard that another worker has to compute was never this one's.
  await assertHeld(worker, active, envelope.kernel)
  const begun = isNew(active) ? beginComputing(worker, active, slot) : undefined
  const claim = await claimBeside(worker, active, begun)
  switch (claim.kind) {
    case 'DONE':
      return delivery.ack()
    case 'BUSY':
      return delivery.nak(worker.settings.ackWaitMs / 2)
    case 'MERGE':
      slot.release()
      return merge(worker, active)
    case 'GONE':
      return refuse(worker, delivery, error('NOT_FOUND', 'the database knows no such shard'), envelope)
    case 'REFUSED':
      throw new QuesnayError('ENVELOPE_REFUSED', `the envelope's ${claim.path} is not the job's`, { path: claim.path })
    case 'POISON':
      throw poison(envelope, claim.deaths)
    case 'RUN':
      if (claim.first) worker.announcer.moved(keyOf(envelope))
      return store(worker, active, slot, (begun ?? beginComputing(worker, active, slot)).result)
  }
}

async function store(
  worker: WorkerContext,
  active: ActiveShard,
  slot: Slot,
  computing: Promise<ComputedShard>,
): Promise<void> {
  const { envelope, delivery } = active
  const result = await computing
  // The thread goes on with another shard while this one is stored.
  active.follow(() => 0)
  slot.release()
  worker.metrics.shardSeconds.observe(result.seconds)
  active.step()

  const { kind: stored, merge: job } = await persistently(worker, active, 'store', () =>
    storeShard(worker, envelope, result),
  )
  active.step()
  if (stored === 'CONFLICT') {
    worker.metrics.shardConflicts.inc()
    const message = `shard ${envelope.shard} has a result of other bits`
    throw new QuesnayError('DETERMINISM_ALARM', message, { shard: envelope.shard, got: result.sha256 })
  }
  if (stored === 'STORED' || stored === 'LAST' || stored === 'THROUGH') {
    worker.computed.keep(keyOf(envelope), envelope.shard, result)
    worker.announcer.moved(keyOf(envelope))
  }
  worker.log.debug({ seconds: result.seconds, stored }, 'a shard was computed')
  if (stored === 'THROUGH') await persistently(worker, active, 'fail', () => endThrough(worker, keyOf(envelope)))
  // A transaction whose commit was not heard of is done again and finds its own row: that may have been the last one.
  return stored === 'LAST' || stored === 'DUPLICATE' ? merge(worker, active, job) : delivery.ack()
}

/** The message is held until the merge is through: if this worker dies, its next delivery finds the merge to do. */
async function merge(worker: WorkerContext, active: ActiveShard, job?: MergeJob): Promise<void> {
  const { envelope, delivery } = active
  active.merges = true
  const slot = await worker.pool.acquire(active.signal)
  if (!slot) throw new TaskCancelled()
  try {
    const over = await inSpan('merge', {}, () => mergeJob(worker, keyOf(envelope), slot, active, job))
    return await (over ? delivery.ack() : delivery.nak(worker.settings.leaseMs / 2))
  } finally {
    slot.release()
  }
}

/** Settles a delivery whose work did not succeed. */
async function giveUp(worker: WorkerContext, active: ActiveShard, thrown: unknown): Promise<void> {
  const { envelope, delivery } = active
  if (thrown instanceof KernelElsewhere) {
    await release(worker, active, false)
    return passOn(worker, active)
  }
  const failure = classify(thrown, delivery.attempt)
  const again = () => delivery.nak(backoffMs(worker.settings.retryMs, delivery.attempt, worker.clock.jitter()))
  if (failure.kind === 'DETERMINISTIC') return fail(worker, active, failure.error)
  if (failure.kind === 'TRANSIENT') {
    worker.log.warn({ err: thrown }, 'a shard is tried again later')
    worker.metrics.shardRetries.inc({ reason: failure.error.code })
    await release(worker, active, false)
    return again()
  }
  if (failure.kind === 'CANCELLED' && active.givenUp === 'CANCELLED') {
    // The thread is idle by now.
    worker.metrics.cancelSeconds.observe((worker.clock.now() - (active.saidAt ?? worker.clock.now())) / 1000)
    return delivery.ack()
  }
  if (failure.kind === 'CANCELLED' && active.givenUp === 'DRAIN') {
    await release(worker, active, false)
    return delivery.nak(0)
  }
  if (active.givenUp === 'DEADLINE') {
    const message = `shard ${envelope.shard} ran past its deadline`
    return fail(worker, active, error('KERNEL_FAILED', message, { shard: envelope.shard, reason: 'deadline' }))
  }
  // A thread that died, or was ended because nothing moved any more. A merge counts by its deliveries.
  const hung = active.givenUp === 'HUNG'
  worker.log.warn({ hung }, 'a thread ended under its shard')
  worker.metrics.shardDeaths.inc({ cause: hung ? 'hung' : 'died' })
  const deaths = active.merges ? delivery.attempt : await release(worker, active, true)
  if (deaths >= POISON_DEATHS) return fail(worker, active, toWireError(poison(envelope, deaths)))
  return again()
}

/** The shard or its job fails, on whatever attempt this is, and the message goes for good. */
async function fail(worker: WorkerContext, active: ActiveShard, wire: WireError): Promise<void> {
  const { envelope, delivery } = active
  const culprit = { shard: envelope.shard, body: delivery.data }
  const alone = !active.merges && isOfOneShard(wire)
  await persistently(worker, active, 'fail', async () => {
    await (alone ? failShard : failJob)(worker, keyOf(envelope), wire, culprit)
  })
  worker.admitter.kick()
  await delivery.term()
}

async function release(worker: WorkerContext, active: ActiveShard, death: boolean): Promise<number> {
  const { envelope } = active
  try {
    await releaseMerge(worker.store, envelope, worker.id)
    return await releaseShard(worker, envelope, death)
  } catch (err) {
    worker.log.warn({ err }, 'a shard is given back without a note of it')
    return 0
  }
}

/** A message that is no envelope, or of a shard that is not there: kept as a dead letter; a shard that its subject names fails. */
async function refuse(
  worker: WorkerContext,
  delivery: Delivery,
  reason: WireError,
  envelope?: ShardEnvelope,
): Promise<void> {
  // qz.job.<class>.<bucket>.<tenant>.<jobId>.<shard>
  const [, , , , tenant = '', jobId = '', shard = ''] = delivery.subject.split('.')
  const job = envelope ? keyOf(envelope) : { tenant, jobId }
  const culprit = { shard: Number.parseInt(shard, 10) || 0, body: delivery.data }
  const own = withIds(worker, { ...job, shard: culprit.shard })
  own.log.error({ reason }, 'a message was refused')
  await failShard(own, job, reason, culprit)
  await delivery.term()
}

function poison(envelope: ShardEnvelope, deaths: number): QuesnayError {
  const message = `shard ${envelope.shard} ended ${deaths} workers`
  return new QuesnayError('KERNEL_FAILED', message, { shard: envelope.shard, deaths, reason: 'poison' })
}

const error = (code: WireError['code'], message: string, detail: Record<string, unknown> = {}): WireError => ({
  code,
  message,
  detail,
})

const keyOf = ({ tenant, jobId }: ShardEnvelope) => ({ tenant, jobId })
