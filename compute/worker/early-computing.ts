// A shard is computed while it is claimed, where the claim is nearly sure to be had (decision 033).
import { inSpan } from '../../infra/tracing.ts'
import type { ActiveShard } from './active.ts'
import { type Claim, claimShard } from './claim.ts'
import { type ComputedShard, computeShard } from './compute-shard.ts'
import type { WorkerContext } from './context.ts'
import { persistently } from './persistently.ts'
import type { Slot } from './thread-pool.ts'

/**
 * Nobody has had it before, so that it is nearly always to be computed and has ended no worker: the thread need not wait for the claim.
 * Nothing is stored before the claim is heard.
 */
export function isNew({ delivery, envelope }: ActiveShard): boolean {
  return delivery.attempt === 1 && envelope.attemptEpoch === 0
}

export interface Computing {
  readonly result: Promise<ComputedShard>
  /** Ends it; resolves when the thread is idle. */
  drop(): Promise<void>
}

export function beginComputing(worker: WorkerContext, active: ActiveShard, slot: Slot): Computing {
  if (worker.clock.now() > active.envelope.deadlineAt) active.giveUp('DEADLINE')
  const dropped = new AbortController()
  const signal = AbortSignal.any([active.signal, dropped.signal])
  const result = inSpan('shard.compute', {}, () => computeShard(worker, active, slot, signal))
  const over = result.then(
    () => {},
    () => {},
  )
  return {
    result,
    drop() {
      dropped.abort('dropped')
      return over
    },
  }
}

/** The claim; what has been begun is dropped where the claim does not let it go on. */
export async function claimBeside(
  worker: WorkerContext,
  active: ActiveShard,
  begun: Computing | undefined,
): Promise<Claim> {
  let claim: Claim | undefined
  try {
    claim = await persistently(worker, active, 'claim', () => claimShard(worker, active.envelope))
    return claim
  } finally {
    if (claim?.kind !== 'RUN') await begun?.drop()
  }
}
