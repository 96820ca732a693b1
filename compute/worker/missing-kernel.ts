// What a worker does with a shard whose kernel it has not: it passes it on to those that have, and fails the job where nobody has.
import { QuesnayError } from '../../schema/errors.ts'
import type { KernelRef } from '../../schema/jobs.ts'
import { loadWorkers } from '../dispatch/workers.ts'
import type { ActiveShard } from './active.ts'
import type { WorkerContext } from './context.ts'
import { backoffMs } from './failure.ts'
import { fetchKernel } from './kernel/kernel-store.ts'

/** Thrown where the kernel of a shard is another worker's to run. */
export class KernelElsewhere extends Error {}

/** Longer than a holder needs to come by, and short enough that one with a free thread does not wait for it. */
const MOST_DELAY_MS = 5000
/** After as many deliveries the message is sent anew, for one that was delivered six times goes to the dead letters. */
const SENT_ANEW_AFTER = 4

/**
 * Returns where this worker has the kernel, or has fetched it from the bus. Otherwise it rejects: KernelElsewhere where a worker that lives has it, or may yet come;
 * KERNEL_REFUSED where none has had it for kernelPatienceMs, with what the fleet holds, or where it is of another ABI. BUS_UNAVAILABLE.
 */
export async function assertHeld(worker: WorkerContext, active: ActiveShard, kernel: KernelRef): Promise<void> {
  if (worker.kernels.find(kernel)) return
  const wanted = `${kernel.name}@${kernel.sha256}`
  // Whoever has the bytes has them of the ABI that they were built for.
  if (worker.kernels.names.includes(wanted)) {
    const message = `the kernel ${wanted} is not of ABI ${kernel.abi}`
    throw new QuesnayError('KERNEL_REFUSED', message, { path: 'kernel.abi', shard: active.envelope.shard })
  }
  if (await fetched(worker, kernel)) return
  const workers = await loadWorkers(worker.bus)
  const now = worker.clock.now()
  if (workers.some(({ kernels, draining }) => !draining && kernels.includes(wanted))) {
    worker.missing.delete(wanted)
    throw new KernelElsewhere(wanted)
  }
  const since = worker.missing.get(wanted) ?? now
  worker.missing.set(wanted, since)
  if (now - since < worker.settings.kernelPatienceMs) throw new KernelElsewhere(wanted)
  worker.missing.delete(wanted)
  const fleet = [...new Set(workers.flatMap(({ kernels }) => kernels))].sort()
  const message = `no worker holds the kernel ${wanted} of ABI ${kernel.abi}; the fleet holds ${fleet.join(', ') || 'none'}`
  throw new QuesnayError('KERNEL_REFUSED', message, {
    ...{ path: 'kernel', shard: active.envelope.shard, expected: kernel.sha256, fleet },
    suggestion: 'start a worker of the version that asked, or ask again with the version that the workers run',
  })
}

/** True where the kernel was on the bus and could be let in: from now on this worker has it. */
async function fetched(worker: WorkerContext, wanted: KernelRef): Promise<boolean> {
  try {
    const kernel = await fetchKernel(worker.bus, worker.kernels, wanted)
    if (!kernel) return false
    worker.kernels.add(kernel)
    worker.log.info({ kernel: wanted.name, sha256: wanted.sha256 }, 'a kernel was fetched from the bus')
    return true
  } catch (err) {
    // Nothing of it is let in: the shard goes to a worker that has the kernel otherwise.
    worker.log.warn({ err, kernel: wanted.name, sha256: wanted.sha256 }, 'a kernel on the bus is not to be had')
    return false
  }
}

/** Gives the message back for another worker to take. */
export async function passOn(worker: WorkerContext, { delivery, envelope }: ActiveShard): Promise<void> {
  const { attempt } = delivery
  if (attempt < SENT_ANEW_AFTER) {
    const delayMs = backoffMs(worker.settings.retryMs / 4, attempt, worker.clock.jitter())
    return delivery.nak(Math.min(MOST_DELAY_MS, delayMs))
  }
  await worker.bus.enqueue(
    delivery.subject,
    delivery.data,
    `${envelope.shardKey}#${envelope.attemptEpoch}@${worker.clock.id()}`,
  )
  await delivery.ack()
}
